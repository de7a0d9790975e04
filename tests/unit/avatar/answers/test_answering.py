"""Answers are made of facts, or the team is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avatar.answers.answering import Answer, Answerer
from avatar.answers.products import ProductIndex
from avatar.answers.understanding import understand
from avatar.model import LANGUAGES, Offer, Price, ProductFacts
from avatar.wording.variation import Variation
from tests.unit.avatar.catalogue import products

SHOP = products()
INDEX = ProductIndex(SHOP.values())


def ask(text: str, lang: str = "en", product: ProductFacts | None = SHOP["mug"], **more: object) -> Answer | None:
    return Answerer(Variation(1)).answer(understand(text, INDEX, lang), product, **more)  # type: ignore[arg-type]


def said(text: str, lang: str = "en", product: ProductFacts | None = SHOP["mug"]) -> Answer:
    answer = ask(text, lang, product)
    assert answer is not None
    return answer


def test_a_price_that_depends_on_the_version_is_told_as_such() -> None:
    answer = said("how much is it?")
    assert "$19" in answer.text
    assert answer.key == "answer.price_from"
    assert answer.fact_ids == ("mug/price",)


def test_a_reduction_names_the_true_former_price() -> None:
    mug = replace(SHOP["mug"], variants=(), price=Price(1900, "USD", 2400))
    answer = said("how much is it?", product=mug)
    assert "$19" in answer.text
    assert "$24" in answer.text
    assert answer.fact_ids == ("mug/price", "mug/original_price")


def test_stock_is_told_and_so_is_its_end() -> None:
    assert "25" in said("还有货吗").text
    gone = said("is it sold out?", product=replace(SHOP["mug"], stock=0))
    assert gone.key == "answer.sold_out"


def test_a_fact_is_told_in_the_words_of_its_language() -> None:
    assert "30 天内可退" in said("可以退吗").text
    assert "30 días" in said("puedo devolverlo?").text


def test_a_number_needs_no_translation() -> None:
    weight = said("ゆ、重さは？", "ja")
    assert weight.lang == "ja"
    assert "340" in weight.text


def test_a_fact_without_words_in_the_language_is_quoted() -> None:
    answer = said("aus welchem Material ist das?", "de")
    assert answer.key == "answer.elsewhere"
    assert "Stoneware, fired at 1,240 °C" in answer.text


def test_the_fact_that_fits_the_words_is_chosen() -> None:
    assert said("is there lead in it?").fact_ids == ("mug/glaze",)
    assert said("能放洗碗机吗").fact_ids == ("mug/dishwasher",)


def test_what_no_fact_says_goes_to_the_team() -> None:
    answer = said("is there a warranty?")
    assert answer.outcome == "unknown"
    assert answer.fact_ids == ()


def test_what_is_not_about_products_is_refused() -> None:
    assert said("who won the football?").outcome == "out_of_scope"


def test_a_product_without_facts_still_gets_an_honest_answer() -> None:
    assert said("what is it made of?", product=SHOP["bare"]).outcome == "unknown"
    assert said("how much is it?", product=SHOP["bare"]).outcome == "unknown"
    assert said("what colours?", product=SHOP["bare"]).outcome == "unknown"
    assert said("how many left?", product=SHOP["bare"]).outcome == "unknown"


def test_nothing_on_screen_is_no_failure() -> None:
    assert said("how much is it?", product=None).outcome == "out_of_scope"


def test_a_coupon_is_named_only_when_there_is_one() -> None:
    answerer = Answerer(Variation(1))
    asked = understand("any discount code?", INDEX, "en")
    without = answerer.answer(asked, SHOP["mug"])
    assert without is not None
    assert without.key == "answer.no_coupon"
    with_code = answerer.answer(asked, SHOP["mug"], offers=[Offer("ten", code="TEN")])
    assert with_code is not None
    assert "TEN" in with_code.text
    assert with_code.fact_ids == ("offer/ten",)


def test_a_greeting_says_the_name_only_if_it_is_one() -> None:
    with_name = ask("hi everyone", author="Ana")
    assert with_name is not None
    assert "Ana" in with_name.text
    without = ask("hi everyone", author="FREE-PHONES-AT scam.example")
    assert without is not None
    assert "scam" not in without.text


def test_comments_get_no_answer() -> None:
    assert ask("lol") is None


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "intent", ["price", "stock", "shipping", "material", "warranty", "colour", "link", "human", "thanks"]
)
def test_every_intent_has_an_answer_in_every_language(lang: str, intent: str) -> None:
    asked = replace(understand("x", INDEX, lang), intent=intent, lang=lang)  # type: ignore[arg-type]
    answer = Answerer(Variation(1)).answer(asked, SHOP["mug"])
    assert answer is not None
    assert answer.text
    assert "{" not in answer.text
