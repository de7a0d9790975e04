"""The operators' view of the host: what it says and what comes, the mood, and the tickets that need a person."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from avatar.direction.director import Director
from avatar.model import Cue, Line, Mood, Question
from avatar.mood.room import MinuteMood
from stream_server.signaling.ai_desk import (
    MAX_MINUTES,
    MAX_NEXT_LINES,
    MAX_SHOWN_CHARS,
    MAX_TICKETS,
    AiDesk,
    AiMinute,
    AiNextLine,
    AiSaying,
    AiSteering,
    AiTicket,
    AiTicketState,
)
from stream_server.signaling.messages import TellAiState, TellAiTicket
from stream_server.virtual_host.host_clock import ShowClock
from stream_server.virtual_host.wire import Wire

TELL_EVERY_S = 5.0
"""Unchanged, so that a studio that was just opened sees it, and one that is open notices a host that is gone."""
TELL_AT_MOST_EVERY_S = 0.3
MAX_QUESTION_CHARS = 200
_STEERING: dict[Mood, AiSteering] = {
    "confused": "slower",
    "price_sensitive": "explains_price",
    "upset": "calls_person",
}
"""What `avatar.direction.reactions` makes of a mood that the room comes into."""


class Seen(Protocol):
    """What the presenter knows and the desk shows."""

    @property
    def is_on_air(self) -> bool:
        """Whether the host is in the picture and presents."""

    @property
    def line(self) -> Line | None:
        """What is being said."""

    @property
    def voice(self) -> str:
        """The voice that spoke last."""


class Desk:
    """Tells the operators, at once when something changes; for as long as its `tell` runs."""

    def __init__(self, director: Director, wire: Wire, clock: ShowClock, lang: str) -> None:
        """All parts stay their owners'."""
        self._director, self._wire, self._clock, self._lang = director, wire, clock, lang
        self._tickets: OrderedDict[str, tuple[AiTicket, Question | None]] = OrderedDict()
        self._is_stale = asyncio.Event()
        self._minutes: deque[AiMinute] = deque(maxlen=MAX_MINUTES)

    def changed(self) -> None:
        """Something an operator sees is another now."""
        self._is_stale.set()

    def felt(self, minute: MinuteMood, *, is_new: bool) -> None:
        """The room's mood in the last minute; ``is_new``: it was another before, and the host does something."""
        steering = _STEERING.get(minute.mood) if is_new else None
        lines, at_ms = min(minute.lines, 999_999), self._clock.show_ms()
        self._minutes.append(
            AiMinute(at_ms=at_ms, mood=minute.mood, score=minute.score, lines=lines, steering=steering)
        )
        self.changed()

    # ---- tickets

    def restore(self, tickets: Iterable[AiTicket]) -> None:
        """Those that were open before this host began, oldest first."""
        for ticket in tickets:
            question = None
            if ticket.question:
                asked_at_s = 0.0  # by a clock that is gone with the process that asked it
                question = Question(
                    ticket.ticket_id, ticket.question, ticket.author, ticket.language, asked_at_s, ticket.asked_by
                )
            self._hold(ticket, question)
        self.changed()

    def open_ticket(self, cue: Cue) -> None:
        """A person is needed; the oldest ticket goes when there are too many."""
        question = cue.question
        ticket = AiTicket(
            ticket_id=question.id[:60] if question else f"call-{self._clock.show_ms()}",
            wants_person=cue.kind == "call_human",
            question=question.text[:MAX_QUESTION_CHARS] if question else "",
            author=question.author[:80] if question else "",
            language=question.lang[:20] if question else self._lang,
            asked_by=question.asked_by if question else 1,
            product_id=cue.product_id,
            at_ms=self._clock.show_ms(),
        )
        if question is None:
            # The room's mood is one matter, however often it is noticed.
            for ticket_id in [key for key, (_, asked) in self._tickets.items() if asked is None]:
                self.close_ticket(ticket_id, "dismissed")
        self._hold(ticket, question)
        self._keep(ticket, "open")
        self.changed()

    def _hold(self, ticket: AiTicket, question: Question | None) -> None:
        self._tickets[ticket.ticket_id] = ticket, question
        while len(self._tickets) > MAX_TICKETS:  # those stay open with the show, for whoever looks there
            self._tickets.popitem(last=False)

    def _keep(self, ticket: AiTicket, state: AiTicketState, answer: str = "") -> None:
        self._wire.send(lambda ref: TellAiTicket(ref=ref, ticket=ticket, state=state, answer=answer))

    def ticket(self, ticket_id: str | None) -> tuple[AiTicket, Question | None] | None:
        """An open ticket and its question."""
        return self._tickets.get(ticket_id) if ticket_id is not None else None

    def close_ticket(self, ticket_id: str | None, state: AiTicketState, answer: str = "") -> bool:
        """It was answered or dismissed; False when it is not open (any more)."""
        found = self._tickets.pop(ticket_id, None) if ticket_id is not None else None
        if found is not None:
            self._keep(found[0], state, answer)
        self.changed()
        return found is not None

    # ---- telling

    async def tell(self, seen: Seen) -> None:
        """For ever, as a task."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_EVERY_S):
                    await self._is_stale.wait()
            self._is_stale.clear()
            if self._wire.is_open:
                desk = self.now(seen)
                self._wire.send(lambda ref, desk=desk: TellAiState(ref=ref, desk=desk))  # type: ignore[misc]
            await asyncio.sleep(TELL_AT_MOST_EVERY_S)

    def now(self, seen: Seen) -> AiDesk:
        """The desk as it is."""
        operator, line = self._director.operator, seen.line
        coming = self._director.upcoming()[:MAX_NEXT_LINES] if seen.is_on_air else []
        return AiDesk(
            is_on_air=seen.is_on_air,
            floor=operator.floor,
            is_paused=operator.is_paused,
            language=self._lang[:20],
            voice=seen.voice[:80],
            now=None if line is None else _saying(line),
            next=[
                AiNextLine(
                    line_id=preview.beat_id,
                    beat=preview.kind,
                    text=preview.text[:MAX_SHOWN_CHARS],
                    product_id=preview.product_id,
                    is_edited=preview.edited,
                )
                for preview in coming
                if preview.text  # nothing true to say about it now: it will be passed over
            ],
            mood=self._minutes[-1].mood if self._minutes else "calm",
            mood_score=self._minutes[-1].score if self._minutes else 0.0,
            minutes=list(self._minutes),
            waiting=len(self._director.questions),
            tickets=[ticket for ticket, _ in reversed(self._tickets.values())],
        )


def _saying(line: Line) -> AiSaying:
    return AiSaying(
        line_id=max(line.id, 0),
        beat=line.beat,
        text=line.text[:MAX_SHOWN_CHARS],
        language=line.lang[:20],
        product_id=line.product_id,
        question=line.question.text[:MAX_QUESTION_CHARS] if line.question else "",
    )
