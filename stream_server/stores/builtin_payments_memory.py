"""The memory of the built-in payment provider, gone with the process; for tests and trials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from stream_server.commerce.payment import IntentStatus
from stream_server.payments.ports import BuiltinIntent, BuiltinWebhook


class MemoryBuiltinPaymentStore:
    """See `BuiltinPaymentStore`."""

    def __init__(self) -> None:
        self._intents: dict[str, BuiltinIntent] = {}
        self._webhooks: dict[str, tuple[BuiltinWebhook, datetime]] = {}

    async def add(self, intent: BuiltinIntent, webhook: BuiltinWebhook) -> BuiltinIntent:
        """Remember an intent and its first webhook."""
        for known in self._intents.values():
            if known.payment_id == intent.payment_id:
                return known
        self._intents[intent.intent_id] = intent
        self._webhooks[webhook.webhook_id] = (webhook, webhook.created_at)
        return intent

    async def intent(self, intent_id: str) -> BuiltinIntent | None:
        """One intent."""
        return self._intents.get(intent_id)

    async def change(
        self, after: BuiltinIntent, was: Collection[IntentStatus], webhook: BuiltinWebhook
    ) -> BuiltinIntent:
        """Write an intent and its webhook, if its status is still one of ``was``."""
        if self._intents[after.intent_id].status in was:
            self._intents[after.intent_id] = after
            self._webhooks[webhook.webhook_id] = (webhook, webhook.created_at)
        return self._intents[after.intent_id]

    async def settling(self, at: datetime, limit: int) -> list[BuiltinIntent]:
        """Slow payments whose time has come."""
        waiting = [intent for intent in self._intents.values() if intent.settles_at and intent.settles_at <= at]
        return waiting[:limit]

    async def claim(self, at: datetime, until: datetime, limit: int) -> list[BuiltinWebhook]:
        """Webhooks to send now, oldest first."""
        due = [webhook for webhook, next_at in self._webhooks.values() if next_at <= at]
        claimed = sorted(due, key=lambda webhook: webhook.created_at)[:limit]
        for webhook in claimed:
            self._webhooks[webhook.webhook_id] = (webhook, until)
        return claimed

    async def delivered(self, webhook_id: str) -> None:
        """The shop has taken it."""
        self._webhooks.pop(webhook_id, None)

    async def put_off(self, webhook_id: str, until: datetime) -> None:
        """Count the attempt and try again later."""
        webhook, _ = self._webhooks[webhook_id]
        self._webhooks[webhook_id] = (replace(webhook, attempts=webhook.attempts + 1), until)
