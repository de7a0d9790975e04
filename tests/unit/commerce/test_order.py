from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.cart import price_line
from stream_server.commerce.errors import OrderStateRefused
from stream_server.commerce.order import (
    NEXT,
    Order,
    OrderFilter,
    OrderState,
    gives_goods_back,
    gives_money_back,
    move,
    place,
)
from stream_server.ids import BrandId, OrderId, ShowId, VariantId
from tests.fakes.commerce import ADDRESS, BUYER, OTHER, SHOW
from tests.unit.commerce.test_catalogue import product
from tests.unit.commerce.test_checkout import checkout

NOW = ManualClock().now()


def order(state: OrderState = "paid") -> Order:
    line = price_line(product(), VariantId("v"), 2, "USD", NOW)
    paying = replace(checkout("paying"), payment_id="payment_a", address=ADDRESS, lines=(line,))
    return replace(place(paying, OrderId("order_a"), 1234, NOW), state=state)


def test_an_order_remembers_what_was_paid_and_when_in_the_show() -> None:
    placed = order()
    assert (placed.show_ms, placed.placed_at, placed.state, placed.address) == (1234, NOW, "paid", ADDRESS)
    assert placed.brand_ids == {BrandId("b")}


@pytest.mark.parametrize("state", get_args(OrderState))
@pytest.mark.parametrize("wanted", get_args(OrderState))
def test_an_order_moves_only_as_the_table_says(state: OrderState, wanted: OrderState) -> None:
    later = NOW + timedelta(hours=1)
    if wanted in NEXT[state]:
        moved = move(order(state), wanted, later)
        assert (moved.state, moved.updated_at) == (wanted, later)
    else:
        with pytest.raises(OrderStateRefused) as refused:
            move(order(state), wanted, later)
        assert refused.value.detail() == {"order_id": "order_a", "state": state, "wanted": wanted}
        assert wanted in str(refused.value)


def test_cancelling_gives_goods_and_money_back_and_refunding_only_money() -> None:
    assert [state for state in get_args(OrderState) if gives_goods_back(state)] == ["cancelled"]
    assert [state for state in get_args(OrderState) if gives_money_back(state)] == ["cancelled", "refunded"]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (OrderFilter(), True),
        (OrderFilter(buyer_id=BUYER, brand_id=BrandId("b"), show_ids=frozenset({SHOW})), True),
        (OrderFilter(buyer_id=OTHER), False),
        (OrderFilter(brand_id=BrandId("c")), False),
        (OrderFilter(show_ids=frozenset({ShowId("other")})), False),
    ],
)
def test_a_filter_says_whose_orders(wanted: OrderFilter, fits: bool) -> None:
    assert wanted.fits(order()) is fits
