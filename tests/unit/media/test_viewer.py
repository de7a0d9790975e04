"""A viewer and what it says."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from stream_server.ids import SessionId
from stream_server.media.codecs import Encoding, choose_for_viewer
from stream_server.media.layer_choice import LayerRate
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.rtp import Kind
from stream_server.media.sdp import parse_offer
from stream_server.media.timeline import Timeline
from stream_server.media.track import Track
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import SentPicture
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import key_pair
from tests.unit.media.test_round_trip import REFERENCE
from tests.unit.media.test_sdp import read
from tests.unit.media.test_track import H264, WatchedLink


class Stage:
    """A connected viewer of a show that has a picture."""

    def __init__(self, path: Path) -> None:
        egress, timeline = RecordingEgress(), Timeline(0, 0.0)
        kinds: tuple[Kind, ...] = ("audio", "video")
        tracks = {kind: Track(kind, timeline, egress, 512, lambda: None) for kind in kinds}
        offer = parse_offer(read("chromium_viewer.sdp"))
        sections = choose_for_viewer(offer, {"audio": Encoding("opus"), "video": H264})
        negotiation = Negotiation(SessionId("wses_viewer"), offer, sections, "AB", [])
        self.now_s = 10.0
        self.counters = Counters()
        self.viewer = Viewer(negotiation, tracks, "show", self.counters, lambda: self.now_s, lambda *_: None)
        self.link = WatchedLink(path)
        self.viewer.link = self.link  # type: ignore[assignment]
        self.viewer.on_connected(key_pair()[0])


@pytest.fixture
def stage() -> Iterator[Stage]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        yield Stage(Path(made, ("127.0.0.1", 9)))


def test_a_viewer_that_asks_learns_its_round_trip(stage: Stage) -> None:
    stage.viewer.on_rtcp(REFERENCE, 11.0)
    (reply,) = stage.link.rtcp
    assert reply[1] == 207
    assert reply[12:20] == bytes.fromhex("0000abcd22223333")


def test_a_flood_of_questions_is_answered_now_and_then(stage: Stage) -> None:
    for number in range(1000):
        stage.viewer.on_rtcp(REFERENCE, 11.0 + number / 10_000)
    assert 1 <= len(stage.link.rtcp) <= 3


def test_what_is_sent_and_why_is_known(stage: Stage) -> None:
    assert stage.viewer.sent_picture() == SentPicture("best", 0, 0)
    tracks = [stage.viewer.feeds["video"].track] * 3
    sent = [LayerRate(0, 150_000, 180), LayerRate(1, 500_000, 360), LayerRate(2, 1_500_000, 720)]
    stage.viewer.adapt(sent, tracks, 10.0)
    assert stage.viewer.sent_picture() == SentPicture("best", 720, 720)
    stage.viewer.choice.on_estimate(3_000_000, 12.0)
    stage.viewer.choice.on_estimate(600_000, 12.5)
    stage.viewer.adapt(sent, tracks, 13.0)
    assert stage.viewer.sent_picture() == SentPicture("bandwidth", 360, 720)
    stage.viewer.choice.layer = None
    assert stage.viewer.sent_picture() == SentPicture("bandwidth", 0, 720, is_sound_only=True)
    stage.viewer.begin_source(tracks[:1], 14.0)
    assert stage.viewer.sent_picture() == SentPicture("best", 0, 0)
