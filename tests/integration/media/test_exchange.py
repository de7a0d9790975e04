"""Two media processes' own code on one loop: what happens to a show that both take part in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.light_viewer import Crowd, publishing
from stream_server.clock import SystemClock
from stream_server.errors import VitrineError
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.fleet import MediaFleet
from stream_server.media.process import MediaOptions, serve_media
from stream_server.media.rtp import write_pli
from stream_server.signaling.media_plane import MediaEvent, NoPublisher, PublisherPresent, SourceStopped
from tests.integration.media.aiortc_peers import eventually

SHOW = ShowId("show_1")


@asynccontextmanager
async def two_on_one_loop(folder: Path, unwatched_s: float = 10.0) -> AsyncIterator[MediaFleet]:
    """Both processes, connected to each other."""
    stop = asyncio.Event()
    trunks = tuple(folder / f"trunk-{index}.sock" for index in range(2))
    sockets = [folder / f"media-{index}.sock" for index in range(2)]
    async with asyncio.TaskGroup() as group:
        for index, path in enumerate(sockets):
            options = MediaOptions(path, index, trunks, 0, ("127.0.0.1",), unwatched_s=unwatched_s)
            group.create_task(serve_media(options, stop))
        try:
            async with MediaFleet(sockets, SystemClock(), retry_s=0.02).run() as fleet:
                async with asyncio.timeout(5):
                    await fleet.wait_connected()
                    while (await fleet.metrics())["sisters"] < 2:
                        await asyncio.sleep(0.01)
                yield fleet
        finally:
            stop.set()


def is_on_air(client: ControlClient) -> bool:
    return any(session.is_source for session in client.sessions())


async def figure(client: ControlClient, name: str) -> float:
    return (await client.metrics())[name]


async def until_figure(client: ControlClient, name: str, value: float) -> None:
    async with asyncio.timeout(5):
        while await figure(client, name) != value:
            await asyncio.sleep(0.02)


async def test_viewers_elsewhere_get_every_packet_and_their_wishes_reach_the_publisher(tmp_path: Path) -> None:
    async with two_on_one_loop(tmp_path) as fleet:
        one, two = fleet.clients
        async with publishing(one, SHOW):
            await eventually(lambda: is_on_air(one))
            async with Crowd(two, SHOW).run() as crowd:
                viewers = [await crowd.join() for _ in range(3)]
                await eventually(lambda: all(viewer.packets > 100 for viewer in viewers))
                assert all(viewer.lost == 0 for viewer in viewers)
                assert all(len(viewer.streams) == 2 for viewer in viewers)
                before = await figure(one, "plis_sent")
                for _ in range(50):
                    for viewer in viewers:
                        assert viewer.sender is not None
                        viewer.send(viewer.sender.seal_rtcp(write_pli(1, 2)))
                await until_figure(two, "plis_received", 150)
                await eventually(lambda: viewers[0].packets > 300)
                assert before < await figure(one, "plis_sent") <= before + 4  # two a second at most
                assert await figure(two, "plis_sent") == 0
                assert (await figure(one, "shows"), await figure(two, "shows")) == (1, 0)
                piped, taken = await figure(one, "packets_piped"), await figure(two, "packets_from_sisters")
                assert piped == pytest.approx(taken, abs=50)


async def test_nothing_is_piped_while_nobody_watches_there(tmp_path: Path) -> None:
    async with two_on_one_loop(tmp_path, unwatched_s=0.2) as fleet:
        one, two = fleet.clients
        async with publishing(one, SHOW):
            await eventually(lambda: is_on_air(one))
            async with Crowd(one, SHOW).run() as crowd:
                here = await crowd.join()
                await eventually(lambda: here.packets > 50)
                assert await figure(one, "packets_piped") == 0
                async with Crowd(two, SHOW).run() as others:
                    there = await others.join()
                    await eventually(lambda: there.packets > 50)
                await until_figure(two, "viewers", 0)
                await asyncio.sleep(0.5)
                piped = await figure(one, "packets_piped")
                await eventually(lambda: here.packets > 200)
                assert await figure(one, "packets_piped") == piped
                async with Crowd(two, SHOW).run() as again:
                    back = await again.join()
                    await eventually(lambda: back.packets > 50)
                    assert back.lost == 0


async def test_a_host_who_turns_up_in_another_process_is_followed_there_and_the_old_one_gives_way(
    tmp_path: Path,
) -> None:
    async with two_on_one_loop(tmp_path) as fleet:
        one, two = fleet.clients
        events: list[MediaEvent] = []

        async def note() -> None:
            async for event in fleet.events():
                events.append(event)

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(note())
            async with publishing(one, SHOW):
                await eventually(lambda: is_on_air(one))
                async with Crowd(one, SHOW).run() as ones, Crowd(two, SHOW).run() as twos:
                    viewers = [await ones.join(), await twos.join()]
                    await eventually(lambda: all(viewer.packets > 100 for viewer in viewers))
                    with pytest.raises(PublisherPresent):
                        await two.publish(SHOW, SessionId("wses_2"), ones.viewers[0].answer.sdp, 0.0, replace=False)
                    async with publishing(two, SHOW):
                        await eventually(lambda: is_on_air(two) and not is_on_air(one))
                        seen = [viewer.packets for viewer in viewers]
                        await eventually(lambda: all(v.packets > s + 100 for v, s in zip(viewers, seen, strict=True)))
                        # told once nobody can be taking over in the old process any more
                        await eventually(lambda: any(isinstance(event, SourceStopped) for event in events))
                        assert [event.reason for event in events if isinstance(event, SourceStopped)] == ["replaced"]
                        assert all(viewer.closed is None for viewer in viewers)
            reading.cancel()


async def test_who_comes_while_the_host_is_away_waits_wherever_it_is(tmp_path: Path) -> None:
    async with two_on_one_loop(tmp_path) as fleet:
        one, two = fleet.clients
        async with publishing(one, SHOW):
            await eventually(lambda: is_on_air(one))
            await asyncio.sleep(0.3)
        await eventually(lambda: not is_on_air(one))
        async with Crowd(two, SHOW).run() as crowd:
            viewer = await crowd.join()
            assert viewer.packets == 0
            async with publishing(one, SHOW):
                await eventually(lambda: viewer.packets > 100)
                assert viewer.lost == 0


async def test_a_show_that_ended_is_known_to_nobody(tmp_path: Path) -> None:
    async with two_on_one_loop(tmp_path) as fleet:
        one, two = fleet.clients
        async with publishing(one, SHOW):
            await eventually(lambda: is_on_air(one))
            async with Crowd(two, SHOW).run() as crowd:
                viewer = await crowd.join()
                await fleet.end_show(SHOW)
                await eventually(lambda: viewer.closed is not None)
        assert fleet.sessions() == []
        for client in (one, two):
            with pytest.raises((NoPublisher, VitrineError)):
                await client.view(SHOW, SessionId("vses_1"), viewer.answer.sdp)
