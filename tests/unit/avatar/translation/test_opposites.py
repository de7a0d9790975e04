from __future__ import annotations

import pytest

from avatar.translation.engine import Draft
from avatar.translation.opposites import contradicts
from avatar.translation.quality import refusal


@pytest.mark.parametrize(
    ("source", "said", "languages"),
    [
        ("有货，还有 59 件。", "It is out, 59 pieces.", "zh en"),
        ("42码有货", "The code 42 is out.", "zh en"),
        ("It's in stock.", "Está agotado.", "en es"),
        ("The blue one is out of stock, the green is available.", "El azul está disponible.", "en es"),
        ("Ya no queda ninguno.", "还有货。", "es zh"),
        ("已经卖完了。", "It is in stock.", "zh en"),
    ],
)
def test_a_draft_that_turns_stock_into_its_opposite_is_refused(source: str, said: str, languages: str) -> None:
    source_language, target_language = languages.split()
    assert contradicts(source, said, source_language, target_language)
    assert refusal(source, Draft(said, -0.1), source_language, target_language) == "opposite"


@pytest.mark.parametrize(
    ("source", "said", "languages"),
    [
        ("有货吗？", "Is it in stock?", "zh en"),
        ("没有货了", "It is out of stock.", "zh en"),
        ("Sold out, sorry.", "¡Agotado!", "en es"),
        ("There are 5 left.", "quedan 5.", "en es"),
        ("No está lejos de Boston.", "It's not far from Boston.", "es en"),
        ("Il est épuisé.", "It is available.", "fr en"),
    ],
)
def test_what_agrees_or_is_not_about_stock_passes(source: str, said: str, languages: str) -> None:
    assert not contradicts(source, said, *languages.split())
