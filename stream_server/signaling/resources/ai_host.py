"""How a show's AI host is set up, and the questions that it left to a person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stream_server.shows.ai_host import AiMode
from stream_server.signaling.messages import AiTicket, AiTicketState
from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.base import Resource


class AiHostBlock(Resource):
    """A part of the week with products of its own."""

    begins: str = Field(max_length=5)
    """``HH:MM`` in the settings' time zone."""
    ends: str = Field(max_length=5)
    """``HH:MM``; over midnight when it is not later than ``begins``."""
    rundown: Annotated[list[Id], Field(min_length=1, max_length=200)]
    weekdays: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: list(range(7))
    )
    """On which it begins; 0 is Monday."""


class AiHostSettings(Resource):
    """The AI host of a show."""

    mode: AiMode
    language: str = Field(default="en", max_length=35)
    """BCP 47."""
    patience_s: float = Field(default=5.0, ge=2, le=120)
    """How long viewers wait for their host's picture before it takes over."""
    voice: str = Field(default="", max_length=40)
    """Beginning of a speech engine's name; empty: the best one for the language."""
    outfit: str = Field(default="", max_length=20)
    """Name of one; empty: as it is drawn."""
    turn_s: float = Field(default=60.0, ge=20, le=3600)
    """How long each product is presented."""
    time_zone: str = Field(default="UTC", max_length=60)
    """IANA name; of its greetings, and of ``blocks``."""
    blocks: Annotated[list[AiHostBlock], Field(max_length=21)] = Field(default_factory=list)
    """The first that holds says what is presented; where none does, the whole rundown."""


class KeptTicket(Resource):
    """GET /api/shows/{show_id}/ai_tickets (host): a question that the AI host left to a person."""

    ticket: AiTicket
    state: AiTicketState
    answer: str
    opened_at: str
    closed_at: str | None
