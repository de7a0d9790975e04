"""What a payment provider needs of our web edge: its webhooks, and the pages that a buyer sees in a frame.

The test provider's authentication page stands where a bank's page would: in a frame of the player, on whatever
shop's site that is. It works without scripts until its last step, which tells the player that it is done.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Sequence
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from stream_server.errors import NotFound
from stream_server.web.page_headers import PageOptions
from stream_server.web.payment_texts import PAYMENT_TEXTS, RIGHT_TO_LEFT, choose_language
from stream_server.web.request_body import read_body
from stream_server.web.throttle import Rates, Throttle, address_of

MAX_WEBHOOK_BYTES = 256 * 1024
SIGNATURE_HEADER = "stripe-signature"
_MAX_ANSWER_BYTES = 1024
_INTENT_ID = re.compile(r"[a-z]{2,8}_[0-9a-z]{20}")
_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})

_STYLE = """
:root{color-scheme:light dark;--ink:#0e1013;--paper:#fafaf8;--quiet:#5d636b;--line:#0e101322;--accent:#ff5a36}
@media(prefers-color-scheme:dark){:root{--ink:#fafaf8;--paper:#0e1013;--quiet:#a3a9b1;--line:#fafaf822}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--paper);color:var(--ink);
font:16px/1.5 Inter,system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif}
main{width:100%;max-width:360px}
h1{font-size:20px;line-height:1.3;margin:0 0 8px}
p{margin:0 0 16px}
dl{display:flex;justify-content:space-between;margin:0 0 24px;padding:16px 0;border-block:1px solid var(--line);
font-variant-numeric:tabular-nums}
dt{color:var(--quiet)}dd{margin:0;font-weight:600}
button{width:100%;min-height:48px;border:0;
border-radius:999px;font:inherit;font-weight:600;cursor:pointer;margin:0 0 12px;
background:var(--accent);color:#0e1013}
button.quiet{background:transparent;color:inherit;border:1px solid var(--line);font-weight:400}
button:focus-visible{outline:3px solid currentColor;outline-offset:2px}
small{display:block;color:var(--quiet);font-size:14px}
"""
_TELL = 'parent.postMessage({vitrine:"payment_action_done"},"*")'


class Challenge(Protocol):
    """What the authentication page shows."""

    @property
    def amount_minor(self) -> int:
        """How much is to be paid."""

    @property
    def currency(self) -> str:
        """In which currency."""

    @property
    def is_waiting(self) -> bool:
        """False when it was answered before, or called off."""


class Authenticator(Protocol):
    """The test provider, as far as its page goes (`payments.builtin.BuiltinPayments`)."""

    async def challenge(self, intent_id: str) -> Challenge:
        """What the page shows. Raises: NotFound."""

    async def answer(self, intent_id: str, ok: bool) -> object:
        """The buyer is (not) who they say; the first answer counts. Raises: NotFound."""


class WebhookReader(Protocol):
    """Who hears the provider (`commerce.shop.Shop`)."""

    async def receive_webhook(self, body: bytes, signature: str) -> None:
        """Hear it. Raises: WebhookRefused, Unavailable."""


class PaymentPages:
    """Webhooks, the end of a provider's redirect, and the test provider's own page when it is the provider."""

    def __init__(
        self,
        reader: WebhookReader,
        authenticator: Authenticator | None,
        throttle: Throttle,
        rates: Rates,
        options: PageOptions,
    ) -> None:
        self._reader = reader
        self._authenticator = authenticator
        self._throttle = throttle
        self._rates = rates
        self._options = options

    def routes(self) -> Sequence[Route]:
        """``/webhooks/payments``, ``/payments/done``, and ``/test-payments/…``."""
        return [
            Route("/webhooks/payments", self._webhook, methods=["POST"]),
            Route("/payments/done", self._done, methods=["GET"]),
            Route("/test-payments/authenticate/{intent_id}", self._ask, methods=["GET"]),
            Route("/test-payments/authenticate/{intent_id}", self._answer, methods=["POST"]),
        ]

    async def _webhook(self, request: Request) -> Response:
        body = await read_body(request, MAX_WEBHOOK_BYTES)
        await self._reader.receive_webhook(body, request.headers.get(SIGNATURE_HEADER, ""))
        return Response(status_code=204)

    async def _done(self, request: Request) -> Response:
        words = self._words(request)
        return self._page(request, f"<p>{html.escape(words['done'])}</p>", tell=True)

    async def _ask(self, request: Request) -> Response:
        words = self._words(request)
        intent_id, authenticator = self._asked(request)
        challenge = await authenticator.challenge(intent_id)
        if not challenge.is_waiting:
            return self._page(request, f"<p>{html.escape(words['gone'])}</p>", tell=True)
        amount = html.escape(amount_text(challenge.amount_minor, challenge.currency))
        return self._page(
            request,
            f"<h1>{html.escape(words['title'])}</h1><p>{html.escape(words['lead'])}</p>"
            f"<dl><dt>{html.escape(words['amount'])}</dt><dd>{amount}</dd></dl>"
            '<form method="post">'
            f'<button name="answer" value="complete">{html.escape(words["complete"])}</button>'
            f'<button name="answer" value="fail" class="quiet">{html.escape(words["fail"])}</button>'
            f"</form><small>{html.escape(words['note'])}</small>",
            tell=False,
        )

    async def _answer(self, request: Request) -> Response:
        words = self._words(request)
        intent_id, authenticator = self._asked(request)
        complete = await read_body(request, _MAX_ANSWER_BYTES) == b"answer=complete"
        await authenticator.answer(intent_id, complete)
        return self._page(request, f"<p>{html.escape(words['done' if complete else 'failed'])}</p>", tell=True)

    def _asked(self, request: Request) -> tuple[str, Authenticator]:
        self._throttle.take("payment page", address_of(request), self._rates.reads)
        intent_id = request.path_params["intent_id"]
        if self._authenticator is None or not _INTENT_ID.fullmatch(intent_id):
            raise NotFound(kind="payment", id=intent_id[:40])
        return intent_id, self._authenticator

    def _words(self, request: Request) -> dict[str, str]:
        language = choose_language(request.headers.get("accept-language", ""))
        return {"language": language, **PAYMENT_TEXTS[language]}

    def _page(self, request: Request, content: str, *, tell: bool) -> Response:
        words = self._words(request)
        nonce = secrets.token_urlsafe(16)
        script = f'<script nonce="{nonce}">{_TELL}</script>' if tell else ""
        direction = "rtl" if words["language"] in RIGHT_TO_LEFT else "ltr"
        body = (
            f'<!doctype html><html lang="{words["language"]}" dir="{direction}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<title>{html.escape(words["title"])}</title><style nonce="{nonce}">{_STYLE}</style></head>'
            f"<body><main>{content}</main>{script}</body></html>"
        )
        shops = self._options.shop_origins
        ancestors = "*" if "*" in shops else " ".join(["'self'", *shops])
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; form-action 'self'; "
            f"base-uri 'none'; frame-ancestors {ancestors}"
        )
        return HTMLResponse(
            body,
            headers={
                "Content-Security-Policy": policy,
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            },
        )


def amount_text(amount_minor: int, currency: str) -> str:
    """``USD 12.50``: plain, and never wrong about the decimals (ISO 4217)."""
    if currency in _NO_DECIMALS:
        return f"{currency} {amount_minor}"
    return f"{currency} {amount_minor // 100}.{amount_minor % 100:02d}"
