"""Where peers come in: answers to their offers, and a link for each of them."""

from __future__ import annotations

from collections.abc import Callable

from stream_server.ids import SessionId
from stream_server.media.codecs import Section
from stream_server.media.dtls import Identity
from stream_server.media.endpoint import Endpoint
from stream_server.media.link import Link, LinkHandler
from stream_server.media.negotiation import Negotiation
from stream_server.media.sdp import Offer


class Door:
    """Of one media process, in front of its endpoint, which stays its owner's."""

    def __init__(self, endpoint: Endpoint, clock_s: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._identity = Identity()
        self._clock_s = clock_s

    def negotiation(self, session_id: SessionId, offer: Offer, sections: list[Section]) -> Negotiation:
        """Our half of one."""
        return Negotiation(session_id, offer, sections, self._identity.fingerprint, self._endpoint.candidates)

    def open_link(self, negotiation: Negotiation, handler: LinkHandler) -> Link:
        """A link for whoever was answered."""
        role = negotiation.dtls_role
        link = Link(self._identity, role, negotiation.peer_fingerprint, handler, self._clock_s())
        self._endpoint.add(link)
        return link
