"""What the stores of translation promise: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stream_server.clock import SystemClock
from stream_server.stores.sql.database import open_database
from stream_server.stores.sql.migrate import migrate
from stream_server.stores.translation import SqlTextStore, SqlWordbookStore
from stream_server.stores.translation_memory import MemoryTextStore, MemoryWordbookStore
from stream_server.translation.model import Translated
from stream_server.translation.ports import TextStore, WordbookStore
from stream_server.translation.wordbook import SHOP, Wordbook
from tests.integration.postgres import postgres_server  # noqa: F401

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

Stores = tuple[WordbookStore, TextStore]
Opener = Callable[[], AbstractAsyncContextManager[Stores]]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def open_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    if request.param == "memory":
        return _in_memory
    if request.param == "sqlite":
        return lambda: _in_sql(f"sqlite:///{tmp_path / 'translation.db'}")
    url = request.getfixturevalue("postgres_server").new_database()
    return lambda: _in_sql(url)


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Stores]:
    yield MemoryWordbookStore(), MemoryTextStore()


@asynccontextmanager
async def _in_sql(url: str) -> AsyncIterator[Stores]:
    await migrate(url)
    async with open_database(url) as database:
        yield SqlWordbookStore(database, SystemClock()), SqlTextStore(database)


async def test_a_wordbook_is_replaced_as_a_whole(open_stores: Opener) -> None:
    async with open_stores() as (books, _):
        assert await books.load([SHOP, "brand_1"]) == {}
        await books.save(SHOP, Wordbook({"cup": {"es": "taza", "zh": "杯子"}}, ("Clay & Co",), ("scam",)))
        await books.save("brand_1", Wordbook(keep=("Nordlicht",)))
        second = Wordbook({"bowl": {"es": "cuenco"}})
        await books.save(SHOP, second)
        assert await books.load([SHOP, "brand_1", "brand_2"]) == {
            SHOP: second,
            "brand_1": Wordbook(keep=("Nordlicht",)),
        }


async def test_translated_texts_are_kept_once(open_stores: Opener) -> None:
    async with open_stores() as (_, texts):
        first = {f"{n:064x}": Translated(f"taza {n}", "en", "es", "model") for n in range(700)}
        await texts.save(first, NOON)
        await texts.save({f"{1:064x}": Translated("otra", "en", "es", "phrase"), "f" * 64: first[f"{1:064x}"]}, NOON)
        await texts.save({}, NOON)
        assert await texts.load(list(first)) == first
        assert await texts.load(["f" * 64, "0" * 63 + "x"]) == {"f" * 64: first[f"{1:064x}"]}


async def test_old_translated_texts_are_forgotten_and_of_the_others_the_newest_stay(open_stores: Opener) -> None:
    async with open_stores() as (_, texts):
        keys = [f"{n:064x}" for n in range(6)]
        for day, key in enumerate(keys):
            await texts.save({key: Translated(f"taza {day}", "en", "es", "model")}, NOON + timedelta(days=day))
        await texts.trim(NOON + timedelta(days=2), 10)
        assert sorted(await texts.load(keys)) == keys[2:]
        await texts.trim(NOON, 3)
        assert sorted(await texts.load(keys)) == keys[3:]
        await texts.trim(NOON, 0)
        assert await texts.load(keys) == {}
