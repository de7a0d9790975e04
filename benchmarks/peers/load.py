"""What else goes on in the house while delays are measured: viewers come and go by WHEP, people look at the show.

A process of its own: ``python -m benchmarks.peers.load BASE_URL SHOW_ID JOINS_PER_S READS_PER_S``. It prints
``{"joins", "reads", "failed"}`` when its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass

import httpx2

from benchmarks.harness.arrivals import FarPeer
from benchmarks.light_viewer import open_peer
from stream_server.ids import SessionId
from stream_server.signaling.media_plane import Answer

STAYS_S = 2.0


@dataclass
class Load:
    """People at a server."""

    http: httpx2.AsyncClient
    show_id: str
    joins: int = 0
    reads: int = 0
    failed: int = 0

    async def ask(self, offer: str) -> Answer:
        """WHEP's POST."""
        reply = await self.http.post(
            f"/whep/{self.show_id}", content=offer, headers={"Content-Type": "application/sdp"}
        )
        reply.raise_for_status()
        return Answer(SessionId(reply.headers["location"]), reply.text, reply.headers["etag"])

    async def visit(self) -> None:
        """One viewer comes, stays a while, and goes."""
        try:
            peer = await open_peer(self.ask, "recvonly", make=FarPeer)
            self.joins += 1
            try:
                await asyncio.sleep(STAYS_S)
            finally:
                peer.close()
            await self.http.delete(peer.answer.session_id)
        except (TimeoutError, httpx2.HTTPError):
            self.failed += 1

    async def look(self) -> None:
        """One look at the shows."""
        try:
            (await self.http.get(f"/api/shows/{self.show_id}")).raise_for_status()
            self.reads += 1
        except httpx2.HTTPError:
            self.failed += 1


async def _every(interval_s: float, group: asyncio.TaskGroup, load: Load, name: str) -> None:
    loop = asyncio.get_running_loop()
    due_s = loop.time()
    while True:
        group.create_task(getattr(load, name)())
        due_s = max(due_s + interval_s, loop.time() - 1)
        await asyncio.sleep(max(0.0, due_s - loop.time()))


async def run(url: str, show_id: str, joins_per_s: float, reads_per_s: float) -> Load:
    """Go on until standard input ends."""
    limits = httpx2.Limits(max_connections=20)
    async with httpx2.AsyncClient(base_url=url, timeout=10, trust_env=False, limits=limits) as http:
        load = Load(http, show_id)
        async with asyncio.TaskGroup() as group:
            tasks = []
            if joins_per_s:
                tasks.append(group.create_task(_every(1 / joins_per_s, group, load, "visit")))
            if reads_per_s:
                tasks.append(group.create_task(_every(1 / reads_per_s, group, load, "look")))
            await asyncio.to_thread(sys.stdin.read)
            for task in tasks:
                task.cancel()
    return load


if __name__ == "__main__":
    done = asyncio.run(run(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
    print(json.dumps({"joins": done.joins, "reads": done.reads, "failed": done.failed}))
