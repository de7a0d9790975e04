"""Which media process takes whom."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stream_server.media.spread import Load, order_for_publisher, order_for_viewer


def test_a_viewer_goes_where_the_fewest_are() -> None:
    assert order_for_viewer([Load(0, 0, 5), Load(1, 0, 2), Load(2, 0, 9)]) == [1, 0, 2]


def test_among_equals_a_viewer_goes_where_the_show_is_already() -> None:
    assert order_for_viewer([Load(0, 0, 2), Load(1, 0, 2, carries_show=True)]) == [1, 0]


def test_a_publisher_goes_where_the_fewest_publishers_are_and_then_the_fewest_viewers() -> None:
    loads = [Load(0, 1, 0), Load(1, 0, 9), Load(2, 0, 8)]
    assert order_for_publisher(loads, None) == [2, 1, 0]


def test_a_publisher_goes_back_to_the_process_that_has_the_show() -> None:
    assert order_for_publisher([Load(0, 0, 0), Load(1, 7, 900)], holder=1) == [1, 0]


def test_a_holder_that_is_dead_is_not_asked() -> None:
    assert order_for_publisher([Load(1, 0, 3)], holder=0) == [1]


def test_without_processes_nobody_is_asked() -> None:
    assert order_for_viewer([]) == []


@given(st.integers(1, 8), st.integers(0, 200))
def test_joins_one_after_the_other_spread_evenly(processes: int, joins: int) -> None:
    viewers: Counter[int] = Counter()
    for _ in range(joins):
        viewers[order_for_viewer([Load(p, 0, viewers[p], viewers[p] > 0) for p in range(processes)])[0]] += 1
    spread = [viewers[process] for process in range(processes)]
    assert max(spread) - min(spread) <= 1
