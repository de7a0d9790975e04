"""What is sold: open cards, offers, invitations to try on, stock and orders."""

from __future__ import annotations

from typing import Literal

from stream_server.shows.model import InvitedWay
from stream_server.signaling.message import Message
from stream_server.signaling.messages.base import Command, Event, Id


class Pin(Command):
    """Host: show a product's card, as the newest. Beyond three the oldest goes."""

    type: Literal["pin"] = "pin"
    product_id: Id


class Unpin(Command):
    """Host: take a product's card away."""

    type: Literal["unpin"] = "unpin"
    product_id: Id


class MarkSoldOut(Command):
    """Host: mark a product sold out (or not) whatever the stock says."""

    type: Literal["sold_out"] = "sold_out"
    product_id: Id
    sold_out: bool


class InviteToTryOn(Command):
    """Host: "everyone try this": every viewer is offered to try the product on, or to turn it in 3D."""

    type: Literal["try_on.invite"] = "try_on.invite"
    product_id: Id
    way: InvitedWay = "try_on"


class ShowTheOffer(Command):
    """Host: show an offer of the plan to every viewer now; one that is over is refused."""

    type: Literal["offer.show"] = "offer.show"
    offer_id: Id


class PinnedProduct(Message):
    """One open card, with the show clock at which it was pinned."""

    product_id: str
    at_ms: int


class VariantStock(Message):
    """How many of a variant can still be reserved."""

    variant_id: str
    left: int


class PinsChanged(Event):
    """The open cards from now on."""

    type: Literal["pins"] = "pins"
    pins: list[PinnedProduct]


class SoldOutChanged(Event):
    """The products marked sold out from now on."""

    type: Literal["sold_out_list"] = "sold_out_list"
    product_ids: list[str]


class InvitedToTryOn(Event):
    """The host asks everybody to try a product on, now: an old one that comes late means nothing any more."""

    type: Literal["try_on"] = "try_on"
    product_id: str
    way: InvitedWay = "try_on"


class OfferShown(Event):
    """An offer that holds now. Whoever comes late reads in ``ends_at`` whether it still does."""

    type: Literal["offer"] = "offer"
    offer_id: str
    product_id: str
    text: dict[str, str]
    """Language tag → the seller's words."""
    ends_at: str | None


class StockChanged(Event):
    """True stock of a product's variants after a reservation, release or sale."""

    type: Literal["stock"] = "stock"
    product_id: str
    variants: list[VariantStock]


class ProductChanged(Event):
    """A product's price, texts or pictures changed: fetch it again."""

    type: Literal["product"] = "product"
    product_id: str


class OrderPlaced(Event):
    """Somebody bought (sent to the show's host, moderators excluded, and to admins)."""

    type: Literal["order"] = "order"
    order_id: str
    product_ids: list[str]
    total_minor: int
    currency: str
    buyer_name: str
