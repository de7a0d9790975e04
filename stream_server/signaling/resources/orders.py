"""What was bought, and how far it has come."""

from __future__ import annotations

from typing import Literal

from stream_server.signaling.resources.base import Resource
from stream_server.signaling.resources.checkout import Address, CartLine, Totals

OrderState = Literal["paid", "packed", "shipped", "delivered", "cancelled", "refunded"]


class Order(Resource):
    """GET /api/orders/{id} and GET /api/orders, newest first.

    A viewer sees the own orders, a brand those with its products, a host those of its shows, an admin all.
    """

    order_id: str
    show_id: str
    show_ms: int
    """Show clock at which it was placed."""
    placed_at: str
    state: OrderState
    buyer_name: str
    currency: str
    lines: list[CartLine]
    totals: Totals
    address: Address | None
    """Only for the buyer, the brand and admin."""


class OrderMove(Resource):
    """POST /api/orders/{id}/state (brand, admin): move to the next state."""

    state: OrderState
