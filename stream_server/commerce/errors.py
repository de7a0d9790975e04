"""What can go wrong while selling; each class is a decision its caller can make.

VitrineError
├── Conflict
│   ├── OutOfStock            offer fewer, or another variant
│   ├── StockReserved         wait until reservations end before taking so much away
│   ├── EmptyCart             put something in first
│   ├── CartFull              buy or remove something first
│   ├── CheckoutExpired       start a new checkout
│   ├── CheckoutState         look at the state: it is paid, cancelled or being paid
│   ├── OrderStateRefused     look at the state: this step does not follow
│   ├── SlugTaken             choose another slug
│   └── IdempotencyConflict   a bug or an attack: use a new key for a new request
├── Invalid
│   ├── InvalidQuantity, CurrencyMismatch, NotSoldIn, UnknownDelivery, InvalidProduct, WebhookRefused
└── Forbidden
    ├── NotYourProduct
    └── NotYourOrder
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stream_server.errors import Conflict, Forbidden, Invalid
from stream_server.ids import CheckoutId, OrderId, ProductId, VariantId


@dataclass(eq=False)
class OutOfStock(Conflict):
    """Fewer items are left than were asked for."""

    code: ClassVar[str] = "out_of_stock"
    product_id: ProductId
    variant_id: VariantId
    left: int

    def __str__(self) -> str:
        return f"Only {self.left} left." if self.left else "Sold out."


@dataclass(eq=False)
class StockReserved(Conflict):
    """Stock cannot be taken below what buyers have reserved (and never below zero)."""

    code: ClassVar[str] = "stock_reserved"
    variant_id: VariantId
    left: int

    def __str__(self) -> str:
        return f"Only {self.left} can be taken away; the rest is reserved or not there."


@dataclass(eq=False)
class EmptyCart(Conflict):
    """There is nothing to check out."""

    code: ClassVar[str] = "empty_cart"

    def __str__(self) -> str:
        return "The cart is empty."


@dataclass(eq=False)
class CartFull(Conflict):
    """A cart holds only so many different things."""

    code: ClassVar[str] = "cart_full"
    limit: int

    def __str__(self) -> str:
        return f"A cart holds at most {self.limit} different things."


@dataclass(eq=False)
class CheckoutExpired(Conflict):
    """The time to pay has run out and the goods went back."""

    code: ClassVar[str] = "checkout_expired"
    checkout_id: CheckoutId

    def __str__(self) -> str:
        return "The reservation has run out."


@dataclass(eq=False)
class CheckoutState(Conflict):
    """The checkout is in a state that does not allow this."""

    code: ClassVar[str] = "checkout_state"
    checkout_id: CheckoutId
    state: str

    def __str__(self) -> str:
        return f"The checkout is {self.state}."


@dataclass(eq=False)
class OrderStateRefused(Conflict):
    """The order cannot go from its state to the one asked for."""

    code: ClassVar[str] = "order_state"
    order_id: OrderId
    state: str
    wanted: str

    def __str__(self) -> str:
        return f"An order that is {self.state} cannot become {self.wanted}."


@dataclass(eq=False)
class SlugTaken(Conflict):
    """The brand has another product with this slug."""

    code: ClassVar[str] = "slug_taken"
    slug: str

    def __str__(self) -> str:
        return f"There is another product called {self.slug!r}."


@dataclass(eq=False)
class IdempotencyConflict(Conflict):
    """The key was used before with another request."""

    code: ClassVar[str] = "idempotency_conflict"
    key: str

    def __str__(self) -> str:
        return "This idempotency key belongs to a different request."


@dataclass(eq=False)
class InvalidQuantity(Invalid):
    """Not a quantity one can buy."""

    code: ClassVar[str] = "invalid_quantity"
    quantity: int
    maximum: int

    def __str__(self) -> str:
        return f"The quantity must be from 1 to {self.maximum}."


@dataclass(eq=False)
class CurrencyMismatch(Invalid):
    """A cart has one currency; this is another."""

    code: ClassVar[str] = "currency_mismatch"
    currency: str
    cart_currency: str

    def __str__(self) -> str:
        return f"The cart is in {self.cart_currency}, not {self.currency}."


@dataclass(eq=False)
class NotSoldIn(Invalid):
    """The variant has no price in this currency."""

    code: ClassVar[str] = "not_sold_in_currency"
    variant_id: VariantId
    currency: str

    def __str__(self) -> str:
        return f"This is not sold in {self.currency}."


@dataclass(eq=False)
class UnknownDelivery(Invalid):
    """No such way of delivery for this checkout."""

    code: ClassVar[str] = "unknown_delivery"
    delivery_option_id: str

    def __str__(self) -> str:
        return f"There is no delivery option {self.delivery_option_id!r} for this purchase."


@dataclass(eq=False)
class InvalidProduct(Invalid):
    """A product as written by the brand breaks a rule."""

    code: ClassVar[str] = "invalid_product"
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


@dataclass(eq=False)
class WebhookRefused(Invalid):
    """A webhook that the payment provider did not send (or sent too long ago)."""

    code: ClassVar[str] = "webhook_refused"
    reason: str

    def __str__(self) -> str:
        return f"Webhook refused: {self.reason}."


class NotYourProduct(Forbidden):
    """A brand touches only its own products."""

    code: ClassVar[str] = "not_your_product"

    def __str__(self) -> str:
        return "This product belongs to another brand."


class NotYourOrder(Forbidden):
    """A brand moves only orders whose goods are all its own."""

    code: ClassVar[str] = "not_your_order"

    def __str__(self) -> str:
        return "This order (or a part of it) belongs to another brand."
