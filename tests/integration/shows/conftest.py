from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from stream_server.audience.ports import LikeArchive
from stream_server.shows.interpreters import SeatStore
from stream_server.shows.ports import ShowStore
from stream_server.shows.tickets import TicketStore
from stream_server.stores.seats import SqlSeatStore
from stream_server.stores.seats_memory import MemorySeatStore
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.shows_memory import MemoryShowStore
from stream_server.stores.sql.database import open_database
from stream_server.stores.sql.migrate import migrate
from stream_server.stores.tickets import SqlTicketStore
from stream_server.stores.tickets_memory import MemoryTicketStore
from tests.integration.postgres import postgres_server  # noqa: F401


class Store(ShowStore, LikeArchive, Protocol):
    """Both ports that the stores offer."""


Opener = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the store on each engine; opening again within a test finds what was stored (but not in memory)."""
    if request.param == "memory":
        return _in_memory
    if request.param == "sqlite":
        return lambda: _in_sql(f"sqlite:///{tmp_path / 'shows.db'}")
    url = request.getfixturevalue("postgres_server").new_database()
    return lambda: _in_sql(url)


class Kept(NamedTuple):
    """Places for what belongs to shows, and the shows."""

    shows: Store
    tickets: TicketStore
    seats: SeatStore


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_tickets(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AbstractAsyncContextManager[Kept]]:
    """Opens both on each engine."""
    if request.param == "memory":
        return _tickets_in_memory
    if request.param == "sqlite":
        return lambda: _tickets_in_sql(f"sqlite:///{tmp_path / 'shows.db'}")
    url = request.getfixturevalue("postgres_server").new_database()
    return lambda: _tickets_in_sql(url)


@asynccontextmanager
async def _tickets_in_memory() -> AsyncIterator[Kept]:
    yield Kept(MemoryShowStore(), MemoryTicketStore(), MemorySeatStore())


@asynccontextmanager
async def _tickets_in_sql(url: str) -> AsyncIterator[Kept]:
    await migrate(url)
    async with open_database(url) as database:
        yield Kept(SqlShowStore(database), SqlTicketStore(database), SqlSeatStore(database))


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Store]:
    yield MemoryShowStore()


@asynccontextmanager
async def _in_sql(url: str) -> AsyncIterator[Store]:
    await migrate(url)
    async with open_database(url) as database:
        yield SqlShowStore(database)
