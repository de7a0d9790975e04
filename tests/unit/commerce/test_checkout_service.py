from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stream_server.commerce import checkout_service
from stream_server.commerce.checkout import CheckoutLimits
from stream_server.commerce.errors import (
    CheckoutExpired,
    CheckoutState,
    CurrencyMismatch,
    EmptyCart,
    IdempotencyConflict,
    OutOfStock,
    UnknownDelivery,
)
from stream_server.errors import NotFound, Unavailable
from stream_server.ids import CheckoutId, PersonId
from tests.fakes.commerce import ADDRESS, BUYER, OTHER, SHOW, draft, open_trial_shop
from tests.unit.commerce.faults import away, overtaken


async def test_a_checkout_reserves_and_says_what_it_costs() -> None:
    async with open_trial_shop() as trial:
        variant = await trial.variant()
        opened = await trial.reserve(variant.variant_id, 3)
        assert await trial.left(variant.variant_id) == 7
        assert (opened.state, opened.totals.items_minor, opened.totals.delivery_minor) == ("open", 6000, 490)
        assert opened.expires_at == trial.clock.now() + timedelta(seconds=120)
        assert [o.delivery_option_id for o in trial.shop.checkouts.delivery_options(opened)] == ["standard", "express"]
        assert await trial.shop.checkouts.checkout(opened.checkout_id, BUYER) == opened
        await trial.shop.announcer.settle()
        assert trial.events.stock[-1][1] == {variant.variant_id: 7}


async def test_an_empty_or_foreign_cart_is_not_checked_out() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        variant_id = product.variants[0].variant_id
        check_out = trial.shop.checkouts.open
        with pytest.raises(EmptyCart) as refused:
            await check_out(SHOW, BUYER, "Ada", "USD", "k")
        assert str(refused.value) == "The cart is empty."
        await trial.shop.carts.set_line(SHOW, BUYER, variant_id, 1, "USD")
        with pytest.raises(CurrencyMismatch):
            await check_out(SHOW, BUYER, "Ada", "EUR", "k")
        await trial.shop.catalogue.replace(product.product_id, draft(prices={"EUR": 1}), None)
        with pytest.raises(EmptyCart):
            await check_out(SHOW, BUYER, "Ada", "USD", "k")


async def test_a_currency_without_delivery_has_no_options() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.product(draft(prices={"XXX": 100}))).variants[0].variant_id
        await trial.shop.carts.set_line(SHOW, BUYER, variant_id, 1, "XXX")
        opened = await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "XXX", "k")
        assert trial.shop.checkouts.delivery_options(opened) == ()
        with pytest.raises(UnknownDelivery):
            await trial.pay(opened)


async def test_the_same_key_gives_the_same_checkout_and_another_body_a_conflict() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        await trial.shop.carts.set_line(SHOW, BUYER, variant_id, 2, "USD")
        first = await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "USD", "k")
        assert await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "USD", "k") == first
        assert await trial.left(variant_id) == 8
        with pytest.raises(IdempotencyConflict):
            await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "EUR", "k")
        trial.clock.advance(120)
        assert (await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "USD", "k")).state == "expired"
        # Keys of others are others.
        with pytest.raises(EmptyCart):
            await trial.shop.checkouts.open(SHOW, OTHER, "Bob", "EUR", "k")


async def test_a_reservation_runs_out_when_somebody_looks() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id, 3)
        trial.clock.advance(119.9)
        assert (await trial.shop.checkouts.checkout(opened.checkout_id, BUYER)).state == "open"
        trial.clock.advance(0.1)
        assert (await trial.shop.checkouts.checkout(opened.checkout_id, BUYER)).state == "expired"
        assert await trial.left(variant_id) == 10
        with pytest.raises(CheckoutExpired):
            await trial.pay(opened)


async def test_a_reservation_runs_out_when_it_is_swept() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        await trial.reserve(variant_id, 3)
        assert await trial.shop.checkouts.end_reservations() == 0
        trial.clock.advance(120)
        assert await trial.shop.checkouts.end_reservations() == 1
        assert await trial.left(variant_id) == 10
        await trial.shop.announcer.settle()
        assert trial.events.stock[-1][1] == {variant_id: 10}


async def test_paying_at_the_moment_of_expiry_is_too_late() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id)
        trial.clock.advance(120)
        with pytest.raises(CheckoutExpired):
            await trial.pay(opened)
        assert await trial.left(variant_id) == 10


async def test_a_reservation_that_ran_out_serves_the_next_buyer() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant(1)).variant_id
        await trial.reserve(variant_id)
        await trial.stores.carts.set_line(SHOW, OTHER, variant_id, 1, "USD", trial.clock.now())
        with pytest.raises(OutOfStock) as refused:
            await trial.shop.checkouts.open(SHOW, OTHER, "Bob", "USD", "k")
        assert str(refused.value) == "Sold out."
        trial.clock.advance(0.5)
        with pytest.raises(OutOfStock):  # looked a moment ago
            await trial.shop.checkouts.open(SHOW, OTHER, "Bob", "USD", "k")
        trial.clock.advance(120)
        assert (await trial.shop.checkouts.open(SHOW, OTHER, "Bob", "USD", "k")).state == "open"


async def test_a_checkout_belongs_to_its_buyer() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        for wrong in (
            trial.shop.checkouts.checkout(opened.checkout_id, OTHER),
            trial.shop.checkouts.cancel(opened.checkout_id, OTHER),
            trial.shop.checkouts.payment(opened.checkout_id, OTHER),
            trial.shop.checkouts.pay(opened.checkout_id, OTHER, ADDRESS, "standard", "pm_test_ok", "k"),
            trial.shop.checkouts.checkout(CheckoutId("nothing"), BUYER),
            trial.shop.checkouts.payment(opened.checkout_id, BUYER),
        ):
            with pytest.raises(NotFound):
                await wrong


async def test_cancelling_gives_the_goods_back_at_once() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id, 3)
        cancelled = await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)
        assert cancelled.state == "cancelled"
        assert await trial.left(variant_id) == 10
        assert await trial.shop.checkouts.cancel(opened.checkout_id, BUYER) == cancelled
        with pytest.raises(CheckoutState):
            await trial.pay(opened)


async def test_what_is_bought_is_not_cancelled() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened)
        with pytest.raises(CheckoutState):
            await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)
        with pytest.raises(CheckoutState):
            await trial.pay(opened)


async def test_giving_up_at_the_bank_cancels_the_payment() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id)
        asked = await trial.pay(opened, "pm_test_authenticate")
        assert asked.action_url is not None
        assert (await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)).state == "cancelled"
        assert await trial.left(variant_id) == 10
        intent_id = asked.action_url.rsplit("/", 1)[1]
        assert (await trial.provider.answer(intent_id, True)).status == "cancelled"
        await trial.hand_over_webhooks()
        assert (await trial.shop.checkouts.payment(opened.checkout_id, BUYER)).status == "declined"


async def test_giving_up_after_the_money_came_is_too_late() -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        asked = await trial.pay(opened, "pm_test_authenticate")
        assert asked.action_url is not None
        await trial.provider.answer(asked.action_url.rsplit("/", 1)[1], True)
        with pytest.raises(CheckoutState):
            await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)
        assert (await trial.shop.checkouts.checkout(opened.checkout_id, BUYER)).state == "completed"


async def test_a_payment_the_provider_cannot_stop_is_not_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        await trial.pay(opened, "pm_test_slow")
        monkeypatch.setattr(trial.provider, "cancel", trial.provider.retrieve)
        with pytest.raises(CheckoutState):
            await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)


async def test_giving_up_before_the_provider_answered_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        with monkeypatch.context() as patch:
            patch.setattr(trial.provider, "create", away)
            with pytest.raises(Unavailable):
                await trial.pay(opened)
        with pytest.raises(Unavailable):
            await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)


async def test_steps_that_are_always_overtaken_end_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        monkeypatch.setattr(trial.stores.checkouts, "step", overtaken)
        monkeypatch.setattr(trial.stores.checkouts, "start_payment", overtaken)
        with pytest.raises(Unavailable):
            await trial.shop.checkouts.cancel(opened.checkout_id, BUYER)
        with pytest.raises(Unavailable):
            await trial.pay(opened)


async def test_a_step_that_was_overtaken_shows_what_the_other_did(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id)
        trial.clock.advance(120)
        monkeypatch.setattr(trial.stores.checkouts, "step", overtaken)
        assert (await trial.shop.checkouts.checkout(opened.checkout_id, BUYER)) == opened


async def test_sweeping_goes_on_after_a_checkout_that_cannot_be_ended(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        await trial.reserve(variant_id, 2)
        await trial.reserve(variant_id, 3, OTHER)
        trial.clock.advance(120)
        step, failures = trial.stores.checkouts.step, [Unavailable(retry_after_s=1)]

        async def stumble(*arguments: object) -> None:
            if failures:
                raise failures.pop()
            await step(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(trial.stores.checkouts, "step", stumble)
        assert await trial.shop.checkouts.end_reservations() == 1
        assert "could not be ended" in caplog.text
        assert await trial.shop.checkouts.end_reservations() == 1
        assert await trial.left(variant_id) == 10


async def test_five_declined_cards_end_the_checkout() -> None:
    async with open_trial_shop(limits=CheckoutLimits(max_attempts=3)) as trial:
        variant_id = (await trial.variant()).variant_id
        opened = await trial.reserve(variant_id)
        for attempt in range(3):
            view = await trial.pay(opened, "pm_test_declined")
            assert (view.status, view.decline_code) == ("declined", "card_declined")
            state = (await trial.shop.checkouts.checkout(opened.checkout_id, BUYER)).state
            assert state == ("cancelled" if attempt == 2 else "open")
        assert await trial.left(variant_id) == 10
        with pytest.raises(CheckoutState):
            await trial.pay(opened)


async def test_a_checkout_whose_row_vanished_shows_its_payment_without_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with open_trial_shop() as trial:
        opened = await trial.reserve((await trial.variant()).variant_id, buyer_id=PersonId("p"))
        await trial.pay(opened, "pm_test_slow")
        paying = await trial.stores.checkouts.load(opened.checkout_id)
        assert paying is not None
        answers = [None, replace(paying, payment_id="gone")]

        async def load(checkout_id: CheckoutId) -> object:
            return answers.pop()

        monkeypatch.setattr(trial.stores.checkouts, "load", load)
        with pytest.raises(NotFound):
            await trial.shop.checkouts.payment(opened.checkout_id, PersonId("p"))


def test_a_sweep_is_bounded() -> None:
    assert checkout_service.SWEEP_BATCH <= 1000
