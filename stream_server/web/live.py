"""The WebSocket edge: carries the text of `signaling.live.LiveHub` to and from browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from stream_server.errors import Forbidden, VitrineError
from stream_server.ids import new_id
from stream_server.signaling.live import LiveHub
from stream_server.signaling.problems import CloseCode
from stream_server.web.cross_origin import may_connect
from stream_server.web.errors import refusal
from stream_server.web.fanout import FrameBook, FrameWriter, frame_writer
from stream_server.web.metrics import Metrics
from stream_server.web.throttle import Rate, Rates, Throttle, address_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LiveEdgeOptions:
    """Limits of the WebSocket edge."""

    origins: Sequence[str] = ("*",)
    """Origins whose pages may connect."""
    rate: Rate = Rates().live
    slow_bytes: int = 512 * 1024
    """A client that has so much to catch up with is dropped."""
    slow_messages: int = 256
    """The same where frames cannot be written directly."""


class LiveEdge:
    """The ``/live`` route."""

    def __init__(self, hub: LiveHub, throttle: Throttle, metrics: Metrics, options: LiveEdgeOptions) -> None:
        self._hub = hub
        self._throttle = throttle
        self._metrics = metrics
        self._options = options
        self._book = FrameBook()
        metrics.live_sent.set_function(lambda: self._book.written)

    def routes(self) -> list[WebSocketRoute]:
        """``/live``."""
        return [WebSocketRoute("/live", self._connect)]

    async def _connect(self, socket: WebSocket) -> None:
        try:
            self._admit(socket)
        except VitrineError as error:
            await socket.send_denial_response(refusal(error))
            return
        await socket.accept()
        address = socket.client.host if socket.client else "unknown"
        with (
            self._metrics.live_clients.track_inprogress(),
            structlog.contextvars.bound_contextvars(peer=new_id("peer"), client=address),
        ):
            try:
                await self._converse(socket)
            except Exception:  # one client is a fault boundary
                log.exception("live conversation failed")
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.close(CloseCode.SERVER_ERROR)

    def _admit(self, socket: HTTPConnection) -> None:
        headers = socket.headers
        if not may_connect(self._options.origins, headers.get("origin"), headers.get("host")):
            raise Forbidden
        self._throttle.take("live", address_of(socket), self._options.rate)

    async def _converse(self, socket: WebSocket) -> None:
        writer = frame_writer(socket)
        if writer is not None:
            connection = FrameConnection(writer, self._book, self._metrics, self._options.slow_bytes)
            await self._hub.serve(connection, self._incoming(socket))
            return
        plain = QueuedConnection(self._metrics, self._options.slow_messages)
        async with asyncio.TaskGroup() as group:
            conversation = group.create_task(self._hub.serve(plain, self._incoming(socket)), name="live conversation")
            conversation.add_done_callback(lambda _: plain.close(1000))
            await plain.send_all(socket)
            conversation.cancel()

    async def _incoming(self, socket: WebSocket) -> AsyncIterator[str | bytes]:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._metrics.live_heard.inc()
            text = message.get("text")
            yield text if text is not None else message.get("bytes") or b""


class FrameConnection:
    """`Connection` on our own uvicorn protocol: frames are built once and written without waiting."""

    def __init__(self, writer: FrameWriter, book: FrameBook, metrics: Metrics, slow_bytes: int) -> None:
        self._writer = writer
        self._book = book
        self._metrics = metrics
        self._slow_bytes = slow_bytes

    @property
    def is_slow(self) -> bool:
        """See `Connection.is_slow`."""
        return self._writer.buffered_bytes > self._slow_bytes

    def send_text(self, text: str) -> None:
        """See `Connection.send_text`."""
        self._writer.write(self._book.frame(text))

    def close(self, code: int) -> None:
        """See `Connection.close`."""
        if code == CloseCode.TOO_SLOW:
            self._metrics.live_dropped.inc()
            self._writer.abort()
        else:
            self._writer.close(code)


class QueuedConnection:
    """`Connection` on any other server: a bounded queue, and a task that sends from it."""

    def __init__(self, metrics: Metrics, slow_messages: int) -> None:
        self._metrics = metrics
        self._outbox: asyncio.Queue[str | int] = asyncio.Queue()
        self._slow_messages = slow_messages
        self._closed = asyncio.Event()

    @property
    def is_slow(self) -> bool:
        """See `Connection.is_slow`."""
        return self._outbox.qsize() >= self._slow_messages

    def send_text(self, text: str) -> None:
        """See `Connection.send_text`; the queue's bound is `is_slow`, which the hub asks before each message."""
        if not self._closed.is_set() and self._outbox.qsize() < 2 * self._slow_messages:
            self._outbox.put_nowait(text)

    def close(self, code: int) -> None:
        """See `Connection.close`."""
        if self._closed.is_set():
            return
        self._closed.set()
        if code == CloseCode.TOO_SLOW:
            self._metrics.live_dropped.inc()
            while not self._outbox.empty():
                self._outbox.get_nowait()
        self._outbox.put_nowait(code)

    async def send_all(self, socket: WebSocket) -> None:
        """Send what is queued until the connection is closed by either side."""
        while True:
            message = await self._outbox.get()
            try:
                if isinstance(message, int):
                    await socket.close(message)
                    return
                await socket.send_text(message)
            except (RuntimeError, WebSocketDisconnect):
                return
