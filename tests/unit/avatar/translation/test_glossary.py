"""A shop's words are found as words, in any case and script."""

import pytest

from avatar.translation.glossary import Glossary
from avatar.translation.masking import mask

WORDS = Glossary({"Tide mug": {"es": "taza Marea", "zh": "潮汐杯"}, "hoodie": {"es": "sudadera"}}, ("Nord", "山河"))


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("the TIDE MUG by nord", "es", ("TIDE MUG", "nord")),
        ("tide mugs, Nordic, annord", "es", ()),
        ("这款潮汐杯是山河的Nord吗", "es", ("潮汐杯", "山河", "Nord")),
        ("my hoodie", "zh", ()),
        ("la taza marea", "en", ()),
    ],
)
def test_words_are_found_whole(text: str, language: str, found: tuple[str, ...]) -> None:
    assert WORDS.found_in(text, language) == found
    assert set(found) <= set(mask(text, found).items)


def test_words_are_said_in_the_readers_language() -> None:
    assert WORDS.said_in("潮汐杯", "es") == "taza Marea"
    assert WORDS.said_in("NORD", "es") == "NORD"
    assert WORDS.said_in("hoodie", "zh") is None
    assert WORDS.said_in("unknown", "es") is None


def test_a_word_that_looks_like_a_placeholder_is_not_looked_for() -> None:
    assert Glossary(keep=("⟦0⟧", "", "x" * 200)).found_in("⟦0⟧ x", "es") == ()
