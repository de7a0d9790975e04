from __future__ import annotations

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.cart import (
    MAX_LINES,
    Cart,
    CartContent,
    check_quantity,
    price_cart,
    price_line,
    with_line,
    without_line,
)
from stream_server.commerce.errors import CartFull, CurrencyMismatch, InvalidQuantity, NotSoldIn
from stream_server.errors import NotFound
from stream_server.ids import VariantId
from tests.unit.commerce.test_catalogue import product

NOW = ManualClock().now()
V, W = VariantId("v"), VariantId("w")


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9])
def test_impossible_quantities_are_refused(quantity: int) -> None:
    with pytest.raises(InvalidQuantity) as refused:
        check_quantity(quantity)
    assert refused.value.detail() == {"quantity": quantity, "maximum": 99}
    assert str(refused.value) == "The quantity must be from 1 to 99."


def test_setting_a_quantity_does_not_add() -> None:
    cart = with_line(with_line(None, V, 2, "USD"), V, 5, "USD")
    assert cart == CartContent("USD", {V: 5})


def test_a_cart_has_one_currency_until_it_is_empty() -> None:
    cart = with_line(None, V, 1, "USD")
    with pytest.raises(CurrencyMismatch) as refused:
        with_line(cart, W, 1, "EUR")
    assert refused.value.detail() == {"currency": "EUR", "cart_currency": "USD"}
    assert "USD" in str(refused.value)
    emptied = without_line(cart, V)
    assert with_line(emptied, W, 1, "EUR") == CartContent("EUR", {W: 1})


def test_taking_out_what_is_not_in_does_nothing() -> None:
    cart = with_line(None, V, 1, "USD")
    assert without_line(cart, W) == cart


def test_a_cart_holds_only_so_many_things() -> None:
    full = CartContent("USD", {VariantId(str(number)): 1 for number in range(MAX_LINES)})
    with pytest.raises(CartFull) as refused:
        with_line(full, V, 1, "USD")
    assert str(MAX_LINES) in str(refused.value)
    assert with_line(full, VariantId("0"), 9, "USD").quantities[VariantId("0")] == 9


def test_lines_are_priced_by_the_server() -> None:
    line = price_line(product(), V, 3, "USD", NOW)
    assert (line.unit_minor, line.total_minor, line.left) == (100, 300, 3)
    with pytest.raises(NotFound):
        price_line(product(), W, 1, "USD", NOW)
    with pytest.raises(NotSoldIn) as refused:
        price_line(product(), V, 1, "EUR", NOW)
    assert "EUR" in str(refused.value)


def test_what_is_no_longer_sold_drops_out() -> None:
    content = CartContent("USD", {V: 2, W: 1, VariantId("x"): 1})
    cart = price_cart(content, {V: product(), W: product()}, NOW)
    assert [line.variant_id for line in cart.lines] == [V]
    assert cart.items_minor == 200
    assert price_cart(CartContent("EUR", {V: 2}), {V: product()}, NOW) == Cart("EUR", ())
