"""Interpreters of a show: the links that the host gives out, and what a link's holder is told."""

from __future__ import annotations

from pydantic import Field

from stream_server.shows.model import ShowStatus
from stream_server.signaling.resources.base import Resource, Texts


class InterpreterInput(Resource):
    """POST /api/shows/{show_id}/interpreters."""

    language: str = Field(pattern=r"^[a-z]{2,3}$")
    """What is spoken: the first part of a BCP 47 tag. One link speaks one language."""
    hours: float = Field(default=12, gt=0, le=168)
    """How long the link is good."""


class Interpreter(Resource):
    """One link for an interpreter. Whoever has ``token`` can speak: only those who control the show are told it."""

    interpreter_id: str
    language: str
    token: str
    """For the page ``/interpret#token=…``."""
    expires_at: str
    is_on_air: bool
    listeners: int
    """Viewers who chose this language."""


class Interpreting(Resource):
    """GET /api/interpreting: what an interpreter's page needs to know, asked with the link's token."""

    show_id: str
    title: Texts
    host_name: str
    language: str
    status: ShowStatus
    starts_at: str | None
    expires_at: str
    is_spoken: bool
    """Somebody is heard in this language now: the asker, another interpreter, or the AI host."""
    listeners: int
