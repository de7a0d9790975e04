"""Whatever viewers write becomes one bounded line that can be read."""

from __future__ import annotations

import pytest

from avatar.answers.chat_text import MAX_READ_CHARS, MAX_SHOWN_CHARS, clean, fold, shown, spoken_name, words


def test_invisible_and_turning_characters_are_gone() -> None:
    assert clean("how\u200b mu\u2060ch\u202e is \u0000it\ufeff?") == "how much is it?"


def test_a_long_question_is_read_up_to_its_limit() -> None:
    assert len(clean("word " * 2000)) <= MAX_READ_CHARS
    assert len(clean("\u200b" * 1_000_000 + "x")) == 0
    assert len(shown(clean("x" * 10_000))) == MAX_SHOWN_CHARS


def test_towers_of_marks_are_cut() -> None:
    assert len(clean("e" + "\u0301" * 500)) < 10


def test_folding_brings_spellings_together() -> None:
    assert fold("¿CUÁNTO cuesta?") == "¿cuanto cuesta?"
    assert fold("Größe") == "grosse"
    assert fold("ещё") == "еще"
    assert fold("هلْ أرجعه") == "هل ارجعه"
    assert fold("Ｈｅｌｌｏ") == "hello"
    assert fold("ガラス") == "ガラス"
    assert words("what's it?") == " what s it "


@pytest.mark.parametrize("name", ["Ana", "María José", "李雷", "Jean-Luc", "O'Neil"])
def test_names_are_said(name: str) -> None:
    assert spoken_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "xX_42_Xx", "buy at scam.com", "a" * 50, "👑", "<b>Bob</b>", "the best shop in town"]
)
def test_what_is_no_name_is_not_said(name: str) -> None:
    assert spoken_name(name) is None
