"""A client of the live channel that remembers what it was told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import connect


class Told:
    """Everything that came, oldest first."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def until(self, kind: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first one of a kind that fits, once it is there."""
        async with asyncio.timeout(40):
            while not (found := [message for message in self.of(kind) if fits(message)]):
                await asyncio.sleep(0.02)
        return found[0]


@asynccontextmanager
async def told(live_url: str, show_id: str, token: str | None = None) -> AsyncIterator[Told]:
    """A client that is connected for the length of the block."""
    found = Told()

    async def read() -> None:
        async for text in connection:
            found.messages.append(json.loads(text))

    async with connect(live_url, proxy=None) as connection:
        hello = {"type": "hello", "version": 1, "show_id": show_id, "token": token, "language": "en"}
        await connection.send(json.dumps(hello))
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read())
            await found.until("welcome")
            yield found
            reading.cancel()


async def listening_begins(studio: Told) -> None:
    """The host's page was told that somebody listens."""
    await studio.until("listening_state", lambda message: message["hearing"]["state"] == "listening")
