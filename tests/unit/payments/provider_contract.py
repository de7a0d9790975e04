"""What every payment provider promises; run on the built-in one, and on Stripe's adapter against a server double."""

from __future__ import annotations

import pytest

from stream_server.commerce.payment import IntentRequest
from stream_server.commerce.ports import PaymentProvider
from stream_server.errors import NotFound
from stream_server.ids import CheckoutId, new_id


def request(method: str, payment_id: str | None = None) -> IntentRequest:
    return IntentRequest(payment_id or new_id("payment"), CheckoutId("checkout_a"), 4490, "USD", method)


async def a_good_card_succeeds_at_once(provider: PaymentProvider, method: str) -> None:
    asked = request(method)
    intent = await provider.create(asked)
    assert (intent.status, intent.amount_minor, intent.currency) == ("succeeded", 4490, "USD")
    assert (intent.payment_id, intent.action_url, intent.decline_code) == (asked.payment_id, None, None)
    assert await provider.retrieve(intent.intent_id) == intent
    # It is too late to give up; what comes back says so.
    assert (await provider.cancel(intent.intent_id)).status == "succeeded"


async def the_same_payment_is_taken_once(provider: PaymentProvider, method: str) -> None:
    asked = request(method)
    first = await provider.create(asked)
    assert await provider.create(asked) == first


async def a_bad_card_is_declined(provider: PaymentProvider, method: str) -> None:
    asked = request(method)
    intent = await provider.create(asked)
    assert (intent.status, intent.payment_id, intent.decline_code) == ("declined", asked.payment_id, "card_declined")


async def an_unknown_card_is_declined(provider: PaymentProvider) -> None:
    intent = await provider.create(request("pm_nonsense"))
    assert intent.status == "declined"
    assert intent.decline_code


async def authentication_is_asked_for_on_a_page_and_can_be_called_off(provider: PaymentProvider, method: str) -> None:
    intent = await provider.create(request(method))
    assert intent.status == "requires_action"
    assert intent.action_url
    cancelled = await provider.cancel(intent.intent_id)
    assert (cancelled.status, cancelled.action_url) == ("cancelled", None)
    assert (await provider.cancel(intent.intent_id)).status == "cancelled"


async def money_goes_back_once(provider: PaymentProvider, method: str) -> None:
    intent = await provider.create(request(method))
    await provider.refund(intent.intent_id, intent.payment_id)
    await provider.refund(intent.intent_id, intent.payment_id)
    assert (await provider.retrieve(intent.intent_id)).status == "succeeded"


async def an_unknown_intent_is_not_found(provider: PaymentProvider) -> None:
    with pytest.raises(NotFound):
        await provider.retrieve("pi_nothing")
    with pytest.raises(NotFound):
        await provider.cancel("pi_nothing")
