"""Both ends of the control channel: the web process holds a `ControlClient`, the media process a `ControlServer`."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import structlog

from stream_server.clock import Clock
from stream_server.errors import VitrineError
from stream_server.ids import SessionId, ShowId
from stream_server.media.control_wire import (
    MAX_LINE_BYTES,
    BadLine,
    LiveSession,
    Snapshot,
    read_error,
    read_event,
    read_line,
    write_error,
    write_event,
    write_line,
)
from stream_server.signaling.media_plane import (
    Answer,
    ClockAnchor,
    IngestReport,
    MediaEvent,
    MediaUnavailable,
    SessionClosed,
    SourceStarted,
    SourceStopped,
)

log = structlog.get_logger(__name__)

CALL_TIMEOUT_S = 5.0
MAX_CALLS = 1000
MAX_EVENTS = 10_000
MAX_UNSENT_BYTES = 4 * 1024 * 1024
GONE_AFTER_S = 5.0
"""So long without the media process, its sessions count as lost."""


class ControlClient:
    """`MediaPlane` over a unix socket. Connects again by itself; meanwhile calls raise `MediaUnavailable`.

    When the media process comes back, sessions that did not survive are reported closed, sources that live are
    reported started: a reader of `events` always ends up with the truth.
    """

    def __init__(self, socket_path: Path, clock: Clock, retry_s: float = 0.2) -> None:
        self._path = socket_path
        self._clock = clock
        self._retry_s = retry_s
        self._ids = itertools.count(1)
        self._calls: dict[int, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._sessions: dict[SessionId, LiveSession] = {}
        self._events: deque[MediaEvent] = deque()
        self._has_events = asyncio.Event()
        self._connected = asyncio.Event()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[ControlClient]:
        """Keep a connection up for as long as the block lasts."""
        async with asyncio.TaskGroup() as group:
            keeper = group.create_task(self._keep_connected(), name="media control")
            try:
                yield self
            finally:
                keeper.cancel()

    @property
    def is_connected(self) -> bool:
        """True while the media process answers."""
        return self._connected.is_set()

    async def wait_connected(self) -> None:
        """Return once the media process is there; wait under your own time limit."""
        await self._connected.wait()

    async def publish(
        self, show_id: ShowId, session_id: SessionId, offer: str, position_ms: float, *, replace: bool
    ) -> Answer:
        """See `MediaPlane.publish`."""
        answer = Answer(
            **await self._call(
                "publish",
                show_id=show_id,
                session_id=session_id,
                offer=offer,
                position_ms=position_ms,
                replace=replace,
            )
        )
        self._sessions.setdefault(session_id, LiveSession(show_id, session_id, "publisher", False))
        return answer

    async def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`."""
        answer = Answer(**await self._call("view", show_id=show_id, session_id=session_id, offer=offer))
        self._sessions.setdefault(session_id, LiveSession(show_id, session_id, "viewer", False))
        return answer

    async def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`."""
        answer = await self._call("patch", session_id=session_id, fragment=fragment, if_match=if_match)
        return None if answer is None else Answer(**answer)

    async def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`."""
        await self._call("close", session_id=session_id)

    async def end_show(self, show_id: ShowId) -> None:
        """See `MediaPlane.end_show`."""
        await self._call("end_show", show_id=show_id)

    async def metrics(self) -> dict[str, float]:
        """Counters and gauges of the media process, by name (`docs/media.md` lists them)."""
        metrics: dict[str, float] = await self._call("metrics")
        return metrics

    def sessions(self) -> list[LiveSession]:
        """The sessions known to live right now; after a restart of the web process this is how it re-learns them."""
        return list(self._sessions.values())

    async def events(self) -> AsyncIterator[MediaEvent]:
        """See `MediaPlane.events`. Of anchors and reports only the newest of each show are kept for a slow reader."""
        while True:
            while self._events:
                yield self._events.popleft()
            self._has_events.clear()
            await self._has_events.wait()

    async def _call(self, name: str, **arguments: Any) -> Any:
        writer = self._writer
        if writer is None or len(self._calls) >= MAX_CALLS:
            raise MediaUnavailable(retry_after_s=1.0)
        id_ = next(self._ids)
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._calls[id_] = reply
        try:
            writer.write(write_line({"id": id_, "call": name, "arguments": arguments}))
            async with asyncio.timeout(CALL_TIMEOUT_S):
                return await reply
        except (TimeoutError, OSError) as error:
            raise MediaUnavailable(retry_after_s=1.0) from error
        finally:
            self._calls.pop(id_, None)

    async def _keep_connected(self) -> None:
        lost_at = self._clock.monotonic_s()
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._path), limit=MAX_LINE_BYTES)
            except OSError:
                if self._sessions and self._clock.monotonic_s() - lost_at > GONE_AFTER_S:
                    self._reconcile(())
                await asyncio.sleep(self._retry_s)
                continue
            try:
                self._writer = writer
                await self._read(reader)
            except (OSError, BadLine, ValueError) as error:
                log.warning("control connection to the media process broke", reason=str(error))
            finally:
                lost_at = self._clock.monotonic_s()
                self._writer = None
                self._connected.clear()
                for reply in self._calls.values():
                    if not reply.done():
                        reply.set_exception(MediaUnavailable(retry_after_s=1.0))
                writer.close()
            await asyncio.sleep(self._retry_s)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            value = read_line(line)
            if "event" in value:
                event = read_event(value)
                if isinstance(event, Snapshot):
                    self._reconcile(event.sessions)
                    for anchor in event.anchors:
                        self._push(anchor)
                    self._connected.set()
                elif len(self._events) >= MAX_EVENTS:
                    raise BadLine("the reader of events does not keep up")  # connecting again reconciles
                else:
                    self._track(event)
                    self._push(event)
                continue
            reply = self._calls.get(value.get("id", 0))
            if reply is None or reply.done():
                continue  # answered after its time limit
            if "error" in value:
                reply.set_exception(read_error(value["error"]))
            else:
                reply.set_result(value.get("ok"))

    def _track(self, event: MediaEvent) -> None:
        """Keep `sessions` true."""
        if isinstance(event, SourceStarted):
            self._sessions[event.session_id] = LiveSession(event.show_id, event.session_id, "publisher", True)
        elif isinstance(event, SourceStopped) and event.session_id in self._sessions:
            self._sessions[event.session_id] = LiveSession(event.show_id, event.session_id, "publisher", False)
        elif isinstance(event, SessionClosed):
            self._sessions.pop(event.session_id, None)

    def _reconcile(self, living: tuple[LiveSession, ...]) -> None:
        """Tell the reader what changed while nobody was listening."""
        now = {session.session_id: session for session in living}
        for session in self._sessions.values():
            survivor = now.get(session.session_id)
            if session.is_source and (survivor is None or not survivor.is_source):
                self._push(SourceStopped(session.show_id, session.session_id, "failed"))
            if survivor is None:
                self._push(SessionClosed(session.show_id, session.session_id, "failed"))
        for session in living:
            before = self._sessions.get(session.session_id)
            if session.is_source and (before is None or not before.is_source):
                self._push(SourceStarted(session.show_id, session.session_id))
        self._sessions = now

    def _push(self, event: MediaEvent) -> None:
        if isinstance(event, ClockAnchor | IngestReport):
            stale = [e for e in self._events if type(e) is type(event) and e.show_id == event.show_id]
            for old in stale:
                self._events.remove(old)
        self._events.append(event)
        self._has_events.set()


class LocalPlane(Protocol):
    """What a `ControlServer` gives to other processes: `MediaPlane` without waiting, and what lives in it."""

    def publish(
        self, show_id: ShowId, session_id: SessionId, offer: str, position_ms: float, *, replace: bool
    ) -> Answer:
        """See `MediaPlane.publish`."""

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`."""

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`."""

    def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`."""

    def end_show(self, show_id: ShowId) -> None:
        """See `MediaPlane.end_show`."""

    def metrics(self) -> dict[str, float]:
        """Counters and gauges by name."""

    def sessions(self) -> list[LiveSession]:
        """Every session."""

    def anchors(self) -> list[ClockAnchor]:
        """The clocks of the shows that flow."""


class ControlServer:
    """Serves a `LocalPlane` on a unix socket to any number of web processes. When they go, media goes on."""

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._epoch = secrets.token_hex(8)
        self._writers: set[asyncio.StreamWriter] = set()
        self._plane: LocalPlane

    def emit(self, event: MediaEvent) -> None:
        """Tell everybody who listens. One who does not read is dropped: connecting again it gets the whole state."""
        line = write_line(write_event(event))
        for writer in list(self._writers):
            if writer.is_closing():  # its reader has not noticed yet; uvloop refuses to write there
                self._writers.discard(writer)
            elif writer.transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
                log.warning("a control client does not read; dropping it")
                self._writers.discard(writer)
                writer.transport.abort()
            else:
                writer.write(line)

    @asynccontextmanager
    async def run(self, plane: LocalPlane) -> AsyncIterator[None]:
        """Listen for as long as the block lasts. Raises: OSError."""
        self._plane = plane
        self._path.unlink(missing_ok=True)  # a predecessor that was killed left its socket behind
        server = await asyncio.start_unix_server(self._serve, str(self._path), limit=MAX_LINE_BYTES)
        try:
            yield
        finally:
            server.close()
            for writer in list(self._writers):
                writer.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        snapshot = Snapshot(self._epoch, tuple(self._plane.sessions()), tuple(self._plane.anchors()))
        writer.write(write_line(write_event(snapshot)))
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                writer.write(write_line(self._answer(read_line(line))))
                async with asyncio.timeout(CALL_TIMEOUT_S):
                    await writer.drain()
        except ConnectionError:
            pass  # it went away without waiting for our last words
        except (OSError, BadLine, ValueError) as error:  # TimeoutError is an OSError
            log.warning("control connection broke", reason=str(error))
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        id_ = request.get("id")
        try:
            return {"id": id_, "ok": self._carry_out(request)}
        except VitrineError as error:
            return {"id": id_, "error": write_error(error)}
        except BadLine:
            raise
        except Exception:  # fault boundary of one call
            log.exception("a call failed", call=request.get("call"))
            return {"id": id_, "error": write_error(MediaUnavailable(retry_after_s=1.0))}

    def _carry_out(self, request: dict[str, Any]) -> Any:
        name = request.get("call")
        calls: dict[str, Any] = {
            "publish": self._plane.publish,
            "view": self._plane.view,
            "patch": self._plane.patch,
            "close": self._plane.close,
            "end_show": self._plane.end_show,
            "metrics": self._plane.metrics,
        }
        arguments = request.get("arguments")
        if name not in calls or not isinstance(arguments, dict):
            raise BadLine(f"unknown call {name!r}")
        result = calls[name](**arguments)
        return asdict(result) if isinstance(result, Answer) else result
