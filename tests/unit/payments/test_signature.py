from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from stream_server.clock import ManualClock, SystemClock
from stream_server.commerce.errors import WebhookRefused
from stream_server.payments.signature import MAX_BODY_BYTES, TOLERANCE_S, intent_of, sign, verify

NOW = ManualClock().now()
BODY = b'{"id": "evt_1"}'
SECRET = "whsec_x"


def event(kind: str = "payment_intent.succeeded", subject: object = None) -> bytes:
    return json.dumps({"type": kind, "data": {"object": subject or {"id": "pi_1"}}}).encode()


def test_what_was_signed_is_accepted_for_five_minutes() -> None:
    header = sign(SECRET, BODY, NOW)
    for age_s in (-TOLERANCE_S, 0, TOLERANCE_S):
        verify(SECRET, BODY, header, NOW + timedelta(seconds=age_s))
    for age_s in (-TOLERANCE_S - 1, TOLERANCE_S + 1):
        with pytest.raises(WebhookRefused) as refused:
            verify(SECRET, BODY, header, NOW + timedelta(seconds=age_s))
        assert str(refused.value) == "Webhook refused: too old."


def test_stripes_own_library_accepts_our_signature_and_we_accept_its() -> None:
    now = SystemClock().now()
    body = json.dumps({"id": "evt_1", "object": "event", "type": "x", "data": {"object": {}}}).encode()
    header = sign(SECRET, body, now)
    assert stripe.Webhook.construct_event(body, header, SECRET)["id"] == "evt_1"
    moment = int(now.timestamp())
    theirs = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", SECRET)
    verify(SECRET, body, f"t={moment},v1={theirs}", now)


def test_one_of_several_signatures_is_enough() -> None:
    header = sign(SECRET, BODY, NOW)
    moment, signature = header.split(",")
    verify(SECRET, BODY, f"{moment}, v1=00, {signature}, v0=11, other", NOW)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "no signature"),
        ("v1=00", "no signature"),
        ("t=abc,v1=00", "no signature"),
        ("t=1", "no signature"),
        ("t=-5,v1=00", "no signature"),
        ("t=²,v1=00", "no signature"),
        ("t=1234567890123,v1=00", "no signature"),
        ("t=1,v1=00", "wrong signature"),
        ("t=1,v1=ä", "wrong signature"),
        ("t=1," + "v1=00," * 400, "too large"),
    ],
)
def test_other_headers_are_refused(header: str, reason: str) -> None:
    with pytest.raises(WebhookRefused) as refused:
        verify(SECRET, BODY, header, NOW)
    assert refused.value.reason == reason


def test_a_changed_body_or_another_secret_is_refused() -> None:
    header = sign(SECRET, BODY, NOW)
    for secret, body in ((SECRET, BODY + b" "), ("other", BODY)):
        with pytest.raises(WebhookRefused, match="wrong signature"):
            verify(secret, body, header, NOW)
    with pytest.raises(WebhookRefused, match="no secret"):
        verify("", BODY, sign("", BODY, NOW), NOW)
    with pytest.raises(WebhookRefused, match="too large"):
        verify(SECRET, b"x" * (MAX_BODY_BYTES + 1), header, NOW)


def test_an_event_names_its_intent() -> None:
    assert intent_of(event()) == "pi_1"


@pytest.mark.parametrize(
    "body",
    [
        event("charge.refunded"),
        event(subject={"id": 5}),
        event(subject={"id": ""}),
        event(subject={"id": "x" * 256}),
        event(subject=["pi_1"]),
        b'{"type": "payment_intent.succeeded"}',
        b'{"type": "payment_intent.succeeded", "data": 7}',
    ],
)
def test_other_events_name_none(body: bytes) -> None:
    assert intent_of(body) is None


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"type": 5}', b"[" * 100_000])
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        intent_of(body)


@given(st.binary(max_size=300), st.text(max_size=100))
def test_nothing_but_a_refusal_comes_out(body: bytes, header: str) -> None:
    with pytest.raises(WebhookRefused):
        verify(SECRET, body, header, NOW)
    with suppress(WebhookRefused):
        intent_of(body)
