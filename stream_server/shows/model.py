"""What a show is and what may happen in it. Pure: every decision is a function of the state and returns events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Literal

from stream_server.errors import Conflict, Invalid, NotFound
from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.plain_text import one_line
from stream_server.shows.ai_host import AiHost
from stream_server.shows.errors import BadShow
from stream_server.shows.events import Change, Event
from stream_server.shows.offers import Offer, checked_offers, offer_now

ShowStatus = Literal["scheduled", "live", "away", "ended"]
"""``away``: the show is on but nobody broadcasts right now."""

Presenter = Literal["human", "ai"]
InvitedWay = Literal["try_on", "model"]
"""Who is in the picture: the show's host, or the AI host that stands in."""

MAX_PINS = 3
MAX_ANNOUNCEMENT_CHARS = 120
MAX_RUNDOWN = 200


@dataclass(eq=False)
class UnknownShow(NotFound):
    """No such show."""

    code: ClassVar[str] = "unknown_show"

    def __init__(self, show_id: str) -> None:
        super().__init__("show", show_id)


@dataclass(eq=False)
class ShowEnded(Conflict):
    """The show is over; nothing happens in it any more."""

    code: ClassVar[str] = "show_ended"
    show_id: str

    def __str__(self) -> str:
        return "This show has ended."


@dataclass(eq=False)
class NotInRundown(Conflict):
    """Only products of the show's rundown can be presented in it."""

    code: ClassVar[str] = "not_in_rundown"
    product_id: str

    def __str__(self) -> str:
        return f"{self.product_id} is not in this show's rundown."


@dataclass(eq=False)
class AnnouncementTooLong(Invalid):
    """The announcement does not fit on the strip."""

    code: ClassVar[str] = "announcement_too_long"
    limit: int = MAX_ANNOUNCEMENT_CHARS

    def __str__(self) -> str:
        return f"An announcement has at most {self.limit} characters."


@dataclass(frozen=True)
class Host:
    """Who a show belongs to, as viewers see them."""

    id: PersonId
    name: str
    picture_url: str | None = None


@dataclass(frozen=True)
class ShowPlan:
    """What a host decides about a show, before and while it runs."""

    title: dict[str, str]
    """Language tag → text."""
    starts_at: datetime | None = None
    rundown: tuple[ProductId, ...] = ()
    """Products in the planned order."""
    currency: str = "USD"
    poster_url: str | None = None
    ai_host: AiHost = AiHost()
    offers: tuple[Offer, ...] = ()

    def checked(self) -> ShowPlan:
        """The plan with its texts cleaned. Raises: BadShow."""
        title = {language: one_line(text) for language, text in self.title.items()}
        title = {language: text for language, text in title.items() if text}
        if not title:
            raise BadShow("it needs a title")
        if self.starts_at is not None and self.starts_at.tzinfo is None:
            raise BadShow("the start needs a time zone")
        if len(self.rundown) > MAX_RUNDOWN:
            raise BadShow(f"the rundown has more than {MAX_RUNDOWN} products")
        if len(set(self.rundown)) < len(self.rundown):
            raise BadShow("a product is in the rundown twice")
        return replace(self, title=title, ai_host=self.ai_host.checked(), offers=checked_offers(self.offers))


@dataclass(frozen=True)
class ShowRecord:
    """A show as it is kept: the plan, the host, and what the log has said about its status."""

    show_id: ShowId
    host: Host
    plan: ShowPlan
    status: ShowStatus
    started_at: datetime | None
    """When it went live first: where the show clock is 0."""
    ended_at: datetime | None
    epoch: str
    """Sequence numbers of the log mean something only within one epoch."""
    likes: int
    created_at: datetime

    @property
    def host_id(self) -> PersonId:
        """The one person, admins aside, who controls the show."""
        return self.host.id

    @property
    def ai_host(self) -> AiHost:
        """What the plan says about it."""
        return self.plan.ai_host

    @property
    def starts_at(self) -> datetime | None:
        """When the plan wants it to begin."""
        return self.plan.starts_at


@dataclass(frozen=True)
class Pin:
    """An open product card."""

    product_id: ProductId
    at_ms: int
    """Show clock at which it was pinned."""


@dataclass(frozen=True)
class Show:
    """What is going on in a show: the fold of its log."""

    show_id: ShowId
    status: ShowStatus = "scheduled"
    status_since: datetime | None = None
    status_at_ms: int = 0
    """Show clock at the last change of status."""
    started_at: datetime | None = None
    """When it went live for the first time."""
    pins: tuple[Pin, ...] = ()
    """In the order of pinning, newest last."""
    sold_out: tuple[ProductId, ...] = ()
    announcement: str = ""
    presenter: Presenter = "human"

    def after(self, event: Event) -> Show:
        """The state once ``event`` has happened. Events of other features change nothing here."""
        payload: Any = event.payload
        match event.type:
            case "status":
                status: ShowStatus = payload["status"]
                started_at = self.started_at or (event.created_at if status == "live" else None)
                return replace(
                    self,
                    status=status,
                    status_since=event.created_at,
                    status_at_ms=event.at_ms,
                    started_at=started_at,
                )
            case "pins":
                return replace(self, pins=tuple(Pin(pin["product_id"], pin["at_ms"]) for pin in payload["pins"]))
            case "sold_out_list":
                return replace(self, sold_out=tuple(payload["product_ids"]))
            case "announcement":
                return replace(self, announcement=payload["text"])
            case "presenter":
                return replace(self, presenter=payload["presenter"])
            case _:
                return self

    # ---- decisions: what happens next, given the state

    def going_live(self, presenter: Presenter = "human") -> list[Change]:
        """A source's media flows. Raises: ShowEnded."""
        self._check_not_ended()
        changes = [] if presenter == self.presenter else [Change("presenter", {"presenter": presenter})]
        return changes if self.status == "live" else [*changes, _status("live")]

    def going_away(self) -> list[Change]:
        """The source is gone."""
        return [_status("away")] if self.status == "live" else []

    def ending(self) -> list[Change]:
        """The host, or the grace time, ends the show."""
        return [] if self.status == "ended" else [_status("ended")]

    def pinning(self, product_id: ProductId, at_ms: int, rundown: Sequence[ProductId]) -> list[Change]:
        """Show a product's card as the newest; a fourth pushes the oldest out.

        Pinning an open card again moves it to the newest place, with the new time.
        Raises: ShowEnded, NotInRundown.
        """
        self._check_presentable(product_id, rundown)
        others = [pin for pin in self.pins if pin.product_id != product_id]
        return [_pins([*others, Pin(product_id, at_ms)][-MAX_PINS:])]

    def unpinning(self, product_id: ProductId) -> list[Change]:
        """Take a product's card away. Raises: ShowEnded."""
        self._check_not_ended()
        others = [pin for pin in self.pins if pin.product_id != product_id]
        return [] if len(others) == len(self.pins) else [_pins(others)]

    def marking(self, product_id: ProductId, sold_out: bool, rundown: Sequence[ProductId]) -> list[Change]:
        """Mark a product sold out, or not. Raises: ShowEnded, NotInRundown."""
        self._check_presentable(product_id, rundown)
        if sold_out == (product_id in self.sold_out):
            return []
        others = [other for other in self.sold_out if other != product_id]
        return [Change("sold_out_list", {"product_ids": [*others, product_id] if sold_out else others})]

    def announcing(self, text: str) -> list[Change]:
        """Set the announcement strip; an empty text removes it. Raises: ShowEnded, AnnouncementTooLong."""
        self._check_not_ended()
        clean = one_line(text)
        if len(clean) > MAX_ANNOUNCEMENT_CHARS:
            raise AnnouncementTooLong
        return [] if clean == self.announcement else [Change("announcement", {"text": clean})]

    def inviting(self, product_id: ProductId, rundown: Sequence[ProductId], way: InvitedWay = "try_on") -> list[Change]:
        """Ask everybody to try a product on, or to turn it in 3D: a moment, not a state.

        Raises: ShowEnded, NotInRundown.
        """
        self._check_presentable(product_id, rundown)
        return [Change("try_on", {"product_id": product_id, "way": way})]

    def offering(
        self, offer_id: str, offers: Sequence[Offer], rundown: Sequence[ProductId], now: datetime
    ) -> list[Change]:
        """Show an offer of the plan to everybody: a moment, not a state.

        Raises: ShowEnded, UnknownOffer, OfferOver, NotInRundown.
        """
        self._check_not_ended()
        offer = offer_now(offers, offer_id, now)
        self._check_presentable(offer.product_id, rundown)
        return [Change("offer", offer.plain())]

    def _check_not_ended(self) -> None:
        if self.status == "ended":
            raise ShowEnded(self.show_id)

    def _check_presentable(self, product_id: ProductId, rundown: Sequence[ProductId]) -> None:
        self._check_not_ended()
        if product_id not in rundown:
            raise NotInRundown(product_id)


def _status(status: ShowStatus) -> Change:
    return Change("status", {"status": status})


def _pins(pins: Sequence[Pin]) -> Change:
    return Change("pins", {"pins": [{"product_id": pin.product_id, "at_ms": pin.at_ms} for pin in pins]})
