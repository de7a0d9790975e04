"""The memory of the built-in provider: in memory, on SQLite and on PostgreSQL; and that it survives a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from stream_server.clock import ManualClock
from stream_server.commerce.payment import IntentStatus
from stream_server.ids import CheckoutId
from stream_server.payments.builtin import BuiltinPayments
from stream_server.payments.ports import BuiltinIntent, BuiltinWebhook
from stream_server.stores.builtin_payments import SqlBuiltinPaymentStore
from stream_server.stores.commerce import commerce_stores
from stream_server.stores.sql.database import open_database
from tests.fakes.commerce import BUYER, SECRET, KeptWebhooks, open_trial_shop
from tests.integration.commerce.conftest import Opener

NOW = ManualClock().now()
LATER = NOW + timedelta(seconds=30)


def intent(name: str = "a", status: IntentStatus = "processing") -> BuiltinIntent:
    settles_at = NOW + timedelta(seconds=2) if status == "processing" else None
    return BuiltinIntent(
        f"pi_{name}", f"payment_{name}", CheckoutId("c"), "pm", status, 100, "USD", NOW, settles_at=settles_at
    )


def webhook(name: str, after_s: float = 0) -> BuiltinWebhook:
    return BuiltinWebhook(f"evt_{name}", '{"name": "é"}', NOW + timedelta(seconds=after_s))


async def test_a_payment_has_one_intent(open_stores: Opener) -> None:
    async with open_stores() as stores:
        first = intent()
        assert await stores.payments.add(first, webhook("1")) == first
        again = replace(first, intent_id="pi_b", status="succeeded")
        assert await stores.payments.add(again, webhook("2")) == first
        assert await stores.payments.intent("pi_a") == first
        assert await stores.payments.intent("pi_b") is None
        assert await stores.payments.claim(NOW, LATER, 10) == [webhook("1")]


async def test_an_intent_changes_only_from_the_states_that_allow_it(open_stores: Opener) -> None:
    async with open_stores() as stores:
        first = intent()
        await stores.payments.add(first, webhook("1"))
        paid = replace(first, status="succeeded", settles_at=None)
        assert await stores.payments.change(paid, {"requires_action"}, webhook("2")) == first
        assert await stores.payments.change(paid, {"processing"}, webhook("3")) == paid
        assert await stores.payments.change(replace(paid, refunded=True), {"succeeded"}, webhook("4")) == replace(
            paid, refunded=True
        )
        sent = await stores.payments.claim(NOW, LATER, 10)
        assert {one.webhook_id for one in sent} == {"evt_1", "evt_3", "evt_4"}


async def test_slow_payments_settle_when_their_time_has_come(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await stores.payments.add(intent("a"), webhook("1"))
        await stores.payments.add(intent("b", "succeeded"), webhook("2"))
        assert await stores.payments.settling(NOW, 10) == []
        assert await stores.payments.settling(NOW + timedelta(seconds=2), 10) == [intent("a")]


async def test_webhooks_are_claimed_put_off_and_delivered(open_stores: Opener) -> None:
    async with open_stores() as stores:
        await stores.payments.add(intent("a"), webhook("1"))
        await stores.payments.add(intent("b"), webhook("2", 1))
        at = NOW + timedelta(seconds=1)
        assert await stores.payments.claim(at, LATER, 1) == [webhook("1")]
        assert await stores.payments.claim(at, LATER, 10) == [webhook("2", 1)]
        assert await stores.payments.claim(at, LATER, 10) == []
        await stores.payments.put_off("evt_1", at)
        assert await stores.payments.claim(at, LATER, 10) == [replace(webhook("1"), attempts=1)]
        await stores.payments.delivered("evt_1")
        # Whoever claimed the second died: somebody else gets it when the claim is over.
        assert await stores.payments.claim(LATER, LATER + timedelta(seconds=30), 10) == [webhook("2", 1)]
        await stores.payments.delivered("evt_2")
        assert await stores.payments.claim(LATER + timedelta(days=1), LATER, 10) == []


async def test_a_slow_payment_survives_a_restart(database_url: str) -> None:
    clock = ManualClock()
    async with open_database(database_url) as database:
        provider = BuiltinPayments(SqlBuiltinPaymentStore(database), KeptWebhooks(), SECRET, clock)
        async with open_trial_shop(commerce_stores(database), clock, provider=provider) as trial:
            variant_id = (await trial.variant()).variant_id
            opened = await trial.reserve(variant_id)
            assert (await trial.pay(opened, "pm_test_slow")).status == "processing"
    clock.advance(2)
    async with open_database(database_url) as database:
        webhooks = KeptWebhooks()
        provider = BuiltinPayments(SqlBuiltinPaymentStore(database), webhooks, SECRET, clock)
        async with open_trial_shop(commerce_stores(database), clock, provider=provider) as trial:
            await provider.work()
            assert len(webhooks.kept) == 2
            for body, signature in webhooks.kept:
                await trial.shop.receive_webhook(body, signature)
            assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"
            assert await trial.left(variant_id) == 9
