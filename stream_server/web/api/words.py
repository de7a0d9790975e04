"""A shop's own words: how its terms are translated, what never is, and which words hide a line of chat."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from stream_server.audience.people import Person
from stream_server.ids import BrandId
from stream_server.signaling import translations as wire
from stream_server.signaling.messages import Id
from stream_server.translation.wordbook import SHOP, InvalidWordbook, Wordbook
from stream_server.web.access import acting_brand
from stream_server.web.api.services import Reader, Services, Writer

router = APIRouter(tags=["translation"])


@router.get("/wordbook")
async def wordbook(person: Reader, services: Services, brand_id: Annotated[Id | None, Query()] = None) -> wire.Wordbook:
    """One's own words; an admin's are the whole shop's, or those of the brand that is named."""
    return _body(await services.wordbooks.book(await _owner(person, services, brand_id)))


@router.put("/wordbook")
async def write_wordbook(
    body: wire.WordbookInput, person: Writer, services: Services, brand_id: Annotated[Id | None, Query()] = None
) -> wire.Wordbook:
    """Replace one's own words; chat and texts are held against them within seconds."""
    owner = await _owner(person, services, brand_id)
    terms = {term.term: dict(term.said) for term in body.terms}
    if len(terms) < len(body.terms):
        raise InvalidWordbook("terms", "each term once")
    return _body(await services.wordbooks.write(owner, Wordbook(terms, tuple(body.keep), tuple(body.blocked))))


async def _owner(person: Person, services: Services, brand_id: str | None) -> str:
    acting = acting_brand(person)
    if acting is not None:
        return acting
    if brand_id is None:
        return SHOP
    return (await services.shop.catalogue.brand(BrandId(brand_id))).brand_id


def _body(book: Wordbook) -> wire.Wordbook:
    terms = [wire.WordbookTerm(term=term, said=dict(said)) for term, said in book.terms.items()]
    return wire.Wordbook(terms=terms, keep=list(book.keep), blocked=list(book.blocked))
