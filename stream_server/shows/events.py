"""What happens in a show, as rows of its log. State is the fold of these rows, and so is every late joiner's view.

``type`` and ``payload`` are those of the live channel (`signaling/PROTOCOL.md`), so that a row needs no translation
on its way to a client.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from stream_server.ids import PersonId, ShowId

ALL: Final = "all"
STAFF: Final = "staff"
"""The show's host, and admins."""
FOLLOWERS: Final = "followers"
"""Clients that draw the AI host themselves."""
_PERSON: Final = "person:"
_LANGUAGE: Final = "language:"


def only(person_id: PersonId) -> str:
    """The audience of one person, and of those who moderate the show."""
    return f"{_PERSON}{person_id}"


def readers_of(language: str) -> str:
    """The audience of everybody who reads this language (a primary subtag), whatever their rights."""
    return f"{_LANGUAGE}{language}"


def sees(
    audience: str, person_id: str | None, *, controls: bool, moderates: bool, language: str = "", follows: bool = False
) -> bool:
    """Whether somebody with these rights, who reads ``language`` and perhaps follows the host, is in ``audience``."""
    if audience == ALL:
        return True
    if audience == STAFF:
        return controls
    if audience == FOLLOWERS:
        return follows
    if audience.startswith(_LANGUAGE):
        return audience == readers_of(language)
    return moderates or (person_id is not None and audience == f"{_PERSON}{person_id}")


class Draft(Protocol):
    """Something that is about to happen: an event without its place in the log."""

    @property
    def type(self) -> str:
        """The message type of the live channel."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The message's own fields, ready for JSON."""

    @property
    def audience(self) -> str:
        """`ALL`, `STAFF`, `FOLLOWERS`, ``only(person)`` or ``readers_of(language)``."""


@dataclass(frozen=True)
class Change:
    """A `Draft` about the show itself."""

    type: str
    payload: Mapping[str, Any]
    audience: str = ALL


@dataclass(frozen=True)
class Event:
    """Something that happened: one row of the log."""

    show_id: ShowId
    seq: int
    """1, 2, 3 … within a show, without gaps."""
    at_ms: int
    """Show clock."""
    type: str
    audience: str
    payload: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Anchor:
    """Where a show's timeline stood at one moment of the day: not kept, only told to the other processes."""

    show_id: ShowId
    position_ms: float
    at: datetime


@dataclass(frozen=True)
class Aside:
    """Something for those who are connected at this moment, in every process: neither kept nor numbered."""

    show_id: ShowId
    type: str
    audience: str
    payload: Mapping[str, Any]
