"""Who somebody is, and how their browser reaches the show's picture."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from stream_server.signaling.messages import Role
from stream_server.signaling.resources.base import Resource


class GuestRequest(Resource):
    """POST /api/guests."""

    name: str = Field(min_length=1, max_length=40)
    language: str = Field(default="en", max_length=20)


class SignedIn(Resource):
    """A token and whom it stands for. GET /api/me gives the same without the token."""

    token: str | None
    person_id: str
    name: str
    role: Role
    expires_at: str


class IceServers(Resource):
    """GET /api/ice-servers: for RTCPeerConnection."""

    ice_servers: list[dict[str, Any]]
