"""Guests, and who I am."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request

from stream_server.audience.people import guest
from stream_server.signaling.resources import GuestRequest, IceServers, SignedIn
from stream_server.web.api.bodies import moment
from stream_server.web.api.services import Services, SignedInNow, throttled

router = APIRouter(tags=["people"])


@router.post("/guests", status_code=201)
async def become_guest(body: GuestRequest, request: Request, services: Services) -> SignedIn:
    """Give a visitor a name and a token, so that they can chat and buy."""
    throttled("guests", services.rates.guests, request, services)
    person = guest(body.name)
    expires_at = services.clock.now() + timedelta(seconds=services.guest_lifetime_s)
    return SignedIn(
        token=services.tokens.issue(person, services.guest_lifetime_s),
        person_id=person.id,
        name=person.name,
        role=person.role,
        expires_at=moment(expires_at),
    )


@router.get("/me")
async def me(known: SignedInNow) -> SignedIn:
    """Whom the token stands for."""
    person = known.person
    return SignedIn(
        token=None, person_id=person.id, name=person.name, role=person.role, expires_at=moment(known.expires_at)
    )


@router.get("/ice-servers")
async def ice_servers(request: Request, services: Services) -> IceServers:
    """STUN and TURN servers with fresh credentials, for RTCPeerConnection."""
    throttled("ice", services.rates.ice_servers, request, services)
    return IceServers(ice_servers=services.ice.configuration())
