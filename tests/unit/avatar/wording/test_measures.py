"""Amounts look as people of the language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from avatar.model import LANGUAGES, Price
from avatar.wording.measures import Measures


@pytest.mark.parametrize(
    ("lang", "amount", "currency", "text"),
    [
        ("en", 8900, "USD", "$89"),
        ("en", 8950, "USD", "$89.50"),
        ("de", 123450, "EUR", "1.234,50\u00a0€"),
        ("fr", 123400, "EUR", "1\u00a0234\u00a0€"),
        ("ja", 12800, "JPY", "￥12,800"),
        ("zh-CN", 89900, "CNY", "¥899"),
        ("pt", 8990, "BRL", "R$\u00a089,90"),
    ],
)
def test_money(lang: str, amount: int, currency: str, text: str) -> None:
    assert Measures(lang).money(amount, currency) == text


@pytest.mark.parametrize("lang", [*LANGUAGES, "xx", "zh-CN", "not a tag", ""])
def test_everything_can_be_written_in_every_language(lang: str) -> None:
    measures = Measures(lang)
    at = datetime(2026, 11, 22, 19, 5, tzinfo=UTC)
    texts = [
        measures.price(Price(1999, "EUR")),
        measures.percent(20),
        measures.count(1234),
        measures.time(at),
        measures.date(date(2026, 11, 22)),
        measures.any_of(["a", "b", "c"]),
        measures.all_of(["a"]),
    ]
    assert all(texts)
    assert not any(mark in text for text in texts for mark in "\u200e\u200f\u061c")


def test_quantities_with_and_without_known_units() -> None:
    assert Measures("en").quantity("350", "ml") == "350 mL"
    assert Measures("es").quantity("1.9", "kg") == "1,9 kg"
    assert Measures("en").quantity("8900", "USD") == "$89"
    assert Measures("en").quantity("20", "%") == "20%"
    assert Measures("en").quantity("3", "parsec") is None
    assert Measures("en").quantity("many", "kg") is None
    assert Measures("en").quantity("NaN", "kg") is None
