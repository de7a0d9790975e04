"""The change from one sound to another, to the packet; and which process gets which dub."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import count

import pytest

from stream_server.clock import ManualClock
from stream_server.media.codecs import Encoding
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.outlet import Outlet
from stream_server.media.sister import SisterSource, Word
from stream_server.media.timeline import Timeline
from stream_server.media.track import Track
from stream_server.media.trunk_wire import Batch, FrameReader, Interest, Standing, write_message
from stream_server.signaling.media_plane import read_dub
from tests.unit.media.test_outlet import RememberingShow
from tests.unit.media.test_viewer import Stage
from tests.unit.media.trunk_talk import SHOW, RememberingListener, announcement, packet

OPUS = Encoding("opus")
FRAME = 960


class TwoSounds:
    """A viewer of the original, and a dub beside it that stands ``behind`` ticks behind on the show's clock."""

    def __init__(self, path: Path, behind: int) -> None:
        self.stage = Stage(path)
        self.feed = self.stage.viewer.feeds["audio"]
        self.original = self.feed.track
        self.egress = self.original.egress
        self.dub = Track("audio", Timeline(0, 0.0), self.egress, 512, lambda: None)
        self.at = {self.original: 1_000_000, self.dub: 1_000_000 - behind}
        for track in self.at:
            track.begin_source(OPUS, answers_keyframe_requests=False)
        self.indices = {track: count() for track in self.at}

    def play(self, packets: int) -> None:
        """Both sounds go on, a packet of each every 20 ms."""
        for _ in range(packets):
            for track in (self.original, self.dub):
                sent = packet(next(self.indices[track]))
                sent.timestamp = self.at[track]
                track.relay(sent, 10.0)
                track.flush()
                self.at[track] += FRAME

    @property
    def change(self) -> tuple[int, int, int]:
        """First index, sequence number and offset of the last change."""
        changes: list[tuple[int, int, int]] = self.egress.retargets  # type: ignore[attr-defined]
        return changes[-1]


@pytest.fixture
def path() -> Iterator[Path]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield Path(made, ("127.0.0.1", 9))


@pytest.mark.parametrize(("behind", "skipped"), [(0, 1), (500, 2), (1500, 3), (4000, 6)])
def test_a_dub_that_is_a_little_behind_is_waited_for_and_keeps_its_time(path: Path, behind: int, skipped: int) -> None:
    both = TwoSounds(path, behind)
    both.play(10)
    both.feed.watch(both.dub, 10.0)
    both.play(8)
    first, _, offset = both.change
    assert first == 10 + skipped
    assert offset == 0


def test_a_dub_that_is_far_behind_is_moved_on_and_time_still_rises(path: Path) -> None:
    both = TwoSounds(path, 20_000)
    both.play(10)
    both.feed.watch(both.dub, 10.0)
    both.play(2)
    _, _, offset = both.change
    last = 1_000_000 + 10 * FRAME
    assert 1_000_000 - 20_000 + 10 * FRAME + offset == last + FRAME


def test_changing_to_and_fro_uses_no_number_twice_and_moves_nothing_for_good(path: Path) -> None:
    both = TwoSounds(path, 1200)
    both.play(10)
    numbers = []
    for n in range(12):
        both.feed.watch(both.dub if n % 2 == 0 else both.original, 10.0)
        both.play(7)
        numbers.append(both.change[1])
        assert both.change[2] == 0
    assert numbers == sorted(set(numbers))


def test_a_change_that_is_taken_back_before_the_dub_flows_changes_nothing(path: Path) -> None:
    both = TwoSounds(path, 0)
    both.play(5)
    both.feed.watch(both.dub, 10.0)
    both.feed.watch(both.original, 10.0)
    both.play(5)
    assert both.feed.track is both.original
    assert both.egress.retargets == []  # type: ignore[attr-defined]


def test_a_dub_goes_only_to_processes_in_which_somebody_chose_it() -> None:
    listeners = [RememberingListener() for _ in range(2)]
    outlet = Outlet(SHOW, 7, RememberingShow(), listeners, Counters())
    outlet.announce(announcement())
    outlet.on_interest(listeners[0], Interest(SHOW, 3, None, {"es": 2}), 6.0)
    outlet.on_interest(listeners[1], Interest(SHOW, 3, None, {"zh": 1}), 6.0)
    outlet.pipe_dub("es", 16, 9.0, [packet(1)])
    batches = [[m.track for m in listener.heard if isinstance(m, Batch)] for listener in listeners]
    assert batches == [[16], []]
    assert outlet.dubs == {"es": 2, "zh": 1}
    outlet.on_farewell(listeners[0])
    assert outlet.dubs == {"zh": 1}


def test_a_dub_that_somebody_begins_to_want_is_asked_for_at_once() -> None:
    clock, said = ManualClock(), list[Word]()
    source = SisterSource(1, announcement(), said.append, clock.monotonic_s)
    source.tick(clock.monotonic_s(), 1, None, {})
    clock.advance(0.05)
    source.tick(clock.monotonic_s(), 1, None, {"es": 1})
    clock.advance(0.05)
    source.tick(clock.monotonic_s(), 1, None, {})
    assert said == [Interest(SHOW, 1, None), Interest(SHOW, 1, None, {"es": 1})]


def test_what_flows_elsewhere_is_told_with_its_time() -> None:
    clock = ManualClock()
    source = SisterSource(1, announcement(), lambda word: None, clock.monotonic_s)
    now_s = clock.monotonic_s()
    (told,) = FrameReader().feed(write_message(Standing(SHOW, 0.0, now_s, now_s, {}, (), {"es": (17, 2**32 - 480)})))
    assert isinstance(told, Standing)
    source.on_standing(told)
    assert source.dubs(now_s + 0.02) == {"es": (17, 480)}


@pytest.mark.parametrize("name", ["", "e", "ES", "español", "es+", "es+loud", "es-MX", "+original", "esto"])
def test_what_is_no_name_of_a_dub(name: str) -> None:
    assert read_dub(name) is None


def test_names_of_dubs() -> None:
    assert read_dub("es") == ("es", False)
    assert read_dub("zh+original") == ("zh", True)
