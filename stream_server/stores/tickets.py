"""Tickets of AI hosts in SQL (`shows.tickets.TicketStore`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, case, delete, insert, select, update

from stream_server.ids import ShowId
from stream_server.shows.tickets import MAX_KEPT_TICKETS, Ticket
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.schema import ai_tickets


class SqlTicketStore:
    """A `TicketStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, ticket: Ticket) -> None:
        """See `TicketStore.put`."""
        await self._database.write(_put, ticket)

    async def of_show(self, show_id: ShowId, limit: int = MAX_KEPT_TICKETS) -> list[Ticket]:
        """See `TicketStore.of_show`."""
        query = select(ai_tickets).where(ai_tickets.c.show_id == show_id)
        order = ai_tickets.c.opened_at.desc(), ai_tickets.c.ticket_id.desc()
        return await self._database.read(_tickets, query.order_by(*order).limit(limit))


def _put(connection: Connection, ticket: Ticket) -> None:
    here = (ai_tickets.c.show_id == ticket.show_id) & (ai_tickets.c.ticket_id == ticket.ticket_id)
    values: dict[str, Any] = {
        "state": ticket.state,
        "content": dict(ticket.content),
        "answer": ticket.answer,
        "closed_at": ticket.closed_at,
    }
    if connection.execute(update(ai_tickets).where(here).values(**values)).rowcount:
        return
    connection.execute(
        insert(ai_tickets).values(
            show_id=ticket.show_id, ticket_id=ticket.ticket_id, opened_at=ticket.opened_at, **values
        )
    )
    is_open = case((ai_tickets.c.state == "open", 0), else_=1)
    order = is_open, ai_tickets.c.opened_at.desc(), ai_tickets.c.ticket_id.desc()
    of_show = select(ai_tickets.c.ticket_id).where(ai_tickets.c.show_id == ticket.show_id)
    beyond = [row.ticket_id for row in connection.execute(of_show.order_by(*order).offset(MAX_KEPT_TICKETS))]
    if beyond:
        too_many = (ai_tickets.c.show_id == ticket.show_id) & ai_tickets.c.ticket_id.in_(beyond)
        connection.execute(delete(ai_tickets).where(too_many))


def _tickets(connection: Connection, query: Select[Any]) -> list[Ticket]:
    return [_ticket(row) for row in connection.execute(query)]


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(row.show_id, row.ticket_id, row.content, row.opened_at, row.state, row.answer, row.closed_at)
