"""Offers of a show: a true advantage that is announced while a product is on, until a moment. Pure.

An offer has words and an end, never a price: what a product costs is the shop's to say, at the moment it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from stream_server.errors import Conflict, NotFound
from stream_server.ids import ProductId
from stream_server.plain_text import one_line
from stream_server.shows.errors import BadShow

MAX_OFFERS = 20
MAX_OFFER_CHARS = 120
MAX_LANGUAGES = 20


@dataclass(eq=False)
class UnknownOffer(NotFound):
    """The plan has no such offer (any more)."""

    code: ClassVar[str] = "unknown_offer"

    def __init__(self, offer_id: str) -> None:
        super().__init__("offer", offer_id)


@dataclass(eq=False)
class OfferOver(Conflict):
    """The offer has ended: nobody is told about it."""

    code: ClassVar[str] = "offer_over"
    offer_id: str

    def __str__(self) -> str:
        return "This offer is over."


@dataclass(frozen=True)
class Offer:
    """One offer."""

    offer_id: str
    product_id: ProductId
    text: dict[str, str]
    """Language tag → the seller's own words."""
    ends_at: datetime | None = None
    """From then on it is not said and not shown; None: as long as the show."""

    def checked(self) -> Offer:
        """Itself, with its texts cleaned. Raises: BadShow."""
        text = {language: one_line(words) for language, words in self.text.items()}
        text = {language: words for language, words in text.items() if words}
        if not text:
            raise BadShow("an offer needs words")
        if len(text) > MAX_LANGUAGES or any(len(words) > MAX_OFFER_CHARS for words in text.values()):
            raise BadShow(f"an offer has at most {MAX_OFFER_CHARS} characters")
        if self.ends_at is not None and self.ends_at.tzinfo is None:
            raise BadShow("the end of an offer needs a time zone")
        return replace(self, text=text)

    def plain(self) -> dict[str, Any]:
        """As values that JSON has."""
        ends_at = None if self.ends_at is None else self.ends_at.isoformat()
        return {"offer_id": self.offer_id, "product_id": self.product_id, "text": self.text, "ends_at": ends_at}

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Offer:
        """The inverse of `plain`. Raises: BadShow for an end that is no time."""
        try:
            ends_at = None if fields.get("ends_at") is None else datetime.fromisoformat(fields["ends_at"])
        except ValueError as error:
            raise BadShow("the end of an offer is not an ISO 8601 time") from error
        return cls(fields["offer_id"], ProductId(fields["product_id"]), dict(fields["text"]), ends_at)


def checked_offers(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The offers of a plan. Raises: BadShow."""
    if len(offers) > MAX_OFFERS:
        raise BadShow(f"a show has at most {MAX_OFFERS} offers")
    if len({offer.offer_id for offer in offers}) < len(offers):
        raise BadShow("an offer is in the plan twice")
    return tuple(offer.checked() for offer in offers)


def offer_now(offers: Sequence[Offer], offer_id: str, now: datetime) -> Offer:
    """An offer that may be told now. Raises: UnknownOffer, OfferOver."""
    offer = next((offer for offer in offers if offer.offer_id == offer_id), None)
    if offer is None:
        raise UnknownOffer(offer_id)
    if offer.ends_at is not None and offer.ends_at <= now:
        raise OfferOver(offer_id)
    return offer
