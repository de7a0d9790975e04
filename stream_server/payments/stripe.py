"""Stripe: PaymentIntents confirmed when they are made, 3-D Secure by redirect in a frame, refunds, webhooks.

The library is synchronous here (its asynchronous half wants another HTTP client), so calls run in a small pool of
threads. Imported only when a Stripe key is set; install it with the extra ``stripe``.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from stream_server.clock import Clock
from stream_server.commerce.payment import Intent, IntentRequest, IntentStatus
from stream_server.errors import NotFound, Unavailable
from stream_server.payments.signature import intent_of, verify

T = TypeVar("T")
P = ParamSpec("P")

THREADS = 8
TIMEOUT_S = 20.0
HTTP_TIMEOUT_S = 15
RETRIES = 2

_STATUS: dict[str, IntentStatus] = {
    "succeeded": "succeeded",
    "processing": "processing",
    "requires_action": "requires_action",
    "requires_payment_method": "declined",
    # Confirmed at creation and captured at once, these two should not occur; not yet final is the safe reading.
    "requires_confirmation": "processing",
    "requires_capture": "processing",
    "canceled": "cancelled",
}


class StripePayments:
    """A `PaymentProvider` on Stripe. Owns its threads; leaving the block ends them."""

    def __init__(
        self, key: str, webhook_secret: str, clock: Clock, return_url: str, api_url: str | None = None
    ) -> None:
        """Make the provider; nothing is sent yet.

        Args:
            key: Stripe's secret key.
            webhook_secret: with which Stripe signs the webhooks of this endpoint (``whsec_…``).
            clock: the time, for the age of webhooks.
            return_url: where the bank's page leads when it is done; it posts ``payment_action_done`` to its parent.
            api_url: another server that speaks Stripe's API, for tests.
        """
        import stripe

        self._stripe = stripe
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": api_url} if api_url else None,
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=HTTP_TIMEOUT_S),
        )
        self._webhook_secret = webhook_secret
        self._clock = clock
        self._return_url = return_url

    async def __aenter__(self) -> Self:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="stripe")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    async def create(self, request: IntentRequest) -> Intent:
        """Make and confirm a PaymentIntent; Stripe's idempotency key is our payment id. Raises: Unavailable."""
        parameters: Any = {
            "amount": request.amount_minor,
            "currency": request.currency.lower(),
            "payment_method": request.method,
            "payment_method_types": ["card"],
            "confirm": True,
            "return_url": self._return_url,
            "metadata": {"payment_id": request.payment_id, "checkout_id": request.checkout_id},
        }
        options: Any = {"idempotency_key": f"create-{request.payment_id}"}
        try:
            intent = await self._call(self._client.v1.payment_intents.create, parameters, options)
        except self._stripe.CardError as error:
            return self._declined(request, error)
        except self._stripe.InvalidRequestError as error:
            # A token that does not exist (or was used up): for the buyer the same as a card that does not work.
            if error.param != "payment_method":
                raise
            return self._declined(request, error)
        return self._shown(intent)

    async def retrieve(self, intent_id: str) -> Intent:
        """How it stands now. Raises: NotFound, Unavailable."""
        try:
            return self._shown(await self._call(self._client.v1.payment_intents.retrieve, intent_id))
        except self._stripe.InvalidRequestError as error:
            raise NotFound("payment", intent_id) from error

    async def cancel(self, intent_id: str) -> Intent:
        """Give up, unless it is too late. Raises: NotFound, Unavailable."""
        try:
            return self._shown(await self._call(self._client.v1.payment_intents.cancel, intent_id))
        except self._stripe.InvalidRequestError:
            # Already succeeded, cancelled or being processed: look.
            return await self.retrieve(intent_id)

    async def refund(self, intent_id: str, payment_id: str) -> None:
        """Give all the money back; the same again does nothing. Raises: Unavailable."""
        parameters: Any = {"payment_intent": intent_id, "metadata": {"payment_id": payment_id}}
        options: Any = {"idempotency_key": f"refund-{payment_id}"}
        try:
            await self._call(self._client.v1.refunds.create, parameters, options)
        except self._stripe.InvalidRequestError as error:
            if error.code != "charge_already_refunded":
                raise Unavailable(retry_after_s=60) from error

    def read_webhook(self, body: bytes, signature: str) -> str | None:
        """The intent that a webhook is about. Raises: WebhookRefused."""
        verify(self._webhook_secret, body, signature, self._clock.now())
        return intent_of(body)

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        work = functools.partial(function, *args, **kwargs)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (
            TimeoutError,
            self._stripe.APIConnectionError,
            self._stripe.RateLimitError,
            self._stripe.APIError,
            self._stripe.AuthenticationError,
            self._stripe.PermissionError,
        ) as error:
            raise Unavailable(retry_after_s=5) from error

    def _declined(self, request: IntentRequest, error: Any) -> Intent:
        # Stripe made an intent all the same and names it in the error; without one nothing can be taken later.
        made = getattr(error.error, "payment_intent", None) if error.error else None
        return Intent(
            intent_id=made.id if made else f"none-{request.payment_id}",
            payment_id=request.payment_id,
            status="declined",
            amount_minor=request.amount_minor,
            currency=request.currency,
            decline_code=_decline_code(error),
        )

    def _shown(self, intent: Any) -> Intent:
        failure = getattr(intent, "last_payment_error", None)
        status = _STATUS.get(intent.status, "processing")
        return Intent(
            intent_id=intent.id,
            payment_id=getattr(intent.metadata, "payment_id", ""),
            status=status,
            amount_minor=intent.amount,
            currency=intent.currency.upper(),
            action_url=_action_url(intent) if status == "requires_action" else None,
            decline_code=_failure_code(failure) if status == "declined" else None,
        )


def _action_url(intent: Any) -> str | None:
    action = getattr(intent, "next_action", None)
    redirect = getattr(action, "redirect_to_url", None) if action else None
    return getattr(redirect, "url", None) if redirect else None


def _failure_code(failure: Any) -> str | None:
    return (getattr(failure, "decline_code", None) or getattr(failure, "code", None)) if failure else None


def _decline_code(error: Any) -> str:
    return str(_failure_code(error.error) or error.code or "card_declined")
