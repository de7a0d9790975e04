"""A host on the live channel, for benchmarks: pins and unpins, and hears back when that was on the show clock."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from stream_server.ids import new_id
from stream_server.signaling.messages import PROTOCOL_VERSION


class Refused(RuntimeError):
    """The server refused a command."""


class Host:
    """An open live channel of a show's host."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def pin(self, product_id: str) -> int:
        """Pin a product; the show clock (ms) at which its card belongs on the screen."""
        return await self._command("pin", product_id)

    async def unpin(self, product_id: str) -> int:
        """Take the card away; the show clock (ms) at which it goes."""
        return await self._command("unpin", product_id)

    async def _command(self, kind: str, product_id: str) -> int:
        ref = new_id("ref")  # a repeated one is taken for a retry, and does nothing
        await self._socket.send(json.dumps({"type": kind, "ref": ref, "product_id": product_id}))
        at_ms: int | None = None
        acknowledged = False
        while at_ms is None or not acknowledged:
            message: dict[str, Any] = json.loads(await self._socket.recv())
            if message["type"] == "problem":
                raise Refused(message["code"] + ": " + message["message"])
            if message["type"] == "ack" and message["ref"] == ref:
                acknowledged = True
            if message["type"] == "pins":
                at_ms = message["at_ms"]
        return at_ms


@asynccontextmanager
async def host_on_air(base_url: str, show_id: str, token: str) -> AsyncIterator[Host]:
    """Open the live channel as the show's host."""
    url = base_url.replace("http", "ws", 1) + "/live"
    async with connect(url) as socket:
        hello = {"type": "hello", "version": PROTOCOL_VERSION, "show_id": show_id, "token": token}
        await socket.send(json.dumps(hello))
        welcome = json.loads(await socket.recv())
        if welcome["type"] != "welcome" or not welcome["you"]["owns_show"]:
            raise Refused(str(welcome))
        yield Host(socket)
