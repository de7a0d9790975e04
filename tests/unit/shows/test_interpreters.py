"""Interpreters' links: how long they are good, and what taking one back does."""

from __future__ import annotations

import pytest

from stream_server.clock import ManualClock
from stream_server.errors import NotFound
from stream_server.ids import SessionId, ShowId
from stream_server.shows.interpreters import MAX_SEATS, Interpreters, LinkExpired, LinkRevoked, TooManySeats
from stream_server.stores.seats_memory import MemorySeatStore

SHOW, OTHER = ShowId("show_a"), ShowId("show_b")
SESSION = SessionId("whip_1")


class ClosedSessions:
    """Remembers what was closed; ``gone`` had ended before."""

    def __init__(self, gone: frozenset[SessionId] = frozenset()) -> None:
        self.closed: list[SessionId] = []
        self._gone = gone

    async def close(self, session_id: SessionId) -> None:
        if session_id in self._gone:
            raise NotFound("session", session_id)
        self.closed.append(session_id)


def made(sessions: ClosedSessions) -> tuple[Interpreters, ManualClock]:
    clock = ManualClock()
    return Interpreters(MemorySeatStore(), sessions, clock), clock


async def test_a_link_is_good_until_its_end_time_and_then_says_so() -> None:
    interpreters, clock = made(ClosedSessions())
    seat = await interpreters.invite(SHOW, "fr", 3600)
    assert await interpreters.admit(seat.seat_id) == seat
    clock.advance(3600)
    with pytest.raises(LinkExpired):
        await interpreters.admit(seat.seat_id)
    assert await interpreters.of_show(SHOW) == []


async def test_taking_a_link_back_ends_the_session_that_was_opened_with_it() -> None:
    sessions = ClosedSessions()
    interpreters, _ = made(sessions)
    seat = await interpreters.invite(SHOW, "fr", 3600)
    await interpreters.seated(seat.seat_id, SESSION)
    await interpreters.revoke(SHOW, seat.seat_id)
    assert sessions.closed == [SESSION]
    for _ in range(2):
        with pytest.raises(LinkRevoked):
            await interpreters.admit(seat.seat_id)
        await interpreters.revoke(SHOW, seat.seat_id)


async def test_a_link_of_another_show_or_of_none_cannot_be_taken_back() -> None:
    interpreters, _ = made(ClosedSessions())
    seat = await interpreters.invite(SHOW, "fr", 3600)
    for show_id, seat_id in ((OTHER, seat.seat_id), (SHOW, "seat_none")):
        with pytest.raises(NotFound):
            await interpreters.revoke(show_id, seat_id)
    assert await interpreters.admit(seat.seat_id) == seat
    with pytest.raises(LinkRevoked):
        await interpreters.admit("seat_none")


async def test_a_session_opened_while_the_link_was_taken_back_is_closed() -> None:
    sessions = ClosedSessions()
    interpreters, _ = made(sessions)
    seat = await interpreters.invite(SHOW, "fr", 3600)
    await interpreters.revoke(SHOW, seat.seat_id)
    with pytest.raises(LinkRevoked):
        await interpreters.seated(seat.seat_id, SESSION)
    assert sessions.closed == [SESSION]


async def test_whoever_is_on_air_when_the_link_runs_out_is_taken_off_once() -> None:
    sessions = ClosedSessions(gone=frozenset({SessionId("whip_gone")}))
    interpreters, clock = made(sessions)
    for session_id in (SESSION, SessionId("whip_gone")):
        seat = await interpreters.invite(SHOW, "fr", 60)
        await interpreters.seated(seat.seat_id, session_id)
    await interpreters.end_overdue()
    assert sessions.closed == []
    clock.advance(61)
    await interpreters.end_overdue()
    await interpreters.end_overdue()
    assert sessions.closed == [SESSION]


async def test_a_show_has_only_so_many_links_and_those_taken_back_make_room() -> None:
    interpreters, _ = made(ClosedSessions())
    seats = [await interpreters.invite(SHOW, "fr", 60) for _ in range(MAX_SEATS)]
    with pytest.raises(TooManySeats):
        await interpreters.invite(SHOW, "fr", 60)
    await interpreters.revoke(SHOW, seats[0].seat_id)
    await interpreters.invite(SHOW, "fr", 60)
    await interpreters.invite(OTHER, "fr", 60)
