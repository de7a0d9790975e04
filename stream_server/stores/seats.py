"""Interpreters' links in SQL (`shows.interpreters.SeatStore`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from stream_server.ids import ShowId
from stream_server.shows.interpreters import Seat
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.schema import interpreter_seats


class SqlSeatStore:
    """A `SeatStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, seat: Seat) -> None:
        """See `SeatStore.put`."""
        await self._database.write(_put, seat)

    async def get(self, seat_id: str) -> Seat | None:
        """See `SeatStore.get`."""
        query = select(interpreter_seats).where(interpreter_seats.c.seat_id == seat_id)
        found = await self._database.read(_seats, query)
        return found[0] if found else None

    async def of_show(self, show_id: ShowId) -> list[Seat]:
        """See `SeatStore.of_show`."""
        table = interpreter_seats.c
        query = select(interpreter_seats).where(table.show_id == show_id, table.revoked_at.is_(None))
        return await self._database.read(_seats, query.order_by(table.created_at, table.seat_id))

    async def overdue(self, now: datetime, limit: int) -> list[Seat]:
        """See `SeatStore.overdue`."""
        table = interpreter_seats.c
        query = select(interpreter_seats).where(table.expires_at <= now, table.session_id.is_not(None))
        return await self._database.read(_seats, query.order_by(table.expires_at, table.seat_id).limit(limit))


def _put(connection: Connection, seat: Seat) -> None:
    here = interpreter_seats.c.seat_id == seat.seat_id
    values: dict[str, Any] = {
        "revoked_at": seat.revoked_at,
        "session_id": seat.session_id,
        "seated_at": seat.seated_at,
    }
    if connection.execute(update(interpreter_seats).where(here).values(**values)).rowcount:
        return
    connection.execute(
        insert(interpreter_seats).values(
            seat_id=seat.seat_id,
            show_id=seat.show_id,
            language=seat.language,
            created_at=seat.created_at,
            expires_at=seat.expires_at,
            **values,
        )
    )


def _seats(connection: Connection, query: Select[Any]) -> list[Seat]:
    return [_seat(row) for row in connection.execute(query)]


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        *(row.seat_id, row.show_id, row.language, row.created_at, row.expires_at),
        *(row.revoked_at, row.session_id, row.seated_at),
    )
