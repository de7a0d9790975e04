"""The media process's end of the control channel: gives a `LocalPlane` to web processes, and tells them events."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import structlog

from stream_server.errors import VitrineError
from stream_server.ids import SessionId, ShowId
from stream_server.media.control_wire import (
    MAX_LINE_BYTES,
    BadLine,
    LiveSession,
    Snapshot,
    read_film,
    read_line,
    write_error,
    write_event,
    write_line,
)
from stream_server.signaling.media_plane import (
    Answer,
    ClockAnchor,
    DubStanding,
    MediaEvent,
    MediaUnavailable,
    SentPicture,
    SentSound,
    SlateFilm,
)

log = structlog.get_logger(__name__)

MAX_UNSENT_BYTES = 4 * 1024 * 1024
DRAIN_TIMEOUT_S = 5.0


class LocalPlane(Protocol):
    """What a `ControlServer` gives to other processes: `MediaPlane` without waiting, and what lives in it."""

    def publish(
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

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`."""

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`."""

    def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`."""

    def picture(self, session_id: SessionId) -> SentPicture:
        """See `MediaPlane.picture`."""

    def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """See `MediaPlane.choose_sound`."""

    def sound(self, session_id: SessionId) -> SentSound:
        """See `MediaPlane.sound`."""

    def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """See `MediaPlane.dubs`."""

    def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        """See `SlatePlane.put_slate`."""

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
                async with asyncio.timeout(DRAIN_TIMEOUT_S):
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
            "picture": self._plane.picture,
            "choose_sound": self._plane.choose_sound,
            "sound": self._plane.sound,
            "dubs": self._plane.dubs,
            "put_slate": lambda show_id, films: self._plane.put_slate(show_id, [read_film(film) for film in films]),
            "end_show": self._plane.end_show,
            "metrics": self._plane.metrics,
        }
        arguments = request.get("arguments")
        if name not in calls or not isinstance(arguments, dict):
            raise BadLine(f"unknown call {name!r}")
        result = calls[name](**arguments)
        if isinstance(result, list):
            return [asdict(one) for one in result]
        return asdict(result) if isinstance(result, Answer | SentPicture | SentSound) else result
