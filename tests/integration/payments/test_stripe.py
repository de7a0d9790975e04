"""The Stripe adapter with Stripe's own library, against a server that speaks Stripe's API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe

from stream_server.clock import ManualClock
from stream_server.commerce.errors import WebhookRefused
from stream_server.errors import Unavailable
from stream_server.payments.signature import sign
from stream_server.payments.stripe import StripePayments
from tests.integration.payments.stripe_double import StripeDouble, serve
from tests.unit.payments import provider_contract as contract

SECRET = "whsec_stripe"
RETURN_URL = "https://shop.example/test-payments/done"


@pytest.fixture
def double() -> StripeDouble:
    return StripeDouble()


@pytest.fixture
def url(double: StripeDouble) -> Iterator[str]:
    with serve(double) as base_url:
        yield base_url


def adapter(url: str) -> StripePayments:
    return StripePayments("sk_test_x", SECRET, ManualClock(), RETURN_URL, url)


async def test_the_contract_of_payment_providers(url: str) -> None:
    async with adapter(url) as provider:
        await contract.a_good_card_succeeds_at_once(provider, "pm_card_visa")
        await contract.the_same_payment_is_taken_once(provider, "pm_card_visa")
        await contract.a_bad_card_is_declined(provider, "pm_card_chargeDeclined")
        await contract.an_unknown_card_is_declined(provider)
        await contract.authentication_is_asked_for_on_a_page_and_can_be_called_off(
            provider, "pm_card_authenticationRequired"
        )
        await contract.money_goes_back_once(provider, "pm_card_visa")
        await contract.an_unknown_intent_is_not_found(provider)


async def test_an_intent_is_confirmed_when_it_is_made(url: str, double: StripeDouble) -> None:
    async with adapter(url) as provider:
        asked = contract.request("pm_card_visa")
        await provider.create(asked)
    _, path, form = double.requests[0]
    assert path == "/v1/payment_intents"
    assert form == {
        "amount": "4490",
        "currency": "usd",
        "payment_method": "pm_card_visa",
        "payment_method_types[0]": "card",
        "confirm": "true",
        "return_url": RETURN_URL,
        "metadata[payment_id]": asked.payment_id,
        "metadata[checkout_id]": asked.checkout_id,
    }


async def test_a_declined_intent_is_found_again_by_its_id(url: str) -> None:
    async with adapter(url) as provider:
        declined = await provider.create(contract.request("pm_card_chargeDeclined"))
        found = await provider.retrieve(declined.intent_id)
        assert (found.status, found.decline_code) == ("declined", "card_declined")


async def test_a_server_that_is_down_is_unavailable(
    url: str, double: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_, **__: 0)
    async with adapter(url) as provider:
        double.breaks = True
        with pytest.raises(Unavailable):
            await provider.create(contract.request("pm_card_visa"))
        double.breaks = False
        with pytest.raises(Unavailable):
            await provider.refund("pi_nothing", "payment_x")


async def test_an_answer_that_is_wrong_in_itself_is_a_bug_and_not_hidden(url: str, double: StripeDouble) -> None:
    async with adapter(url) as provider:
        double.answers["create-payment_a"] = (
            400,
            {"error": {"type": "invalid_request_error", "param": "currency", "message": "no"}},
        )
        with pytest.raises(stripe.InvalidRequestError):
            await provider.create(contract.request("pm_card_visa", "payment_a"))


async def test_webhooks_are_verified() -> None:
    provider = StripePayments("sk_test_x", SECRET, ManualClock(), RETURN_URL)
    body = b'{"type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}}'
    assert provider.read_webhook(body, sign(SECRET, body, ManualClock().now())) == "pi_1"
    with pytest.raises(WebhookRefused):
        provider.read_webhook(body, sign("other", body, ManualClock().now()))
