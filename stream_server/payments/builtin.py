"""The built-in test provider: takes no money, but behaves like a provider that does.

It keeps its own record, answers at once or later, asks for authentication on a page of its own, and tells by signed
webhooks that come at least once, late, repeated and in any order. The methods (tokens) it knows:

===================== ========================================================
pm_test_ok            succeeds at once
pm_test_declined      is declined (``card_declined``)
pm_test_authenticate  asks for authentication; the page decides
pm_test_slow          is processed, then succeeds ``settle_after_s`` later
===================== ========================================================

Any other token is declined as ``payment_method_unknown``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from stream_server.clock import Clock
from stream_server.commerce.payment import Intent, IntentRequest, IntentStatus
from stream_server.errors import NotFound
from stream_server.ids import new_id
from stream_server.payments.ports import BuiltinIntent, BuiltinPaymentStore, BuiltinWebhook, WebhookSender
from stream_server.payments.signature import intent_of, sign, verify

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 20
MAX_PAUSE_S = 3600
CLAIM_S = 30
BATCH = 20
ROUND_S = 0.25
ACTION_PATH = "/test-payments/authenticate/"

_STARTS: dict[str, tuple[IntentStatus, str | None]] = {
    "pm_test_ok": ("succeeded", None),
    "pm_test_declined": ("declined", "card_declined"),
    "pm_test_authenticate": ("requires_action", None),
    "pm_test_slow": ("processing", None),
}
_EVENTS: dict[IntentStatus, tuple[str, str]] = {
    "succeeded": ("payment_intent.succeeded", "succeeded"),
    "declined": ("payment_intent.payment_failed", "requires_payment_method"),
    "requires_action": ("payment_intent.requires_action", "requires_action"),
    "processing": ("payment_intent.processing", "processing"),
    "cancelled": ("payment_intent.canceled", "canceled"),
}


@dataclass(frozen=True)
class Challenge:
    """What the authentication page shows."""

    intent_id: str
    amount_minor: int
    currency: str
    is_waiting: bool
    """False when it was answered before, or called off."""


class BuiltinPayments:
    """The test provider; a `PaymentProvider`. While its block is open, slow payments settle and webhooks go out."""

    def __init__(
        self,
        store: BuiltinPaymentStore,
        sender: WebhookSender,
        secret: str,
        clock: Clock,
        base_url: str = "",
        settle_after_s: float = 2.0,
    ) -> None:
        """Make the provider.

        Args:
            store: its memory.
            sender: carries webhooks to the shop.
            secret: signs them, and verifies them again in `read_webhook`.
            clock: the time.
            base_url: under which its pages are found; the empty one makes addresses without host.
            settle_after_s: how long ``pm_test_slow`` takes.
        """
        self._store = store
        self._sender = sender
        self._secret = secret
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._settle_after = timedelta(seconds=settle_after_s)
        self._wake = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._task = self._group.create_task(self._run(), name="builtin-payments")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        await self._group.__aexit__(kind, error, trace)

    async def create(self, request: IntentRequest) -> Intent:
        """Take the money, or begin to; see `PaymentProvider.create`."""
        status, decline_code = _STARTS.get(request.method, ("declined", "payment_method_unknown"))
        now = self._clock.now()
        intent = BuiltinIntent(
            intent_id=new_id("pi"),
            payment_id=request.payment_id,
            checkout_id=request.checkout_id,
            method=request.method,
            status=status,
            amount_minor=request.amount_minor,
            currency=request.currency,
            created_at=now,
            decline_code=decline_code,
            settles_at=now + self._settle_after if status == "processing" else None,
        )
        stored = await self._store.add(intent, self._webhook(intent))
        self._wake.set()
        return self._shown(stored)

    async def retrieve(self, intent_id: str) -> Intent:
        """How it stands now. Raises: NotFound."""
        return self._shown(await self._intent(intent_id))

    async def cancel(self, intent_id: str) -> Intent:
        """Give up, unless it is too late. Raises: NotFound."""
        intent = await self._intent(intent_id)
        return self._shown(await self._change(intent, "cancelled", {"processing", "requires_action"}))

    async def refund(self, intent_id: str, payment_id: str) -> None:
        """Give all the money back; the same again does nothing. Raises: NotFound."""
        intent = await self._intent(intent_id)
        if not intent.refunded:
            after = replace(intent, refunded=True)
            webhook = self._event("charge.refunded", {"object": "charge", "payment_intent": intent_id})
            await self._store.change(after, {"succeeded"}, webhook)
            self._wake.set()

    def read_webhook(self, body: bytes, signature: str) -> str | None:
        """The intent that one of our own webhooks is about. Raises: WebhookRefused."""
        verify(self._secret, body, signature, self._clock.now())
        return intent_of(body)

    async def challenge(self, intent_id: str) -> Challenge:
        """What the authentication page shows. Raises: NotFound."""
        intent = await self._intent(intent_id)
        return Challenge(intent_id, intent.amount_minor, intent.currency, intent.status == "requires_action")

    async def answer(self, intent_id: str, ok: bool) -> Intent:
        """The page's answer: the buyer is (not) who they say. The first one counts. Raises: NotFound."""
        intent = await self._intent(intent_id)
        if ok:
            return self._shown(await self._change(intent, "succeeded", {"requires_action"}))
        refused = replace(intent, decline_code="authentication_failed")
        return self._shown(await self._change(refused, "declined", {"requires_action"}))

    async def work(self) -> int:
        """One round: settle slow payments, send webhooks that are due; how many were sent."""
        now = self._clock.now()
        for intent in await self._store.settling(now, BATCH):
            await self._change(intent, "succeeded", {"processing"})
        due = await self._store.claim(now, now + timedelta(seconds=CLAIM_S), BATCH)
        async with asyncio.TaskGroup() as sending:
            for webhook in due:
                sending.create_task(self._deliver(webhook), name=f"webhook-{webhook.webhook_id}")
        return len(due)

    async def _run(self) -> None:
        while True:
            try:
                await self.work()
            except Exception:
                # A fault boundary: webhooks are kept, the next round sends them.
                logger.exception("the built-in payment provider stumbled")
            self._wake.clear()
            try:
                async with asyncio.timeout(ROUND_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _deliver(self, webhook: BuiltinWebhook) -> None:
        body = webhook.body.encode()
        if await self._sender.send(body, sign(self._secret, body, self._clock.now())):
            await self._store.delivered(webhook.webhook_id)
        elif webhook.attempts + 1 >= MAX_ATTEMPTS:
            logger.error("a webhook was given up after %d attempts", MAX_ATTEMPTS)
            await self._store.delivered(webhook.webhook_id)
        else:
            pause_s = min(2**webhook.attempts, MAX_PAUSE_S)
            await self._store.put_off(webhook.webhook_id, self._clock.now() + timedelta(seconds=pause_s))

    async def _intent(self, intent_id: str) -> BuiltinIntent:
        intent = await self._store.intent(intent_id)
        if intent is None:
            raise NotFound("payment", intent_id)
        return intent

    async def _change(self, intent: BuiltinIntent, status: IntentStatus, was: set[IntentStatus]) -> BuiltinIntent:
        after = replace(intent, status=status, settles_at=None)
        stored = await self._store.change(after, was, self._webhook(after))
        self._wake.set()
        return stored

    def _webhook(self, intent: BuiltinIntent) -> BuiltinWebhook:
        kind, status = _EVENTS[intent.status]
        subject = {
            "id": intent.intent_id,
            "object": "payment_intent",
            "amount": intent.amount_minor,
            "currency": intent.currency.lower(),
            "status": status,
            "metadata": {"payment_id": intent.payment_id, "checkout_id": intent.checkout_id},
        }
        return self._event(kind, subject)

    def _event(self, kind: str, subject: dict[str, Any]) -> BuiltinWebhook:
        now = self._clock.now()
        webhook_id = new_id("evt")
        event = {
            "id": webhook_id,
            "object": "event",
            "type": kind,
            "created": int(now.timestamp()),
            "livemode": False,
            "data": {"object": subject},
        }
        return BuiltinWebhook(webhook_id, json.dumps(event, separators=(",", ":")), now)

    def _shown(self, intent: BuiltinIntent) -> Intent:
        waits = intent.status == "requires_action"
        return Intent(
            intent_id=intent.intent_id,
            payment_id=intent.payment_id,
            status=intent.status,
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            action_url=f"{self._base_url}{ACTION_PATH}{intent.intent_id}" if waits else None,
            decline_code=intent.decline_code if intent.status == "declined" else None,
        )
