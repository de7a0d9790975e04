"""PostgreSQL behind `Database`: asyncpg under SQLAlchemy's asyncio engine, with retries after deadlocks.

Each transaction runs in a task of the database's own. A caller that is cancelled stops waiting but does not tear the
transaction: cancelling SQLAlchemy while it takes a connection from its pool loses that connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from stream_server.errors import Unavailable

T = TypeVar("T")
P = ParamSpec("P")

CONNECTIONS = 16
MAX_WAITING = 5000
TIMEOUT_S = 10.0
"""Limit of each wait: for a connection of the pool, for a new connection, for one statement."""
MAX_ATTEMPTS = 5
_TRY_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock: the server asks to repeat the transaction


class PostgresDatabase:
    """A PostgreSQL server. Owns its connections and transactions; leaving the block waits for those under way."""

    def __init__(self, url: str, connections: int = CONNECTIONS) -> None:
        self._url = make_url(url).set(drivername="postgresql+asyncpg")
        self._connections = connections
        self._waiting = 0

    async def __aenter__(self) -> Self:
        self._engine: AsyncEngine = create_async_engine(
            self._url,
            pool_size=self._connections,
            max_overflow=0,
            pool_timeout=TIMEOUT_S,
            pool_pre_ping=True,
            connect_args={"timeout": TIMEOUT_S, "command_timeout": TIMEOUT_S},
        )
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # Not told about an error of the block: that would cancel the transactions under way.
            await self._group.__aexit__(None, None, None)
        finally:
            await self._engine.dispose()

    async def read(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a read-only transaction; see `Database.read`."""
        return await self._ask(True, lambda connection: work(connection, *args, **kwargs))

    async def write(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in a transaction; see `Database.write`."""
        return await self._ask(False, lambda connection: work(connection, *args, **kwargs))

    async def _ask(self, read_only: bool, work: Callable[[Connection], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable(retry_after_s=1)
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting += 1
        self._group.create_task(self._answer(done, read_only, work), name="postgres-transaction")
        return await done

    async def _answer(self, done: asyncio.Future[Any], read_only: bool, work: Callable[[Connection], Any]) -> None:
        try:
            result = await self._run(read_only, work)
        except Exception as error:  # noqa: BLE001  told to whoever asked
            if not done.cancelled():
                done.set_exception(error)
        else:
            if not done.cancelled():
                done.set_result(result)
        finally:
            done.cancel()  # only if this task was cancelled is anybody still waiting
            self._waiting -= 1

    async def _run(self, read_only: bool, work: Callable[[Connection], T]) -> T:
        options = {"postgresql_readonly": True} if read_only else {}
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                async with self._engine.connect() as connection:
                    await connection.execution_options(**options)
                    async with connection.begin():
                        return await connection.run_sync(work)
            except (InterfaceError, OperationalError, PoolTimeout, TimeoutError, OSError) as error:
                raise Unavailable(retry_after_s=1) from error
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
                if attempt == MAX_ATTEMPTS:
                    raise Unavailable(retry_after_s=1) from error
        raise AssertionError("unreachable")  # pragma: no cover
