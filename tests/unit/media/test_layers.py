"""A picture in layers: who sends which, and a viewer that changes between them."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from stream_server.media.answer import SenderIds
from stream_server.media.codecs import choose_for_publisher
from stream_server.media.feed import Feed
from stream_server.media.layers import Layers
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import parse_rtp
from stream_server.media.sdp import parse_offer
from stream_server.media.timeline import SourceClock, Timeline
from stream_server.media.track import Track
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME, key_pair
from tests.unit.media.test_sdp import read
from tests.unit.media.test_track import CHOSEN, H264, WatchedLink


class Stage:
    """Two layers of one picture and a viewer of the first."""

    def __init__(self, path: Path) -> None:
        self.egress = RecordingEgress()
        self.wanted = [0, 0]
        timeline = Timeline(0, 0.0)
        low = Track("video", timeline, self.egress, 512, lambda: self._want(0))
        self.tracks = [low, Track("video", timeline, self.egress, 512, lambda: self._want(1), beside=low)]
        self.sequences = [100, 9000]
        for track in self.tracks:
            track.begin_source(H264, answers_keyframe_requests=True)
        self.counters = Counters()
        self.feed = Feed(low, SenderIds(1, 2), CHOSEN, "show", self.counters)
        self.link = WatchedLink(path)
        self.push(0, H264_KEYFRAME, 3000)
        self.feed.start(self.link, key_pair()[0], 3000 / 90_000)  # type: ignore[arg-type]
        self.wanted = [0, 0]
        (self.handle,) = self.egress.targets
        self.first = self.egress.targets[self.handle].first_sequence

    def _want(self, layer: int) -> None:
        self.wanted[layer] += 1

    def push(self, layer: int, payload: bytes, timestamp: int) -> None:
        self.sequences[layer] += 1
        track = self.tracks[layer]
        track.push(self.sequences[layer], timestamp, True, False, payload, timestamp / 90_000, is_newest=True)
        track.flush()

    def got(self) -> list[tuple[int, int]]:
        """Sequence (from the first) and timestamp of all that reached the viewer's egress target, as it would write."""
        offset = 0
        written: list[tuple[int, int]] = []
        changes = {index: (index - sequence, ticks) for index, sequence, ticks in self.egress.retargets}
        base = self.egress.targets[self.handle].first_index - self.first
        for packet in self.egress.got[self.handle]:
            base, offset = changes.pop(packet.index, (base, offset)) if len(written) > 1 else (base, offset)
            written.append((packet.index - base - self.first, packet.timestamp + offset))
        return written


@pytest.fixture
def path() -> Iterator[Path]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield Path(made, ("127.0.0.1", 9))


def changed(path: Path) -> Stage:
    """A viewer that got two packets of the first layer and three of the second."""
    stage = Stage(path)
    stage.push(1, H264_KEYFRAME, 3000)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.push(1, H264_KEYFRAME, 9000)
    stage.push(0, H264_DELTA, 9000)
    stage.push(1, H264_DELTA, 12_000)
    stage.push(1, H264_DELTA, 15_000)
    return stage


def test_a_viewer_changes_with_a_keyframe_and_its_numbers_go_on(path: Path) -> None:
    stage = changed(path)
    assert stage.wanted == [0, 1]
    assert stage.egress.retargets == [(1, stage.first + 2, 0)]
    assert stage.got() == [(0, 0), (1, 3000), (2, 6000), (3, 9000), (4, 12_000)]
    assert stage.counters.layer_changes == 1


def test_the_same_frame_in_another_size_moves_on_by_a_tick(path: Path) -> None:
    stage = Stage(path)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.push(1, H264_KEYFRAME, 6000)
    assert stage.egress.retargets == [(0, stage.first + 2, 1)]


def test_a_keyframe_of_an_earlier_frame_is_not_used(path: Path) -> None:
    stage = Stage(path)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.push(1, H264_KEYFRAME, 3000)
    assert stage.egress.retargets == []
    stage.push(0, H264_DELTA, 9000)
    stage.push(1, H264_KEYFRAME, 12_000)
    assert stage.egress.retargets == [(1, stage.first + 3, 0)]


def test_who_changes_its_mind_before_the_keyframe_stays(path: Path) -> None:
    stage = Stage(path)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.feed.watch(stage.tracks[0], 0.2)
    stage.push(1, H264_KEYFRAME, 6000)
    assert stage.egress.retargets == []
    assert stage.egress.attached == {stage.handle: stage.tracks[0].id}


def test_no_keyframe_no_change_however_long_it_takes(path: Path) -> None:
    stage = Stage(path)
    stage.push(1, H264_KEYFRAME, 3000)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.tracks[1].tick(60.0)
    stage.push(1, H264_DELTA, 9000)
    assert stage.egress.retargets == []
    assert stage.wanted[1] > 1


def test_packets_of_both_layers_are_sent_again_after_a_change(path: Path) -> None:
    stage = changed(path)
    stage.feed.resend([stage.first + 1, stage.first + 2, stage.first + 3], 1.0)
    assert stage.counters.rtx_sent == 3
    assert [packet[14:] for packet in stage.link.rtp] == [H264_DELTA, H264_KEYFRAME, H264_DELTA]
    assert [parse_rtp(packet).timestamp for packet in stage.link.rtp] == [3000, 6000, 9000]
    stage.feed.resend([stage.first + 5, stage.first - 1], 1.0)
    assert stage.counters.rtx_refused == 2


def test_a_resting_viewer_gets_nothing_and_wakes_with_a_keyframe(path: Path) -> None:
    stage = Stage(path)
    stage.feed.watch(None, 0.1)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[0], 9.0)
    stage.push(0, H264_DELTA, 9000)
    assert len(stage.egress.got[stage.handle]) == 1
    stage.push(0, H264_KEYFRAME, 12_000)
    assert stage.egress.retargets == [(3, stage.first + 1, 0)]
    assert len(stage.egress.got[stage.handle]) == 2


def test_a_stopped_viewer_waits_for_nothing(path: Path) -> None:
    stage = Stage(path)
    stage.feed.watch(stage.tracks[1], 0.1)
    stage.feed.stop()
    stage.push(1, H264_KEYFRAME, 6000)
    assert stage.egress.retargets == []


def extended(ssrc: int, extension: int, rid: str) -> bytes:
    elements = bytes([extension << 4 | len(rid) - 1]) + rid.encode()
    elements += bytes(-len(elements) % 4)
    header = struct.pack("!BBHII", 0x90, 102, 1, 0, ssrc)
    return header + b"\xbe\xde" + (len(elements) // 4).to_bytes(2, "big") + elements + H264_DELTA


def test_a_layer_is_known_by_its_name_first_and_by_its_ssrc_then() -> None:
    sections = choose_for_publisher(parse_offer(read("chromium_simulcast.sdp")))
    (video,) = [section for section in sections if section.kind == "video"]
    egress = RecordingEgress()
    track = Track("video", Timeline(0, 0.0), egress, 512, lambda: None)
    layers = Layers(video, [track] * 3, SourceClock(), Counters())

    def sender(packet: bytes) -> int | None:
        found = layers.sender_of(packet, parse_rtp(packet))
        return None if found is None else found.layer

    plain = struct.pack("!BBHII", 0x80, 102, 2, 0, 7) + H264_DELTA
    assert sender(plain) is None
    assert sender(extended(7, 10, "h")) == 1
    assert sender(plain) == 1
    assert sender(extended(8, 10, "nobody")) is None
    assert sender(extended(8, 11, "f")) is None
    repair = extended(9, 11, "f")
    repaired = layers.repaired_by(repair, parse_rtp(repair))
    assert repaired is not None
    assert repaired.layer == 2


def test_of_what_did_not_fit_nothing_is_sent_again_once_a_smaller_picture_is_chosen(path: Path) -> None:
    stage = Stage(path)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[1], 0.1, is_rescue=True)
    stage.feed.resend([stage.first + 1], 0.15)
    assert stage.counters.rtx_sent == 0
    stage.push(1, H264_KEYFRAME, 9000)
    stage.push(1, H264_DELTA, 12_000)
    stage.feed.resend([stage.first + 1, stage.first + 2, stage.first + 3], 0.3)
    assert stage.counters.rtx_sent == 2


def test_who_stays_after_all_is_repaired_again(path: Path) -> None:
    stage = Stage(path)
    stage.push(0, H264_DELTA, 6000)
    stage.feed.watch(stage.tracks[1], 0.1, is_rescue=True)
    stage.feed.watch(stage.tracks[0], 0.2)
    stage.feed.resend([stage.first + 1], 0.3)
    assert stage.counters.rtx_sent == 1
