"""The sockets between the media processes of one server: each dials every other one and hears its shows there.

Two connections join any two processes, one for the shows of each; all of a process's shows share one. Unix stream
sockets in the runtime directory: they exist on every system, and a frame that the kernel took half of is finished
by the loop. A sister that does not read loses packets, never anybody's time (`TrunkConnection.pipe`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, cast

import structlog

from stream_server.media.trunk_wire import BadFrame, FrameReader, Message

log = structlog.get_logger(__name__)

MAX_UNSENT_BYTES = 2 * 1024 * 1024
"""A whole packet cache fits. Above it, packets are dropped until half of it is gone: one gap needs one keyframe."""
MAX_UNSENT_WORDS_BYTES = 4 * 1024 * 1024
"""Above this not even words are kept: the connection is cut, and the next one begins with the whole state."""
MAX_PROCESSES = 64
RETRY_S = 0.05
CLOSE_S = 1.0


class TrunkHandler(Protocol):
    """Who understands the words."""

    def on_open(self, connection: TrunkConnection) -> None:
        """A sister began to listen, or can be listened to."""

    def on_message(self, connection: TrunkConnection, message: Message) -> None:
        """One message arrived."""

    def on_burst(self) -> None:
        """All that arrived at once has been handled: send now what it led to."""

    def on_lost(self, connection: TrunkConnection) -> None:
        """The connection is gone."""


class TrunkConnection(asyncio.Protocol):
    """One end of a connection between two processes."""

    def __init__(self, handler: TrunkHandler, process: int | None) -> None:
        """``process`` is the number of the one that we dialled; None for one that dialled us."""
        self.process = process
        self.is_behind = False
        """Packets are being dropped until it has caught up."""
        self.missed = 0
        """Packets dropped since somebody last looked and set this to 0."""
        self._handler = handler
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None

    def tell(self, frame: bytes) -> None:
        """Send words; they are never dropped."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > MAX_UNSENT_WORDS_BYTES:
            log.warning("a sister does not read; cutting it off", process=self.process)
            transport.abort()
            return
        transport.write(frame)

    def pipe(self, frame: bytes, packets: int) -> bool:
        """Send packets, or drop them when too much waits already."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return False
        unsent = transport.get_write_buffer_size()
        self.is_behind = unsent > (MAX_UNSENT_BYTES // 2 if self.is_behind else MAX_UNSENT_BYTES)
        if self.is_behind:
            self.missed += packets
            return False
        transport.write(frame)
        return True

    def abort(self) -> None:
        """Cut it."""
        if self._transport is not None:
            self._transport.abort()

    # ------------------------------------------------------------ asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._handler.on_open(self)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        try:
            for message in self._reader.feed(data):
                self._handler.on_message(self, message)
        except BadFrame as error:
            log.error("a sister says what nobody understands; cutting it off", process=self.process, reason=str(error))
            self.abort()
        self._handler.on_burst()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._transport = None
        self._handler.on_lost(self)


class Trunk:
    """Owner of the connections of one process: listens on its own path, dials the others for ever."""

    def __init__(self, index: int, paths: Sequence[Path], handler: TrunkHandler) -> None:
        """``paths`` has one socket for each process of the server, ours at ``index``; fewer than two: no trunk."""
        if len(paths) > MAX_PROCESSES:
            raise ValueError(f"at most {MAX_PROCESSES} media processes")
        self._index = index
        self._paths = list(paths) if len(paths) > 1 else []
        self._handler = handler
        self._connections: set[_Watched] = set()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Keep the connections up for as long as the block lasts. Raises: OSError when the socket cannot be made."""
        if not self._paths:
            yield
            return
        loop = asyncio.get_running_loop()
        own = self._paths[self._index]
        own.unlink(missing_ok=True)  # a predecessor that was killed left its socket behind
        server = await loop.create_unix_server(lambda: self._connection(None), str(own))
        try:
            async with asyncio.TaskGroup() as group:
                dialers = [
                    group.create_task(self._dial(process, path), name=f"trunk to {process}")
                    for process, path in enumerate(self._paths)
                    if process != self._index
                ]
                try:
                    yield
                finally:
                    for dialer in dialers:
                        dialer.cancel()
        finally:
            server.close()
            connections = list(self._connections)
            for connection in connections:
                connection.abort()
            if connections:
                await asyncio.wait([connection.gone for connection in connections], timeout=CLOSE_S)
            own.unlink(missing_ok=True)

    def _connection(self, process: int | None) -> _Watched:
        connection = _Watched(self._handler, process)
        self._connections.add(connection)
        connection.gone.add_done_callback(lambda _: self._connections.discard(connection))
        return connection

    async def _dial(self, process: int, path: Path) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                _, connection = await loop.create_unix_connection(lambda: self._connection(process), str(path))
                await asyncio.shield(connection.gone)
            except OSError:
                pass  # it starts, or starts again
            await asyncio.sleep(RETRY_S)


class _Watched(TrunkConnection):
    """A connection that its owner can wait for."""

    def __init__(self, handler: TrunkHandler, process: int | None) -> None:
        super().__init__(handler, process)
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self.gone.done():
            self.gone.set_result(None)
