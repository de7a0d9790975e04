"""CORS (Fetch standard): which pages of other shops may call us, publish by WHIP and load the player.

Nothing here rests on cookies, so ``*`` is a safe default: every right travels as a Bearer token that a foreign
page would have to own already.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_REQUEST_HEADERS = "Authorization, Content-Type, If-Match, Idempotency-Key"
_EXPOSED = "Location, ETag, Link, Retry-After, Accept-Patch, Accept-Post, WWW-Authenticate"
_OWN_OPTIONS = ("/whip/", "/whep/")
"""Their OPTIONS says more than CORS (RFC 9725 §4.2), so it is answered there and only completed here."""


class CrossOrigin:
    """ASGI middleware; answers preflights and completes every response."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._any = "*" in origins
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it when it is a preflight."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = "*" if self._any else origin if origin in self._origins else None
        options = scope["method"] == "OPTIONS"

        async def send_completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(MutableHeaders(scope=message), allowed, options)
            await send(message)

        own = scope["path"].startswith(_OWN_OPTIONS)
        if options and not own and "access-control-request-method" in headers:
            await Response(status_code=200)(scope, receive, send_completed)
            return
        await self._app(scope, receive, send_completed)

    def _complete(self, headers: MutableHeaders, allowed: str | None, options: bool) -> None:
        if not self._any:
            headers.add_vary_header("Origin")
        if allowed is None:
            return
        headers["Access-Control-Allow-Origin"] = allowed
        if options:
            headers["Access-Control-Allow-Methods"] = _METHODS
            headers["Access-Control-Allow-Headers"] = _REQUEST_HEADERS
            headers["Access-Control-Max-Age"] = "7200"
        else:
            headers["Access-Control-Expose-Headers"] = _EXPOSED


def may_connect(origins: Sequence[str], origin: str | None, host: str | None) -> bool:
    """Whether a page of ``origin`` may open a WebSocket here: our own pages, listed origins, and non-browsers."""
    if origin is None or "*" in origins or origin in origins:
        return True
    return host is not None and origin.partition("://")[2] == host
