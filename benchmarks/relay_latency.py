"""What the relay adds to the delay at a hundred viewers: at rest, and while viewers join and the web process works.

The whole house runs (`vitrine serve`): a host publishes 150 packets a second by WHIP, viewers watch by WHEP, twenty
more a second come, stay for two seconds and go (140 in all), and the web process answers requests all the while.

Delay: from the moment when the host's kernel hands a frame's last packet to the network to its arrival at a viewer's
kernel, by the kernels' own stamps (`harness.arrivals`); whose turn is first changes with each frame, so a few watched
viewers stand for all. The clients share the machine with the house, so they run at a lower priority, and viewers' own
work in the kernel is kept small; how many joined and were answered shows that they were not starved.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

from benchmarks.harness.arrivals import Departures, FarPeer, TimedHost
from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.light_viewer import DRAIN_S, LightPeer, Publisher, open_peer
from stream_server.ids import SessionId
from stream_server.signaling.media_plane import Answer
from tests.interop.house import House, house_open

PACKETS_PER_FRAME = 5
PAYLOAD = 1200
TIMED_EVERY = 11
"""Viewers from one that is watched to the next: odd, so that those of both sending threads are."""
SETTLE_S = 2.0
CLIENT_NICENESS = 10
"""Publisher, viewers and visitors would be on other machines: here they take a processor when the house leaves one."""


@dataclass
class Phase:
    """What was measured in one stretch of time."""

    delays_ms: list[float]
    joins_per_s: float = 0.0
    reads_per_s: float = 0.0
    failed: float = 0.0


class Audience:
    """Viewers of the house's show, a few of them timed."""

    def __init__(self, house: House, http: httpx2.AsyncClient, departures: Departures) -> None:
        self._house = house
        self._http = http
        self._departures = departures
        self.viewers: list[LightPeer] = []
        self.timed: list[FarPeer] = []

    async def ask(self, kind: str, offer: str, token: str | None = None) -> Answer:
        """POST an offer to WHIP or WHEP."""
        headers = {"Content-Type": "application/sdp"} | ({"Authorization": f"Bearer {token}"} if token else {})
        reply = await self._http.post(f"/{kind}/{self._house.show_id}", content=offer, headers=headers)
        reply.raise_for_status()
        return Answer(SessionId(reply.headers["location"]), reply.text, reply.headers["etag"])

    async def wait_for_picture(self) -> None:
        """Return once viewers are let in. Raises: TimeoutError."""
        async with asyncio.timeout(15):
            while (await self._http.get(f"/api/shows/{self._house.show_id}")).json()["status"] != "live":
                await asyncio.sleep(0.1)

    async def join(self, *, timed: bool) -> None:
        """One more viewer."""
        peer = await open_peer(lambda offer: self.ask("whep", offer), "recvonly", make=FarPeer)
        self.viewers.append(peer)
        if timed:
            assert isinstance(peer, FarPeer)
            self.timed.append(peer)

    async def drain(self) -> None:
        """Read for ever, and keep alive."""
        for turn in itertools.count():
            for number, viewer in enumerate(self.viewers):
                viewer.read()
                if (turn + number) % 600 == 0:
                    viewer.check()
                if (turn + number) % 250 == 0:
                    viewer.report()
            await asyncio.sleep(DRAIN_S)

    async def learn_offset(self) -> None:
        """Find out what the relay adds to timestamps. What viewers got at first may have been old frames."""
        for viewer in self.timed:
            viewer.departures, viewer.offset = self._departures, None
        await asyncio.sleep(SETTLE_S)
        ((offset, _),) = Counter(viewer.offset for viewer in self.timed).most_common(1)
        for viewer in self.timed:
            viewer.offset = offset

    async def watch(self, seconds: float) -> list[float]:
        """All delays of the next ``seconds``."""
        for viewer in self.timed:
            viewer.delays_ms.clear()
        await asyncio.sleep(seconds)
        return [delay for viewer in self.timed for delay in viewer.delays_ms]


def precedence(house: House) -> str:
    """How the media process goes before others: ``realtime``, or its nice value."""
    children = psutil.Process(house.server.process.pid).children(recursive=True)
    media = next(child for child in children if "media" in child.cmdline())
    return "realtime" if os.sched_getscheduler(media.pid) == os.SCHED_RR else f"nice {media.nice()}"


@asynccontextmanager
async def load(house: House, joins_per_s: float, reads_per_s: float) -> AsyncIterator[Phase]:
    """Others at the house for as long as the block lasts; counts are filled in at its end."""
    phase = Phase([])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.peers.load", house.server.url, house.show_id, str(joins_per_s), str(reads_per_s)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    await asyncio.sleep(SETTLE_S)
    began_s = asyncio.get_running_loop().time()
    try:
        yield phase
    finally:
        passed_s = SETTLE_S + asyncio.get_running_loop().time() - began_s
        assert process.stdin is not None
        process.stdin.close()
        output, _ = await process.communicate()
    counted = json.loads(output)
    phase.joins_per_s, phase.reads_per_s = counted["joins"] / passed_s, counted["reads"] / passed_s
    phase.failed = counted["failed"]


async def run(viewers: int, seconds: float, joins_per_s: float, reads_per_s: float) -> tuple[dict[str, Phase], str]:
    """Both phases in one house, and its precedence."""
    departures = Departures()
    with tempfile.TemporaryDirectory(prefix="latency-") as folder:
        async with (
            house_open(Path(folder)) as house,
            httpx2.AsyncClient(base_url=house.server.url, timeout=10, trust_env=False) as http,
            asyncio.TaskGroup() as group,
        ):
            audience = Audience(house, http, departures)
            os.setpriority(os.PRIO_PROCESS, 0, CLIENT_NICENESS)  # the house runs already
            host = await open_peer(
                lambda offer: audience.ask("whip", offer, house.host_token), "sendonly", make=TimedHost
            )
            assert isinstance(host, TimedHost)
            host.departures = departures
            publisher = Publisher(host, PACKETS_PER_FRAME, PAYLOAD)
            tasks = [group.create_task(publisher.send()), group.create_task(audience.drain())]
            await audience.wait_for_picture()
            for number in range(viewers):
                await audience.join(timed=number % TIMED_EVERY == 0)
            await audience.learn_offset()
            rest = Phase(await audience.watch(seconds))
            async with load(house, joins_per_s, reads_per_s) as busy:
                busy.delays_ms = await audience.watch(seconds)
            rank = precedence(house)
            for task in tasks:
                task.cancel()
            for peer in (host, *audience.viewers):
                peer.close()
    return {"rest": rest, "busy": busy}, rank


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="five seconds of each")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--joins", type=float, default=20.0, help="joins a second")
    parser.add_argument("--reads", type=float, default=100.0, help="requests a second to the web process")
    given = parser.parse_args()
    seconds = 5.0 if given.quick else 20.0
    phases, rank = asyncio.run(run(given.viewers, seconds, given.joins, given.reads))
    rows = [
        (
            name,
            *(percentile(phase.delays_ms, share) for share in (0.5, 0.9, 0.99)),
            max(phase.delays_ms),
            phase.joins_per_s,
            phase.reads_per_s,
            phase.failed,
        )
        for name, phase in phases.items()
    ]
    columns = ("", "median ms", "p90 ms", "p99 ms", "max ms", "joins / s", "requests / s", "failed")
    show_table(f"Delay that the relay adds, {given.viewers} viewers, {rank}", columns, rows)
    rest, busy = phases["rest"], phases["busy"]
    figures = {
        "rest_p50_ms": percentile(rest.delays_ms, 0.5),
        "rest_p99_ms": percentile(rest.delays_ms, 0.99),
        "busy_p50_ms": percentile(busy.delays_ms, 0.5),
        "busy_p99_ms": percentile(busy.delays_ms, 0.99),
        "busy_joins_per_s": busy.joins_per_s,
        "busy_reads_per_s": busy.reads_per_s,
    }
    conditions = {"viewers": given.viewers, "frames": len(busy.delays_ms), "quick": given.quick, "precedence": rank}
    conclude("relay_latency", figures, conditions)


if __name__ == "__main__":
    main()
