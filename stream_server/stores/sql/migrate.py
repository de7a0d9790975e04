"""Bring a database to the newest schema, in process, at start. The migrations lie in ``migrations/versions``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from stream_server.stores.sql.database import sqlite_path
from stream_server.stores.sql.sqlite_engine import make_engine

_Step = Callable[[Connection], None]
_LOCK_KEY = 7_416_322_901  # any number: two servers that start together migrate one after the other


async def migrate(url: str) -> None:
    """Upgrade the database at ``url`` (as for `open_database`) to the newest schema; nothing happens if it is."""
    await _run(url, _upgrade)


async def check(url: str) -> None:
    """See that the migrations give exactly `schema.metadata`. Raises: alembic.util.CommandError if not."""
    await _run(url, _check)


async def _run(url: str, step: _Step) -> None:
    if make_url(url).get_backend_name() == "sqlite":
        await asyncio.to_thread(_on_sqlite, sqlite_path(url), step)
        return
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")
            await connection.run_sync(step)
    finally:
        await engine.dispose()


def _on_sqlite(path: Path, step: _Step) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # BEGIN IMMEDIATE: a second process waits for the first one's migration.
    engine = make_engine(path, 1, writes=True)
    try:
        with engine.connect() as connection, connection.begin():
            step(connection)
    finally:
        engine.dispose()


def _configured(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_configured(connection), "head")


def _check(connection: Connection) -> None:
    command.check(_configured(connection))
