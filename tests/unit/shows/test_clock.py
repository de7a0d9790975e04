from __future__ import annotations

from datetime import timedelta

from stream_server.clock import ManualClock
from stream_server.ids import ShowId
from stream_server.shows.clock import ShowClock
from stream_server.shows.events import Anchor
from tests.unit.shows.making import SHOW


def test_position_runs_on_from_the_last_anchor() -> None:
    clock = ManualClock()
    shows = ShowClock(clock)
    shows.anchor(SHOW, 5000.4, clock.monotonic_s() - 0.1)
    assert shows.position_ms(SHOW, None) == 5100
    clock.advance(60)  # the host may be away meanwhile
    assert shows.position_ms(SHOW, None) == 65100


def test_position_is_derived_from_the_start_until_an_anchor_comes() -> None:
    clock = ManualClock()
    started = clock.now()
    clock.advance(90)
    shows = ShowClock(clock)
    assert shows.position_ms(SHOW, started) == 90_000
    shows.anchor(SHOW, 90_250, clock.monotonic_s())
    assert shows.position_ms(SHOW, started) == 90_250
    shows.forget(SHOW)
    assert shows.position_ms(SHOW, started) == 90_000


def test_position_is_never_negative() -> None:
    clock = ManualClock()
    shows = ShowClock(clock)
    assert shows.position_ms(SHOW, None) == 0
    assert shows.position_ms(SHOW, clock.now() + timedelta(seconds=5)) == 0
    shows.anchor(SHOW, 0, clock.monotonic_s() + 5)
    assert shows.position_ms(SHOW, None) == 0


def test_anchor_means_the_same_to_another_machine() -> None:
    here, there = ManualClock(), ManualClock()
    there._monotonic_s = 77.0  # another machine counts from another start
    ours, theirs = ShowClock(here), ShowClock(there)
    anchor = ours.anchor(SHOW, 1000, here.monotonic_s() - 0.5)
    assert anchor == Anchor(SHOW, 1000, here.now() - timedelta(seconds=0.5))
    theirs.hear(anchor)
    assert theirs.position_ms(SHOW, None) == ours.position_ms(SHOW, None) == 1500


def test_silence_counts_from_the_last_anchor() -> None:
    clock = ManualClock()
    shows = ShowClock(clock)
    assert shows.listen_for(SHOW) == 0
    clock.advance(3)
    assert shows.listen_for(SHOW) == 3
    shows.anchor(SHOW, 0, clock.monotonic_s())
    clock.advance(1)
    assert shows.listen_for(SHOW) == 1
    shows.expect(SHOW)
    assert shows.listen_for(SHOW) == 0


def test_number_of_anchors_is_bounded() -> None:
    shows = ShowClock(ManualClock())
    for number in range(10_001):
        shows.anchor(ShowId(f"show_{number}"), 7, 0)
    assert len(shows._anchors) == 10_000
    assert ShowId("show_0") not in shows._anchors
