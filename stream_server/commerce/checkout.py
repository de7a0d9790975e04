"""A checkout: goods held for a while, being paid.

::

    open ──pay──► paying ──succeeded──► completed
     ▲  │            │
     │  │            ├─declined──► open (again, at least ``retry_s`` long; cancelled after ``max_attempts``)
     │  │            └─window over─► expired
     │  ├─time over─► expired ──late success, goods still there──► completed
     └──┴─given up──► cancelled

While it is open or paying it holds its goods. ``expires_at`` is the end of the reservation when open, and of the
payment window when paying: somebody who is typing a bank's code is not sold out under their fingers, but nobody
holds goods for ever. Money that arrives after the goods went back buys them again if they are still there, and is
refunded otherwise: never oversold, never paid for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from stream_server.commerce.cart import CartLine
from stream_server.commerce.delivery import Address, Totals
from stream_server.commerce.errors import CheckoutExpired, CheckoutState
from stream_server.ids import CheckoutId, OrderId, PersonId, ShowId

State = Literal["open", "paying", "completed", "expired", "cancelled"]
Movement = Literal["keep", "release", "sell", "sell_unreserved"]
"""What a step does to stock: nothing, give back, sell what was held, or sell what must first be there again."""


@dataclass(frozen=True)
class CheckoutLimits:
    """How long a checkout may take."""

    reservation_s: float = 120
    payment_window_s: float = 600
    """How long goods are held for a payment under way (bank pages are slow)."""
    retry_s: float = 60
    """Time to try another card after a declined one."""
    max_attempts: int = 5
    """Payments that may be tried; declined cards must not hold goods for ever."""


@dataclass(frozen=True)
class Checkout:
    """One buyer's purchase on its way. ``version`` rises with every step: two steps at once cannot both happen."""

    checkout_id: CheckoutId
    show_id: ShowId
    buyer_id: PersonId
    buyer_name: str
    state: State
    currency: str
    lines: tuple[CartLine, ...]
    totals: Totals
    expires_at: datetime
    created_at: datetime
    address: Address | None = None
    delivery_option_id: str | None = None
    attempts: int = 0
    payment_id: str | None = None
    order_id: OrderId | None = None
    version: int = 1

    @property
    def holds_stock(self) -> bool:
        """True while goods are reserved for it."""
        return self.state in ("open", "paying")

    def is_due(self, at: datetime) -> bool:
        """True when it holds goods longer than it may."""
        return self.holds_stock and at >= self.expires_at

    def seconds_left(self, at: datetime) -> float:
        """Time left of the reservation (or payment window); 0 when nothing is held."""
        return max(0.0, (self.expires_at - at).total_seconds()) if self.holds_stock else 0.0


def movement(before: Checkout, after: Checkout) -> Movement:
    """What a step does to stock; follows from the two states alone."""
    if before.holds_stock == after.holds_stock:
        return "sell_unreserved" if after.state == "completed" else "keep"
    return "sell" if after.state == "completed" else "release"


def start_paying(
    checkout: Checkout,
    payment_id: str,
    address: Address,
    delivery_option_id: str,
    totals: Totals,
    limits: CheckoutLimits,
    at: datetime,
) -> Checkout:
    """From open to paying; the goods stay held for the payment window. Raises: CheckoutExpired, CheckoutState."""
    if checkout.state == "expired" or (checkout.state == "open" and checkout.is_due(at)):
        raise CheckoutExpired(checkout.checkout_id)
    if checkout.state != "open":
        raise CheckoutState(checkout.checkout_id, checkout.state)
    return replace(
        checkout,
        state="paying",
        address=address,
        delivery_option_id=delivery_option_id,
        totals=totals,
        attempts=checkout.attempts + 1,
        payment_id=payment_id,
        expires_at=at + timedelta(seconds=limits.payment_window_s),
        version=checkout.version + 1,
    )


def payment_failed(checkout: Checkout, limits: CheckoutLimits, at: datetime) -> Checkout:
    """From paying back to open with time for another card, or cancelled after too many. Raises: CheckoutState."""
    if checkout.state != "paying":
        raise CheckoutState(checkout.checkout_id, checkout.state)
    if checkout.attempts >= limits.max_attempts:
        return replace(checkout, state="cancelled", version=checkout.version + 1)
    reserved_until = checkout.created_at + timedelta(seconds=limits.reservation_s)
    retry_until = at + timedelta(seconds=limits.retry_s)
    return replace(checkout, state="open", expires_at=max(reserved_until, retry_until), version=checkout.version + 1)


def complete(checkout: Checkout, order_id: OrderId) -> Checkout:
    """To completed, with its order; also from expired (late money). Raises: CheckoutState."""
    if checkout.state in ("completed", "cancelled"):
        raise CheckoutState(checkout.checkout_id, checkout.state)
    return replace(checkout, state="completed", order_id=order_id, version=checkout.version + 1)


def expire(checkout: Checkout, at: datetime) -> Checkout:
    """To expired, when its time is over. Raises: CheckoutState."""
    if not checkout.is_due(at):
        raise CheckoutState(checkout.checkout_id, checkout.state)
    return replace(checkout, state="expired", version=checkout.version + 1)


def cancel(checkout: Checkout) -> Checkout:
    """To cancelled: the buyer gave up. Raises: CheckoutState."""
    if not checkout.holds_stock:
        raise CheckoutState(checkout.checkout_id, checkout.state)
    return replace(checkout, state="cancelled", version=checkout.version + 1)
