"""Interpreters: the host gives out links and takes them back; a link's holder asks what it is for."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from stream_server.audience.people import may_control, require
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.interpreters import Seat
from stream_server.shows.model import ShowEnded
from stream_server.signaling.media_plane import DubStanding
from stream_server.signaling.resources import Interpreter, InterpreterInput, Interpreting
from stream_server.web.api.services import ApiServices, InterpretersSeat, Reader, Services, Writer

router = APIRouter(tags=["interpreters"])


@router.get("/shows/{show_id}/interpreters")
async def interpreters(show_id: str, person: Reader, services: Services) -> list[Interpreter]:
    """The links that are good, the oldest first."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    seats = await services.interpreters.of_show(record.show_id)
    return _bodies(seats, await _dubs(record.show_id, services), services)


@router.post("/shows/{show_id}/interpreters", status_code=201)
async def invite(show_id: str, body: InterpreterInput, person: Writer, services: Services) -> Interpreter:
    """A new link, for one language of this show."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    if record.status == "ended":
        raise ShowEnded(record.show_id)
    seat = await services.interpreters.invite(record.show_id, body.language, body.hours * 3600)
    return _bodies([seat], await _dubs(record.show_id, services), services)[0]


@router.delete("/shows/{show_id}/interpreters/{interpreter_id}", status_code=204)
async def revoke(show_id: str, interpreter_id: str, person: Writer, services: Services) -> None:
    """Take a link back: whoever speaks with it is off the air at once."""
    record = await services.shows.get(ShowId(show_id))
    require(may_control(person, record), person)
    await services.interpreters.revoke(record.show_id, interpreter_id)


@router.get("/interpreting")
async def interpreting(seat: InterpretersSeat, services: Services) -> Interpreting:
    """What the asker's link is for, and how things stand."""
    record = await services.shows.get(seat.show_id)
    dub = (await _dubs(seat.show_id, services)).get(seat.language)
    return Interpreting(
        show_id=record.show_id,
        title=dict(record.plan.title),
        host_name=record.host.name,
        language=seat.language,
        status=record.status,
        starts_at=None if record.plan.starts_at is None else record.plan.starts_at.isoformat(),
        expires_at=seat.expires_at.isoformat(),
        is_spoken=dub is not None and dub.is_flowing,
        listeners=0 if dub is None else dub.listeners,
    )


def _bodies(seats: Sequence[Seat], dubs: dict[str, DubStanding], services: ApiServices) -> list[Interpreter]:
    # Of several in one language the one who came last speaks: nobody can come while another one does.
    speaking: dict[str, Seat] = {}
    for seat in sorted((seat for seat in seats if seat.seated_at is not None), key=lambda seat: str(seat.seated_at)):
        speaking[seat.language] = seat
    return [
        Interpreter(
            interpreter_id=seat.seat_id,
            language=seat.language,
            token=services.seat_keys.issue(seat.seat_id, seat.expires_at),
            expires_at=seat.expires_at.isoformat(),
            is_on_air=speaking.get(seat.language) is seat and seat.language in dubs and dubs[seat.language].is_flowing,
            listeners=dubs[seat.language].listeners if seat.language in dubs else 0,
        )
        for seat in seats
    ]


async def _dubs(show_id: ShowId, services: ApiServices) -> dict[str, DubStanding]:
    try:
        return {dub.name: dub for dub in await services.plane.dubs(show_id)}
    except Unavailable:
        return {}  # the links are good all the same
