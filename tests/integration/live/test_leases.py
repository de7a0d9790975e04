"""What leases promise: in memory and on Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stream_server.clock import SystemClock
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.stores.live.leases import ValkeyLeases
from stream_server.stores.live.leases_memory import MemoryLeases
from stream_server.virtual_host.keeper import Leases


@asynccontextmanager
async def two_servers(kind: str, runtime_dir: Path) -> AsyncIterator[tuple[Leases, Leases]]:
    if kind == "memory":
        board: dict[str, tuple[str, float]] = {}
        yield MemoryLeases(SystemClock(), "a", board), MemoryLeases(SystemClock(), "b", board)
        return
    async with embedded_valkey(runtime_dir) as url, open_valkey(url) as valkey:
        yield ValkeyLeases(valkey, "a"), ValkeyLeases(valkey, "b")


@pytest.mark.parametrize("kind", ["memory", "valkey"])
async def test_one_server_holds_a_lease_until_it_lets_go_or_dies(kind: str, runtime_dir: Path) -> None:
    async with two_servers(kind, runtime_dir) as (one, other):
        assert await one.hold("show", 60)
        assert await one.hold("show", 60)
        assert not await other.hold("show", 60)
        assert await other.hold("another", 60)
        await other.let_go("show")
        assert not await other.hold("show", 60)
        await one.let_go("show")
        assert await other.hold("show", 0.05)
        while not await one.hold("show", 60):  # the other one is dead, and its lease runs out
            await asyncio.sleep(0.01)
