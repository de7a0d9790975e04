"""Brings the provider's money and our checkouts together, whatever arrives twice, late or in the wrong order.

One rule: look at how the provider's intent stands *now* and take the step that follows, guarded by the checkout's
version and the payment's outcome. Taking it twice is harmless, so everything may be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from stream_server.clock import Clock
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.checkout import (
    Checkout,
    CheckoutLimits,
    cancel,
    complete,
    expire,
    movement,
    payment_failed,
)
from stream_server.commerce.errors import OutOfStock
from stream_server.commerce.order import place
from stream_server.commerce.payment import Intent, IntentRequest, Payment, learn
from stream_server.commerce.ports import CheckoutStore, PaymentProvider, ShowTime, Superseded
from stream_server.errors import NotFound, Unavailable, VitrineError
from stream_server.ids import OrderId, ShowId, new_id

logger = logging.getLogger(__name__)

MAX_TRIES = 20
"""Steps that may be overtaken by others in a row; each time somebody else got on, so this does not happen."""
REFUNDS_PER_ROUND = 50


class Settlement:
    """Takes money, hears about it, and turns it into orders or sends it back."""

    def __init__(
        self,
        checkouts: CheckoutStore,
        provider: PaymentProvider,
        announcer: Announcer,
        show_time: ShowTime,
        clock: Clock,
        limits: CheckoutLimits,
    ) -> None:
        self._checkouts = checkouts
        self._provider = provider
        self._announcer = announcer
        self._show_time = show_time
        self._clock = clock
        self._limits = limits

    async def charge(self, payment: Payment) -> Payment:
        """Ask the provider to take the money; asking again is safe. Raises: Unavailable (outcome unknown)."""
        request = IntentRequest(
            payment.payment_id, payment.checkout_id, payment.amount_minor, payment.currency, payment.method
        )
        return await self._hear(payment, await self._provider.create(request), self._failed_step)

    async def refresh(self, payment: Payment) -> Payment:
        """Ask how it stands; one that the provider was never heard about is asked for again. Raises: Unavailable."""
        if payment.intent_id is None:
            return await self.charge(payment)
        return await self._hear(payment, await self._provider.retrieve(payment.intent_id), self._failed_step)

    async def call_off(self, payment: Payment) -> Payment:
        """The buyer gives up while paying: the checkout is cancelled unless the money came first.

        Raises: Unavailable (also while the provider has not yet answered the request to take the money).
        """
        if payment.intent_id is None:
            raise Unavailable(retry_after_s=2)
        return await self._hear(payment, await self._provider.cancel(payment.intent_id), cancel)

    async def run_out(self, payment: Payment) -> Payment:
        """The payment window is over: the checkout expires unless the money came first. Raises: Unavailable."""
        if payment.intent_id is not None:
            intent = await self._provider.cancel(payment.intent_id)
            return await self._hear(payment, intent, self._failed_step)
        # The provider never answered. If it did take the money, its webhook will say so, and it is settled then.
        abandoned = replace(payment, status="cancelled", decline_code="abandoned", updated_at=self._clock.now())
        await self._failed(abandoned, self._failed_step)
        return abandoned

    async def notice(self, intent_id: str) -> None:
        """A webhook says that something happened to an intent. Raises: Unavailable (send it again later)."""
        intent = await self._provider.retrieve(intent_id)
        payment = await self._checkouts.payment_of_intent(intent_id)
        if payment is None and intent.payment_id:
            # The webhook overtook the answer to our own request, or we died in between.
            payment = await self._checkouts.payment(intent.payment_id)
        if payment is None:
            logger.warning("a webhook is about an intent that is not from here")
            return
        await self._hear(payment, intent, self._failed_step)

    async def send_refunds(self) -> int:
        """Give money back that is owed; what the provider does not take now is tried again in the next round."""
        sent = 0
        for payment in await self._checkouts.refunds_due(REFUNDS_PER_ROUND):
            try:
                sent += await self._refund(payment)
            except VitrineError:
                logger.exception("a refund has to wait")
        return sent

    def _failed_step(self, checkout: Checkout) -> Checkout:
        now = self._clock.now()
        return expire(checkout, now) if checkout.is_due(now) else payment_failed(checkout, self._limits, now)

    async def _hear(self, payment: Payment, intent: Intent, failed: Callable[[Checkout], Checkout]) -> Payment:
        known = learn(payment, intent, self._clock.now())
        if intent.status == "succeeded":
            return await self._succeeded(known, intent)
        if known.is_final:
            await self._failed(known, failed)
        else:
            await self._checkouts.save_payment(known)
        return known

    async def _succeeded(self, payment: Payment, intent: Intent) -> Payment:
        if payment.outcome != "open":
            return payment
        is_exact = (intent.amount_minor, intent.currency) == (payment.amount_minor, payment.currency)
        for _ in range(MAX_TRIES):
            checkout = await self._load(payment)
            is_current = checkout.payment_id == payment.payment_id
            if is_current and checkout.state == "completed":
                break
            if not is_exact or not is_current or checkout.state == "cancelled":
                return await self._send_back(payment)
            order_id = OrderId(new_id("order"))
            order = place(checkout, order_id, await self._show_ms(checkout.show_id), self._clock.now())
            try:
                await self._checkouts.step(checkout, complete(checkout, order_id), payment, order)
            except Superseded:
                latest = await self._checkouts.payment(payment.payment_id)
                if latest is not None and latest.outcome != "open":
                    return latest
                continue
            except OutOfStock:
                return await self._send_back(payment)
            self._announcer.stock_moved(line.product_id for line in order.lines)
            self._announcer.order_placed(order)
            break
        else:
            raise Unavailable(retry_after_s=1)
        return await self._checkouts.payment(payment.payment_id) or payment

    async def _failed(self, payment: Payment, step: Callable[[Checkout], Checkout]) -> None:
        for _ in range(MAX_TRIES):
            checkout = await self._load(payment)
            if checkout.payment_id != payment.payment_id or checkout.state != "paying":
                await self._checkouts.save_payment(payment)
                return
            after = step(checkout)
            try:
                await self._checkouts.step(checkout, after, payment)
            except Superseded:
                continue
            if movement(checkout, after) != "keep":
                self._announcer.stock_moved(line.product_id for line in checkout.lines)
            return
        raise Unavailable(retry_after_s=1)

    async def _send_back(self, payment: Payment) -> Payment:
        if await self._checkouts.owe_refund(payment):
            try:
                await self._refund(payment)
            except VitrineError:
                logger.exception("a refund has to wait")
        return await self._checkouts.payment(payment.payment_id) or payment

    async def _refund(self, payment: Payment) -> bool:
        if payment.intent_id is None:
            return False
        await self._provider.refund(payment.intent_id, payment.payment_id)
        await self._checkouts.mark_refunded(payment.payment_id, self._clock.now())
        return True

    async def _show_ms(self, show_id: ShowId) -> int:
        try:
            return await self._show_time.show_ms(show_id)
        except VitrineError:
            logger.exception("an order is placed without its place in the show")
            return 0

    async def _load(self, payment: Payment) -> Checkout:
        checkout = await self._checkouts.load(payment.checkout_id)
        if checkout is None:
            raise NotFound("checkout", payment.checkout_id)
        return checkout
