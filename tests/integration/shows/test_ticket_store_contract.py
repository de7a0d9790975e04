"""What every place for tickets promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stream_server.ids import PersonId, ShowId
from stream_server.shows.model import Host, ShowPlan, ShowRecord
from stream_server.shows.tickets import Ticket
from stream_server.stores import tickets as tickets_module
from stream_server.stores import tickets_memory
from tests.integration.shows.conftest import Kept

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SHOW, OTHER = ShowId("show_clay"), ShowId("show_other")
Opener = Callable[[], AbstractAsyncContextManager[Kept]]


def ticket(n: int, show_id: ShowId = SHOW) -> Ticket:
    return Ticket(show_id, f"msg_{n}", {"question": f"Is there a lid? {n}"}, NOON + timedelta(seconds=n))


async def planned(kept: Kept) -> None:
    for show_id in (SHOW, OTHER):
        host = Host(PersonId("host_maya"), "Maya")
        plan = ShowPlan({"en": "Clay"})
        await kept.shows.add(ShowRecord(show_id, host, plan, "scheduled", None, None, "epoch", 0, NOON))


async def test_tickets_are_found_as_they_were_put_in_newest_first(open_tickets: Opener) -> None:
    async with open_tickets() as kept:
        await planned(kept)
        for one in (ticket(1), ticket(2), ticket(3, OTHER)):
            await kept.tickets.put(one)
        assert await kept.tickets.of_show(SHOW) == [ticket(2), ticket(1)]
        assert await kept.tickets.of_show(SHOW, limit=1) == [ticket(2)]


async def test_what_became_of_a_ticket_is_kept_with_when_it_was_opened(open_tickets: Opener) -> None:
    async with open_tickets() as kept:
        await planned(kept)
        await kept.tickets.put(ticket(1))
        later = NOON + timedelta(minutes=5)
        closed = replace(ticket(1), opened_at=later, state="answered", answer="Yes, of cork.", closed_at=later)
        await kept.tickets.put(closed)
        assert await kept.tickets.of_show(SHOW) == [replace(closed, opened_at=ticket(1).opened_at)]


async def test_beyond_the_bound_closed_ones_are_forgotten_first_then_the_oldest(
    open_tickets: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (tickets_module, tickets_memory):
        monkeypatch.setattr(module, "MAX_KEPT_TICKETS", 3)
    async with open_tickets() as kept:
        await planned(kept)
        for n in (1, 2, 3):
            await kept.tickets.put(ticket(n))
        await kept.tickets.put(replace(ticket(2), state="dismissed", closed_at=NOON))
        await kept.tickets.put(ticket(4))
        assert [one.ticket_id for one in await kept.tickets.of_show(SHOW)] == ["msg_4", "msg_3", "msg_1"]
        await kept.tickets.put(ticket(5))
        assert [one.ticket_id for one in await kept.tickets.of_show(SHOW)] == ["msg_5", "msg_4", "msg_3"]
