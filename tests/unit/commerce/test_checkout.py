from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.checkout import (
    Checkout,
    CheckoutLimits,
    State,
    cancel,
    complete,
    expire,
    movement,
    payment_failed,
    start_paying,
)
from stream_server.commerce.delivery import Totals
from stream_server.commerce.errors import CheckoutExpired, CheckoutState
from stream_server.commerce.order import place
from stream_server.ids import CheckoutId, OrderId
from tests.fakes.commerce import ADDRESS, BUYER, SHOW

NOW = ManualClock().now()
LIMITS = CheckoutLimits()
TOTALS = Totals(100, 10, 0)
ORDER = OrderId("order_a")


def checkout(state: State = "open") -> Checkout:
    return Checkout(
        checkout_id=CheckoutId("checkout_a"),
        show_id=SHOW,
        buyer_id=BUYER,
        buyer_name="Ada",
        state=state,
        currency="USD",
        lines=(),
        totals=Totals(100, 0, 0),
        expires_at=NOW + timedelta(seconds=120),
        created_at=NOW,
    )


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_a_reservation_expires_after_two_minutes_to_the_microsecond() -> None:
    one = checkout()
    assert one.seconds_left(NOW + after(20)) == 100
    assert not one.is_due(NOW + after(120) - timedelta(microseconds=1))
    assert one.is_due(NOW + after(120))
    assert one.seconds_left(NOW + after(500)) == 0
    assert expire(one, NOW + after(120)).state == "expired"
    with pytest.raises(CheckoutState):
        expire(one, NOW + after(119))


def test_what_holds_nothing_is_never_due() -> None:
    gone = checkout("cancelled")
    assert not gone.is_due(NOW + after(500))
    assert gone.seconds_left(NOW) == 0


def test_paying_holds_the_goods_for_the_payment_window() -> None:
    paying = start_paying(checkout(), "payment_a", ADDRESS, "standard", TOTALS, LIMITS, NOW + after(100))
    assert (paying.state, paying.attempts, paying.version) == ("paying", 1, 2)
    assert paying.expires_at == NOW + after(700)
    assert (paying.address, paying.delivery_option_id, paying.totals) == (ADDRESS, "standard", TOTALS)


def test_nobody_pays_what_has_run_out() -> None:
    with pytest.raises(CheckoutExpired) as refused:
        start_paying(checkout(), "p", ADDRESS, "standard", TOTALS, LIMITS, NOW + after(120))
    assert str(refused.value) == "The reservation has run out."
    with pytest.raises(CheckoutExpired):
        start_paying(checkout("expired"), "p", ADDRESS, "standard", TOTALS, LIMITS, NOW)


@pytest.mark.parametrize("state", ["paying", "completed", "cancelled"])
def test_paying_starts_only_from_open(state: State) -> None:
    with pytest.raises(CheckoutState) as refused:
        start_paying(checkout(state), "p", ADDRESS, "standard", TOTALS, LIMITS, NOW)
    assert refused.value.detail() == {"checkout_id": "checkout_a", "state": state}
    assert state in str(refused.value)


def test_a_declined_card_leaves_time_for_another() -> None:
    paying = start_paying(checkout(), "p", ADDRESS, "standard", TOTALS, LIMITS, NOW + after(10))
    early = payment_failed(paying, LIMITS, NOW + after(12))
    assert (early.state, early.expires_at) == ("open", NOW + after(120))
    late = payment_failed(paying, LIMITS, NOW + after(300))
    assert (late.state, late.expires_at) == ("open", NOW + after(360))


def test_too_many_declined_cards_end_the_checkout() -> None:
    paying = replace(checkout("paying"), attempts=LIMITS.max_attempts)
    assert payment_failed(paying, LIMITS, NOW).state == "cancelled"
    with pytest.raises(CheckoutState):
        payment_failed(checkout(), LIMITS, NOW)


@pytest.mark.parametrize("state", ["open", "paying", "expired"])
def test_money_completes_what_is_open_paying_or_expired(state: State) -> None:
    done = complete(checkout(state), ORDER)
    assert (done.state, done.order_id, done.version) == ("completed", ORDER, 2)


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_money_does_not_complete_what_is_over(state: State) -> None:
    with pytest.raises(CheckoutState):
        complete(checkout(state), ORDER)


def test_only_what_holds_goods_is_cancelled() -> None:
    assert cancel(checkout()).state == "cancelled"
    assert cancel(checkout("paying")).state == "cancelled"
    with pytest.raises(CheckoutState):
        cancel(checkout("expired"))


@pytest.mark.parametrize(
    ("before", "then", "moved"),
    [
        ("open", "paying", "keep"),
        ("paying", "open", "keep"),
        ("open", "expired", "release"),
        ("paying", "cancelled", "release"),
        ("paying", "completed", "sell"),
        ("expired", "completed", "sell_unreserved"),
        ("expired", "cancelled", "keep"),
    ],
)
def test_stock_moves_as_the_states_say(before: State, then: State, moved: str) -> None:
    assert movement(checkout(before), checkout(then)) == moved


def test_only_a_checkout_being_paid_becomes_an_order() -> None:
    with pytest.raises(ValueError, match="after a payment"):
        place(checkout(), ORDER, 0, NOW)
    with pytest.raises(ValueError, match="after a payment"):
        place(replace(checkout(), payment_id="p"), ORDER, 0, NOW)
