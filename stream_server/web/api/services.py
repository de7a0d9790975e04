"""What the handlers work with, and the dependencies that hand it to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from stream_server.audience.people import Person
from stream_server.audience.presence import Presence
from stream_server.audience.seat_keys import SeatKeys
from stream_server.audience.tokens import SignIn, Tokens
from stream_server.captions.files import CaptionFiles
from stream_server.captions.listening import Hearer
from stream_server.clock import Clock
from stream_server.commerce.idempotency import InvalidIdempotencyKey
from stream_server.commerce.shop import Shop
from stream_server.errors import Forbidden, Unauthenticated
from stream_server.products3d.desk import ModelDesk
from stream_server.shows.interpreters import Interpreters, Seat
from stream_server.shows.service import ShowService
from stream_server.shows.tickets import TicketStore
from stream_server.signaling.media_plane import MediaPlane
from stream_server.translation.text_service import TextTranslator
from stream_server.translation.wordbook_service import Wordbooks
from stream_server.web.access import Access
from stream_server.web.ice_servers import IceServers
from stream_server.web.pictures import PictureFolder
from stream_server.web.throttle import Rate, Rates, Throttle, address_of


@dataclass(frozen=True)
class ApiServices:
    """Everything behind the REST interface."""

    access: Access
    tokens: Tokens
    shows: ShowService
    tickets: TicketStore
    interpreters: Interpreters
    seat_keys: SeatKeys
    plane: MediaPlane
    presence: Presence
    caption_files: CaptionFiles
    shop: Shop
    wordbooks: Wordbooks
    texts: TextTranslator
    desk: ModelDesk
    pictures: PictureFolder
    ice: IceServers
    throttle: Throttle
    rates: Rates
    clock: Clock
    hearers: tuple[Hearer, ...] = ()
    """What people's speech is understood with."""
    guest_lifetime_s: float = 30 * 24 * 3600
    """How long a guest stays the same guest, and so can look at their orders."""


async def _services(request: Request) -> ApiServices:
    return cast(ApiServices, request.app.state.services)


Services = Annotated[ApiServices, Depends(_services)]


def throttled(kind: str, rate: Rate, request: Request, services: ApiServices) -> None:
    """Take from the bucket of the request's address. Raises: TooMany."""
    services.throttle.take(kind, address_of(request), rate)


async def _read(request: Request, services: Services) -> None:
    throttled("read", services.rates.reads, request, services)


async def _sign_in(request: Request, services: Services) -> SignIn:
    known = services.access.sign_in(request)
    if known is None:
        raise Unauthenticated
    return known


async def _writer(request: Request, services: Services) -> Person:
    person = services.access.require(request)
    services.throttle.take("write", person.id, services.rates.writes)
    return person


async def _reader(request: Request, services: Services) -> Person:
    person = services.access.require(request)
    services.throttle.take("read", person.id, services.rates.reads)
    return person


async def _seat(request: Request, services: Services) -> Seat:
    seat_id = services.access.seat_id(request)
    if seat_id is None:
        services.access.require(request)
        raise Forbidden
    services.throttle.take("read", seat_id, services.rates.reads)
    return await services.interpreters.admit(seat_id)


async def _idempotency_key(
    idempotency_key: Annotated[str | None, Header(description="Names the request: repeating it does it once.")] = None,
) -> str:
    if idempotency_key is None:
        raise InvalidIdempotencyKey
    return idempotency_key


PublicRead = Depends(_read)
"""For ``dependencies=[PublicRead]``: anybody may read, within bounds."""
SignedInNow = Annotated[SignIn, Depends(_sign_in)]
Reader = Annotated[Person, Depends(_reader)]
Writer = Annotated[Person, Depends(_writer)]
InterpretersSeat = Annotated[Seat, Depends(_seat)]
"""Of whoever asks with an interpreter's link; people's tokens are not for this."""
Idempotency = Annotated[str, Depends(_idempotency_key)]
