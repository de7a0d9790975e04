"""What every place for interpreters' links promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stream_server.ids import SessionId, ShowId
from stream_server.shows.interpreters import Seat
from tests.integration.shows.conftest import Kept
from tests.integration.shows.test_ticket_store_contract import NOON, OTHER, SHOW, planned

Opener = Callable[[], AbstractAsyncContextManager[Kept]]


def seat(n: int, show_id: ShowId = SHOW) -> Seat:
    return Seat(f"seat_{n}", show_id, "fr", NOON + timedelta(seconds=n), NOON + timedelta(hours=n))


async def test_seats_are_found_by_their_id_and_by_their_show_oldest_first(open_tickets: Opener) -> None:
    async with open_tickets() as kept:
        await planned(kept)
        for one in (seat(2), seat(1), seat(3, OTHER)):
            await kept.seats.put(one)
        assert await kept.seats.of_show(SHOW) == [seat(1), seat(2)]
        assert await kept.seats.get("seat_3") == seat(3, OTHER)
        assert await kept.seats.get("seat_9") is None


async def test_what_becomes_of_a_seat_is_kept_and_one_taken_back_is_no_longer_listed(open_tickets: Opener) -> None:
    async with open_tickets() as kept:
        await planned(kept)
        await kept.seats.put(seat(1))
        seated = replace(seat(1), session_id=SessionId("whip_1"), seated_at=NOON)
        await kept.seats.put(seated)
        assert await kept.seats.of_show(SHOW) == [seated]
        revoked = replace(seated, revoked_at=NOON)
        await kept.seats.put(revoked)
        assert (await kept.seats.of_show(SHOW), await kept.seats.get("seat_1")) == ([], revoked)


async def test_those_are_overdue_that_somebody_sat_on_and_that_ran_out(open_tickets: Opener) -> None:
    async with open_tickets() as kept:
        await planned(kept)
        for one in (seat(1), seat(2), seat(3)):
            await kept.seats.put(one)
        for one in (seat(2), seat(3)):
            await kept.seats.put(replace(one, session_id=SessionId("whip_1"), seated_at=NOON))
        later = datetime(2026, 11, 1, 14, 30, tzinfo=UTC)
        assert [one.seat_id for one in await kept.seats.overdue(later, 10)] == ["seat_2"]
        assert await kept.seats.overdue(later, 0) == []
