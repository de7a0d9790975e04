"""What other processes get of a show that has its publisher here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stream_server.media.metrics import Counters
from stream_server.media.outlet import Outlet
from stream_server.media.rtp import MediaPacket
from stream_server.media.trunk_wire import (
    MAX_BATCH,
    Announcement,
    Batch,
    Interest,
    Standing,
    Withdrawal,
)
from tests.unit.media.trunk_talk import SHOW, RememberingListener, announcement, packet


class RememberingShow:
    """Fake of `Piped`."""

    def __init__(self) -> None:
        self.wanted: list[int] = []
        self.cached: list[MediaPacket] = []

    def want_keyframe(self, layer: int = 0) -> None:
        self.wanted.append(layer)

    def backlog(self) -> Iterator[tuple[int, float, Sequence[MediaPacket]]]:
        if self.cached:
            yield 1, 5.0, self.cached

    def standing(self, now_s: float) -> Standing | None:
        return Standing(SHOW, 1000.0, now_s, now_s, {"video": 90_000}, ())


class Stage:
    def __init__(self, listeners: int = 2) -> None:
        self.show = RememberingShow()
        self.listeners = [RememberingListener() for _ in range(listeners)]
        self.counters = Counters()
        self.outlet = Outlet(SHOW, 7, self.show, self.listeners, self.counters)

    def subscribe(self, *numbers: int) -> None:
        if self.outlet.announced is None:
            self.outlet.announce(announcement())
            for listener in self.listeners:
                listener.heard.clear()
        for number in numbers:
            self.outlet.on_interest(self.listeners[number], Interest(SHOW, 1, None), 6.0)

    def batches(self, number: int) -> list[Batch]:
        return [message for message in self.listeners[number].heard if isinstance(message, Batch)]


def test_everybody_hears_that_a_source_began_and_that_it_is_gone() -> None:
    stage = Stage()
    stage.outlet.announce(announcement())
    stage.outlet.withdraw()
    stage.outlet.withdraw()
    for listener in stage.listeners:
        assert [type(message) for message in listener.heard] == [Announcement, Withdrawal]


def test_packets_go_once_to_each_process_that_asked_and_to_no_other() -> None:
    stage = Stage(3)
    stage.outlet.announce(announcement())
    stage.subscribe(0, 2)
    stage.outlet.pipe(1, 9.0, [packet(1), packet(2)])
    assert [[p.index for p in batch.packets] for batch in stage.batches(0)] == [[1, 2]]
    assert [batch.at_s for batch in stage.batches(2)] == [9.0]
    assert stage.batches(1) == []
    assert stage.counters.packets_piped == 4


def test_many_packets_are_cut_into_frames() -> None:
    stage = Stage()
    stage.subscribe(0)
    stage.outlet.pipe(0, 1.0, [packet(n) for n in range(MAX_BATCH + 1)])
    assert [len(batch.packets) for batch in stage.batches(0)] == [MAX_BATCH, 1]


def test_whoever_begins_to_listen_gets_what_lets_its_viewers_begin_and_where_the_show_stands() -> None:
    stage = Stage()
    stage.show.cached = [packet(3), packet(4)]
    stage.subscribe(0)
    assert [type(message) for message in stage.listeners[0].heard] == [Batch, Standing]
    stage.subscribe(0)
    assert len(stage.listeners[0].heard) == 2


def test_a_farewell_ends_the_packets_and_may_come_twice() -> None:
    stage = Stage()
    stage.subscribe(0)
    for _ in range(2):
        stage.outlet.on_farewell(stage.listeners[0])
    stage.outlet.pipe(0, 1.0, [packet(1)])
    assert stage.batches(0) == []


def test_a_process_that_does_not_read_misses_packets_and_a_keyframe_is_asked_for_when_it_reads_again() -> None:
    stage = Stage()
    stage.outlet.announce(announcement(layers=3))
    stage.subscribe(0, 1)
    slow, quick = stage.listeners
    slow.is_behind = True
    stage.outlet.pipe(1, 1.0, [packet(1), packet(2)])
    stage.outlet.stand(1.0, to_all=False)
    assert (stage.counters.packets_not_piped, stage.show.wanted) == (2, [])
    assert len(stage.batches(1)) == 1
    slow.is_behind = False
    stage.outlet.stand(2.0, to_all=False)
    stage.outlet.stand(3.0, to_all=False)
    assert stage.show.wanted == [0, 1, 2]
    assert quick.missed == 0


def test_where_the_show_stands_is_told_to_listeners_and_now_and_then_to_everybody() -> None:
    stage = Stage()
    stage.outlet.announce(announcement())
    stage.subscribe(0)
    stage.outlet.stand(1.0, to_all=False)
    stage.outlet.stand(2.0, to_all=True)
    assert [len(listener.of(Standing)) for listener in stage.listeners] == [3, 1]


def test_the_audience_elsewhere_is_counted() -> None:
    stage = Stage()
    assert (stage.outlet.viewers, stage.outlet.best_bps) == (0, None)
    stage.outlet.announce(announcement())
    stage.outlet.on_interest(stage.listeners[0], Interest(SHOW, 3, None), 1.0)
    stage.outlet.on_interest(stage.listeners[1], Interest(SHOW, 4, 9e5), 1.0)
    stage.outlet.on_interest(stage.listeners[1], Interest(SHOW, 5, 8e5), 2.0)
    assert (stage.outlet.viewers, stage.outlet.best_bps) == (8, 8e5)


def test_a_wish_from_elsewhere_is_the_shows() -> None:
    stage = Stage()
    stage.outlet.on_wish(2)
    assert stage.show.wanted == [2]


def test_with_the_source_its_listeners_go_and_who_comes_too_late_is_not_taken() -> None:
    stage = Stage()
    stage.subscribe(0)
    stage.outlet.withdraw()
    stage.outlet.on_interest(stage.listeners[1], Interest(SHOW, 1, None), 6.0)
    stage.outlet.announce(announcement(20.0))
    stage.outlet.pipe(0, 1.0, [packet(1)])
    assert stage.batches(0) == stage.batches(1) == []
