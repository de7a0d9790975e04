"""The web process's end of the control channel; the other is `control_server.py`."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from stream_server.clock import Clock
from stream_server.ids import SessionId, ShowId
from stream_server.media.control_events import EventQueue
from stream_server.media.control_wire import (
    MAX_LINE_BYTES,
    BadLine,
    LiveSession,
    Snapshot,
    read_error,
    read_event,
    read_line,
    write_film,
    write_line,
)
from stream_server.signaling.media_plane import (
    Answer,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    SentPicture,
    SentSound,
    SessionClosed,
    SlateFilm,
    SourceStarted,
    SourceStopped,
)

log = structlog.get_logger(__name__)

CALL_TIMEOUT_S = 5.0
MAX_CALLS = 1000
GONE_AFTER_S = 5.0
"""So long without the media process, its sessions count as lost."""


class ControlClient:
    """`MediaPlane` over a unix socket. Connects again by itself; meanwhile calls raise `MediaUnavailable`.

    When the media process comes back, sessions that did not survive are reported closed, sources that live are
    reported started: a reader of `events` always ends up with the truth.
    """

    def __init__(self, socket_path: Path, clock: Clock, retry_s: float = 0.2, events: EventQueue | None = None) -> None:
        """``events`` is for several media processes whose events are read as one; default: one of its own."""
        self._path = socket_path
        self._clock = clock
        self._retry_s = retry_s
        self._ids = itertools.count(1)
        self._calls: dict[int, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._sessions: dict[SessionId, LiveSession] = {}
        self._events = events or EventQueue()
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
        self,
        show_id: ShowId,
        session_id: SessionId,
        offer: str,
        position_ms: float,
        *,
        replace: bool,
        standby: bool = False,
        patience_s: float = 0.0,
        offers: Sequence[str] = (),
        dub: str | None = None,
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
                **({"standby": True, "patience_s": patience_s} if standby else {}),
                **({"offers": list(offers)} if offers else {}),
                **({"dub": dub} if dub is not None else {}),
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

    async def picture(self, session_id: SessionId) -> SentPicture:
        """See `MediaPlane.picture`."""
        return SentPicture(**await self._call("picture", session_id=session_id))

    async def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """See `MediaPlane.choose_sound`."""
        return SentSound(**await self._call("choose_sound", session_id=session_id, dub=dub))

    async def sound(self, session_id: SessionId) -> SentSound:
        """See `MediaPlane.sound`."""
        return SentSound(**await self._call("sound", session_id=session_id))

    async def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """See `MediaPlane.dubs`, of this process."""
        return [DubStanding(**dub) for dub in await self._call("dubs", show_id=show_id)]

    async def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        """See `SlatePlane.put_slate`. Raises: Invalid."""
        await self._call("put_slate", show_id=show_id, films=[write_film(film) for film in films])

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

    def holds(self, session_id: SessionId) -> bool:
        """The session is known to live in this process."""
        return session_id in self._sessions

    def events(self) -> AsyncIterator[MediaEvent]:
        """See `MediaPlane.events`. Of anchors and reports only the newest of each show are kept for a slow reader."""
        return self._events.read()

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
                        self._events.push(anchor)
                    self._connected.set()
                elif self._events.is_full:
                    raise BadLine("the reader of events does not keep up")  # connecting again reconciles
                else:
                    self._track(event)
                    self._events.push(event)
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
            self._sessions[event.session_id] = LiveSession(
                event.show_id, event.session_id, "publisher", True, event.is_standby
            )
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
                self._events.push(SourceStopped(session.show_id, session.session_id, "failed"))
            if survivor is None:
                self._events.push(SessionClosed(session.show_id, session.session_id, "failed"))
        for session in living:
            before = self._sessions.get(session.session_id)
            if session.is_source and (before is None or not before.is_source):
                self._events.push(SourceStarted(session.show_id, session.session_id, session.is_standby))
        self._sessions = now
