from __future__ import annotations

from dataclasses import replace

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.errors import IdempotencyConflict
from stream_server.commerce.idempotency import InvalidIdempotencyKey, idempotency_key
from stream_server.commerce.payment import Intent, IntentStatus, Payment, PaymentView, learn, view
from stream_server.ids import CheckoutId, OrderId

NOW = ManualClock().now()
ORDER = OrderId("order_a")
PAYMENT = Payment("payment_a", CheckoutId("checkout_a"), "pm", "creating", 100, "USD", NOW, NOW)


def intent(status: IntentStatus) -> Intent:
    return Intent("pi_a", "payment_a", status, 100, "USD", "https://bank.example", "card_declined")


def test_a_payment_learns_what_the_provider_says() -> None:
    asked = learn(PAYMENT, intent("requires_action"), NOW)
    assert (asked.status, asked.action_url, asked.intent_id, asked.is_final) == (
        "requires_action",
        "https://bank.example",
        "pi_a",
        False,
    )
    declined = learn(asked, intent("declined"), NOW)
    assert (declined.status, declined.action_url, declined.decline_code, declined.is_final) == (
        "declined",
        None,
        "card_declined",
        True,
    )


def test_what_has_succeeded_stays_so_whatever_arrives_late() -> None:
    paid = learn(PAYMENT, intent("succeeded"), NOW)
    assert learn(paid, intent("processing"), NOW) is paid


@pytest.mark.parametrize(
    ("payment", "order_id", "seen"),
    [
        (PAYMENT, None, PaymentView("processing", None, None, None)),
        (replace(PAYMENT, status="processing"), None, PaymentView("processing", None, None, None)),
        (
            replace(PAYMENT, status="requires_action", action_url="/bank"),
            None,
            PaymentView("requires_action", "/bank", None, None),
        ),
        (replace(PAYMENT, status="succeeded"), ORDER, PaymentView("succeeded", None, None, ORDER)),
        (replace(PAYMENT, status="succeeded"), None, PaymentView("processing", None, None, None)),
        (
            replace(PAYMENT, status="declined", decline_code="lost_card"),
            None,
            PaymentView("declined", None, "lost_card", None),
        ),
        (replace(PAYMENT, status="cancelled"), None, PaymentView("declined", None, "cancelled", None)),
        (
            replace(PAYMENT, status="succeeded", outcome="refund_due"),
            None,
            PaymentView("declined", None, "refunded", None),
        ),
        (
            replace(PAYMENT, status="succeeded", outcome="refunded"),
            ORDER,
            PaymentView("succeeded", None, None, ORDER),
        ),
    ],
)
def test_the_buyer_sees_where_the_money_is(payment: Payment, order_id: OrderId | None, seen: PaymentView) -> None:
    assert view(payment, order_id) == seen


def test_a_key_belongs_to_one_request() -> None:
    key = idempotency_key("scope", "k", {"b": 1, "a": 2})
    assert key == idempotency_key("scope", "k", {"a": 2, "b": 1})
    key.check(key.fingerprint)
    with pytest.raises(IdempotencyConflict) as refused:
        key.check(idempotency_key("scope", "k", {"a": 3}).fingerprint)
    assert "different request" in str(refused.value)


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_decent_length(key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey) as refused:
        idempotency_key("scope", key, None)
    assert "1 to 255" in str(refused.value)
