"""An order: what was paid, and its way to the buyer.

paid → packed → shipped → delivered. Until it is shipped it can be cancelled (goods back on the shelf, money back);
afterwards only refunded (money back; returned goods are counted in by hand).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from stream_server.commerce.cart import CartLine
from stream_server.commerce.checkout import Checkout
from stream_server.commerce.delivery import Address, Totals
from stream_server.commerce.errors import OrderStateRefused
from stream_server.ids import BrandId, CheckoutId, OrderId, PersonId, ShowId

OrderState = Literal["paid", "packed", "shipped", "delivered", "cancelled", "refunded"]

NEXT: dict[OrderState, frozenset[OrderState]] = {
    "paid": frozenset({"packed", "cancelled"}),
    "packed": frozenset({"shipped", "cancelled"}),
    "shipped": frozenset({"delivered", "refunded"}),
    "delivered": frozenset({"refunded"}),
    "cancelled": frozenset(),
    "refunded": frozenset(),
}
"""State → the states that may follow."""


@dataclass(frozen=True)
class Order:
    """A paid purchase."""

    order_id: OrderId
    checkout_id: CheckoutId
    payment_id: str
    show_id: ShowId
    show_ms: int
    """Show clock at which it was placed."""
    buyer_id: PersonId
    buyer_name: str
    state: OrderState
    currency: str
    lines: tuple[CartLine, ...]
    totals: Totals
    address: Address
    placed_at: datetime
    updated_at: datetime

    @property
    def brand_ids(self) -> frozenset[BrandId]:
        """The brands whose goods are in it."""
        return frozenset(line.brand_id for line in self.lines)


@dataclass(frozen=True)
class OrderFilter:
    """Which orders to list; None does not restrict."""

    buyer_id: PersonId | None = None
    brand_id: BrandId | None = None
    show_ids: frozenset[ShowId] | None = None

    def fits(self, order: Order) -> bool:
        """True when the order is one of these."""
        return (
            (self.buyer_id is None or order.buyer_id == self.buyer_id)
            and (self.brand_id is None or self.brand_id in order.brand_ids)
            and (self.show_ids is None or order.show_id in self.show_ids)
        )


def place(checkout: Checkout, order_id: OrderId, show_ms: int, at: datetime) -> Order:
    """The order that a paid checkout becomes."""
    if checkout.payment_id is None or checkout.address is None:
        raise ValueError("a checkout becomes an order only after a payment was started")
    return Order(
        order_id=order_id,
        checkout_id=checkout.checkout_id,
        payment_id=checkout.payment_id,
        show_id=checkout.show_id,
        show_ms=show_ms,
        buyer_id=checkout.buyer_id,
        buyer_name=checkout.buyer_name,
        state="paid",
        currency=checkout.currency,
        lines=checkout.lines,
        totals=checkout.totals,
        address=checkout.address,
        placed_at=at,
        updated_at=at,
    )


def move(order: Order, state: OrderState, at: datetime) -> Order:
    """The order in its next state. Raises: OrderStateRefused."""
    if state not in NEXT[order.state]:
        raise OrderStateRefused(order.order_id, order.state, state)
    return replace(order, state=state, updated_at=at)


def gives_goods_back(state: OrderState) -> bool:
    """True when entering this state puts the goods back on the shelf."""
    return state == "cancelled"


def gives_money_back(state: OrderState) -> bool:
    """True when entering this state owes the buyer the money."""
    return state in ("cancelled", "refunded")
