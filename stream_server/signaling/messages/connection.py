"""Coming in, staying and going: the first message, its answer, and what every command is answered with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from stream_server.audience.people import Role
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Clock, Command, Id
from stream_server.signaling.messages.show import ShowState


class Resume(Message):
    """Where a reconnecting client left off."""

    epoch: str = Field(max_length=40)
    seq: int = Field(ge=0)


class Hello(Message):
    """First message of every connection. Without a token the client only watches."""

    type: Literal["hello"] = "hello"
    version: int = Field(ge=0, lt=1_000_000)
    show_id: Id
    token: str | None = Field(default=None, max_length=2048)
    language: str = Field(default="en", max_length=20)
    """What this client's person reads: chat comes translated into it."""
    resume: Resume | None = None


class SetLanguage(Command):
    """Anybody: read in another language from now on; the last lines follow in it as `ChatTranslations`."""

    type: Literal["language.set"] = "language.set"
    language: str = Field(min_length=2, max_length=20)


class Ping(Command):
    """Keep-alive and clock question; the `Ack` carries the show clock."""

    type: Literal["ping"] = "ping"


class You(Message):
    """Who the server takes you for."""

    id: str
    name: str
    role: Role
    owns_show: bool
    """True for this show's host and for admins: pins, announcements and orders are yours."""
    moderates: bool


class Welcome(Message):
    """Answer to `Hello`: the whole state, or (``resumed``) nothing but what you missed, sent right after as events."""

    type: Literal["welcome"] = "welcome"
    version: int
    epoch: str
    """Changes when earlier sequence numbers mean nothing any more; resume only within one epoch."""
    seq: int
    resumed: bool
    clock: Clock
    you: You
    state: ShowState | None
    """None when resumed."""
    whep_url: str


class Ack(Message):
    """A command was carried out."""

    type: Literal["ack"] = "ack"
    ref: str
    clock: Clock | None = None


class Problem(Message):
    """A command, or the whole connection (``ref`` null), was refused. Same body as a REST error."""

    type: Literal["problem"] = "problem"
    ref: str | None
    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class Closing(Message):
    """The server is about to go away; come back after ``retry_after_s`` and resume."""

    type: Literal["closing"] = "closing"
    retry_after_s: float
