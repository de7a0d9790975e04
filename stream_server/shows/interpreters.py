"""Interpreters: people who are not the show's host and speak one language of it, invited by a link.

A seat is what a link stands for: one dub of one show, until an end time, or until the host takes it back. It gives no
other right. Who is on air in a language goes before whoever comes later; only the host can end that, by taking the
link back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Protocol, Self

import structlog

from stream_server.clock import Clock
from stream_server.errors import Conflict, NotFound, Unauthenticated, Unavailable
from stream_server.ids import SessionId, ShowId, new_id

log = structlog.get_logger(__name__)

MAX_SEATS = 24
"""Links of one show that are good at the same time: eight languages, three people taking turns in each."""
CHECK_S = 5.0
"""How often interpreters on air are looked through for links that have run out."""


class LinkRevoked(Unauthenticated):
    """The host has taken the link back, or it never was one."""

    code: ClassVar[str] = "link_revoked"

    def __str__(self) -> str:
        return "This link is not valid any more. Ask whoever sent it for a new one."


class LinkExpired(Unauthenticated):
    """The link's end time has passed."""

    code: ClassVar[str] = "link_expired"

    def __str__(self) -> str:
        return "This link has run out. Ask whoever sent it for a new one."


@dataclass(eq=False)
class TooManySeats(Conflict):
    """The show has as many interpreters' links as it can have: take one back first."""

    code: ClassVar[str] = "too_many_interpreters"
    limit: int = MAX_SEATS

    def __str__(self) -> str:
        return f"A show has at most {self.limit} links for interpreters."


@dataclass(frozen=True)
class Seat:
    """What one interpreter's link stands for."""

    seat_id: str
    show_id: ShowId
    language: str
    """The dub's name: the first part of a BCP 47 tag."""
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    session_id: SessionId | None = None
    """The WHIP session that was opened with it last; it may have ended."""
    seated_at: datetime | None = None
    """When that was."""

    def is_good(self, now: datetime) -> bool:
        """Neither taken back nor run out."""
        return self.revoked_at is None and now < self.expires_at


class SeatStore(Protocol):
    """Keeps seats. Every call may raise `Unavailable`."""

    async def put(self, seat: Seat) -> None:
        """Keep a seat, or what became of it."""

    async def get(self, seat_id: str) -> Seat | None:
        """One seat; None when there is no such."""

    async def of_show(self, show_id: ShowId) -> list[Seat]:
        """A show's seats that were not taken back, the oldest first."""

    async def overdue(self, now: datetime, limit: int) -> list[Seat]:
        """Seats that somebody sat on and that have run out since; at most so many."""


class Sessions(Protocol):
    """The part of the media plane that is needed."""

    async def close(self, session_id: SessionId) -> None:
        """End one session. Raises: NotFound, Unavailable."""


class Interpreters:
    """The links of all shows."""

    def __init__(self, seats: SeatStore, sessions: Sessions, clock: Clock) -> None:
        self._seats = seats
        self._sessions = sessions
        self._clock = clock

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Take those off the air whose link runs out meanwhile."""
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(self._look_forever(), name="interpreters' links")
            try:
                yield self
            finally:
                looking.cancel()

    async def invite(self, show_id: ShowId, language: str, lifetime_s: float) -> Seat:
        """A new link for one language of a show. Raises: TooManySeats, Unavailable."""
        now = self._clock.now()
        if len(await self.of_show(show_id)) >= MAX_SEATS:
            raise TooManySeats
        seat = Seat(new_id("seat"), show_id, language, now, now + timedelta(seconds=lifetime_s))
        await self._seats.put(seat)
        return seat

    async def of_show(self, show_id: ShowId) -> list[Seat]:
        """The links that are good, the oldest first. Raises: Unavailable."""
        now = self._clock.now()
        return [seat for seat in await self._seats.of_show(show_id) if seat.is_good(now)]

    async def admit(self, seat_id: str) -> Seat:
        """The seat that a link stands for. Raises: LinkRevoked, LinkExpired, Unavailable."""
        seat = await self._seats.get(seat_id)
        if seat is None or seat.revoked_at is not None:
            raise LinkRevoked
        if not seat.is_good(self._clock.now()):
            raise LinkExpired
        return seat

    async def seated(self, seat_id: str, session_id: SessionId) -> None:
        """Somebody has opened a session with the link.

        Raises: LinkRevoked, LinkExpired (it was taken back at that very moment; the session is closed), Unavailable.
        """
        try:
            seat = await self.admit(seat_id)
        except Unauthenticated:
            await self._end(session_id)
            raise
        await self._seats.put(replace(seat, session_id=session_id, seated_at=self._clock.now()))

    async def revoke(self, show_id: ShowId, seat_id: str) -> None:
        """Take a link back; whoever is on air with it is not any more. Raises: NotFound, Unavailable."""
        seat = await self._seats.get(seat_id)
        if seat is None or seat.show_id != show_id:
            raise NotFound("interpreter", seat_id[:40])
        if seat.revoked_at is None:
            await self._seats.put(replace(seat, revoked_at=self._clock.now()))
        if seat.session_id is not None:
            await self._end(seat.session_id)

    async def end_overdue(self) -> None:
        """Take those off the air whose link has run out. Raises: Unavailable."""
        for seat in await self._seats.overdue(self._clock.now(), MAX_SEATS):
            if seat.session_id is not None:
                await self._end(seat.session_id)
            await self._seats.put(replace(seat, session_id=None))

    async def _end(self, session_id: SessionId) -> None:
        with suppress(NotFound):  # they had left already
            await self._sessions.close(session_id)

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            try:
                await self.end_overdue()
            except Unavailable as error:
                log.warning("interpreters' links not looked through", error=str(error))
