from __future__ import annotations

import pytest

from stream_server.web.payment_page import amount_text
from stream_server.web.payment_texts import PAYMENT_TEXTS, choose_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("it-IT,zh;q=0.5,en;q=0.4", "zh-CN"),
        ("ar-EG,en;q=0.5", "ar"),
        ("zh-TW", "zh-CN"),
        ("en;q=0.1, es;q=0.7", "es"),
        ("es;q=0", "en"),
        ("es;q=nonsense,zh", "zh-CN"),
        ("*;q=0.5", "en"),
        (",;,;q=", "en"),
        ("es" * 5000, "en"),
    ],
)
def test_the_language_that_fits_best_is_chosen(header: str, language: str) -> None:
    assert choose_language(header) == language


def test_every_language_has_every_text() -> None:
    assert {frozenset(texts) for texts in PAYMENT_TEXTS.values()} == {frozenset(PAYMENT_TEXTS["en"])}


@pytest.mark.parametrize(
    ("amount", "currency", "text"), [(9800, "USD", "USD 98.00"), (5, "EUR", "EUR 0.05"), (600, "JPY", "JPY 600")]
)
def test_amounts_have_the_decimals_of_their_currency(amount: int, currency: str, text: str) -> None:
    assert amount_text(amount, currency) == text
