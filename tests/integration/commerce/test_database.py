"""One way to run SQL on both engines, and migrations that give exactly the schema."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from stream_server.clock import SystemClock
from stream_server.errors import Unavailable
from stream_server.stores.sql import sqlite_engine
from stream_server.stores.sql.database import Database, open_database
from stream_server.stores.sql.migrate import check, migrate
from stream_server.stores.sql.schema import brands

NOW = SystemClock().now()


def add(connection: Connection, name: str) -> str:
    connection.execute(insert(brands).values(id=name, name=name, slug=name, created_at=NOW))
    return name


def number(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(brands)).scalar_one())


async def test_what_is_written_is_read_and_moments_keep_their_zone(database_url: str) -> None:
    async with open_database(database_url) as database:
        assert await database.write(add, "a") == "a"
        assert await database.read(number) == 1
        row = await database.read(lambda connection: connection.execute(select(brands)).one())
        assert (row.id, row.created_at) == ("a", NOW)
        assert row.created_at.utcoffset() is not None
    async with open_database(database_url) as database:
        assert await database.read(number) == 1


async def test_work_that_fails_takes_only_itself_back(database_url: str) -> None:
    def add_and_fail(connection: Connection) -> None:
        add(connection, "half")
        raise KeyError("no")

    async with open_database(database_url) as database:
        outcomes = await asyncio.gather(
            database.write(add, "a"),
            database.write(add_and_fail),
            database.write(add, "a"),
            database.write(add, "b"),
            return_exceptions=True,
        )
        assert isinstance(outcomes[1], KeyError)
        assert sorted(isinstance(outcome, IntegrityError) for outcome in outcomes) == [False, False, False, True]
        assert await database.read(number) == 2


async def test_readers_may_not_write(database_url: str) -> None:
    async with open_database(database_url) as database:
        with pytest.raises((DBAPIError, Unavailable)):
            await database.read(add, "a")
        assert await database.read(number) == 0
        await database.write(add, "a")


async def test_a_cancelled_request_does_not_disturb_the_others(database_url: str) -> None:
    async with open_database(database_url) as database:
        tasks = [asyncio.create_task(database.write(add, f"n{i}")) for i in range(30)]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert sum(isinstance(outcome, str) for outcome in outcomes) == 20
        assert await database.read(number) >= 20


async def test_a_naive_moment_is_refused(database_url: str) -> None:
    def add_naive(connection: Connection) -> None:
        connection.execute(insert(brands).values(id="a", name="a", slug="a", created_at=NOW.replace(tzinfo=None)))

    async with open_database(database_url) as database:
        with pytest.raises(StatementError, match="naive"):
            await database.write(add_naive)


async def test_migrations_give_exactly_the_schema_and_may_run_again(
    database_url: str,
) -> None:
    await migrate(database_url)
    await check(database_url)
    async with open_database(database_url) as database:
        await database.write(lambda c: c.exec_driver_sql("DROP TABLE chat_blocks"))
    with pytest.raises(CommandError, match="chat_blocks"):
        await check(database_url)


async def test_two_servers_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'shop.db'}"
    await asyncio.gather(migrate(url), migrate(url))
    async with open_database(url) as database:
        assert await database.read(number) == 0


async def test_many_waiting_writes_share_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
    await migrate(url)
    groups: list[int] = []
    commit = sqlite_engine.SqliteDatabase._commit

    def count(self: sqlite_engine.SqliteDatabase, jobs: list[sqlite_engine._Job]) -> list[object]:
        groups.append(len(jobs))
        return commit(self, jobs)

    monkeypatch.setattr(sqlite_engine.SqliteDatabase, "_commit", count)
    async with open_database(url) as database:
        await asyncio.gather(*(database.write(add, f"n{i}") for i in range(300)))
        assert await database.read(number) == 300
    assert sum(groups) == 300
    assert len(groups) < 30
    assert max(groups) <= sqlite_engine.MAX_GROUP


async def test_too_many_waiting_writes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_engine, "MAX_WAITING_WRITES", 5)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    await migrate(url)
    async with open_database(url) as database:
        outcomes = await asyncio.gather(*(database.write(add, f"n{i}") for i in range(50)), return_exceptions=True)
        assert any(isinstance(outcome, Unavailable) for outcome in outcomes)
        assert await database.read(number) == sum(isinstance(outcome, str) for outcome in outcomes)


async def test_a_database_locked_by_another_process_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_engine, "BUSY_TIMEOUT_MS", 50)
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    await migrate(url)
    locked, release = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        locked.set()
        release.wait(5)

    async with open_database(url) as other, open_database(url) as database, asyncio.TaskGroup() as group:
        holding = group.create_task(other.write(hold))
        await asyncio.to_thread(locked.wait, 5)
        with pytest.raises(Unavailable):
            await database.write(add, "a")
        release.set()
        await holding
        await database.write(add, "a")


async def test_slow_work_is_given_up_but_not_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    await migrate(url)
    release = threading.Event()

    def dawdle(connection: Connection) -> None:
        release.wait(5)

    async with open_database(url) as database:
        with monkeypatch.context() as patch:
            patch.setattr(sqlite_engine, "TIMEOUT_S", 0.05)
            with pytest.raises(Unavailable):
                await database.write(dawdle)
            with pytest.raises(Unavailable):
                await database.read(dawdle)
        release.set()
        assert await database.write(add, "a") == "a"


async def test_a_transaction_that_was_rolled_back_by_the_engine_fails_for_all_of_its_group(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    await migrate(url)

    def lose_everything(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise OSError("no space left")

    async with open_database(url) as database:
        await database.write(add, "kept")
        outcomes = await asyncio.gather(
            database.write(add, "first"),
            database.write(add, "a"),
            database.write(lose_everything),
            database.write(add, "b"),
            return_exceptions=True,
        )
        stored = await database.read(lambda c: {row.id for row in c.execute(select(brands.c.id))})
        told = {outcome for outcome in outcomes if isinstance(outcome, str)}
        assert stored == told | {"kept"}
        assert all(isinstance(outcome, str | Unavailable) for outcome in outcomes)
        assert isinstance(outcomes[2], Unavailable)


async def test_a_wrong_statement_is_an_error_of_its_own(database_url: str) -> None:
    async with open_database(database_url) as database:
        with pytest.raises(DBAPIError):
            await database.read(lambda connection: connection.execute(text("SELECT nothing_here")).all())


async def test_deadlocks_are_resolved_by_running_again(database_url: str) -> None:
    async with open_database(database_url) as database:
        await database.write(add, "a")
        await database.write(add, "b")
        await asyncio.gather(_touch(database, "a", "b"), _touch(database, "b", "a"))


async def _touch(database: Database, first: str, second: str) -> None:
    def touch(connection: Connection) -> None:
        for name in (first, second):
            if connection.dialect.name == "postgresql" and name == second:
                connection.execute(text("SELECT pg_sleep(0.2)"))
            connection.execute(text("UPDATE brands SET name = name || 'x' WHERE id = :id"), {"id": name})

    await database.write(touch)


def test_an_sqlite_database_needs_a_file() -> None:
    async def open_in_memory() -> None:
        async with open_database("sqlite://"):
            pass

    with pytest.raises(ValueError, match="needs a file"):
        asyncio.run(open_in_memory())
