"""Interpreters' links in memory: the fake that keeps the promises of `shows.interpreters.SeatStore`."""

from __future__ import annotations

from datetime import datetime

from stream_server.ids import ShowId
from stream_server.shows.interpreters import Seat


class MemorySeatStore:
    """A `SeatStore`."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}

    async def put(self, seat: Seat) -> None:
        """See `SeatStore.put`."""
        self._seats[seat.seat_id] = seat

    async def get(self, seat_id: str) -> Seat | None:
        """See `SeatStore.get`."""
        return self._seats.get(seat_id)

    async def of_show(self, show_id: ShowId) -> list[Seat]:
        """See `SeatStore.of_show`."""
        found = [seat for seat in self._seats.values() if seat.show_id == show_id and seat.revoked_at is None]
        return sorted(found, key=lambda seat: (seat.created_at, seat.seat_id))

    async def overdue(self, now: datetime, limit: int) -> list[Seat]:
        """See `SeatStore.overdue`."""
        found = [seat for seat in self._seats.values() if seat.expires_at <= now and seat.session_id is not None]
        return sorted(found, key=lambda seat: (seat.expires_at, seat.seat_id))[:limit]
