from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from stream_server.commerce.shop import CommerceStores
from stream_server.payments.ports import BuiltinPaymentStore
from stream_server.stores.builtin_payments import SqlBuiltinPaymentStore
from stream_server.stores.builtin_payments_memory import MemoryBuiltinPaymentStore
from stream_server.stores.commerce import commerce_stores
from stream_server.stores.commerce_memory import memory_commerce_stores
from stream_server.stores.sql.database import Database, open_database
from stream_server.stores.sql.migrate import migrate
from tests.integration.postgres import postgres_database, postgres_server  # noqa: F401


@dataclass
class OpenStores:
    """All stores of selling, on one engine."""

    shop: CommerceStores
    payments: BuiltinPaymentStore
    database: Database | None


Opener = Callable[[], AbstractAsyncContextManager[OpenStores]]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, migrated database of each engine; the same one each time within a test."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "shop.db")
        return f"sqlite:///{tmp_path / 'shop.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the stores on each engine; opening again within a test finds what was stored (but not in memory)."""
    if request.param == "memory":
        memory = OpenStores(memory_commerce_stores(), MemoryBuiltinPaymentStore(), None)

        @asynccontextmanager
        async def in_memory() -> AsyncIterator[OpenStores]:
            yield memory

        return in_memory
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "shop.db")
        url = f"sqlite:///{tmp_path / 'shop.db'}"
    else:
        url = request.getfixturevalue("postgres_database")
    return lambda: open_sql_stores(url)


@asynccontextmanager
async def open_sql_stores(url: str) -> AsyncIterator[OpenStores]:
    async with open_database(url) as database:
        yield OpenStores(commerce_stores(database), SqlBuiltinPaymentStore(database), database)
