"""What the line of jobs does: the fake, and Valkey."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from stream_server.errors import Unavailable
from stream_server.ids import JobId
from stream_server.products3d.ports import JobQueue
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.stores.live.job_queue import MemoryJobQueue, ValkeyJobQueue

ONE, TWO, THREE = JobId("job_one"), JobId("job_two"), JobId("job_three")
Opener = Callable[[], AbstractAsyncContextManager[JobQueue]]


@pytest.fixture(params=["memory", "valkey"])
def open_queue(request: pytest.FixtureRequest) -> Opener:
    return _in_memory if request.param == "memory" else _on_valkey


@asynccontextmanager
async def _in_memory() -> AsyncIterator[JobQueue]:
    yield MemoryJobQueue()


@asynccontextmanager
async def _on_valkey() -> AsyncIterator[JobQueue]:
    with tempfile.TemporaryDirectory(prefix="vitrine-") as folder:
        async with embedded_valkey(Path(folder)) as url, open_valkey(url) as valkey:
            yield ValkeyJobQueue(valkey)


async def test_smallest_rank_comes_first(open_queue: Opener) -> None:
    async with open_queue() as queue:
        for job_id, rank in ((TWO, 1_790_000_002.5), (ONE, 1_790_000_002.25), (THREE, 1_790_000_003.0)):
            await queue.push(job_id, rank)
        assert [await queue.pop(0.1) for _ in range(3)] == [ONE, TWO, THREE]
        assert await queue.pop(0.1) is None


async def test_job_is_in_line_once_and_keeps_its_place(open_queue: Opener) -> None:
    async with open_queue() as queue:
        await queue.push(ONE, 5)
        await queue.push(TWO, 6)
        await queue.push(ONE, 7)
        assert [await queue.pop(0.1) for _ in range(3)] == [ONE, TWO, None]


async def test_removed_job_is_not_taken(open_queue: Opener) -> None:
    async with open_queue() as queue:
        await queue.push(ONE, 1)
        await queue.remove(ONE)
        await queue.remove(ONE)
        assert await queue.pop(0.1) is None


async def test_two_who_wait_never_get_the_same_job(open_queue: Opener) -> None:
    async with open_queue() as queue, asyncio.TaskGroup() as group:
        waiting = [group.create_task(queue.pop(1)) for _ in range(2)]
        await asyncio.sleep(0.05)
        await queue.push(ONE, 1)
        await queue.push(TWO, 2)
        found = [await task for task in waiting]
    assert sorted(str(job_id) for job_id in found) == [ONE, TWO]


async def test_queue_that_is_away_says_so() -> None:
    async with open_valkey("unix:///nowhere/valkey.sock") as valkey:
        queue = ValkeyJobQueue(valkey)
        for asked in (queue.push(ONE, 1), queue.pop(0.1), queue.remove(ONE)):
            with pytest.raises(Unavailable):
                await asked
