"""A whole server with two media processes, one of which is killed: the show never stops."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

from tests.e2e.other_load import other_load
from tests.integration.media.aiortc_peers import eventually
from tests.integration.media.returning_clients import Client, http_signalling, staying
from tests.integration.media.two_processes import two_free_ports
from tests.interop.house import house_open
from tests.serving import Server

BACK_S = 3.0
BUSY_CORES = 0.3

pytestmark = pytest.mark.alone
"""With this much other work on the machine nobody can say how long our own takes."""


def media_process_of(server: Server, index: int) -> psutil.Process:
    (found,) = (
        child
        for child in psutil.Process(server.process.pid).children(recursive=True)
        if child.cmdline()[2:4] == ["stream_server", "media"] and child.cmdline()[-2:] == ["--index", str(index)]
    )
    return found


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_a_media_process_is_killed_and_its_viewers_are_back_while_the_show_goes_on(tmp_path: Path) -> None:
    port = two_free_ports()
    settings = {"VITRINE_MEDIA_PROCESSES": "2", "VITRINE_MEDIA_PORT": str(port)}
    async with house_open(tmp_path, settings) as house:

        def process_of(client: Client) -> int:
            return client.peers[-1].server[1] - port

        host = Client(http_signalling(house.whip_url, house.host_token), "sendonly")
        viewers = [Client(http_signalling(house.whep_url), "recvonly") for _ in range(4)]
        async with staying(host):
            await eventually(lambda: host.peers, 20)
            async with staying(*viewers):
                await eventually(lambda: all(len(viewer.pictures) > 150 for viewer in viewers), 20)
                origin = process_of(host)
                assert sorted(process_of(viewer) for viewer in viewers) == [0, 0, 1, 1]
                struck = [viewer for viewer in viewers if process_of(viewer) != origin]
                spared = [viewer for viewer in viewers if process_of(viewer) == origin]
                with other_load(6) as load:
                    killed_s = asyncio.get_running_loop().time()
                    media_process_of(house.server, 1 - origin).kill()
                    await eventually(lambda: all(len(v.peers) > 1 and v.peers[-1].pictures for v in struck), 30)
                    back_s = max(viewer.peers[-1].pictures[0][0] for viewer in struck) - killed_s
                    await asyncio.sleep(max(0.0, 6 - back_s))
                if load.cores < BUSY_CORES:
                    assert back_s < BACK_S
                assert len(host.peers) == 1
                assert all(len(viewer.peers) == 1 and viewer.peers[0].lost == 0 for viewer in spared)
                at_s, clock_s = spared[0].pictures[0]
                for viewer in viewers:
                    for now_s, show_s in viewer.pictures:
                        assert show_s - clock_s == pytest.approx(now_s - at_s, abs=1.0)
                assert (await house.server.get(f"/api/shows/{house.show_id}"))["status"] == "live"
                assert "source stopped" not in house.server.log
                figures = await asyncio.to_thread(psutil.Process(house.server.process.pid).children, recursive=True)
                assert sum(child.cmdline()[2:4] == ["stream_server", "media"] for child in figures) == 2
