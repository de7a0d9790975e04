"""What WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-04) have in common, as both write it the same way.

The endpoints differ in who may create a session and in what the media plane does; a session, once there, is
patched and deleted alike. Bodies are always sent whole with Content-Length: FFmpeg's muxer cannot read a
chunked 201.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stream_server.errors import NotFound, TooMany, Unavailable, VitrineError
from stream_server.ids import SessionId
from stream_server.signaling.media_plane import Answer, MediaPlane, MediaUnavailable, StaleEtag
from stream_server.web.errors import Malformed, PreconditionMissing, WrongMediaType, refusal
from stream_server.web.ice_servers import IceServers
from stream_server.web.request_body import read_text
from stream_server.web.throttle import Rates, Throttle, address_of

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
MAX_SDP_BYTES = 64 * 1024
_MAX_ETAGS = 4
_SESSION_ID = re.compile(r"[a-z]{2,8}_[0-9a-z]{20}")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class EdgeOptions:
    """Limits of the WHIP and WHEP edge."""

    rates: Rates = Rates()
    joins_at_once: int = 64
    """POSTs waiting for the media plane; more are asked to come back (avalanche control, RFC 9725 §5)."""
    busy_retry_s: float = 1.0
    plane_timeout_s: float = 5.0
    """A media plane that says nothing for this long counts as gone."""


class Overloaded(Unavailable):
    """More clients than this process can serve knock at once (503, RFC 9725 §4.5)."""

    code = "overloaded"


class WebRtcEdge:
    """Requests on endpoints and sessions of one kind; `whip` and `whep` say what creating a session means."""

    kind: str
    """``whip`` or ``whep``: the first path segment and the prefix of session ids, so that neither edge
    can reach the other's sessions."""

    def __init__(self, plane: MediaPlane, ice: IceServers, throttle: Throttle, options: EdgeOptions) -> None:
        self._plane = plane
        self._ice = ice
        self._throttle = throttle
        self._options = options
        self._joining = 0

    # ------------------------------------------------------------ for the subclasses to say

    async def create(self, request: Request) -> Response:
        """POST on the endpoint."""
        raise NotImplementedError

    async def admit(self, request: Request) -> None:
        """Raises Unauthenticated or Forbidden when the client may not touch sessions."""
        raise NotImplementedError

    async def describe(self, request: Request) -> Response:
        """GET and HEAD on the endpoint or a session: they have no representation (RFC 9725 §4.1)."""
        return Response(status_code=204)

    # ------------------------------------------------------------ routes

    def routes(self) -> list[Route]:
        """The endpoint and its sessions."""
        endpoint = {"POST": self.create, "GET": self.describe, "HEAD": self.describe, "OPTIONS": self._endpoint_options}
        session = {
            "PATCH": self._patch,
            "DELETE": self._delete,
            "GET": self._describe_session,
            "HEAD": self._describe_session,
            "OPTIONS": self._session_options,
        }
        return [
            Route(f"/{self.kind}/sessions/{{session_id}}", self._by_method(session), methods=list(session)),
            Route(f"/{self.kind}/{{show_id}}", self._by_method(endpoint), methods=list(endpoint)),
        ]

    def _by_method(self, handlers: Mapping[str, Handler]) -> Handler:
        allow = ", ".join(handlers)

        async def handle(request: Request) -> Response:
            try:
                response = await handlers[request.method](request)
            except VitrineError as error:
                response = refusal(error)
                if isinstance(error, WrongMediaType):
                    name = "Accept-Post" if error.wanted == SDP else "Accept-Patch"
                    response.headers[name] = error.wanted
            response.headers["Allow"] = allow
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return handle

    # ------------------------------------------------------------ endpoint

    async def read_offer(self, request: Request) -> str:
        """The SDP offer of a POST. Raises: WrongMediaType, TooLarge, Malformed, SlowRequest."""
        return await read_text(request, SDP, MAX_SDP_BYTES)

    def created(self, answer: Answer) -> Response:
        """201 with everything RFC 9725 §4.2, §4.3.1 and §4.6 put on it."""
        response = Response(answer.sdp, 201, media_type=SDP)
        # a path, not an absolute URL: behind a TLS proxy we do not know our own scheme for sure
        response.headers["Location"] = f"/{self.kind}/sessions/{answer.session_id}"
        response.headers["ETag"] = f'"{answer.etag}"'
        response.headers["Accept-Patch"] = FRAGMENT
        self._add_links(response)
        return response

    @asynccontextmanager
    async def joining(self) -> AsyncIterator[None]:
        """Hold one of the places for clients that wait on the media plane. Raises: Overloaded, MediaUnavailable."""
        if self._joining >= self._options.joins_at_once:
            raise Overloaded(self._options.busy_retry_s)
        self._joining += 1
        try:
            async with self.answering():
                yield
        finally:
            self._joining -= 1

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Bound a call to the media plane in time; its own "too many" is overload, hence 503 (§4.5)."""
        try:
            async with asyncio.timeout(self._options.plane_timeout_s):
                yield
        except TimeoutError as error:
            raise MediaUnavailable(retry_after_s=self._options.busy_retry_s) from error
        except TooMany as error:
            raise Overloaded(error.retry_after_s) from error

    async def _endpoint_options(self, request: Request) -> Response:
        response = Response(status_code=200)
        response.headers["Accept-Post"] = SDP
        if "access-control-request-method" not in request.headers:
            # §4.6: not on a CORS preflight, which would mint credentials for nobody
            self._throttle.take("ice", address_of(request), self._options.rates.ice_servers)
            self._add_links(response)
        return response

    async def _session_options(self, request: Request) -> Response:
        response = Response(status_code=200)
        response.headers["Accept-Patch"] = FRAGMENT
        return response

    def _add_links(self, response: Response) -> None:
        for link in self._ice.links():
            response.headers.append("Link", link)

    # ------------------------------------------------------------ sessions

    def _session_id(self, request: Request) -> SessionId:
        session_id: str = request.path_params["session_id"]
        if not _SESSION_ID.fullmatch(session_id) or not session_id.startswith(f"{self.kind}_"):
            raise NotFound(kind="session", id=session_id[:40])
        return SessionId(session_id)

    async def _describe_session(self, request: Request) -> Response:
        self._session_id(request)
        return Response(status_code=204)

    async def _patch(self, request: Request) -> Response:
        """Trickle candidates (204) or restart ICE (200), §4.3.2 and §4.3.3."""
        session_id = self._session_id(request)
        self._throttle.take("patch", session_id, self._options.rates.session_patch)
        await self.admit(request)
        fragment = await read_text(request, FRAGMENT, MAX_SDP_BYTES)
        answer = await self._patch_first_match(session_id, fragment, entity_tags(request))
        if answer is None:
            return Response(status_code=204)
        response = Response(answer.sdp, 200, media_type=FRAGMENT)
        response.headers["ETag"] = f'"{answer.etag}"'
        return response

    async def _patch_first_match(self, session_id: SessionId, fragment: str, tags: list[str]) -> Answer | None:
        for position, tag in enumerate(tags):
            try:
                async with self.answering():
                    return await self._plane.patch(session_id, fragment, tag)
            except StaleEtag:
                if position == len(tags) - 1:
                    raise
        raise StaleEtag()  # only weak tags were sent: they match nothing (RFC 9110 §13.1.1)

    async def _delete(self, request: Request) -> Response:
        """End the session; any If-Match is ignored (§4.3.1)."""
        session_id = self._session_id(request)
        self._throttle.take("delete", address_of(request), self._options.rates.session_delete)
        await self.admit(request)
        async with self.answering():
            await self._plane.close(session_id)
        return Response(status_code=200)


def entity_tags(request: Request) -> list[str]:
    """The strong tags of If-Match, unquoted, or ``["*"]``. Raises: PreconditionMissing, Malformed.

    RFC 9725's own example writes the wildcard with quotes, so both spellings count; tags without quotes are
    taken as well, because deployed clients send them.
    """
    value = ", ".join(request.headers.getlist("if-match")).strip()
    if not value:
        raise PreconditionMissing()
    tags = [part.strip() for part in value.split(",")]
    if len(tags) > _MAX_ETAGS or any(len(tag) > 200 for tag in tags):
        raise Malformed("If-Match is too long")
    strong = [tag.strip('"') for tag in tags if not tag.startswith("W/")]
    return ["*"] if "*" in strong else strong
