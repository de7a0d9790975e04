"""The words on the control socket between the web and the media process: one JSON object per line.

Request ``{"id", "call", "arguments"}``, reply ``{"id", "ok"}`` or ``{"id", "error": {"code", "detail"}}``,
events ``{"event", ...fields}``. Both ends are ours and the same version; the bounds are there so that a bug on
one side cannot eat the memory of the other.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

from stream_server.errors import Invalid, TooMany, Unavailable, VitrineError
from stream_server.ids import SessionId, ShowId
from stream_server.signaling.media_plane import (
    BadOffer,
    ClockAnchor,
    IngestReport,
    MediaEvent,
    MediaUnavailable,
    NoPublisher,
    PublisherPresent,
    SessionClosed,
    SlateFilm,
    SourceStarted,
    SourceStopped,
    StaleEtag,
    UnknownSession,
)

MAX_LINE_BYTES = 512 * 1024
"""An offer is at most 64 KB (`sdp.MAX_SDP_BYTES`), up to six times that when escaped."""

EVENT_TYPES: dict[str, type[MediaEvent]] = {
    "source_started": SourceStarted,
    "source_stopped": SourceStopped,
    "clock_anchor": ClockAnchor,
    "session_closed": SessionClosed,
    "ingest_report": IngestReport,
}
_EVENT_NAMES: dict[type, str] = {kind: name for name, kind in EVENT_TYPES.items()}

_ERRORS: dict[str, type[VitrineError]] = {
    "bad_offer": BadOffer,
    "publisher_present": PublisherPresent,
    "no_publisher": NoPublisher,
    "stale_etag": StaleEtag,
    "not_found": UnknownSession,
    "too_many": TooMany,
    "unavailable": MediaUnavailable,
    "invalid": Invalid,
}


class BadLine(Exception):
    """A line that is not what the two ends agreed on: the connection is of no use any more."""


@dataclass(frozen=True)
class LiveSession:
    """One session that the media process holds right now."""

    show_id: ShowId
    session_id: SessionId
    role: Literal["publisher", "viewer"]
    is_source: bool
    """True for the publisher whose media flows."""
    is_standby: bool = False
    """The publisher is the show's stand-in."""


@dataclass(frozen=True)
class Snapshot:
    """All that lives in the media process at one moment; first thing on every control connection."""

    epoch: str
    """Changes with every start of the media process."""
    sessions: tuple[LiveSession, ...]
    anchors: tuple[ClockAnchor, ...]

    event_name: ClassVar[str] = "snapshot"


def write_line(value: dict[str, Any]) -> bytes:
    """One message, ready for the socket."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def read_line(line: bytes) -> dict[str, Any]:
    """One message from the socket. Raises: BadLine."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(str(error)) from error
    if not isinstance(value, dict):
        raise BadLine("not an object")
    return value


def write_event(event: MediaEvent | Snapshot) -> dict[str, Any]:
    """An event as a message."""
    name = Snapshot.event_name if isinstance(event, Snapshot) else _EVENT_NAMES[type(event)]
    return {"event": name, **asdict(event)}


def read_event(value: dict[str, Any]) -> MediaEvent | Snapshot:
    """A message as an event. Raises: BadLine."""
    fields = dict(value)
    name = fields.pop("event", None)
    try:
        if name == Snapshot.event_name:
            return Snapshot(
                epoch=fields["epoch"],
                sessions=tuple(LiveSession(**session) for session in fields["sessions"]),
                anchors=tuple(ClockAnchor(**anchor) for anchor in fields["anchors"]),
            )
        return EVENT_TYPES[name](**fields)
    except (KeyError, TypeError) as error:
        raise BadLine(f"event {name!r}: {error}") from error


def write_film(film: SlateFilm) -> dict[str, Any]:
    """A slate, payloads in base64."""
    frames = [[b64encode(payload).decode() for payload in frame] for frame in film.frames]
    return {"codec": film.codec, "fps": film.fps, "frames": frames}


def read_film(value: dict[str, Any]) -> SlateFilm:
    """The slate in a call. Raises: BadLine."""
    try:
        frames = tuple(tuple(b64decode(payload) for payload in frame) for frame in value["frames"])
        return SlateFilm(value["codec"], int(value["fps"]), frames)
    except (KeyError, TypeError, ValueError) as error:
        raise BadLine(f"slate: {error}") from error


def write_error(error: VitrineError) -> dict[str, Any]:
    """An error as the body of a reply; classes the other end does not know travel as `Unavailable`."""
    if _ERRORS.get(error.code) is None:
        return {"code": "unavailable", "detail": {"retry_after_s": 1.0}}
    return {"code": error.code, "detail": error.detail()}


def read_error(value: dict[str, Any]) -> VitrineError:
    """The error in a reply. Raises: BadLine."""
    kind = _ERRORS.get(str(value.get("code")))
    try:
        return Unavailable(retry_after_s=1.0) if kind is None else kind(**value["detail"])
    except (KeyError, TypeError) as error:
        raise BadLine(f"error {value.get('code')!r}: {error}") from error
