"""WHEP, draft-ietf-wish-whep-04: viewers fetch a show's video from ``/whep/{show_id}``.

Shows are public, so no token is needed; one that is sent must be good. We always take the player's offer or
refuse it: the draft's counter-offers (406) are for servers that cannot answer an offer. Which picture a session gets,
and which language's sound, is not part of WHEP: resources of our own beside the session.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from stream_server.ids import SessionId, ShowId, new_id
from stream_server.shows.model import ShowEnded
from stream_server.shows.service import ShowService
from stream_server.signaling.media_plane import MediaPlane, read_dub
from stream_server.web.access import Access
from stream_server.web.errors import Malformed
from stream_server.web.ice_servers import IceServers
from stream_server.web.request_body import read_text
from stream_server.web.throttle import Throttle, address_of
from stream_server.web.webrtc_http import SDP, EdgeOptions, WebRtcEdge

MAX_CHOICE_BYTES = 200


class SoundChoice(BaseModel):
    """What a viewer wants to hear."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    dub: str | None
    """A dub's name; None for the original."""


class Whep(WebRtcEdge):
    """The WHEP endpoint and its sessions."""

    kind = "whep"

    def __init__(
        self,
        shows: ShowService,
        plane: MediaPlane,
        access: Access,
        ice: IceServers,
        throttle: Throttle,
        options: EdgeOptions,
    ) -> None:
        super().__init__(plane, ice, throttle, options)
        self._shows = shows
        self._access = access

    def routes(self) -> list[Route]:
        """The endpoint, its sessions, and what a session is sent."""
        choice = {"GET": self._sound, "HEAD": self._sound, "PUT": self._choose, "OPTIONS": self._session_options}
        beside = {
            f"/{self.kind}/sessions/{{session_id}}/picture": {"GET": self._picture, "HEAD": self._picture},
            f"/{self.kind}/sessions/{{session_id}}/dub": choice,
            f"/{self.kind}/{{show_id}}/dubs": {"GET": self._dubs, "HEAD": self._dubs},
        }
        own = [Route(path, self._by_method(by), methods=list(by)) for path, by in beside.items()]
        return [*super().routes(), *own]

    async def admit(self, request: Request) -> None:
        """The unguessable session URL is the right to it; a token, when sent, must be good (§4.9.1)."""
        self._access.person(request)

    async def create(self, request: Request) -> Response:
        """POST: 201 with our answer, 409 while nobody broadcasts (§4.2)."""
        self._throttle.take("whep", address_of(request), self._options.rates.whep_post)
        self._access.person(request)
        offer = await self.read_offer(request)
        show = await self._shows.get(ShowId(request.path_params["show_id"]))
        if show.status == "ended":
            raise ShowEnded(show.show_id)
        session_id = SessionId(new_id(self.kind))
        async with self.joining():
            answer = await self._plane.view(show.show_id, session_id, offer)
        return self.created(answer)

    async def _picture(self, request: Request) -> Response:
        """GET: which size of the picture this session is sent, and why no larger one (not part of WHEP)."""
        session_id = self._session_id(request)
        self._throttle.take("picture", session_id, self._options.rates.session_read)
        await self.admit(request)
        async with self.answering():
            return JSONResponse(asdict(await self._plane.picture(session_id)))

    async def _dubs(self, request: Request) -> Response:
        """GET: the languages that the show's sound can be had in right now, and how many listen to each."""
        self._throttle.take("dubs", address_of(request), self._options.rates.reads)
        show = await self._shows.get(ShowId(request.path_params["show_id"]))
        async with self.answering():
            dubs = await self._plane.dubs(show.show_id)
        return JSONResponse({"dubs": [asdict(dub) for dub in dubs]})

    async def _sound(self, request: Request) -> Response:
        """GET: which dub this session chose, and whether it is what it gets."""
        session_id = self._session_id(request)
        self._throttle.take("dub", session_id, self._options.rates.session_read)
        await self.admit(request)
        async with self.answering():
            return JSONResponse(asdict(await self._plane.sound(session_id)))

    async def _choose(self, request: Request) -> Response:
        """PUT: this session hears that dub from now on, or the original; nothing is negotiated again."""
        session_id = self._session_id(request)
        self._throttle.take("dub", session_id, self._options.rates.session_read)
        await self.admit(request)
        text = await read_text(request, "application/json", MAX_CHOICE_BYTES)
        try:
            choice = SoundChoice.model_validate_json(text)
        except ValidationError as error:
            raise Malformed("the body is {dub}") from error
        if choice.dub is not None and read_dub(choice.dub) is None:
            raise Malformed("dub is a language like es, or es+original")
        async with self.answering():
            return JSONResponse(asdict(await self._plane.choose_sound(session_id, choice.dub)))

    async def describe(self, request: Request) -> Response:
        """GET and HEAD: no content, and the type by which a player discovers that this speaks WHEP."""
        return Response(status_code=200, media_type=SDP)
