"""Signed webhooks, Stripe's scheme: header ``t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">``.

Source: docs.stripe.com/webhooks/signature. Several ``v1`` may come (a secret is being rolled); one has to fit.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from stream_server.commerce.errors import WebhookRefused

TOLERANCE_S = 300
MAX_BODY_BYTES = 256 * 1024
MAX_HEADER_CHARS = 1024
HEADER = "Stripe-Signature"


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The header for a body that is sent now."""
    moment = int(at.timestamp())
    return f"t={moment},v1={_mac(secret, moment, body)}"


def verify(secret: str, body: bytes, header: str, at: datetime) -> None:
    """See that whoever knows the secret signed exactly this body in the last five minutes. Raises: WebhookRefused."""
    if not secret:
        # Anybody can sign with nothing: a shop that has set no secret hears nobody.
        raise WebhookRefused("no secret is set")
    if len(body) > MAX_BODY_BYTES or len(header) > MAX_HEADER_CHARS:
        raise WebhookRefused("too large")
    moment, signatures = _parsed(header)
    if moment is None or not signatures:
        raise WebhookRefused("no signature")
    expected = _mac(secret, moment, body).encode()
    # compare_digest takes the same time wherever the first difference is; all are compared, none is skipped.
    fits = [hmac.compare_digest(expected, signature.encode()) for signature in signatures]
    if not any(fits):
        raise WebhookRefused("wrong signature")
    if abs(int(at.timestamp()) - moment) > TOLERANCE_S:
        raise WebhookRefused("too old")


def intent_of(body: bytes) -> str | None:
    """The payment intent that an event is about, None for other events. Raises: WebhookRefused for what is no event."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("not JSON") from error
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise WebhookRefused("not an event")
    data = event.get("data")
    subject = data.get("object") if isinstance(data, dict) else None
    if not event["type"].startswith("payment_intent.") or not isinstance(subject, dict):
        return None
    intent_id = subject.get("id")
    return intent_id if isinstance(intent_id, str) and 0 < len(intent_id) <= 255 else None


def _mac(secret: str, moment: int, body: bytes) -> str:
    return hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()


def _parsed(header: str) -> tuple[int | None, list[str]]:
    moment: int | None = None
    signatures = []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= 12:
            moment = int(value)
        elif name == "v1":
            signatures.append(value)
    return moment, signatures
