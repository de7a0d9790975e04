"""A UDP path between a viewer and the server with a bandwidth that the test sets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

QUEUE_S = 0.3
"""Packets that would wait longer are dropped, as a router's buffer does."""


class NarrowPath:
    """Relays datagrams of one viewer; towards the viewer at no more than `bps`."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.bps = 1e9
        self.port = 0
        self.dropped = 0
        self._server = server
        self._viewer: tuple[str, int] | None = None
        self._free_s = 0.0
        self._down: asyncio.DatagramTransport
        self._up: asyncio.DatagramTransport

    async def open(self) -> None:
        """Listen on `port`."""
        loop = asyncio.get_running_loop()
        self._down, _ = await loop.create_datagram_endpoint(lambda: _End(self._from_viewer), ("127.0.0.1", 0))
        self._up, _ = await loop.create_datagram_endpoint(
            lambda: _End(self._from_server), ("127.0.0.1", 0), remote_addr=self._server
        )
        self.port = self._down.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Carry nothing any more."""
        self._down.close()
        self._up.close()

    def _from_viewer(self, data: bytes, address: tuple[str, int]) -> None:
        self._viewer = address
        self._up.sendto(data)

    def _from_server(self, data: bytes, address: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        now_s = loop.time()
        leaves_s = max(self._free_s, now_s) + len(data) * 8 / self.bps
        if leaves_s - now_s > QUEUE_S:
            self.dropped += 1
            return
        self._free_s = leaves_s
        loop.call_at(leaves_s, self._to_viewer, data)

    def _to_viewer(self, data: bytes) -> None:
        if self._viewer is not None and not self._down.is_closing():
            self._down.sendto(data, self._viewer)


class _End(asyncio.DatagramProtocol):
    def __init__(self, take: Any) -> None:
        self._take = take

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self._take(data, addr)


@asynccontextmanager
async def narrow_path(media_port: int) -> AsyncIterator[NarrowPath]:
    """A path to the server's media port on loopback."""
    path = NarrowPath(("127.0.0.1", media_port))
    await path.open()
    try:
        yield path
    finally:
        path.close()
