"""One way to run SQL on both engines: a plain function that gets a connection, run inside one transaction.

``await database.read(work)`` and ``await database.write(work)`` take ``work(connection, *arguments)``, an ordinary
synchronous function that executes SQLAlchemy Core statements and returns a value. A function instead of an
``async with`` block, because then no transaction can ever stay open across somebody else's ``await``, a cancelled
request cannot tear a half-done transaction, and SQLite can put many waiting writes into one commit.

``work`` must do nothing but SQL: it may run again after a deadlock (PostgreSQL).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Table, make_url
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
P = ParamSpec("P")


class Database(Protocol):
    """An open database. Made by `open_database`."""

    async def read(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a transaction that only reads.

        Raises: Unavailable when the database does not answer in time; whatever ``work`` raises.
        """

    async def write(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a transaction that is durable when this returns, and undone when ``work`` raises.

        Raises: Unavailable when the database does not answer in time or too many writes wait (after a time-out the
        write may still have happened: retry with the same key); ``sqlalchemy.exc.IntegrityError`` and whatever
        else ``work`` raises.
        """


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open a database; leaving the block finishes running work and closes all connections.

    Args:
        url: ``sqlite:///path/to/file`` or ``postgresql://user:password@host/name`` (a ``+driver`` is accepted and
            replaced by the one used here). The tables must exist: see `stream_server.stores.sql.migrate`.
    """
    # Imported here, so that a server on SQLite does not need asyncpg installed.
    if make_url(url).get_backend_name() == "sqlite":
        from stream_server.stores.sql.sqlite_engine import SqliteDatabase

        async with SqliteDatabase(sqlite_path(url)) as files:
            yield files
    else:
        from stream_server.stores.sql.postgres_engine import PostgresDatabase

        async with PostgresDatabase(url) as server:
            yield server


def sqlite_path(url: str) -> Path:
    """The file of an SQLite URL. Raises: ValueError for an in-memory database (each connection would get its own)."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///path/to/vitrine.db")
    return Path(name)


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update`` on either engine."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
