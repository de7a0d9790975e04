"""Every check of the guard stops a planted violation, and lets the truth pass."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from avatar.guard import Guard
from avatar.guard.banned import market_group
from avatar.guard.check import MAX_LINE_CHARS
from avatar.live_facts import live_facts, offer_fact
from avatar.model import LANGUAGES, Fact, Offer
from avatar.wording.phrasebook import load_phrasebook
from tests.unit.avatar.catalogue import products

SHOP = products()
MUG = {fact.id.removeprefix("mug/"): fact for fact in [*SHOP["mug"].facts, *live_facts(SHOP["mug"])]}
US = Guard("us").for_products(SHOP)
CN = Guard("cn").for_products(SHOP)
ADVERSARIAL = Path(__file__).parents[4] / "benchmarks" / "questions" / "guard.tsv"


def violations(text: str, lang: str = "en", *cited: str, guard: Guard = US) -> set[str]:
    verdict = guard.check(text, lang, [MUG[key] for key in cited])
    return {violation.rule or violation.kind for violation in verdict.violations}


def test_a_true_sentence_passes() -> None:
    assert violations("The Tide stoneware mug holds 350 ml and weighs 340 g.", "en", "capacity", "weight") == set()
    assert violations("It starts at $19, before it was $24.", "en", "price", "original_price") == set()


@pytest.mark.parametrize(
    ("lang", "text", "cited"),
    [
        ("en", "It holds 500 ml.", ["capacity"]),
        ("en", "It holds 350 litres.", ["capacity"]),
        ("en", "It costs €19.", ["price"]),
        ("en", "It costs $18.99.", ["price"]),
        ("en", "You save fifty percent.", ["price"]),
        ("en", "It weighs 340 g.", ["capacity"]),
        ("zh", "容量五百毫升。", ["capacity"]),
        ("zh", "现在打五折。", ["price"]),
        ("es", "Cuesta nueve dólares.", ["price"]),
        ("de", "Für dreißig Tage.", ["shipping"]),
        ("en", "Order before 16:30.", ["shipping"]),
    ],
)
def test_a_number_without_a_cited_fact_is_stopped(lang: str, text: str, cited: list[str]) -> None:
    assert "number" in violations(text, lang, *cited)


def test_a_code_that_no_offer_has_is_stopped() -> None:
    assert "code" in violations("Use SAVE50 at checkout.", "en", "price")
    ten = offer_fact(Offer("ten", code="TEN10", percent=10))
    assert US.check("With TEN10 you save 10%.", "en", [ten]).passed


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It has the same quality as Gucci."),
        ("en", "Rolex makes it."),
        ("en", "It was designed by Philippe Starck himself."),
        ("en", "It is made in Italy."),
        ("zh", "这是意大利制造的。"),
        ("zh", "和香奈儿同厂。"),
        ("es", "Está hecha en Italia."),
        ("de", "Von Bosch geprüft."),
        ("ja", "イタリア製です。"),
        ("ru", "Сделано в Италия."),
        ("en", "It arrives on Friday."),
        ("zh", "这是 Hermessy 的设计。"),
    ],
)
def test_a_name_that_no_fact_knows_is_stopped(lang: str, text: str) -> None:
    assert "name" in violations(text, lang, "material")


def test_names_of_the_catalogue_and_of_cited_facts_pass() -> None:
    assert violations("From Lumen & Loom, thrown in Caldas da Rainha, Portugal.", "en", "origin") == set()


@pytest.mark.parametrize(
    "text", ["See www.other-shop.com", "Write to me@evil.example", "Call +1 555 123 4567", "加微信聊"]
)
def test_nobody_is_sent_elsewhere(text: str) -> None:
    assert "contact" in violations(text)


@pytest.mark.parametrize(
    ("lang", "text", "rule"),
    [
        ("en", "This is the best mug.", "superlative"),
        ("en", "The #1 mug.", "superlative"),
        ("zh", "全网最便宜的杯子。", "superlative"),
        ("zh", "国家级品质。", "superlative"),
        ("es", "Es la mejor taza.", "superlative"),
        ("ja", "世界一のマグです。", "superlative"),
        ("ko", "최고의 머그예요.", "superlative"),
        ("fr", "C'est la meilleure tasse.", "superlative"),
        ("de", "Das ist die beste Tasse.", "superlative"),
        ("pt", "É a melhor caneca.", "superlative"),
        ("ar", "هذا أفضل كوب.", "superlative"),
        ("ru", "Это лучшая кружка.", "superlative"),
        ("zh", "绝对不会碎。", "absolute"),
        ("en", "Guaranteed for everyone.", "absolute"),
        ("en", "It is FDA approved.", "medical"),
        ("en", "It cures headaches.", "medical"),
        ("zh", "可以治疗失眠。", "medical"),
        ("de", "Sie heilt Kopfweh.", "medical"),
        ("en", "Last chance, almost gone!", "scarcity"),
        ("zh", "仅剩几件，手慢无。", "scarcity"),
        ("en", "Today only!", "time_pressure"),
        ("zh", "限时抢购。", "time_pressure"),
        ("en", "The original price was higher.", "original_price"),
        ("zh", "原价很高。", "original_price"),
        ("en", "With free shipping.", "free"),
        ("zh", "全国包邮。", "free"),
        ("en", "An award-winning design.", "authority"),
        ("zh", "央视推荐。", "authority"),
    ],
)
def test_a_banned_claim_is_stopped(lang: str, text: str, rule: str) -> None:
    guard = CN if lang == "zh" else US
    assert rule in violations(text, lang, "material", "glaze", guard=guard)


def test_a_quote_in_another_language_keeps_its_way_of_writing_numbers() -> None:
    assert violations("La marca escribe: Stoneware, fired at 1,240 °C.", "es", "material") == set()
    assert "number" in violations("It holds 1350 ml.", "en", "capacity")
    assert "number" in violations("It holds 2,350 ml.", "en", "capacity")


def test_few_may_be_called_few_only_when_they_are() -> None:
    few = Fact("mug/stock", "stock", {}, "3")
    many = Fact("mug/stock", "stock", {}, "300")
    assert US.check("Last pieces: 3.", "en", [few]).passed
    assert not US.check("Last pieces: 300.", "en", [many]).passed


def test_hurry_needs_an_offer_that_ends() -> None:
    endless = offer_fact(Offer("ten", code="TEN", percent=10))
    ending = offer_fact(Offer("ten", code="TEN", percent=10, ends_at=datetime(2026, 12, 1, tzinfo=UTC)))
    assert not US.check("The code TEN ends soon.", "en", [endless]).passed
    assert US.check("The code TEN ends soon.", "en", [ending]).passed


def test_the_sellers_own_superlative_is_stopped_too() -> None:
    boast = Fact("mug/boast", "feature", {"en": "The best mug in the world."})
    assert not US.check("The best mug in the world.", "en", [boast]).passed


def test_a_brand_name_is_no_boast() -> None:
    assert Guard("us", ["Best & Sons"]).check("This is from Best & Sons.", "en", []).passed


def test_an_endless_sentence_is_stopped() -> None:
    assert "too_long" in violations("la " * MAX_LINE_CHARS)


def test_hidden_characters_hide_nothing() -> None:
    assert "number" in violations("It costs $\u200b9.", "en", "price")
    assert "superlative" in violations("全网最\u200b便宜", "zh", guard=CN)
    assert "number" in violations("It holds ５００ ml.", "en", "capacity")


def test_neighbours_share_a_law() -> None:
    assert {market_group(market) for market in ("de", "ES", "fr", "gb")} == {"eu"}
    assert market_group("us") == "us"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("market", ["cn", "us", "de"])
def test_everything_in_the_phrasebook_may_be_said(lang: str, market: str) -> None:
    """With facts that hold what is filled in, in every market: the templates themselves promise nothing."""
    guard = Guard(market, ["Quill", "Ana", "19:05", "42", "7"])
    book = load_phrasebook(lang)
    facts = [
        Fact("q/price", "price", {}, "1900", "USD"),
        Fact("q/original_price", "original_price", {}, "2400", "USD"),
        Fact("q/stock", "stock", {}, "7"),
        Fact("q/glaze", "feature", {lang: "A7"}, label={lang: "B7"}),
        offer_fact(Offer("o", code="TEN", percent=10)),
    ]
    filled = {
        "hello": book.say("hello.evening"),
        **dict.fromkeys(("product", "products", "brand", "colours", "winner", "name"), "Quill"),
        "label": "B7",
        "fact": "A7",
        "offer": "A7",
        "price": book.measures.money(1900, "USD"),
        "was": book.measures.money(2400, "USD"),
        "left": "7",
        "code": "TEN",
        "percent": book.measures.percent(10),
        "time": "19:05",
        "orders": "42",
        "count": "7",
    }
    stopped = []
    for key in sorted(book.keys):
        for variant in range(len(book.variants(key))):
            text = book.say(key, variant, **filled)
            verdict = guard.check(text, lang, facts)
            if not verdict.passed:
                stopped.append((key, text, str(verdict)))
    assert stopped == []


def rows() -> list[dict[str, str]]:
    with ADVERSARIAL.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_adversarial_set_is_large_enough() -> None:
    assert len(rows()) >= 60
