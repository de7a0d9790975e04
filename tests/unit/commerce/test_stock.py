from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_server.commerce.stock import MAX_ON_HAND, NotEnough, StockLevel


def test_left_is_what_is_not_reserved() -> None:
    assert StockLevel(10, 4).left == 6


def test_reserving_releasing_and_selling_move_pieces() -> None:
    level = StockLevel(10).reserve(4)
    assert level == StockLevel(10, 4)
    assert level.release(1) == StockLevel(10, 3)
    assert level.sell(4) == StockLevel(6, 0)
    assert level.change(-6) == StockLevel(4, 4)
    assert level.change(5) == StockLevel(15, 4)


@pytest.mark.parametrize("count", [7, 1000])
def test_nobody_reserves_what_is_not_left(count: int) -> None:
    with pytest.raises(NotEnough):
        StockLevel(10, 4).reserve(count)


def test_nothing_falls_below_zero_or_below_what_is_reserved() -> None:
    with pytest.raises(NotEnough):
        StockLevel(10, 4).release(5)
    with pytest.raises(NotEnough):
        StockLevel(10, 4).sell(5)
    with pytest.raises(NotEnough):
        StockLevel(10, 4).change(-7)
    with pytest.raises(NotEnough):
        StockLevel(1).change(MAX_ON_HAND)
    with pytest.raises(NotEnough):
        StockLevel(-1)
    with pytest.raises(NotEnough):
        StockLevel(1, -1)


@given(st.lists(st.tuples(st.sampled_from(["reserve", "release", "sell", "change"]), st.integers(-20, 20))))
def test_no_sequence_of_movements_oversells(movements: list[tuple[str, int]]) -> None:
    level = StockLevel(10)
    for name, count in movements:
        try:
            match name:
                case "reserve":
                    level = level.reserve(count)
                case "release":
                    level = level.release(count)
                case "sell":
                    level = level.sell(count)
                case _:
                    level = level.change(count)
        except NotEnough:
            continue
        assert 0 <= level.reserved <= level.on_hand
