"""Tickets of AI hosts in memory: the fake that keeps the promises of `shows.tickets.TicketStore`."""

from __future__ import annotations

from dataclasses import replace

from stream_server.ids import ShowId
from stream_server.shows.tickets import MAX_KEPT_TICKETS, Ticket


class MemoryTicketStore:
    """A `TicketStore`."""

    def __init__(self) -> None:
        self._tickets: dict[ShowId, dict[str, Ticket]] = {}

    async def put(self, ticket: Ticket) -> None:
        """See `TicketStore.put`."""
        kept = self._tickets.setdefault(ticket.show_id, {})
        known = kept.get(ticket.ticket_id)
        kept[ticket.ticket_id] = replace(ticket, opened_at=known.opened_at) if known else ticket
        if known is not None:
            return
        order = sorted(sorted(kept.values(), key=_age, reverse=True), key=lambda one: 0 if one.state == "open" else 1)
        for one in order[MAX_KEPT_TICKETS:]:
            del kept[one.ticket_id]

    async def of_show(self, show_id: ShowId, limit: int = MAX_KEPT_TICKETS) -> list[Ticket]:
        """See `TicketStore.of_show`."""
        return sorted(self._tickets.get(show_id, {}).values(), key=_age, reverse=True)[:limit]


def _age(ticket: Ticket) -> tuple[float, str]:
    return ticket.opened_at.timestamp(), ticket.ticket_id
