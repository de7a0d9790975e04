"""Money that arrives twice, late, in the wrong order, for something that is gone, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stream_server.commerce.checkout import Checkout
from stream_server.commerce.order import OrderFilter
from stream_server.commerce.payment import Intent
from stream_server.commerce.ports import Superseded
from stream_server.errors import NotFound, Unavailable
from stream_server.ids import CheckoutId, ShowId
from tests.fakes.commerce import BUYER, OTHER, TrialShop, open_trial_shop
from tests.unit.commerce.faults import away, crash


async def intent_of(trial: TrialShop, checkout: Checkout) -> Intent:
    stored = await trial.stores.checkouts.load(checkout.checkout_id)
    assert stored is not None
    assert stored.payment_id is not None
    payment = await trial.stores.checkouts.payment(stored.payment_id)
    assert payment is not None
    assert payment.intent_id is not None
    return await trial.provider.retrieve(payment.intent_id)


async def outcome_of(trial: TrialShop, intent: Intent) -> str:
    payment = await trial.stores.checkouts.payment(intent.payment_id)
    assert payment is not None
    return payment.outcome


async def state_of(trial: TrialShop, checkout: Checkout) -> str:
    return (await trial.shop.checkouts.checkout(checkout.checkout_id, BUYER)).state


async def orders(trial: TrialShop) -> int:
    return len(await trial.stores.orders.list_orders(OrderFilter(), 100))


async def test_a_good_card_buys_at_once() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id, 2)
        view = await trial.pay(opened)
        assert view.status == "succeeded"
        assert view.order_id is not None
        order = await trial.shop.orders.order(view.order_id, OrderFilter(buyer_id=BUYER))
        assert (order.show_ms, order.totals.total_minor, order.buyer_name) == (4200, 4490, "Ada")
        assert order.totals.tax_included_minor == 717
        assert await trial.left(variant_id) == 8
        assert (await trial.shop.carts.cart(opened.show_id, BUYER, "USD")).lines == ()
        await trial.shop.announcer.settle()
        assert trial.events.orders == [order]
        assert await trial.shop.checkouts.payment(opened.checkout_id, BUYER) == view


async def test_paying_again_with_the_same_key_buys_once() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        first = await trial.pay(opened, key="k")
        assert await trial.pay(opened, key="k") == first
        assert await orders(trial) == 1


async def test_a_declined_card_leaves_the_goods_for_another_card() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id)
        assert (await trial.pay(opened, "pm_test_declined")).status == "declined"
        assert await trial.left(variant_id) == 9
        assert (await trial.pay(opened)).status == "succeeded"
        assert await trial.hand_over_webhooks() == 2
        assert await orders(trial) == 1


async def test_a_card_that_needs_authentication_buys_when_the_bank_says_so() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        asked = await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        assert (asked.status, asked.action_url) == (
            "requires_action",
            f"/test-payments/authenticate/{intent.intent_id}",
        )
        assert await trial.shop.checkouts.payment(opened.checkout_id, BUYER) == asked
        await trial.provider.answer(intent.intent_id, True)
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"


async def test_a_refused_authentication_is_a_declined_card() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        await trial.provider.answer(intent.intent_id, False)
        await trial.hand_over_webhooks()
        view = await trial.shop.checkouts.payment(opened.checkout_id, BUYER)
        assert (view.status, view.decline_code) == ("declined", "authentication_failed")
        assert await state_of(trial, opened) == "open"


async def test_a_slow_payment_succeeds_by_its_webhook() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        assert (await trial.pay(opened, "pm_test_slow")).status == "processing"
        await trial.hand_over_webhooks()
        trial.clock.advance(2)
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "processing"
        assert await trial.hand_over_webhooks() == 1
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"


async def test_a_lost_webhook_is_made_up_for_by_asking() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_slow")
        trial.clock.advance(6)
        await trial.provider.work()
        trial.webhooks.kept.clear()
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"


async def test_webhooks_may_come_twice_and_in_any_order() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id)
        await trial.pay(opened, "pm_test_slow")
        trial.clock.advance(2)
        await trial.provider.work()
        kept = [*trial.webhooks.kept, *trial.webhooks.kept]
        assert len(kept) == 4
        for body, signature in reversed(kept):
            await trial.shop.receive_webhook(body, signature)
        assert await orders(trial) == 1
        assert await trial.left(variant_id) == 9


async def test_a_webhook_that_overtakes_our_own_answer_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        create = trial.provider.create

        async def create_and_be_cut_off(request: object) -> Intent:
            await create(request)  # type: ignore[arg-type]
            raise Unavailable(retry_after_s=1)

        monkeypatch.setattr(trial.provider, "create", create_and_be_cut_off)
        with pytest.raises(Unavailable):
            await trial.pay(opened, key="k")
        await trial.hand_over_webhooks()
        assert (await trial.pay(opened, key="k")).status == "succeeded"
        assert await orders(trial) == 1


async def test_an_answer_that_got_lost_is_asked_for_again_without_paying_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "create", away)
            with pytest.raises(Unavailable):
                await trial.pay(opened, key="k")
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "processing"
        trial.clock.advance(5)
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"


async def test_webhooks_about_others_are_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened)
        foreign = replace(await intent_of(trial, opened), intent_id="pi_x", payment_id="")

        async def retrieve(intent_id: str) -> Intent:
            return foreign

        trial.provider.retrieve = retrieve  # type: ignore[method-assign]
        await trial.shop.settlement.notice("pi_x")
        foreign = replace(foreign, payment_id="payment_of_another_shop")
        await trial.shop.settlement.notice("pi_x")
        assert caplog.text.count("not from here") == 2
        trial.provider.read_webhook = lambda body, signature: None  # type: ignore[method-assign]
        await trial.shop.receive_webhook(b"{}", "")


async def test_the_payment_window_holds_the_goods_longer_than_the_reservation() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        opened = await trial.reserve(variant_id)
        trial.clock.advance(119)
        await trial.pay(opened, "pm_test_authenticate")
        trial.clock.advance(599)
        assert await trial.shop.checkouts.end_payments() == 0
        assert await trial.left(variant_id) == 0
        await trial.provider.answer((await intent_of(trial, opened)).intent_id, True)
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "succeeded"


async def test_a_payment_that_takes_too_long_is_called_off_at_the_provider() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        opened = await trial.reserve(variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        trial.clock.advance(600)
        assert await trial.shop.checkouts.end_payments() == 1
        assert await state_of(trial, opened) == "expired"
        assert await trial.left(variant_id) == 1
        assert (await intent_of(trial, opened)).status == "cancelled"


async def test_money_that_came_just_before_the_window_closed_counts() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant(1)).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        await trial.provider.answer((await intent_of(trial, opened)).intent_id, True)
        trial.clock.advance(600)
        assert await trial.shop.checkouts.end_payments() == 1
        assert await state_of(trial, opened) == "completed"


async def test_a_provider_that_is_away_does_not_hold_goods_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        opened = await trial.reserve(variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "cancel", away)
            trial.clock.advance(600 + 299)
            assert await trial.shop.checkouts.end_payments() == 0
            trial.clock.advance(1)
            assert await trial.shop.checkouts.end_payments() == 1
        assert await trial.left(variant_id) == 1
        # Late money, and the goods are still there: bought all the same.
        await trial.provider.answer(intent.intent_id, True)
        await trial.hand_over_webhooks()
        assert await state_of(trial, opened) == "completed"
        assert await trial.left(variant_id) == 0
        assert await outcome_of(trial, intent) == "order"


async def test_late_money_for_goods_that_are_gone_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        opened = await trial.reserve(variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "cancel", away)
            trial.clock.advance(900)
            await trial.shop.checkouts.end_payments()
        await trial.pay(await trial.reserve(variant_id, 1, OTHER))
        await trial.provider.answer(intent.intent_id, True)
        await trial.hand_over_webhooks()
        assert await outcome_of(trial, intent) == "refunded"
        view = await trial.shop.checkouts.payment(opened.checkout_id, BUYER)
        assert (view.status, view.decline_code, view.order_id) == ("declined", "refunded", None)
        # The goods come back, the webhook once more: what was refunded does not become an order.
        await trial.shop.catalogue.change_stock(variant_id, 5, None)
        await trial.shop.settlement.notice(intent.intent_id)
        assert await orders(trial) == 1
        assert await trial.left(variant_id) == 5


async def test_a_refund_the_provider_does_not_take_now_is_sent_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant(1)).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "cancel", trial.provider.retrieve)
            patch.setattr(trial.provider, "refund", away)
            # Cancelled although the provider could not: its money has nowhere to go but back.
            stored = await trial.stores.checkouts.load(opened.checkout_id)
            assert stored is not None
            await trial.stores.checkouts.step(stored, replace(stored, state="cancelled", version=stored.version + 1))
            await trial.provider.answer(intent.intent_id, True)
            await trial.hand_over_webhooks()
            assert await outcome_of(trial, intent) == "refund_due"
            await trial.shop.checkouts.end_payments()
            assert await outcome_of(trial, intent) == "refund_due"
            assert caplog.text.count("a refund has to wait") == 2
        await trial.shop.checkouts.end_payments()
        assert await outcome_of(trial, intent) == "refunded"
        assert await orders(trial) == 0


async def test_money_of_an_attempt_that_is_not_the_latest_goes_back() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        first = await intent_of(trial, opened)
        await trial.provider.answer(first.intent_id, False)
        await trial.hand_over_webhooks()
        await trial.pay(opened, "pm_test_ok")
        payment = await trial.stores.checkouts.payment(first.payment_id)
        assert payment is not None
        late = replace(first, status="succeeded", action_url=None)

        async def retrieve(intent_id: str) -> Intent:
            return late

        trial.provider.retrieve = retrieve  # type: ignore[method-assign]
        await trial.shop.settlement.notice(first.intent_id)
        assert await outcome_of(trial, first) in ("refund_due", "refunded")
        assert await orders(trial) == 1


async def test_money_of_another_amount_goes_back() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_slow")
        intent = await intent_of(trial, opened)

        async def retrieve(intent_id: str) -> Intent:
            return replace(intent, status="succeeded", amount_minor=1)

        trial.provider.retrieve = retrieve  # type: ignore[method-assign]
        await trial.shop.settlement.notice(intent.intent_id)
        assert await outcome_of(trial, intent) in ("refund_due", "refunded")
        assert await orders(trial) == 0


async def test_a_payment_that_never_reached_the_provider_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        opened = await trial.reserve(variant_id)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "create", away)
            with pytest.raises(Unavailable):
                await trial.pay(opened)
        trial.clock.advance(600)
        view = await trial.shop.checkouts.payment(opened.checkout_id, BUYER)
        assert (view.status, view.decline_code) == ("declined", "abandoned")
        assert await trial.left(variant_id) == 1


async def test_an_order_is_placed_even_when_the_show_clock_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        monkeypatch.setattr(trial.shop.settlement._show_time, "show_ms", away)
        view = await trial.pay(opened)
        assert view.order_id is not None
        assert (await trial.shop.orders.order(view.order_id, OrderFilter())).show_ms == 0
        assert "without its place" in caplog.text


@pytest.mark.parametrize(("method", "then"), [("pm_test_ok", "completed"), ("pm_test_declined", "open")])
async def test_steps_that_are_always_overtaken_are_left_to_the_next_webhook(
    method: str, then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        with monkeypatch.context() as patch:
            patch.setattr(trial.stores.checkouts, "step", overtaken_after_start(trial))
            with pytest.raises(Unavailable):
                await trial.pay(opened, method)
        await trial.hand_over_webhooks()
        assert await state_of(trial, opened) == then


async def test_who_is_overtaken_by_a_refund_accepts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        payment = await trial.stores.checkouts.payment(intent.payment_id)
        assert payment is not None
        await trial.provider.answer(intent.intent_id, True)
        owe_refund = trial.stores.checkouts.owe_refund

        async def refund_first(*_: object) -> None:
            await owe_refund(replace(payment, status="succeeded"))
            raise Superseded

        with monkeypatch.context() as patch:
            patch.setattr(trial.stores.checkouts, "step", refund_first)
            heard = await trial.shop.settlement.refresh(payment)
        assert heard.outcome == "refund_due"
        # Who decides later finds it decided.
        assert (await trial.shop.settlement._send_back(payment)).outcome == "refund_due"


async def test_a_refund_without_intent_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "create", away)
            with pytest.raises(Unavailable):
                await trial.pay(opened)
        stored = await trial.stores.checkouts.load(opened.checkout_id)
        assert stored is not None
        payment = await trial.stores.checkouts.payment(stored.payment_id or "")
        assert payment is not None
        await trial.stores.checkouts.owe_refund(payment)
        assert await trial.shop.settlement.send_refunds() == 0


async def test_a_payment_without_checkout_is_an_error() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_slow")
        payment = await trial.stores.checkouts.payment((await intent_of(trial, opened)).payment_id)
        assert payment is not None
        with pytest.raises(NotFound):
            await trial.shop.settlement.run_out(replace(payment, checkout_id=CheckoutId("gone")))


async def test_a_bug_in_the_show_clock_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        monkeypatch.setattr(trial.shop.settlement._show_time, "show_ms", crash)
        with pytest.raises(RuntimeError):
            await trial.pay(opened)
        assert opened.show_id == ShowId("show_one")


def overtaken_after_start(trial: TrialShop) -> object:
    """In memory `start_payment` takes a `step` itself; only those after it are overtaken."""
    step, calls = trial.stores.checkouts.step, [0]

    async def take(*arguments: object) -> None:
        calls[0] += 1
        if calls[0] > 1:
            raise Superseded
        await step(*arguments)  # type: ignore[arg-type]

    return take


async def test_two_who_hear_of_the_same_money_make_one_order() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_authenticate")
        intent = await intent_of(trial, opened)
        seen_before = await trial.stores.checkouts.payment(intent.payment_id)
        assert seen_before is not None
        await trial.provider.answer(intent.intent_id, True)
        await trial.hand_over_webhooks()
        heard = await trial.shop.settlement.refresh(seen_before)
        assert heard.outcome == "order"
        assert await orders(trial) == 1
