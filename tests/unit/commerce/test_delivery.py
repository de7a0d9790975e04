from __future__ import annotations

import pytest

from stream_server.commerce.delivery import Totals, included_tax
from stream_server.commerce.errors import UnknownDelivery
from stream_server.commerce.terms import usual_terms

TERMS = usual_terms()


def test_options_come_cheapest_first() -> None:
    options = TERMS.options(1000, "USD")
    assert [(option.delivery_option_id, option.price_minor) for option in options] == [
        ("standard", 490),
        ("express", 1290),
    ]


def test_delivery_is_free_from_a_value_on() -> None:
    assert TERMS.option(7499, "USD", "standard").price_minor == 490
    assert TERMS.option(7500, "USD", "standard").price_minor == 0
    assert TERMS.option(7500, "USD", "express").price_minor == 1290


def test_nothing_is_delivered_in_a_currency_without_a_price() -> None:
    assert TERMS.options(1000, "XXX") == ()
    with pytest.raises(UnknownDelivery) as refused:
        TERMS.option(1000, "XXX", "standard")
    assert "standard" in str(refused.value)


def test_totals_state_the_tax_of_the_country() -> None:
    option = TERMS.option(1000, "EUR", "standard")
    assert TERMS.totals(1000, option, "DE") == Totals(1000, 490, 238)
    assert TERMS.totals(1000, option, "DE").total_minor == 1490
    assert TERMS.totals(1000, option, "US").tax_included_minor == 0
    assert TERMS.totals(1000, None, None) == Totals(1000, 0, 0)


@pytest.mark.parametrize(
    ("total", "rate", "tax"),
    [(11900, 1900, 1900), (100, 1900, 16), (1, 1900, 0), (10**15, 2000, 166666666666667), (9, 0, 0)],
)
def test_tax_inside_a_price_is_exact_to_the_minor_unit(total: int, rate: int, tax: int) -> None:
    assert included_tax(total, rate) == tax
