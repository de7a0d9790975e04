"""The relay with real WebRTC peers (aiortc) on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest

from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.media import native_egress
from stream_server.media.egress import PythonEgress
from stream_server.media.link import Link
from stream_server.media.native_egress import NativeEgress
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import MediaPacket
from stream_server.signaling.media_plane import (
    BadOffer,
    ClockAnchor,
    IngestReport,
    NoPublisher,
    PublisherPresent,
    SessionClosed,
    SourceStarted,
    SourceStopped,
    UnknownSession,
)
from tests.integration.media.aiortc_peers import SHOW, Stage, eventually, publishing, stage, viewing
from tests.unit.media.test_sdp import read


class LossyEgress(PythonEgress):
    """Loses every twentieth packet on its way to everybody."""

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        super().send(track, [packet for packet in packets if packet.index % 20 != 7])


def publisher_of(stage: Stage) -> Publisher:
    publisher = stage.relay._shows[SHOW].publisher
    assert publisher is not None
    return publisher


@pytest.mark.parametrize(
    "egress",
    [
        PythonEgress,
        pytest.param(NativeEgress, marks=pytest.mark.skipif(not native_egress.is_built(), reason="not built")),
    ],
)
async def test_two_viewers_see_and_hear_what_the_host_sends(egress: type[PythonEgress]) -> None:
    async with stage(egress) as s, publishing(s.relay) as host:
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as one, viewing(s.relay) as other:
            await one.until(frames=30, sound=30)
            await other.until(frames=30, sound=30)
            await eventually(lambda: s.of(IngestReport) and s.of(IngestReport)[-1].viewers == 2)
            report = s.of(IngestReport)[-1]
            assert (report.width_px, report.height_px) == (320, 180)
            assert report.fps == pytest.approx(30, abs=4)
            anchor = s.of(ClockAnchor)[-1]
            newest_ms = one.rtp_timestamps[-1] / 90
            assert newest_ms == pytest.approx(anchor.position_ms, abs=1200)
            assert s.of(SourceStarted) == [SourceStarted(SHOW, host)]
            metrics = s.relay.metrics()
            assert (metrics["publishers"], metrics["viewers"], metrics["joins"]) == (1, 2, 2)


async def test_a_host_that_comes_back_continues_the_same_timeline() -> None:
    async with stage() as s:
        async with publishing(s.relay) as first:
            await eventually(lambda: s.of(SourceStarted))
            viewer = viewing(s.relay)
            watching = await viewer.__aenter__()
            await watching.until(frames=10)
        await eventually(lambda: s.of(SourceStopped))
        assert s.of(SourceStopped) == [SourceStopped(SHOW, first, "closed")]
        await asyncio.sleep(0.5)
        seen = len(watching.frames)
        async with publishing(s.relay):
            await watching.until(frames=seen + 10)
            stamps, times = watching.rtp_timestamps, watching.frames
            assert all(later >= earlier for earlier, later in pairwise(stamps))
            away = max(later - earlier for earlier, later in pairwise(stamps)) / 90_000
            gap = max(later[0] - earlier[0] for earlier, later in pairwise(times))
            assert away > 0.5
            assert away == pytest.approx(gap, abs=0.35)
            await viewer.__aexit__(None, None, None)


async def test_packets_lost_on_the_way_to_a_viewer_are_sent_again() -> None:
    async with stage(LossyEgress) as s, publishing(s.relay):
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as watching:
            await watching.until(frames=60)
            assert s.relay.counters.nacks_received > 0
            assert s.relay.counters.rtx_sent > 0


async def test_packets_lost_on_the_way_from_the_host_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = Link.receive
    seen = 0

    def lossy(link: Link, data: bytes, now_s: float) -> bool:
        nonlocal seen
        if isinstance(link._handler, Publisher) and len(data) > 100 and data[0] > 127:
            seen += 1
            if seen % 15 == 0:
                return True
        return receive(link, data, now_s)

    monkeypatch.setattr(Link, "receive", lossy)
    async with stage() as s, publishing(s.relay):
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as watching:
            await watching.until(frames=60)
            counters = s.relay.counters
            assert counters.nacks_sent > 0
            assert counters.rtx_received > 0


async def test_a_second_publisher_is_refused_unless_it_replaces_the_first() -> None:
    async with stage() as s, publishing(s.relay) as first:
        await eventually(lambda: s.of(SourceStarted))
        with pytest.raises(PublisherPresent):
            async with publishing(s.relay):
                pass
        async with viewing(s.relay) as watching, publishing(s.relay, replace=True) as second:
            await watching.until(frames=10)
            assert s.of(SourceStopped) == [SourceStopped(SHOW, first, "replaced")]
            assert [event.session_id for event in s.of(SourceStarted)] == [first, second]


async def test_a_bad_offer_does_not_disturb_the_one_who_broadcasts() -> None:
    async with stage() as s, publishing(s.relay) as first:
        await eventually(lambda: s.of(SourceStarted))
        with pytest.raises(BadOffer):
            s.relay.publish(SHOW, SessionId("wses_2"), "v=0\r\n", 0, replace=True)
        assert publisher_of(s).session_id == first
        assert publisher_of(s).is_connected


async def test_a_publisher_that_fell_silent_makes_room_without_being_replaced() -> None:
    async with stage(stall_timeout_s=0.0) as s, publishing(s.relay):
        await eventually(lambda: s.of(SourceStarted))
        publisher_of(s).link.last_seen_s -= 10
        async with publishing(s.relay) as second:
            await eventually(lambda: len(s.of(SourceStarted)) == 2)
            assert s.of(SourceStarted)[-1].session_id == second


async def test_nobody_can_watch_a_show_that_never_had_a_picture() -> None:
    async with stage() as s:
        with pytest.raises(NoPublisher):
            s.relay.view(SHOW, SessionId("vses_1"), read("chromium_viewer.sdp"))


async def test_who_comes_while_the_host_is_away_sees_the_picture_when_it_returns() -> None:
    async with stage() as s:
        async with publishing(s.relay):
            await eventually(lambda: s.of(SourceStarted))
        await eventually(lambda: s.of(SourceStopped))
        async with viewing(s.relay) as watching:
            await eventually(lambda: s.relay.metrics()["viewers"] == 1)
            async with publishing(s.relay):
                await watching.until(frames=10)


async def test_deleted_sessions_end_and_are_unknown_afterwards() -> None:
    async with stage() as s, publishing(s.relay) as host:
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as watching:
            await watching.until(frames=5)
            s.relay.close(watching.session_id)
            s.relay.close(host)
            assert s.events[-3:] == [
                SessionClosed(SHOW, watching.session_id, "deleted"),
                SourceStopped(SHOW, host, "deleted"),
                SessionClosed(SHOW, host, "deleted"),
            ]
            with pytest.raises(UnknownSession):
                s.relay.close(host)
            assert s.relay.sessions() == []


async def test_a_viewer_that_leaves_is_noticed_at_once() -> None:
    async with stage() as s, publishing(s.relay):
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as watching:
            await watching.until(frames=5)
        await eventually(lambda: s.of(SessionClosed))
        assert s.of(SessionClosed) == [SessionClosed(SHOW, watching.session_id, "closed")]


async def test_an_ended_show_is_forgotten_whole() -> None:
    async with stage() as s, publishing(s.relay):
        await eventually(lambda: s.of(SourceStarted))
        async with viewing(s.relay) as watching:
            await watching.until(frames=5)
            s.relay.end_show(SHOW)
            s.relay.end_show(SHOW)
            assert s.relay.metrics()["shows"] == 0
            assert s.relay.sessions() == []
            assert not s.relay.endpoint._links
            assert not s.relay.endpoint._by_address


async def test_a_known_show_continues_at_the_position_the_web_process_remembers() -> None:
    async with stage() as s:
        offer = read("chromium_publisher.sdp")
        s.relay.publish(SHOW, SessionId("wses_1"), offer, 60_000, replace=False)
        position_ms = s.relay._shows[SHOW].timeline.position_ms(s.relay._clock.monotonic_s())
        assert 60_000 <= position_ms < 61_000


async def test_handshakes_in_progress_are_bounded() -> None:
    async with stage(max_connecting=3) as s:
        offer = read("chromium_publisher.sdp")
        for number in range(3):
            s.relay.publish(ShowId(f"show_{number}"), SessionId(f"wses_{number}"), offer, 0, replace=False)
        with pytest.raises(TooMany):
            s.relay.publish(ShowId("show_9"), SessionId("wses_9"), offer, 0, replace=False)


async def test_a_show_whose_only_publisher_never_connects_is_forgotten() -> None:
    async with stage(connect_timeout_s=0.1) as s:
        s.relay.publish(SHOW, SessionId("wses_1"), read("chromium_publisher.sdp"), 0, replace=False)
        await eventually(lambda: not s.relay.metrics()["shows"])
        assert s.of(SessionClosed) == [SessionClosed(SHOW, SessionId("wses_1"), "timeout")]
