"""The whole media process: started, spoken to over its socket, left alone by the web process, stopped."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from benchmarks.light_viewer import Crowd, publishing
from stream_server.clock import SystemClock
from stream_server.ids import ShowId
from stream_server.media.control import ControlClient
from stream_server.media.process import MediaOptions, serve_media
from stream_server.signaling.media_plane import ClockAnchor, MediaEvent, SourceStarted
from tests.integration.media.aiortc_peers import eventually

SHOW = ShowId("show_1")


def options(path: Path) -> MediaOptions:
    return MediaOptions(socket_path=path, port=0, addresses=("127.0.0.1",))


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    path, stop = tmp_path / "media.sock", asyncio.Event()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(serve_media(options(path), stop))
        async with ControlClient(path, SystemClock(), retry_s=0.02).run() as client:
            async with asyncio.timeout(5):
                await client.wait_connected()
            async with publishing(client, SHOW):
                await eventually(lambda: any(session.is_source for session in client.sessions()))
                async with Crowd(client, SHOW).run() as crowd:
                    viewer = await crowd.join()
                    await eventually(lambda: viewer.packets > 30)
                    assert viewer.lost == 0
                    assert (await client.metrics())["viewers"] == 1
                    stop.set()
                    await eventually(lambda: viewer.closed == "closed")
    assert serving.done()
    assert not path.exists()


async def test_media_goes_on_without_the_web_process_which_learns_everything_when_it_is_back(tmp_path: Path) -> None:
    path, stop = tmp_path / "media.sock", asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(serve_media(options(path), stop))
        async with ControlClient(path, SystemClock(), retry_s=0.02).run() as first:
            async with asyncio.timeout(5):
                await first.wait_connected()
            async with publishing(first, SHOW):
                await eventually(lambda: any(session.is_source for session in first.sessions()))
                async with Crowd(first, SHOW).run() as crowd:
                    viewer = await crowd.join()
                    before = viewer.packets
                    async with ControlClient(path, SystemClock()).run() as second:
                        events: list[MediaEvent] = []
                        async with asyncio.timeout(5):
                            async for event in second.events():
                                events.append(event)
                                if len(events) == 2:
                                    break
                        assert [type(event) for event in events] == [SourceStarted, ClockAnchor]
                        assert {session.role for session in second.sessions()} == {"publisher", "viewer"}
                    await eventually(lambda: viewer.packets > before + 30)
        stop.set()


async def test_a_taken_port_stops_the_start(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        blocked = MediaOptions(socket_path=tmp_path / "media.sock", port=port, addresses=("127.0.0.1",))
        with pytest.raises(OSError, match="cannot be had"):
            await serve_media(blocked, asyncio.Event())
