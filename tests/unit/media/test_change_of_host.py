"""A host, a stand-in, the slate between them: whose packets viewers get, and what is told, step by step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stream_server.clock import ManualClock
from stream_server.errors import Invalid
from stream_server.ids import SessionId
from stream_server.media.codecs import choose_for_publisher
from stream_server.media.ice import Candidate
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.options import MediaOptions
from stream_server.media.outlet import Outlet
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import MediaPacket
from stream_server.media.sdp import parse_offer
from stream_server.media.show import Show
from stream_server.media.show_reports import TICKS_PER_S
from stream_server.media.slate import checked
from stream_server.media.trunk_wire import Announcement
from stream_server.signaling.media_plane import MediaEvent, SlateFilm, SourceStarted, SourceStopped
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME, Packet
from tests.unit.media.test_sdp import read
from tests.unit.media.trunk_talk import SHOW, announcement

HOST, STAND_IN = SessionId("host"), SessionId("stand_in")
SLATE = SlateFilm("H264", 5, ((H264_KEYFRAME + b"slate",), *((H264_DELTA + b"slate",),) * 4))
TICK_S = 1 / TICKS_PER_S


class Wire:
    """A link that remembers what a publisher was told."""

    last_seen_s = 0.0

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def send_rtcp(self, packet: bytes) -> None:
        self.said.append(packet)

    def close(self) -> None:
        pass


class Camera:
    """A publisher in the show's house, and the packets that it sends."""

    def __init__(self, stage: Stage, name: SessionId, *, is_standby: bool, patience_s: float = 0.0) -> None:
        self.stage = stage
        offer = parse_offer(read("chromium_publisher.sdp"))
        negotiation = Negotiation(name, offer, choose_for_publisher(offer), "sha-256 00", [Candidate("127.0.0.1", 1)])
        clock_s = stage.clock.monotonic_s
        self.publisher = Publisher(
            negotiation,
            stage.show.tracks,
            2_000_000,
            Counters(),
            stage.show,
            clock_s,
            is_standby=is_standby,
            patience_s=patience_s,
        )
        self.wire = Wire()
        self.publisher.link = self.wire  # type: ignore[assignment]
        self.publisher.is_connected = True
        self.name, self._number = name, 0
        stage.show.seat(self.publisher)

    def picture(self, *, keyframe: bool = False) -> None:
        self._send("video", (H264_KEYFRAME if keyframe else H264_DELTA) + self.name.encode(), 90_000)

    def sound(self) -> None:
        self._send("audio", self.name.encode(), 48_000)

    def _send(self, kind: str, payload: bytes, rate: int) -> None:
        self._number += 1
        source = self.publisher.sources[kind]  # type: ignore[index]
        now_s = self.stage.clock.monotonic_s()
        type_, ssrc = source.chosen.format.payload_type, 7 if kind == "video" else 8
        packet = Packet(self._number, round(now_s * rate), payload, type_, ssrc, marker=True)
        self.publisher.on_rtp(bytes(packet), now_s)
        self.stage.show.flush()


class Stage:
    """A show, and whose packets went out."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.events: list[MediaEvent] = []
        self.sent: list[str] = []
        self.stamps: list[int] = []
        self.elsewhere: Announcement | None = None
        self.show = Show(
            SHOW,
            0.0,
            RecordingEgress(),
            MediaOptions(Path("unused"), cached_packets=64),
            Counters(),
            self.clock,
            self.events.append,
            lambda show, publisher, reason: None,
            lambda show_id, piped: Outlet(show_id, 1, piped, [], Counters()),
            lambda: self.elsewhere,
        )
        for kind, track in self.show.tracks.items():
            track.pipe = lambda _at_s, packets, kind=kind: self._went_out(kind, packets)

    def _went_out(self, kind: str, packets: list[MediaPacket]) -> None:
        for packet in packets:
            name = next(name for name in (b"slate", b"host", b"stand_in") if packet.payload.endswith(name))
            self.sent.append(name.decode() if kind == "video" else f"{name.decode()}'s sound")
            if kind == "video":
                self.stamps.append(packet.timestamp)

    def host(self) -> Camera:
        return Camera(self, HOST, is_standby=False)

    def stand_in(self, patience_s: float = 0.0) -> Camera:
        return Camera(self, STAND_IN, is_standby=True, patience_s=patience_s)

    def film(self, seconds: float, *cameras: Camera, keyframes: bool = True) -> list[str]:
        """Let time pass while the cameras send; gives whose packets went out meanwhile, each once."""
        before = len(self.sent)
        for _ in range(round(seconds * TICKS_PER_S)):
            self.clock.advance(TICK_S)
            for camera in cameras:
                camera.picture(keyframe=keyframes)
                camera.sound()
            self.show.tick(self.clock.monotonic_s())
        return list(dict.fromkeys(self.sent[before:]))

    def told(self) -> list[str]:
        """Sources that started (+) and stopped (-), since the last call."""
        signs = {SourceStarted: "+", SourceStopped: "-"}
        told = [signs[type(e)] + e.session_id for e in self.events if isinstance(e, SourceStarted | SourceStopped)]
        self.events.clear()
        return told


def test_nothing_of_a_stand_in_goes_out_while_the_host_is_on_air() -> None:
    stage = Stage()
    host, stand_in = stage.host(), stage.stand_in()
    assert stage.film(5, host, stand_in) == ["host", "host's sound"]


def test_nothing_of_a_host_who_is_silent_and_then_off_air_goes_out_before_its_turn() -> None:
    stage = Stage()
    host, stand_in = stage.host(), stage.stand_in()
    stage.film(1, host)
    stage.film(2, stand_in)
    stage.sent.clear()
    assert stage.film(0.3, host, stand_in) == ["stand_in", "stand_in's sound"]
    assert stage.film(1, host, stand_in)[-2:] == ["host", "host's sound"]
    assert stage.film(1, host, stand_in) == ["host", "host's sound"]


@pytest.mark.parametrize("leaves", [False, True], ids=["falls silent", "leaves"])
def test_the_host_is_waited_for_as_long_as_the_plan_says(leaves: bool) -> None:
    stage = Stage()
    host, stand_in = stage.host(), stage.stand_in(patience_s=5)
    stage.film(1, host, stand_in)
    if leaves:
        stage.show.detach_publisher("deleted")
    assert stage.film(4.9, stand_in) == []
    assert stage.film(0.3, stand_in) == ["stand_in", "stand_in's sound"]


def test_a_stand_in_begins_at_once_where_nobody_was_before() -> None:
    stage = Stage()
    assert stage.film(0.1, stage.stand_in(patience_s=30)) == ["stand_in", "stand_in's sound"]


def test_a_show_is_never_told_to_be_without_a_picture_while_the_stand_in_takes_over() -> None:
    stage = Stage()
    host, stand_in = stage.host(), stage.stand_in()
    stage.film(1, host, stand_in)
    stage.show.detach_publisher("deleted")
    stage.film(3, stand_in)
    assert stage.told() == ["+host", "+stand_in", "-host"]


def test_a_stop_is_told_after_all_when_nobody_takes_over() -> None:
    stage = Stage()
    host, _ = stage.host(), stage.stand_in()
    stage.film(1, host)
    stage.show.detach_publisher("deleted")
    stage.film(2)
    assert stage.told() == ["+host"]
    stage.film(2)
    assert stage.told() == ["-host"]


def test_a_stop_is_told_at_once_where_nobody_stands_by() -> None:
    stage = Stage()
    stage.film(1, stage.host())
    stage.show.detach_publisher("deleted")
    assert stage.told() == ["+host", "-host"]


def test_a_host_that_is_replaced_by_a_newer_session_does_not_stop_the_show() -> None:
    stage = Stage()
    stage.film(1, stage.stand_in())
    stage.show.detach_publisher("replaced", standby=True)
    newer = Camera(stage, SessionId("next_stand_in"), is_standby=True)
    stage.film(1, newer)
    assert stage.told() == ["+stand_in", "+next_stand_in", "-stand_in"]


def test_viewers_see_the_slate_two_seconds_after_the_picture_stopped_until_the_host_is_back() -> None:
    stage = Stage()
    host = stage.host()
    stage.show.films = checked([SLATE])
    stage.film(1, host)
    assert stage.film(1.9) == []
    assert stage.film(4) == ["slate"]
    assert stage.film(1, host) == ["host", "host's sound"]
    assert stage.film(1, host) == ["host", "host's sound"]
    assert stage.told() == ["+host", "-host", "+host"]


def test_the_show_clock_runs_through_host_slate_and_stand_in() -> None:
    stage = Stage()
    stage.show.films = checked([SLATE])
    host, stand_in = stage.host(), stage.stand_in(patience_s=6)
    began_s = stage.clock.monotonic_s()
    stage.film(1, host, stand_in)
    stage.show.detach_publisher("timeout")
    assert stage.film(7, stand_in) == ["slate", "stand_in", "stand_in's sound"]
    assert stage.stamps == sorted(stage.stamps)
    longest_s = max(later - earlier for earlier, later in zip(stage.stamps, stage.stamps[1:], strict=False)) / 90_000
    assert longest_s == pytest.approx(2, abs=0.15)
    shown_s = (stage.stamps[-1] - stage.stamps[0]) / 90_000
    assert shown_s == pytest.approx(stage.clock.monotonic_s() - began_s - TICK_S, abs=0.1)


def test_a_slate_that_was_held_up_begins_anew_instead_of_catching_up() -> None:
    stage = Stage()
    host = stage.host()
    stage.show.films = checked([SLATE])
    stage.film(1, host)
    stage.film(3)
    stage.sent.clear()
    stage.clock.advance(60)
    assert stage.film(TICK_S) == ["slate"]
    assert len(stage.sent) == 1


def test_no_slate_is_shown_while_another_process_has_the_source() -> None:
    stage = Stage()
    stage.show.films = checked([SLATE])
    stage.film(1, stage.host())
    stage.show.detach_publisher("replaced")
    stage.elsewhere = announcement(stage.clock.monotonic_s())
    assert stage.film(5) == []


def test_a_stand_in_waits_while_another_process_has_the_source_but_not_for_its_slate() -> None:
    stage = Stage()
    stand_in = stage.stand_in()
    stage.elsewhere = announcement(stage.clock.monotonic_s())
    assert stage.film(5, stand_in) == []
    stage.elsewhere = replace(stage.elsewhere, is_slate=True)
    assert stage.film(1, stand_in) == ["stand_in", "stand_in's sound"]


def test_a_host_without_keyframes_is_heard_after_two_seconds_and_seen_from_its_next_keyframe() -> None:
    stage = Stage()
    stage.show.films = checked([SLATE])
    host = stage.host()
    stage.film(1, host)
    stage.film(4)
    host.wire.said.clear()
    assert stage.film(1.8, host, keyframes=False) == ["slate"]
    assert len(host.wire.said) >= 3, "a keyframe is asked for"
    stage.film(0.4, host, keyframes=False)
    assert stage.film(1, host, keyframes=False) == ["host's sound"]
    assert stage.film(0.5, host) == ["host", "host's sound"]


def test_a_stand_in_that_is_seen_does_not_give_way_to_a_host_who_can_only_be_heard() -> None:
    stage = Stage()
    host, stand_in = stage.host(), stage.stand_in()
    stage.film(1, host, stand_in)
    stage.film(3, stand_in)
    for _ in range(100):
        stage.film(TICK_S, stand_in)
        host.picture()
        host.sound()
    stage.sent.clear()
    assert stage.film(0.5, stand_in) == ["stand_in", "stand_in's sound"]
    host.picture(keyframe=True)
    assert stage.sent[-1] == "host"


@pytest.mark.parametrize(
    "film",
    [
        SlateFilm("H264", 0, SLATE.frames),
        SlateFilm("H264", 5, ()),
        SlateFilm("H264", 5, ((),)),
        SlateFilm("H264", 5, ((H264_DELTA,),)),
        SlateFilm("H264", 5, ((H264_KEYFRAME,),) * 65),
        SlateFilm("H264", 5, ((H264_KEYFRAME, bytes(1500)),)),
        SlateFilm("opus", 5, SLATE.frames),  # type: ignore[arg-type]
    ],
)
def test_a_film_that_cannot_be_played_is_refused(film: SlateFilm) -> None:
    with pytest.raises(Invalid):
        checked([film])
