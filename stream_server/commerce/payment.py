"""A payment as we remember it, and as the provider tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from stream_server.ids import CheckoutId, OrderId

IntentStatus = Literal["processing", "requires_action", "succeeded", "declined", "cancelled"]
PaymentStatus = Literal["creating", "processing", "requires_action", "succeeded", "declined", "cancelled"]
Outcome = Literal["open", "order", "refund_due", "refunded"]
"""What became of the money: undecided, an order, or on its way back. One field, so that it can be only one of them."""


@dataclass(frozen=True)
class IntentRequest:
    """What a provider is asked to take. The same ``payment_id`` twice takes the money once."""

    payment_id: str
    checkout_id: CheckoutId
    amount_minor: int
    currency: str
    method: str


@dataclass(frozen=True)
class Intent:
    """The provider's side of a payment, as it stands now."""

    intent_id: str
    payment_id: str
    """Ours, carried by the provider as metadata; empty for an intent that is not from here."""
    status: IntentStatus
    amount_minor: int
    currency: str
    action_url: str | None = None
    decline_code: str | None = None


@dataclass(frozen=True)
class Payment:
    """One attempt to pay one checkout."""

    payment_id: str
    checkout_id: CheckoutId
    method: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    created_at: datetime
    updated_at: datetime
    intent_id: str | None = None
    action_url: str | None = None
    decline_code: str | None = None
    outcome: Outcome = "open"

    @property
    def is_final(self) -> bool:
        """True when the provider's answer will not change any more."""
        return self.status in ("succeeded", "declined", "cancelled")


@dataclass(frozen=True)
class PaymentView:
    """How the payment stands, for the buyer."""

    status: Literal["processing", "requires_action", "succeeded", "declined"]
    action_url: str | None
    decline_code: str | None
    order_id: OrderId | None


def learn(payment: Payment, intent: Intent, at: datetime) -> Payment:
    """The payment after hearing from the provider. What has succeeded stays so, whatever arrives late."""
    if payment.status == "succeeded":
        return payment
    return replace(
        payment,
        intent_id=intent.intent_id,
        status=intent.status,
        action_url=intent.action_url if intent.status == "requires_action" else None,
        decline_code=intent.decline_code,
        updated_at=at,
    )


def view(payment: Payment, order_id: OrderId | None) -> PaymentView:
    """What the buyer sees. Money that came too late and goes back reads as declined, with a code that says so."""
    if payment.outcome in ("refund_due", "refunded") and order_id is None:
        return PaymentView("declined", None, "refunded", None)
    match payment.status:
        case "succeeded" if order_id is not None:
            return PaymentView("succeeded", None, None, order_id)
        case "declined" | "cancelled":
            return PaymentView("declined", None, payment.decline_code or payment.status, None)
        case "requires_action":
            return PaymentView("requires_action", payment.action_url, None, None)
        case _:
            return PaymentView("processing", None, None, None)
