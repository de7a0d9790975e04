"""What the AI host tells those who direct it: what it says, what comes next, what it needs them for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stream_server.shows.tickets import TicketState
from stream_server.signaling.message import Message

MAX_AI_LINE_CHARS = 1000
MAX_SHOWN_CHARS = 400
"""Of a line in the preview; the whole desk has to fit into one message."""
MAX_NEXT_LINES = 6
MAX_TICKETS = 12
MAX_MINUTES = 30
"""Of the room's mood that the desk shows."""

AiAct = Literal["skip", "pause", "resume", "say", "edit", "hand_over", "take_over", "dismiss"]
AiFloor = Literal["host", "leaving", "human", "arriving"]
AiMood = Literal["delighted", "calm", "confused", "price_sensitive", "upset"]
AiFindingKind = Literal[
    "number", "code", "name", "contact", "banned", "too_long", "unknown_fact", "not_cited", "unknown_line"
]

AiSteering = Literal["slower", "explains_price", "calls_person"]
"""What the host does about the room's mood."""
AiTicketState = TicketState

LineId = Annotated[int, Field(ge=0, lt=2**53)]


class AiFinding(Message):
    """One reason why the guard would not say a line."""

    kind: AiFindingKind
    found: str = Field(max_length=200)
    """The words in question."""
    rule: str = Field(default="", max_length=40)
    """For ``banned``: ``superlative``, ``medical``, ``scarcity`` …"""


class AiSaying(Message):
    """What is being said."""

    line_id: LineId
    beat: str = Field(max_length=20)
    text: str = Field(max_length=MAX_SHOWN_CHARS)
    language: str = Field(max_length=20)
    product_id: str | None = Field(max_length=80)
    question: str = Field(max_length=200)
    """The viewer's words that it answers; empty for none."""


class AiNextLine(Message):
    """A line that is coming; price and stock are read when it is said."""

    line_id: LineId
    beat: str = Field(max_length=20)
    text: str = Field(max_length=MAX_SHOWN_CHARS)
    product_id: str | None = Field(max_length=80)
    is_edited: bool


class AiTicket(Message):
    """Something that needs a person: a question no fact answers, or a viewer who asks for one."""

    ticket_id: str = Field(min_length=1, max_length=60)
    wants_person: bool
    """A viewer asked for a person, or the room is upset; else a question is open."""
    question: str = Field(max_length=200)
    """Empty when it is the room that is upset."""
    author: str = Field(max_length=80)
    language: str = Field(max_length=20)
    asked_by: int = Field(ge=1, lt=1_000_000)
    product_id: str | None = Field(max_length=80)
    at_ms: int = Field(ge=0, lt=2**53)


class AiMinute(Message):
    """The room's mood in one minute."""

    at_ms: int = Field(ge=0, lt=2**53)
    """Show clock at its end."""
    mood: AiMood
    score: float = Field(ge=-1, le=1, allow_inf_nan=False)
    lines: int = Field(ge=0, lt=1_000_000)
    """Of chat."""
    steering: AiSteering | None
    """What the host does about it from then on."""


class AiDesk(Message):
    """The whole desk, as it is now."""

    is_on_air: bool
    floor: AiFloor
    is_paused: bool
    language: str = Field(max_length=20)
    voice: str = Field(max_length=80)
    """Which voice speaks the show's language."""
    now: AiSaying | None
    next: Annotated[list[AiNextLine], Field(max_length=MAX_NEXT_LINES)]
    mood: AiMood
    mood_score: float = Field(ge=-1, le=1, allow_inf_nan=False)
    minutes: Annotated[list[AiMinute], Field(max_length=MAX_MINUTES)] = []
    """The last ones, oldest first."""
    waiting: int = Field(ge=0, lt=1_000_000)
    """Questions that wait for their answer."""
    tickets: Annotated[list[AiTicket], Field(max_length=MAX_TICKETS)]
    """Newest first."""
