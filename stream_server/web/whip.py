"""WHIP, RFC 9725: a host sends a show's video to ``/whip/{show_id}``.

The token must be that of the show's own host, or of an admin. The host who comes back (page reloaded, network
changed) replaces its own dead or living session at once; anybody else meets 409 while somebody is on air.

Beyond the RFC, two query parameters: ``dub=es`` publishes another language's sound instead of the show,
``offers=es,zh`` names the dubs that this host makes as soon as somebody wants them. An interpreter's link
(`shows.interpreters`) opens exactly one dub of one show, and the session that was opened with it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from stream_server.audience.people import may_control, require
from stream_server.errors import Forbidden
from stream_server.ids import SessionId, ShowId, new_id
from stream_server.shows.interpreters import Interpreters
from stream_server.shows.service import ShowService
from stream_server.signaling.media_plane import MediaPlane, read_dub
from stream_server.web.access import Access
from stream_server.web.errors import Malformed
from stream_server.web.ice_servers import IceServers
from stream_server.web.throttle import Throttle, address_of
from stream_server.web.webrtc_http import EdgeOptions, WebRtcEdge

MAX_OFFERS = 16


class Whip(WebRtcEdge):
    """The WHIP endpoint and its sessions."""

    kind = "whip"

    def __init__(
        self,
        shows: ShowService,
        plane: MediaPlane,
        access: Access,
        interpreters: Interpreters,
        ice: IceServers,
        throttle: Throttle,
        options: EdgeOptions,
    ) -> None:
        super().__init__(plane, ice, throttle, options)
        self._shows = shows
        self._access = access
        self._interpreters = interpreters

    async def admit(self, request: Request) -> None:
        """Clients send their token on every request (§4.7.1); beside it, the session URL cannot be guessed."""
        seat_id = self._access.seat_id(request)
        if seat_id is not None:
            seat = await self._interpreters.admit(seat_id)
            if seat.session_id != request.path_params["session_id"]:
                raise Forbidden()
            return
        person = self._access.require(request)
        if person.role not in ("host", "admin"):
            raise Forbidden()

    async def create(self, request: Request) -> Response:
        """POST: 201 with our answer."""
        self._throttle.take("whip knock", address_of(request), self._options.rates.whep_post)
        seat_id = self._access.seat_id(request)
        if seat_id is not None:
            return await self._interpret(request, seat_id)
        person = self._access.require(request)
        self._throttle.take("whip", person.id, self._options.rates.whip_post)
        offers, dub = _offers(request), _dub(request)
        offer = await self.read_offer(request)
        show = await self._shows.get(ShowId(request.path_params["show_id"]))
        require(may_control(person, show), person)
        await self._shows.check_may_go_live(show.show_id)
        position_ms = await self._shows.position_ms(show.show_id)
        session_id = SessionId(new_id(self.kind))
        async with self.joining():
            answer = await self._plane.publish(
                show.show_id,
                session_id,
                offer,
                position_ms,
                replace=person.id == show.host_id or dub is not None,
                standby=person.is_ai,
                patience_s=show.ai_host.patience_s if person.is_ai else 0.0,
                offers=offers,
                dub=dub,
            )
        return self.created(answer)

    async def _interpret(self, request: Request, seat_id: str) -> Response:
        """POST with an interpreter's link: that dub of that show and nothing else, and never instead of another."""
        self._throttle.take("whip", seat_id, self._options.rates.whip_post)
        seat = await self._interpreters.admit(seat_id)
        if (request.path_params["show_id"], _dub(request), _offers(request)) != (seat.show_id, seat.language, ()):
            raise Forbidden()
        offer = await self.read_offer(request)
        await self._shows.check_may_go_live(seat.show_id)
        position_ms = await self._shows.position_ms(seat.show_id)
        session_id = SessionId(new_id(self.kind))
        async with self.joining():
            answer = await self._plane.publish(
                seat.show_id, session_id, offer, position_ms, replace=False, dub=seat.language
            )
        await self._interpreters.seated(seat_id, session_id)
        return self.created(answer)


def _dub(request: Request) -> str | None:
    """The dub that is published; None for the show itself. Raises: Malformed."""
    name = request.query_params.get("dub")
    if name is not None and read_dub(name) is None:
        raise Malformed("dub is a language like es, or es+original")
    return name


def _offers(request: Request) -> tuple[str, ...]:
    """Raises: Malformed."""
    names = tuple(filter(None, request.query_params.get("offers", "").split(",")))
    if len(names) > MAX_OFFERS or any(read_dub(name) is None for name in names):
        raise Malformed(f"offers names at most {MAX_OFFERS} dubs like es or es+original")
    return names
