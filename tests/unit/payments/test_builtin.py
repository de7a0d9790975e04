from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.errors import WebhookRefused
from stream_server.errors import NotFound
from stream_server.payments import builtin
from stream_server.payments.builtin import BuiltinPayments, Challenge
from stream_server.payments.signature import sign
from stream_server.stores.builtin_payments_memory import MemoryBuiltinPaymentStore
from tests.fakes.commerce import SECRET, KeptWebhooks
from tests.unit.payments import provider_contract as contract


class Bench:
    """A provider with everything around it."""

    def __init__(self, base_url: str = "") -> None:
        self.clock = ManualClock()
        self.webhooks = KeptWebhooks()
        self.store = MemoryBuiltinPaymentStore()
        self.provider = BuiltinPayments(self.store, self.webhooks, SECRET, self.clock, base_url)

    def sent(self) -> Iterator[dict[str, Any]]:
        for body, signature in self.webhooks.kept:
            assert self.provider.read_webhook(body, signature)
            yield json.loads(body)


async def test_the_contract_of_payment_providers() -> None:
    provider = Bench().provider
    await contract.a_good_card_succeeds_at_once(provider, "pm_test_ok")
    await contract.the_same_payment_is_taken_once(provider, "pm_test_slow")
    await contract.a_bad_card_is_declined(provider, "pm_test_declined")
    await contract.an_unknown_card_is_declined(provider)
    await contract.authentication_is_asked_for_on_a_page_and_can_be_called_off(provider, "pm_test_authenticate")
    await contract.money_goes_back_once(provider, "pm_test_ok")
    await contract.an_unknown_intent_is_not_found(provider)


async def test_the_page_answers_once() -> None:
    bench = Bench("https://shop.example/")
    intent = await bench.provider.create(contract.request("pm_test_authenticate"))
    assert intent.action_url == f"https://shop.example/test-payments/authenticate/{intent.intent_id}"
    assert await bench.provider.challenge(intent.intent_id) == Challenge(intent.intent_id, 4490, "USD", True)
    assert (await bench.provider.answer(intent.intent_id, True)).status == "succeeded"
    assert not (await bench.provider.challenge(intent.intent_id)).is_waiting
    assert (await bench.provider.answer(intent.intent_id, False)).status == "succeeded"
    with pytest.raises(NotFound):
        await bench.provider.challenge("pi_nothing")


async def test_a_refused_authentication_declines() -> None:
    bench = Bench()
    intent = await bench.provider.create(contract.request("pm_test_authenticate"))
    refused = await bench.provider.answer(intent.intent_id, False)
    assert (refused.status, refused.decline_code) == ("declined", "authentication_failed")


async def test_a_slow_payment_settles_after_its_time() -> None:
    bench = Bench()
    intent = await bench.provider.create(contract.request("pm_test_slow"))
    assert intent.status == "processing"
    bench.clock.advance(1.9)
    await bench.provider.work()
    assert (await bench.provider.retrieve(intent.intent_id)).status == "processing"
    bench.clock.advance(0.1)
    await bench.provider.work()
    assert (await bench.provider.retrieve(intent.intent_id)).status == "succeeded"
    assert [event["type"] for event in bench.sent()] == ["payment_intent.processing", "payment_intent.succeeded"]
    assert await bench.provider.work() == 0


async def test_webhooks_have_stripes_shape() -> None:
    bench = Bench()
    asked = contract.request("pm_test_ok")
    intent = await bench.provider.create(asked)
    await bench.provider.work()
    (event,) = bench.sent()
    assert event["object"] == "event"
    assert event["data"]["object"] == {
        "id": intent.intent_id,
        "object": "payment_intent",
        "amount": 4490,
        "currency": "usd",
        "status": "succeeded",
        "metadata": {"payment_id": asked.payment_id, "checkout_id": asked.checkout_id},
    }


async def test_a_refund_is_told_as_an_event_about_a_charge() -> None:
    bench = Bench()
    intent = await bench.provider.create(contract.request("pm_test_ok"))
    await bench.provider.refund(intent.intent_id, intent.payment_id)
    await bench.provider.work()
    body, signature = bench.webhooks.kept[-1]
    assert bench.provider.read_webhook(body, signature) is None
    assert json.loads(body)["type"] == "charge.refunded"


async def test_forged_webhooks_are_refused() -> None:
    bench = Bench()
    with pytest.raises(WebhookRefused):
        bench.provider.read_webhook(b"{}", sign("other", b"{}", bench.clock.now()))


async def test_a_webhook_nobody_takes_is_sent_again_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.webhooks.takes = False
    await bench.provider.create(contract.request("pm_test_ok"))
    assert await bench.provider.work() == 1
    assert await bench.provider.work() == 0
    for pause_s in (1, 2, 4):
        bench.clock.advance(pause_s - 0.1)
        assert await bench.provider.work() == 0
        bench.clock.advance(0.1)
        assert await bench.provider.work() == 1
    for _ in range(builtin.MAX_ATTEMPTS - 4):
        bench.clock.advance(builtin.MAX_PAUSE_S)
        assert await bench.provider.work() == 1
    assert "given up" in caplog.text
    bench.clock.advance(builtin.MAX_PAUSE_S)
    assert await bench.provider.work() == 0


async def test_while_open_it_works_by_itself_and_survives_a_stumble(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    claim, failures = bench.store.claim, [RuntimeError("a bug")]

    async def stumble(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return await claim(*arguments)

    bench.store.claim = stumble  # type: ignore[method-assign, assignment]
    delivered = bench.store.delivered
    async with bench.provider as provider:
        done = asyncio.Event()

        async def tell(webhook_id: str) -> None:
            await delivered(webhook_id)
            done.set()

        bench.store.delivered = tell  # type: ignore[method-assign]
        await provider.create(contract.request("pm_test_ok"))
        await done.wait()
    assert len(bench.webhooks.kept) == 1
    assert "stumbled" in caplog.text
