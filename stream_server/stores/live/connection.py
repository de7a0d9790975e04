"""The connection to Valkey or Redis: a bounded pool, time limits on everything, one kind of error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from stream_server.errors import Unavailable

CONNECTIONS = 32
WAIT_S = 2.0
"""For a free connection, for connecting, and for an answer."""


@asynccontextmanager
async def open_valkey(url: str) -> AsyncIterator[Redis]:
    """A client for ``redis://``, ``rediss://`` or ``unix://``; leaving the block closes its connections.

    Nothing is connected yet: a server that is away shows with the first command.
    """
    # The default pool raises as soon as all connections are busy; this one lets callers wait a moment.
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=WAIT_S,
        socket_timeout=WAIT_S,
        socket_connect_timeout=WAIT_S,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 1),
        decode_responses=False,
    )
    client = Redis(connection_pool=pool)
    try:
        yield client
    finally:
        await client.aclose()
        await pool.disconnect()


@contextmanager
def reachable() -> Iterator[None]:
    """Turn "the server does not answer" into ours. Raises: Unavailable."""
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        raise Unavailable(retry_after_s=1) from error


def show_key(show_id: str, name: str) -> str:
    """``vitrine:{show_id}:name``; the braces keep a show's keys on one node of a cluster."""
    return f"vitrine:{{{show_id}}}:{name}"
