"""Reading a request's body within bounds of size and time, before any parser sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stream_server.web.errors import Malformed, SlowRequest, TooLarge, WrongMediaType, refusal

BODY_TIMEOUT_S = 15.0


def media_type(request: Request, header: str = "content-type") -> str:
    """The media type without its parameters, in lower case; empty when there is none."""
    return request.headers.get(header, "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit_bytes: int, timeout_s: float = BODY_TIMEOUT_S) -> bytes:
    """The whole body. Raises: TooLarge, SlowRequest, Malformed."""
    declared = request.headers.get("content-length")
    if declared is not None and (not declared.isdecimal() or int(declared) > limit_bytes):
        raise TooLarge(limit_bytes)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(timeout_s):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit_bytes:
                    raise TooLarge(limit_bytes)
                chunks.append(chunk)
    except TimeoutError as error:
        raise SlowRequest() from error
    except ClientDisconnect as error:
        raise Malformed("the client went away") from error
    return b"".join(chunks)


async def read_text(request: Request, wanted: str, limit_bytes: int) -> str:
    """The body as text of media type ``wanted``. Raises: WrongMediaType, TooLarge, SlowRequest, Malformed."""
    if media_type(request) != wanted:
        raise WrongMediaType(wanted)
    body = await read_body(request, limit_bytes)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("the body is not UTF-8") from error
    if not text.strip():
        raise Malformed("the body is empty")
    if "\x00" in text:
        raise Malformed("the body has a zero byte")
    return text


class BodyBounds:
    """ASGI middleware for applications that read bodies themselves (the REST interface)."""

    def __init__(self, app: ASGIApp, limit_bytes: int, larger: Mapping[str, int]) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a declared size at once; count and time what comes without one."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._limit_bytes)
        declared = Headers(scope=scope).get("content-length")
        if declared is not None and (not declared.isdecimal() or int(declared) > limit):
            await refusal(TooLarge(limit))(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + BODY_TIMEOUT_S
        size = 0
        whole = False

        async def receive_bounded() -> Message:
            nonlocal size, whole
            if whole:  # only the disconnect is still to come, whenever that is
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408) from error
            size += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if size > limit:
                # an HTTPException, because FastAPI turns every other one into a plain 400
                raise HTTPException(413)
            return message

        await self._app(scope, receive_bounded, send)
