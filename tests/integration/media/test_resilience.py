"""What breaks while a show is on: the media process, the host's network, a viewer's address."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from benchmarks.light_viewer import Crowd, Publisher, open_peer, publishing
from stream_server.clock import SystemClock
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.process import MediaOptions, serve_media
from tests.e2e.other_load import other_load
from tests.integration.media.aiortc_peers import eventually
from tests.integration.media.returning_clients import Ask, Client, http_signalling, staying
from tests.integration.media.udp_proxy import udp_proxy
from tests.interop.house import house_open
from tests.serving import Server, free_port

SHOW = ShowId("show_1")
BACK_S = 3.0
BUSY_CORES = 0.3

pytestmark = pytest.mark.alone
"""With this much other work on the machine nobody can say how long our own takes."""


@asynccontextmanager
async def media_plane(folder: Path) -> AsyncIterator[tuple[ControlClient, tuple[str, int]]]:
    """A media process' own code, and where its port is."""
    stop = asyncio.Event()
    port = free_port(socket.SOCK_DGRAM)
    options = MediaOptions(socket_path=folder / "media.sock", port=port, addresses=("127.0.0.1",))
    async with asyncio.TaskGroup() as group:
        group.create_task(serve_media(options, stop))
        async with ControlClient(options.socket_path, SystemClock(), retry_s=0.02).run() as plane:
            async with asyncio.timeout(5):
                await plane.wait_connected()
            yield plane, ("127.0.0.1", port)
        stop.set()


_numbers = itertools.count()


def publishes(plane: ControlClient) -> Ask:
    return lambda offer: plane.publish(SHOW, SessionId(f"wses_{next(_numbers)}"), offer, 0.0, replace=True)


def views(plane: ControlClient) -> Ask:
    return lambda offer: plane.view(SHOW, SessionId(f"vses_{next(_numbers)}"), offer)


def is_on_air(plane: ControlClient) -> bool:
    return any(session.is_source for session in plane.sessions())


def assert_clock_is_continuous(pictures: list[tuple[float, float]], allowed_s: float = 0.5) -> None:
    """The show clock never goes back, and through a gap it runs on with the wall."""
    at_s, clock_s = pictures[0]
    for now_s, show_s in pictures:
        assert show_s - clock_s == pytest.approx(now_s - at_s, abs=allowed_s)
    assert all(later[1] >= earlier[1] - 0.2 for earlier, later in pairwise(pictures))


def media_process_of(server: Server) -> psutil.Process:
    (found,) = (
        child
        for child in psutil.Process(server.process.pid).children(recursive=True)
        if child.cmdline()[1:4] == ["-m", "stream_server", "media"]
    )
    return found


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_when_the_media_process_is_killed_its_viewers_are_back_in_the_same_show_within_seconds(
    tmp_path: Path,
) -> None:
    async with house_open(tmp_path) as house:
        host = Client(http_signalling(house.whip_url, house.host_token), "sendonly")
        viewers = [Client(http_signalling(house.whep_url), "recvonly") for _ in range(2)]
        async with staying(host, *viewers):
            await eventually(lambda: all(len(viewer.pictures) > 60 for viewer in viewers), 20)
            seen = [len(viewer.peers) for viewer in viewers]
            loop = asyncio.get_running_loop()
            with other_load(10) as load:
                killed_s = loop.time()
                media_process_of(house.server).kill()

                def is_back(viewer: Client, before: int) -> bool:
                    return len(viewer.peers) > before and len(viewer.peers[-1].pictures) > 0

                await eventually(lambda: all(map(is_back, viewers, seen)), 30)
                back_s = max(viewer.peers[-1].pictures[0][0] for viewer in viewers) - killed_s
                await asyncio.sleep(max(0.0, 10 - back_s))
            assert (await house.server.get(f"/api/shows/{house.show_id}"))["status"] == "live"
            for viewer in viewers:
                assert_clock_is_continuous(viewer.pictures, allowed_s=1.5)
            if load.cores < BUSY_CORES:
                assert back_s < BACK_S


async def cut_host(folder: Path, away_s: float) -> tuple[float, int, list[tuple[float, float]]]:
    """Cut the host off for a while; gives the seconds until its picture is back, its sessions, what a viewer saw."""
    loop = asyncio.get_running_loop()
    async with media_plane(folder) as (plane, where):
        with udp_proxy(where) as network:
            host, viewer = (
                Client(publishes(plane), "sendonly", network.address),
                Client(views(plane), "recvonly", patience=60),
            )
            async with staying(host, viewer):
                await eventually(lambda: len(viewer.pictures) > 60, 10)
                network.is_cut = True
                await asyncio.sleep(away_s)
                seen = len(viewer.pictures)
                network.is_cut = False
                back_s = loop.time()
                await eventually(lambda: len(viewer.pictures) > seen + 60, 15)
                assert len(viewer.peers) == 1
                first_s = next(at_s for at_s, _ in viewer.pictures[seen:])
                return first_s - back_s, len(host.peers), viewer.pictures


@pytest.mark.slow
async def test_a_host_without_network_for_seconds_is_back_soon_and_the_viewers_never_left(tmp_path: Path) -> None:
    resumed_s, _, pictures = await cut_host(tmp_path, 3.0)
    assert resumed_s < 5
    assert_clock_is_continuous(pictures)


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_a_host_without_network_for_a_minute_opens_another_session_of_the_same_show(tmp_path: Path) -> None:
    resumed_s, sessions, pictures = await cut_host(tmp_path, 60.0)
    assert resumed_s < 5
    assert sessions > 1
    assert_clock_is_continuous(pictures)


async def test_a_short_break_of_the_hosts_network_needs_no_new_session(tmp_path: Path) -> None:
    async with media_plane(tmp_path) as (plane, where):
        with udp_proxy(where) as network:
            peer = await open_peer(publishes(plane), "sendonly", where=network.address)
            viewer = Client(views(plane), "recvonly")
            async with asyncio.TaskGroup() as group:
                sending = group.create_task(Publisher(peer, 5, 1000).send())
                await eventually(lambda: is_on_air(plane))
                async with staying(viewer):
                    await eventually(lambda: len(viewer.pictures) > 30)
                    network.is_cut = True
                    await asyncio.sleep(1.2)
                    seen = len(viewer.pictures)
                    network.is_cut = False
                    await eventually(lambda: len(viewer.pictures) > seen + 60)
                    assert len(plane.sessions()) == 2
                    assert_clock_is_continuous(viewer.pictures)
                sending.cancel()
            peer.close()


async def test_a_viewer_whose_address_changes_keeps_its_session(tmp_path: Path) -> None:
    async with media_plane(tmp_path) as (plane, where), publishing(plane, SHOW):
        await eventually(lambda: is_on_air(plane))
        async with Crowd(plane, SHOW).run() as others:
            other = await others.join()
            with udp_proxy(where) as network:
                viewer = Client(views(plane), "recvonly", network.address)
                async with staying(viewer):
                    await eventually(lambda: len(viewer.pictures) > 60)
                    for _ in range(3):
                        seen = len(viewer.pictures)
                        network.rebind()
                        await eventually(lambda: len(viewer.pictures) > seen + 60)  # noqa: B023
                    gaps = [later[0] - earlier[0] for earlier, later in pairwise(viewer.pictures)]
                    assert max(gaps) < 1.5
                    assert len(viewer.peers) == 1
                    assert len(plane.sessions()) == 3
                    assert_clock_is_continuous(viewer.pictures)
                    assert other.lost == 0
