"""Lines of chat are understood in ten languages, and nothing breaks it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from avatar.answers.products import ProductIndex
from avatar.answers.understanding import understand
from tests.unit.avatar.catalogue import products

INDEX = ProductIndex(products().values())
TUNED = Path(__file__).parents[4] / "benchmarks" / "questions" / "tuned.tsv"


def rows() -> list[dict[str, str]]:
    with TUNED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", [row for row in rows() if row["product"] == "-"], ids=lambda row: row["question"])
def test_the_tuned_questions_are_understood(row: dict[str, str]) -> None:
    asked = understand(row["question"], INDEX, "en")
    intent = "none" if asked.intent == "out_of_scope" else asked.intent
    assert intent == row["intent"]
    if intent != "none":
        assert asked.lang == row["lang"]


def test_the_named_product_is_found_in_any_language() -> None:
    assert understand("how much is the mug", INDEX, "en").product_id == "mug"
    assert understand("马克杯多少钱", INDEX, "en").product_id == "mug"
    assert understand("¿cuánto cuesta el sombrero?", INDEX, "en").product_id == "hat"
    assert understand("Was kostet das?", INDEX, "de").product_id is None


def test_a_german_verb_is_no_hat() -> None:
    assert understand("hat es Bluetooth?", INDEX, "de").product_id is None


def test_an_english_or_is_no_french_gold() -> None:
    index = ProductIndex(products().values())
    assert understand("I don't understand, is it one or two?", index, "en", "mug").lang == "en"
    assert understand("c'est en or ?", index, "en", "mug").intent == "material"


def test_what_is_on_screen_wins_among_equals() -> None:
    index = ProductIndex(products().values())
    assert understand("price of the thing", index, "en", "bare").product_id == "bare"


@pytest.mark.parametrize("text", ["", "   ", "😍😍😍", "!!!", "\u200b\u200d", "🇪🇸", "\u202e\u202d", "....."])
def test_what_says_nothing_asks_nothing(text: str) -> None:
    assert understand(text, INDEX, "zh").intent == "none"


def test_a_question_of_ten_thousand_characters_is_read_from_its_beginning() -> None:
    asked = understand("how much is the mug? " + "la " * 4000, INDEX, "en")
    assert (asked.intent, asked.product_id) == ("price", "mug")
    assert len(asked.text) <= 400


def test_hidden_characters_do_not_hide_a_question() -> None:
    assert understand("how\u200b mu\u200dch\u2060 is it?", INDEX, "en").intent == "price"


def test_mixed_scripts_are_read_in_the_heavier_one() -> None:
    assert understand("这个 mug 多少钱啊亲", INDEX, "en").lang == "zh"
    assert understand("how much is the 马克杯 please", INDEX, "en").lang == "en"


def test_right_to_left_is_understood() -> None:
    asked = understand("\u200fكم السعر؟\u200f", INDEX, "en")
    assert (asked.lang, asked.intent) == ("ar", "price")


def test_praise_is_no_question() -> None:
    assert understand("love the colour", INDEX, "en").intent == "none"


def test_shipping_cost_is_about_shipping() -> None:
    assert understand("how much is shipping?", INDEX, "en").intent == "shipping"


def test_a_property_nobody_listed_is_a_question_about_the_product() -> None:
    assert understand("does it have bluetooth", INDEX, "en").intent == "feature"
