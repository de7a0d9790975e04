"""Shows: everybody reads, hosts plan and end their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from stream_server.audience.people import may_control, may_create_show, require
from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ShowId
from stream_server.shows.model import Host, ShowRecord
from stream_server.signaling.messages import Id
from stream_server.signaling.resources import KeptTicket, Show, ShowInput
from stream_server.web.api.bodies import show_body, show_plan, ticket_body
from stream_server.web.api.reading import read_shows
from stream_server.web.api.services import ApiServices, PublicRead, Reader, Services, Writer

router = APIRouter(tags=["shows"])

Language = Annotated[str | None, Query(max_length=20)]
"""What the reader reads (any tag)."""


@router.get("/shows", dependencies=[PublicRead])
async def shows(
    services: Services, host_id: Annotated[Id | None, Query()] = None, language: Language = None
) -> list[Show]:
    """Shows on air first, then those to come, then those that were; titles also as ``language`` reads them."""
    records = await services.shows.find(host_id=None if host_id is None else PersonId(host_id))
    return await _bodies(records, services, language)


@router.get("/shows/{show_id}", dependencies=[PublicRead])
async def show(show_id: str, services: Services, language: Language = None) -> Show:
    """One show."""
    return (await _bodies([await services.shows.get(ShowId(show_id))], services, language))[0]


@router.post("/shows", status_code=201)
async def add_show(body: ShowInput, person: Writer, services: Services) -> Show:
    """Plan a show; it goes live by itself when its host's media arrives."""
    require(may_create_show(person), person)
    record = await services.shows.create(Host(person.id, person.name), show_plan(body, None))
    return await _body(record, services)


@router.put("/shows/{show_id}")
async def change_show(show_id: str, body: ShowInput, person: Writer, services: Services) -> Show:
    """Change the plan of a show that has not ended."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    return await _body(await services.shows.update(record.show_id, show_plan(body, record.plan)), services)


@router.get("/shows/{show_id}/ai_tickets")
async def ai_tickets(show_id: str, person: Reader, services: Services) -> list[KeptTicket]:
    """Questions that the AI host left to a person, the newest first, with what became of them."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    return [ticket_body(ticket) for ticket in await services.tickets.of_show(record.show_id)]


@router.post("/shows/{show_id}/end")
async def end_show(show_id: str, person: Writer, services: Services) -> Show:
    """End a show for good."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    return await _body(await services.shows.end(record.show_id), services)


async def _bodies(records: Sequence[ShowRecord], services: ApiServices, language: str | None) -> list[Show]:
    read = await read_shows(records, language, services)
    return [
        (await _body(record, services)).model_copy(update={"translation": read.get(record.show_id)})
        for record in records
    ]


async def _body(record: ShowRecord, services: ApiServices) -> Show:
    viewers = 0
    if record.status in ("live", "away"):
        try:
            viewers = await services.presence.total(record.show_id)
        except Unavailable:
            viewers = 0  # a list of shows without counts is better than none
    return show_body(record, viewers)
