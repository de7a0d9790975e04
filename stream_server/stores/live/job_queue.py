"""The line of model jobs on Valkey, for workers on any machine (`products3d.ports.JobQueue`).

A sorted set: a job is in it once however often it is pushed, and the smallest rank is popped first. A popped job whose
worker dies is not in the set any more; the job store notices by its lease and it is pushed again.
"""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis

from stream_server.ids import JobId
from stream_server.stores.live.connection import WAIT_S, reachable

KEY = "vitrine:model-jobs"


class ValkeyJobQueue:
    """One sorted set for all."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    async def push(self, job_id: JobId, rank: float) -> None:
        """See `JobQueue.push`."""
        with reachable():
            await self._valkey.zadd(KEY, {job_id: rank}, nx=True)

    async def pop(self, wait_s: float) -> JobId | None:
        """See `JobQueue.pop`; waits no longer than a connection may be silent."""
        with reachable():
            taken = await self._valkey.bzpopmin(KEY, timeout=min(wait_s, WAIT_S / 2))
        if taken is None:
            return None
        name = taken[1]
        return JobId(name.decode() if isinstance(name, bytes) else str(name))

    async def remove(self, job_id: JobId) -> None:
        """See `JobQueue.remove`."""
        with reachable():
            await self._valkey.zrem(KEY, job_id)


class MemoryJobQueue:
    """The same within one process: the fake beside it."""

    def __init__(self) -> None:
        self._ranks: dict[JobId, float] = {}
        self._pushed = asyncio.Event()

    async def push(self, job_id: JobId, rank: float) -> None:
        """See `JobQueue.push`."""
        self._ranks.setdefault(job_id, rank)
        self._pushed.set()

    async def pop(self, wait_s: float) -> JobId | None:
        """See `JobQueue.pop`."""
        try:
            async with asyncio.timeout(wait_s):
                while not self._ranks:
                    self._pushed.clear()
                    await self._pushed.wait()
        except TimeoutError:
            return None
        first = min(self._ranks, key=lambda job_id: (self._ranks[job_id], job_id))
        del self._ranks[first]
        return first

    async def remove(self, job_id: JobId) -> None:
        """See `JobQueue.remove`."""
        self._ranks.pop(job_id, None)
