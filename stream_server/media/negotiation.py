"""One session's conversation about transport: the answer, trickled candidates, ICE restarts, and their etags."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from stream_server.ids import SessionId
from stream_server.media.answer import DtlsRole, Local, SenderIds, dtls_role, write_answer, write_restart
from stream_server.media.codecs import Section
from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.link import Link
from stream_server.media.rtp import Kind
from stream_server.media.sdp import Offer, parse_fragment
from stream_server.signaling.media_plane import Answer, StaleEtag


class Negotiation:
    """What was agreed on with one client, and what it may still ask for."""

    def __init__(
        self,
        session_id: SessionId,
        offer: Offer,
        sections: Sequence[Section],
        fingerprint: str,
        candidates: Sequence[Candidate],
    ) -> None:
        self.session_id = session_id
        self.sections = sections
        self.dtls_role: DtlsRole = dtls_role(offer)
        self.peer_fingerprint = offer.fingerprint
        self.etag = secrets.token_hex(8)
        self._peer_credentials = offer.credentials
        self._fingerprint = fingerprint
        self._candidates = candidates

    def answer(self, link: Link, sends: dict[Kind, SenderIds], cname: str) -> Answer:
        """The answer to the offer."""
        local = self._local(link.credentials)
        return Answer(self.session_id, write_answer(self.sections, local, sends, cname), self.etag)

    def patch(self, link: Link, text: str, if_match: str) -> Answer | None:
        """Take a fragment; an answer means that ``link`` has further credentials now.

        The old ones stay good until the peer uses the new: a restart that never happens breaks nothing.
        Raises: BadOffer, StaleEtag.
        """
        fragment = parse_fragment(text)
        if if_match not in ("*", self.etag):
            raise StaleEtag
        if fragment.credentials is None or fragment.credentials == self._peer_credentials:
            return None  # we only answer checks: the peer's candidates tell us nothing we need
        self._peer_credentials = fragment.credentials
        self.etag = secrets.token_hex(8)
        link.offered_credentials = IceCredentials.make()
        local = self._local(link.offered_credentials)
        return Answer(self.session_id, write_restart(self.sections, local), self.etag)

    def _local(self, credentials: IceCredentials) -> Local:
        return Local(credentials, self._fingerprint, self.dtls_role, self._candidates)
