"""What the built-in payment provider needs: a memory of its own, and a way to send webhooks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stream_server.commerce.payment import IntentStatus
from stream_server.ids import CheckoutId


@dataclass(frozen=True)
class BuiltinIntent:
    """The built-in provider's record of a payment."""

    intent_id: str
    payment_id: str
    checkout_id: CheckoutId
    method: str
    status: IntentStatus
    amount_minor: int
    currency: str
    created_at: datetime
    decline_code: str | None = None
    refunded: bool = False
    settles_at: datetime | None = None
    """When a slow payment succeeds by itself."""


@dataclass(frozen=True)
class BuiltinWebhook:
    """An event on its way to the shop."""

    webhook_id: str
    body: str
    created_at: datetime
    attempts: int = 0


class BuiltinPaymentStore(Protocol):
    """Intents and webhooks of the built-in provider; survives a restart. Each method is one transaction."""

    async def add(self, intent: BuiltinIntent, webhook: BuiltinWebhook) -> BuiltinIntent:
        """Remember an intent and its first webhook; the one that is there when the payment has one already."""

    async def intent(self, intent_id: str) -> BuiltinIntent | None:
        """One intent."""

    async def change(
        self, after: BuiltinIntent, was: Collection[IntentStatus], webhook: BuiltinWebhook
    ) -> BuiltinIntent:
        """Write an intent and its webhook, if its status is still one of ``was``; what is stored afterwards."""

    async def settling(self, at: datetime, limit: int) -> list[BuiltinIntent]:
        """Slow payments whose time has come."""

    async def claim(self, at: datetime, until: datetime, limit: int) -> list[BuiltinWebhook]:
        """Webhooks to send now, oldest first. Others who ask get them only after ``until``."""

    async def delivered(self, webhook_id: str) -> None:
        """The shop has taken it (or it is given up)."""

    async def put_off(self, webhook_id: str, until: datetime) -> None:
        """The shop did not take it: count the attempt and try again later."""


class WebhookSender(Protocol):
    """Carries a webhook to the shop."""

    async def send(self, body: bytes, signature: str) -> bool:
        """True when the shop took it (2xx). Never raises for a shop that is away."""
