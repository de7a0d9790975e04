"""Questions that the AI host could not answer and left to a person: kept with the show until it is gone.

The AI host is a process that may be started again at any moment; what it promised to viewers must not end with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from stream_server.ids import ShowId

TicketState = Literal["open", "answered", "dismissed"]

MAX_KEPT_TICKETS = 200
"""Of one show; beyond, the oldest that are closed are forgotten first, then the oldest that are open."""


@dataclass(frozen=True)
class Ticket:
    """One of them."""

    show_id: ShowId
    ticket_id: str
    content: Mapping[str, Any] = field(hash=False)
    """As the AI host tells it (`signaling.ai_desk.AiTicket`), in plain values."""
    opened_at: datetime
    state: TicketState = "open"
    answer: str = ""
    """What the person answered."""
    closed_at: datetime | None = None


class TicketStore(Protocol):
    """Keeps tickets. Every call may raise `Unavailable`."""

    async def put(self, ticket: Ticket) -> None:
        """Keep a ticket, or what became of it (``opened_at`` stays the first); at most `MAX_KEPT_TICKETS` a show."""

    async def of_show(self, show_id: ShowId, limit: int = MAX_KEPT_TICKETS) -> list[Ticket]:
        """A show's tickets, the newest first."""
