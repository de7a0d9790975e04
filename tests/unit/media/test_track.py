"""A track and its feeds together, with a recording egress."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from stream_server.media.answer import SenderIds
from stream_server.media.codecs import Chosen, Encoding
from stream_server.media.feed import REPLAY_CHUNK, RTX_BURST, Feed
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import Kind, parse_rtp
from stream_server.media.sdp import Format
from stream_server.media.seams import SenderReport, SrtpKeys, parse_rtcp
from stream_server.media.timeline import Timeline
from stream_server.media.track import FRESH_KEYFRAME_S, WAIT_FOR_KEYFRAME_S, Track
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME, key_pair

H264 = Encoding("H264", "constrained_baseline")
CHOSEN = (
    Chosen(H264, Format(102, "H264", 90_000), Format(103, "RTX", 90_000)),
    Chosen(Encoding("VP8"), Format(96, "VP8", 90_000), Format(97, "RTX", 90_000)),
)
OPUS = (Chosen(Encoding("opus"), Format(111, "OPUS", 48_000), None),)


class WatchedLink:
    """A connected link, from a feed's point of view: where to, and what was sealed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []

    def send_rtp(self, packet: bytes) -> bool:
        self.rtp.append(packet)
        return True

    def send_rtcp(self, packet: bytes) -> bool:
        self.rtcp.append(packet)
        return True


class Stage:
    """One track, its source and its feeds."""

    def __init__(self, path: Path, kind: Kind = "video", *, answers: bool = True, capacity: int = 512) -> None:
        self.egress = RecordingEgress()
        self.counters = Counters()
        self.keyframes_wanted = 0
        self.path = path
        self.keys: SrtpKeys = key_pair()[0]
        self.track = Track(kind, Timeline(0, 0.0), self.egress, capacity, self._want)
        self.answers = answers
        self.sequence = 0
        self.begin()

    def _want(self) -> None:
        self.keyframes_wanted += 1

    def begin(self, encoding: Encoding = H264) -> None:
        self.track.begin_source(encoding, answers_keyframe_requests=self.answers)

    def push(self, payload: bytes, now_s: float, *, sequence: int | None = None, is_newest: bool = True) -> None:
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        self.track.push(sequence, int(now_s * 90_000), True, False, payload, now_s, is_newest=is_newest)
        self.track.flush()

    def feed(self, now_s: float) -> tuple[Feed, WatchedLink]:
        chosen = CHOSEN if self.track.kind == "video" else OPUS
        feed, link = Feed(self.track, SenderIds(1, 2), chosen, "show", self.counters), WatchedLink(self.path)
        feed.start(link, self.keys, now_s)  # type: ignore[arg-type]
        return feed, link

    def handle(self) -> int:
        (handle,) = self.egress.targets
        return handle


@pytest.fixture
def path() -> Iterator[Path]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield Path(made, ("127.0.0.1", 9))


def test_sound_begins_at_once(path: Path) -> None:
    stage = Stage(path, "audio")
    stage.push(b"a", 1.0)
    stage.feed(1.0)
    stage.push(b"b", 1.02)
    assert stage.egress.indexes(stage.handle()) == [1]


def test_picture_begins_with_the_next_keyframe_which_is_asked_for(path: Path) -> None:
    stage = Stage(path)
    stage.push(H264_KEYFRAME, 1.0)
    stage.feed(5.0)
    assert stage.keyframes_wanted == 1
    stage.push(H264_DELTA, 5.1)
    assert not stage.egress.targets
    stage.push(H264_KEYFRAME, 5.2)
    stage.push(H264_DELTA, 5.3)
    assert stage.egress.indexes(stage.handle()) == [2, 3]


def test_a_young_keyframe_is_replayed_without_asking(path: Path) -> None:
    stage = Stage(path)
    stage.push(H264_DELTA, 0.9)
    stage.push(H264_KEYFRAME, 1.0)
    stage.push(H264_DELTA, 1.1)
    stage.feed(1.0 + FRESH_KEYFRAME_S / 2)
    stage.push(H264_DELTA, 1.4)
    assert stage.keyframes_wanted == 0
    assert stage.egress.indexes(stage.handle()) == [1, 2, 3]


def test_of_a_source_that_ignores_requests_any_cached_keyframe_will_do(path: Path) -> None:
    stage = Stage(path, answers=False)
    stage.push(H264_KEYFRAME, 1.0)
    stage.push(H264_DELTA, 1.1)
    stage.feed(9.0)
    assert stage.egress.indexes(stage.handle()) == [0, 1]


async def test_a_long_replay_comes_in_chunks_and_joins_the_live_stream_without_a_gap(path: Path) -> None:
    stage = Stage(path, answers=False)
    stage.push(H264_KEYFRAME, 1.0)
    for number in range(2 * REPLAY_CHUNK):
        stage.push(H264_DELTA, 1.1 + number / 1000)
    feed, _ = stage.feed(2.0)
    assert len(stage.egress.indexes(stage.handle())) == REPLAY_CHUNK
    stage.push(H264_DELTA, 2.1)
    async with asyncio.timeout(5):
        while not stage.egress.attached:
            await asyncio.sleep(0)
    stage.push(H264_DELTA, 2.2)
    assert stage.egress.indexes(stage.handle()) == list(range(2 * REPLAY_CHUNK + 3))
    feed.stop()


def test_without_a_recognisable_keyframe_the_stream_is_sent_as_it_is(path: Path) -> None:
    stage = Stage(path)
    stage.push(H264_DELTA, 1.0)
    stage.feed(1.0)
    stage.track.tick(2.0)
    assert not stage.egress.targets
    stage.track.tick(1.1 + WAIT_FOR_KEYFRAME_S)
    stage.push(H264_DELTA, 5.0)
    assert stage.egress.indexes(stage.handle()) == [1]


def test_who_joins_while_the_host_is_away_waits_for_the_next_source(path: Path) -> None:
    stage = Stage(path, answers=False)
    stage.push(H264_KEYFRAME, 1.0)
    stage.track.end_source()
    stage.feed(1.1)
    stage.track.tick(99.0)
    assert not stage.egress.targets
    stage.begin()
    stage.track.restart_waiting(100.0)
    stage.push(H264_KEYFRAME, 100.0, sequence=700)
    assert stage.egress.indexes(stage.handle()) == [1]


def test_numbers_and_time_go_on_when_the_source_changes(path: Path) -> None:
    stage = Stage(path)
    stage.push(H264_KEYFRAME, 1.0)
    stage.feed(1.0)
    stage.push(H264_DELTA, 1.1)
    stage.begin(Encoding("VP8"))
    stage.push(H264_KEYFRAME, 3.0, sequence=60_000)
    stage.push(H264_DELTA, 2.9, sequence=59_999, is_newest=False)
    stage.push(H264_DELTA, 3.1, sequence=60_001)
    got = stage.egress.got[stage.handle()]
    assert [packet.index for packet in got] == [0, 1, 2, 3]
    assert [packet.timestamp for packet in got] == [0, 9000, 180_000, 189_000]


def test_a_repaired_packet_goes_out_late_with_its_own_number(path: Path) -> None:
    stage = Stage(path)
    stage.push(H264_KEYFRAME, 1.0, sequence=1)
    stage.feed(1.0)
    stage.push(H264_DELTA, 1.2, sequence=3)
    stage.push(H264_DELTA, 1.1, sequence=2, is_newest=False)
    stage.push(H264_DELTA, 1.1, sequence=2, is_newest=False)
    assert stage.egress.indexes(stage.handle()) == [0, 2, 1]


def watching(path: Path, packets: int = 10) -> tuple[Stage, Feed, WatchedLink, int]:
    """A feed that got ``packets``, and the sequence number of the first of them."""
    stage = Stage(path)
    stage.push(H264_KEYFRAME, 1.0)
    feed, link = stage.feed(1.0)
    for number in range(1, packets):
        stage.push(H264_DELTA, 1.0 + number / 30)
    return stage, feed, link, stage.egress.targets[stage.handle()].first_sequence


def test_lost_packets_are_sent_again_as_retransmissions(path: Path) -> None:
    stage, feed, link, first = watching(path)
    feed.resend([first + 3, first + 4], 2.0)
    assert stage.counters.rtx_sent == 2
    header = parse_rtp(link.rtp[0])
    assert (header.payload_type, header.ssrc) == (103, 2)
    assert link.rtp[0][12:14] == (first + 3).to_bytes(2, "big")
    assert link.rtp[0][14:] == H264_DELTA
    assert parse_rtp(link.rtp[1]).sequence == header.sequence + 1


def test_what_was_never_sent_or_just_was_is_not_sent_again(path: Path) -> None:
    stage, feed, link, first = watching(path)
    feed.resend([first - 1, first + 50, first + 3, first + 3], 2.0)
    assert (stage.counters.rtx_sent, stage.counters.rtx_refused) == (1, 3)
    assert len(link.rtp) == 1


def test_what_is_asked_for_again_is_sent_twice(path: Path) -> None:
    stage, feed, link, first = watching(path)
    feed.resend([first + 3], 2.0)
    feed.resend([first + 3, first + 4], 2.02)
    assert [packet[12:14] for packet in link.rtp] == [(first + n).to_bytes(2, "big") for n in (3, 3, 3, 4)]
    sequences = [parse_rtp(packet).sequence for packet in link.rtp]
    assert sequences == list(range(sequences[0], sequences[0] + 4))
    assert stage.counters.rtx_sent == 4


def test_retransmissions_are_half_of_what_is_sent_at_most(path: Path) -> None:
    stage, feed, _, first = watching(path, packets=500)
    feed.resend([first + n for n in range(1, 480)], 20.0)
    assert stage.counters.rtx_sent == RTX_BURST
    feed.resend([first + n for n in range(200, 480)], 20.5)
    assert stage.counters.rtx_sent == RTX_BURST
    for number in range(60):
        stage.push(H264_DELTA, 21.0 + number / 30)
    feed.resend([first + n for n in range(300, 480)], 24.0)
    assert stage.counters.rtx_sent == RTX_BURST + 30


def test_reports_count_what_was_sent_and_only_once_something_was(path: Path) -> None:
    stage, feed, link, _ = watching(path)
    feed.report(ntp=5, timestamp=90)
    report = parse_rtcp(link.rtcp[0])[0]
    assert isinstance(report, SenderReport)
    assert report.ssrc == 1
    assert (report.sender_info.packet_count, report.sender_info.rtp_timestamp) == (10, 90)
    stage.begin()
    waiting, waiting_link = stage.feed(50.0)
    waiting.report(ntp=5, timestamp=90)
    assert waiting_link.rtcp == []


def test_a_feed_follows_to_a_codec_it_can_decode(path: Path) -> None:
    stage, feed, _, _ = watching(path)
    assert feed.follow(Encoding("VP8"))
    assert stage.egress.payload_types == {stage.handle(): 96}
    assert not feed.follow(Encoding("H264", "high"))


def test_a_moved_and_a_stopped_feed_tell_the_egress(path: Path) -> None:
    stage, feed, _, _ = watching(path)
    elsewhere = Path(path.socket, ("127.0.0.1", 10))
    feed.move(elsewhere)
    assert stage.egress.moves == {stage.handle(): elsewhere}
    feed.stop()
    feed.stop()
    assert not stage.egress.targets
    feed.resend([1], 3.0)
    feed.report(1, 1)
