"""One log line and one count per request, and an id that ties its lines together."""

from __future__ import annotations

import re

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stream_server.clock import Clock
from stream_server.ids import new_id
from stream_server.web.metrics import Metrics

log = structlog.get_logger("stream_server.web.requests")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._\-]{8,64}")
_QUIET = ("/healthz", "/readyz", "/metrics", "/assets/", "/pictures/")
_ASKED_AGAIN = ("/dubs",)
"""An AI host asks for it once a second."""


class RequestLog:
    """ASGI middleware, outermost: what it does not see did not happen."""

    def __init__(self, app: ASGIApp, clock: Clock, metrics: Metrics) -> None:
        self._app = app
        self._clock = clock
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with an id bound to the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else new_id("req")
        started = self._clock.monotonic_s()
        status = 500
        answered = False

        async def send_counted(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                answered = True
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_counted)
            except Exception:
                # Starlette raises what it has already logged and answered with 500 (`errors.answer_unexpected`)
                if not answered:
                    raise
            finally:
                took_s = self._clock.monotonic_s() - started
                route = route_of(scope)
                self._metrics.requests.labels(route, scope["method"], str(status)).inc()
                self._metrics.request_seconds.labels(route).observe(took_s)
                is_quiet = scope["path"].startswith(_QUIET) or scope["path"].endswith(_ASKED_AGAIN)
                record = log.debug if is_quiet and status < 500 else log.info
                record(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round(took_s * 1000, 1),
                    client=(scope.get("client") or ("unknown",))[0],
                )


def route_of(scope: Scope) -> str:
    """The path's pattern, never the path itself: label values must be few."""
    route = scope.get("route")
    path: str | None = getattr(route, "path", None)
    if path is None:
        return "other"
    prefix = "/api" if scope["path"].startswith("/api/") and not path.startswith("/api") else ""
    return prefix + path
