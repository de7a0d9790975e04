"""The AI host: what it is told, what it says, and what its face and hands do."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stream_server.signaling.ai_desk import MAX_AI_LINE_CHARS, AiAct, AiDesk, AiFinding, AiTicket, AiTicketState, LineId
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Command, Event
from stream_server.signaling.performed import Score


class DirectAi(Command):
    """Host: tell the AI host what to do, within a fifth of a second; ``say`` goes before all it has planned.

    What it makes of ``say``, ``edit`` and lines that are gone comes as `AiVerdict`.
    """

    type: Literal["ai.direct"] = "ai.direct"
    act: AiAct
    text: str = Field(default="", max_length=MAX_AI_LINE_CHARS)
    """What to ``say``, or the new words of an ``edit``."""
    line_id: LineId | None = None
    """The coming line to ``edit`` or ``skip``; without it ``skip`` means what is being said."""
    ticket_id: str | None = Field(default=None, min_length=1, max_length=60)
    """The ticket that ``say`` answers or that ``dismiss`` takes away."""
    insist: bool = False
    """Say it although the guard objects; the log keeps who wanted it."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.act in ("say", "edit") and not self.text.strip():
            raise ValueError(f"{self.act} needs words")
        if self.act == "edit" and self.line_id is None:
            raise ValueError("edit needs a line")
        if self.act == "dismiss" and self.ticket_id is None:
            raise ValueError("dismiss needs a ticket")
        return self


class TellAiLine(Command):
    """The AI host alone: what it says now, or held back and why, with the facts it rests on. Kept with the show."""

    type: Literal["ai.line"] = "ai.line"
    text: str = Field(min_length=1, max_length=MAX_AI_LINE_CHARS)
    language: str = Field(max_length=20)
    beat: str = Field(max_length=20)
    source: Literal["template", "seller", "operator", "model"]
    product_id: str | None = Field(default=None, max_length=80)
    fact_ids: Annotated[list[Annotated[str, Field(max_length=160)]], Field(max_length=50)]
    question: str = Field(default="", max_length=500)
    """The viewer's words that it answers."""
    held_back: str = Field(default="", max_length=500)


class TellAiVerdict(Command):
    """The AI host alone: whether it takes an operator's order, and what the guard found in the words."""

    type: Literal["ai.verdict"] = "ai.verdict"
    order: str = Field(min_length=1, max_length=40)
    """The order's ``ref``."""
    accepted: bool
    findings: Annotated[list[AiFinding], Field(max_length=20)]


class TellAiTicket(Command):
    """The AI host alone: a question needs a person, or does no longer. Kept with the show."""

    type: Literal["ai.ticket"] = "ai.ticket"
    ticket: AiTicket
    state: AiTicketState
    answer: str = Field(default="", max_length=MAX_AI_LINE_CHARS)
    """What the person answered."""


class TellAiState(Command):
    """The AI host alone: its desk, whenever it changes and every few seconds."""

    type: Literal["ai.state"] = "ai.state"
    desk: AiDesk


class FollowPerformance(Command):
    """Be told (or no more) what the AI host does with face and hands, to draw the host oneself."""

    type: Literal["performance.follow"] = "performance.follow"
    is_on: bool


class Perform(Command):
    """AI host: what face and hands do from now on, ahead of the sound."""

    type: Literal["ai.perform"] = "ai.perform"
    score: Score


class AiDirected(Event):
    """The AI host was told to do something (sent to the show's host, admins, and the AI host itself)."""

    type: Literal["ai_directed"] = "ai_directed"
    act: AiAct
    text: str
    line_id: int | None = None
    ticket_id: str | None = None
    insist: bool = False
    order: str = ""
    """The command's ``ref``, by which the verdict names it."""


class AiLine(Event):
    """What the AI host says now, or held back (sent to the show's host and to admins); fields as in `TellAiLine`."""

    type: Literal["ai_line"] = "ai_line"
    text: str
    language: str
    beat: str
    source: str
    product_id: str | None
    fact_ids: list[str]
    question: str
    held_back: str


class AiVerdict(Event):
    """What the AI host makes of an order (sent to the show's host and to admins); fields as in `TellAiVerdict`."""

    type: Literal["ai_verdict"] = "ai_verdict"
    order: str
    accepted: bool
    findings: list[AiFinding]


class Performance(Message):
    """To those who follow it: what the AI host does; not sequenced, the newest counts from its ``at_ms`` on."""

    type: Literal["performance"] = "performance"
    score: Score


class AiState(Message):
    """To the show's host and admins: the AI host's desk; not sequenced, the newest counts."""

    type: Literal["ai_state"] = "ai_state"
    desk: AiDesk
