"""Buying: the cart, the reservation, and paying for it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.base import Currency, Quantity, Resource, Texts


class CartLine(Resource):
    """One variant in the cart, at the server's price."""

    variant_id: str
    product_id: str
    title: Texts
    label: Texts
    picture_url: str | None
    quantity: int
    unit_minor: int
    total_minor: int
    left: int


class Cart(Resource):
    """GET /api/shows/{show_id}/cart: the signed-in person's cart of a show; one currency each."""

    currency: str
    lines: list[CartLine]
    items_minor: int


class CartLineInput(Resource):
    """PUT /api/shows/{show_id}/cart/{variant_id}; DELETE removes. Sets (does not add) the quantity."""

    quantity: Quantity
    currency: Currency


class CheckoutInput(Resource):
    """POST /api/shows/{show_id}/checkouts, header Idempotency-Key: reserves what is in the cart for two minutes."""

    currency: Currency


class Totals(Resource):
    """All costs, before paying."""

    items_minor: int
    delivery_minor: int
    tax_included_minor: int
    total_minor: int


class DeliveryOption(Resource):
    """One way to send it."""

    id: str
    label: Texts
    price_minor: int
    days_min: int
    days_max: int


class Checkout(Resource):
    """A reservation being paid. GET /api/checkouts/{id}. DELETE gives the goods back at once."""

    checkout_id: str
    show_id: str
    state: Literal["open", "paying", "completed", "expired", "cancelled"]
    expires_at: str
    seconds_left: float
    currency: str
    lines: list[CartLine]
    delivery_options: list[DeliveryOption]
    totals: Totals
    order_id: str | None


class Address(Resource):
    """Where it goes. Field names follow HTML autofill."""

    name: str = Field(min_length=1, max_length=100)
    email: str = Field(min_length=3, max_length=200, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    street_address: str = Field(min_length=1, max_length=200)
    postal_code: str = Field(min_length=1, max_length=20)
    city: str = Field(min_length=1, max_length=100)
    country: str = Field(pattern=r"^[A-Z]{2}$")


class PaymentInput(Resource):
    """POST /api/checkouts/{id}/payment, header Idempotency-Key."""

    address: Address
    delivery_option_id: Id
    payment_method: str = Field(min_length=1, max_length=200)
    """A token of the payment provider. The built-in test provider takes ``pm_test_ok``, ``pm_test_declined``,
    ``pm_test_authenticate`` and ``pm_test_slow`` (succeeds by webhook alone); card numbers never reach this server."""


class PaymentState(Resource):
    """How the payment stands. GET /api/checkouts/{id}/payment asks again."""

    status: Literal["processing", "requires_action", "succeeded", "declined"]
    action_url: str | None
    """For ``requires_action``: a page of the provider to show in a frame; when finished it posts
    ``{"vitrine": "payment_action_done"}`` to its parent. Then ask again."""
    decline_code: str | None
    order_id: str | None
