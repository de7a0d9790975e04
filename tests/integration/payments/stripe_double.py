"""As much of Stripe's API as the adapter speaks, on a loopback port: a server double for its contract tests.

Shapes as documented at docs.stripe.com/api (PaymentIntents, Refunds, errors). Test tokens are Stripe's own.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

ERRORS = {"card": 402, "missing": 404, "state": 400}


class StripeDouble:
    """The state of the account, and the requests that were made."""

    def __init__(self) -> None:
        self.intents: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.refunded: set[str] = set()
        self.breaks = False
        self._numbers = count(1)

    def handle(self, method: str, path: str, form: dict[str, str], key: str | None) -> tuple[int, dict[str, Any]]:
        """Answer one request; the same idempotency key gets the same answer."""
        self.requests.append((method, path, form))
        if self.breaks:
            return 500, {"error": {"type": "api_error", "message": "down"}}
        if key is not None and key in self.answers:
            return self.answers[key]
        answer = self._answer(method, path.removeprefix("/v1/").split("/"), form)
        if key is not None:
            self.answers[key] = answer
        return answer

    def _answer(self, method: str, parts: list[str], form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        match method, parts:
            case "POST", ["payment_intents"]:
                return self._create(form)
            case "GET", ["payment_intents", intent_id] if intent_id in self.intents:
                return 200, self.intents[intent_id]
            case "POST", ["payment_intents", intent_id, "cancel"] if intent_id in self.intents:
                intent = self.intents[intent_id]
                if intent["status"] not in ("requires_action", "requires_payment_method"):
                    return _error("state", "payment_intent_unexpected_state")
                intent.update(status="canceled", next_action=None)
                return 200, intent
            case "POST", ["refunds"]:
                if form["payment_intent"] in self.refunded:
                    return _error("state", "charge_already_refunded")
                if form["payment_intent"] not in self.intents:
                    return _error("missing", "resource_missing")
                self.refunded.add(form["payment_intent"])
                return 200, {"id": "re_1", "object": "refund", "status": "succeeded"}
        return _error("missing", "resource_missing")

    def _create(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token = form["payment_method"]
        if not token.startswith("pm_card_"):
            return _error("missing", "resource_missing", param="payment_method")
        intent: dict[str, Any] = {
            "id": f"pi_{next(self._numbers)}",
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "metadata": {"payment_id": form["metadata[payment_id]"], "checkout_id": form["metadata[checkout_id]"]},
            "status": "succeeded",
            "next_action": None,
            "last_payment_error": None,
        }
        self.intents[intent["id"]] = intent
        if token == "pm_card_chargeDeclined":
            failure = {"code": "card_declined", "decline_code": "card_declined", "type": "card_error"}
            intent.update(status="requires_payment_method", last_payment_error=failure)
            return 402, {"error": {**failure, "message": "Your card was declined.", "payment_intent": intent}}
        if token == "pm_card_authenticationRequired":
            url = f"https://hooks.stripe.example/{intent['id']}"
            intent.update(
                status="requires_action",
                next_action={
                    "type": "redirect_to_url",
                    "redirect_to_url": {"url": url, "return_url": form["return_url"]},
                },
            )
        return 200, intent


def _error(kind: str, code: str, **more: str) -> tuple[int, dict[str, Any]]:
    return ERRORS[kind], {"error": {"type": "invalid_request_error", "code": code, "message": code, **more}}


@contextmanager
def serve(double: StripeDouble) -> Iterator[str]:
    """Serve it; gives the base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            form = {name: values[-1] for name, values in parse_qs(body).items()}
            key = self.headers.get("Idempotency-Key") if self.command == "POST" else None
            status, answer = double.handle(self.command, urlsplit(self.path).path, form, key)
            sent = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = _reply

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
