"""A show's source that is another process: what is said to it, and what viewers here are told."""

from __future__ import annotations

from stream_server.clock import ManualClock
from stream_server.media.layer_choice import LayerRate
from stream_server.media.sister import INTEREST_INTERVAL_S, WISH_INTERVAL_S, SisterSource, Word
from stream_server.media.trunk_wire import Farewell, Interest, KeyframeWish, Standing
from tests.unit.media.trunk_talk import SHOW, announcement


class Stage:
    def __init__(self, layers: int = 3) -> None:
        self.clock = ManualClock()
        self.said: list[Word] = []
        self.source = SisterSource(1, announcement(layers=layers), self.said.append, self.clock.monotonic_s)

    @property
    def now_s(self) -> float:
        return self.clock.monotonic_s()

    def tick(self, passed_s: float, viewers: int = 1, best_bps: float | None = None) -> None:
        self.clock.advance(passed_s)
        self.source.tick(self.now_s, viewers, best_bps)


def test_the_first_wish_is_passed_on_at_once() -> None:
    stage = Stage()
    stage.source.want_keyframe(2)
    assert stage.said == [KeyframeWish(SHOW, 2)]


def test_many_wishes_at_once_are_one_and_the_last_is_not_lost() -> None:
    stage = Stage()
    for _ in range(1000):
        stage.source.want_keyframe(0)
    stage.source.want_keyframe(1)
    assert stage.said == [KeyframeWish(SHOW, 0), KeyframeWish(SHOW, 1)]
    stage.said.clear()
    for _ in range(4):
        stage.tick(WISH_INTERVAL_S)
    assert [word for word in stage.said if isinstance(word, KeyframeWish)] == [KeyframeWish(SHOW, 0)]


def test_a_wish_for_a_layer_that_is_not_there_is_nobodys() -> None:
    stage = Stage(layers=1)
    stage.source.want_keyframe(1)
    assert stage.said == []


def test_the_first_interest_subscribes_and_changes_are_told_once_a_second() -> None:
    stage = Stage()
    stage.tick(0.0, 0)
    stage.tick(0.05, 1)
    stage.tick(0.05, 2, 5e5)
    assert stage.said == [Interest(SHOW, 0, None)]
    stage.tick(INTEREST_INTERVAL_S, 2, 5e5)
    stage.tick(INTEREST_INTERVAL_S, 2, 5e5)
    assert stage.said[1:] == [Interest(SHOW, 2, 5e5)]


def test_leaving_is_said() -> None:
    stage = Stage()
    stage.source.leave()
    assert stage.said == [Farewell(SHOW)]


def test_before_the_first_standing_nothing_is_known() -> None:
    source = Stage().source
    assert (source.timestamps(5.0), source.sent_layers(5.0), source.largest_layer) == ({}, [], 0)


def test_the_timestamps_of_now_go_on_from_what_was_told() -> None:
    source = Stage().source
    rates = (LayerRate(1, 5e5, 360), LayerRate(0, 1.5e6, 720))
    source.on_standing(Standing(SHOW, 0.0, 0.0, 10.0, {"video": 2**32 - 90_000, "audio": 48_000}, rates))
    assert source.timestamps(12.0) == {"video": 90_000, "audio": 3 * 48_000}
    assert source.sent_layers(12.0) == list(rates)
    assert source.largest_layer == 0
