"""The one table from error classes to HTTP, and the one body of every refusal: ``{code, message, detail}``.

WebSocket replies use the same three fields (`signaling.messages.Problem`). An error nobody meant is answered
with 500 and a reference id that finds its traceback in the log; nothing else of it leaves the server.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from stream_server.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
    VitrineError,
)
from stream_server.ids import new_id
from stream_server.signaling.media_plane import BadOffer, NoPublisher, StaleEtag

log = structlog.get_logger(__name__)

BEARER_CHALLENGE = 'Bearer realm="vitrine"'
NO_PUBLISHER_RETRY_S = 2


@dataclass(eq=False)
class WrongMediaType(Invalid):
    """The body has a type this resource does not take (415)."""

    code: ClassVar[str] = "wrong_media_type"
    wanted: str

    def __str__(self) -> str:
        return f"Send the body as {self.wanted}."


@dataclass(eq=False)
class TooLarge(Invalid):
    """The body is larger than this resource takes (413)."""

    code: ClassVar[str] = "too_large"
    limit_bytes: int

    def __str__(self) -> str:
        return f"The body is larger than {self.limit_bytes} bytes."


@dataclass(eq=False)
class Malformed(Invalid):
    """The body or a header cannot be read at all (400)."""

    code: ClassVar[str] = "malformed"
    reason: str

    def __str__(self) -> str:
        return f"The request cannot be read: {self.reason}."


class PreconditionMissing(Invalid):
    """The request must say which version it means, with If-Match (428)."""

    code: ClassVar[str] = "if_match_required"

    def __str__(self) -> str:
        return "Send If-Match with the newest ETag, or * to restart ICE."


class SlowRequest(Invalid):
    """The body did not arrive in time (408)."""

    code: ClassVar[str] = "slow_request"

    def __str__(self) -> str:
        return "The body did not arrive in time."


STATUS: Mapping[type[VitrineError], HTTPStatus] = {
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    # leaves with a meaning of their own in HTTP
    StaleEtag: HTTPStatus.PRECONDITION_FAILED,
    PreconditionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Malformed: HTTPStatus.BAD_REQUEST,
    SlowRequest: HTTPStatus.REQUEST_TIMEOUT,
}


def status_of(error: VitrineError) -> int:
    """The HTTP status of an error: its own entry in `STATUS`, or that of its nearest ancestor."""
    if isinstance(error, BadOffer) and not error.acceptable:
        return 400
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind].value
    return 500


def body_of(error: VitrineError) -> dict[str, Any]:
    """What the client reads; also the fields of a WebSocket `Problem`."""
    detail = json.loads(json.dumps(error.detail(), default=str))
    return {"code": error.code, "message": str(error), "detail": detail}


def headers_of(error: VitrineError) -> dict[str, str]:
    """The headers that HTTP wants beside the status."""
    match error:
        case Unauthenticated():
            # RFC 6750 §3.1: a token that was sent and is no good is told apart from none
            sent = type(error) is not Unauthenticated
            return {"WWW-Authenticate": BEARER_CHALLENGE + (', error="invalid_token"' if sent else "")}
        case TooMany() | Unavailable():
            return {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}
        case NoPublisher():
            return {"Retry-After": str(NO_PUBLISHER_RETRY_S)}
    return {}


def refusal(error: VitrineError) -> Response:
    """The whole answer to a request that ended in ``error``."""
    return JSONResponse(body_of(error), status_of(error), headers_of(error))


async def answer_vitrine_error(connection: HTTPConnection, error: Exception) -> Response:
    """Exception handler for errors raised on purpose."""
    assert isinstance(error, VitrineError)
    return refusal(error)


async def answer_validation_error(connection: HTTPConnection, error: Exception) -> Response:
    """Exception handler for bodies and parameters that FastAPI refused; repeats no input back."""
    assert isinstance(error, RequestValidationError)
    problems = [
        {"where": ".".join(str(part) for part in found["loc"]), "why": str(found["msg"])}
        for found in error.errors()[:20]
    ]
    if any(found["type"] == "json_invalid" for found in error.errors()):
        body = {"code": "malformed", "message": "The body is not valid JSON.", "detail": {}}
        return JSONResponse(body, 400)
    where = problems[0]["where"] if problems else "body"
    body = {
        "code": "invalid_body",
        "message": f"The request is not valid at {where}.",
        "detail": {"problems": problems},
    }
    return JSONResponse(body, 422)


_HTTP_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "slow_request",
    413: "too_large",
    415: "wrong_media_type",
}


async def answer_http_error(connection: HTTPConnection, error: Exception) -> Response:
    """Exception handler for what the frameworks refuse themselves (no route, wrong method)."""
    assert isinstance(error, HTTPException)
    if error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)
    code = _HTTP_CODES.get(error.status_code, "error")
    body = {"code": code, "message": f"{HTTPStatus(error.status_code).phrase}.", "detail": {}}
    return JSONResponse(body, error.status_code, error.headers)


def unexpected(connection: HTTPConnection, error: Exception) -> Response:
    """Log an error nobody meant under a reference id, and answer with that id only."""
    reference = new_id("err")
    log.error("unexpected error", reference=reference, path=connection.url.path, exc_info=error)
    body = {
        "code": "internal",
        "message": "Something went wrong on our side.",
        "detail": {"reference": reference},
    }
    return JSONResponse(body, 500)


async def answer_unexpected(request: Request, error: Exception) -> Response:
    """Exception handler of last resort."""
    return unexpected(request, error)


HANDLERS: dict[Any, Any] = {
    VitrineError: answer_vitrine_error,
    RequestValidationError: answer_validation_error,
    HTTPException: answer_http_error,
    Exception: answer_unexpected,
}
"""For ``Starlette(exception_handlers=…)`` and the API's own application alike."""
