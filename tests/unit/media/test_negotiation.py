import re

import pytest

from stream_server.ids import SessionId
from stream_server.media.codecs import choose_for_publisher
from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.link import Link
from stream_server.media.negotiation import Negotiation
from stream_server.media.sdp import parse_fragment, parse_offer
from stream_server.signaling.media_plane import BadOffer, StaleEtag
from tests.unit.media.test_sdp import CANDIDATE, TRICKLE, read


class Bare:
    """The part of a `Link` that negotiating touches."""

    def __init__(self) -> None:
        self.credentials = IceCredentials.make()
        self.offered_credentials: IceCredentials | None = None


@pytest.fixture
def link() -> Link:
    return Bare()  # type: ignore[return-value]


@pytest.fixture
def negotiation() -> Negotiation:
    offer = parse_offer(read("chromium_publisher.sdp"))
    return Negotiation(SessionId("wses_1"), offer, choose_for_publisher(offer), "AB:CD", [Candidate("192.0.2.1", 8880)])


def peer_fragment(negotiation: Negotiation) -> str:
    known = negotiation._peer_credentials
    return f"a=ice-ufrag:{known.ufrag}\r\na=ice-pwd:{known.password}\r\n" + CANDIDATE


def test_trickled_candidates_are_taken_and_need_no_answer(negotiation: Negotiation, link: Link) -> None:
    etag = negotiation.answer(link, {}, "show").etag
    assert negotiation.patch(link, peer_fragment(negotiation), etag) is None
    assert negotiation.patch(link, CANDIDATE, "*") is None
    assert negotiation.etag == etag


def test_new_credentials_are_a_restart_with_a_new_etag(negotiation: Negotiation, link: Link) -> None:
    first = negotiation.answer(link, {}, "show")
    second = negotiation.patch(link, TRICKLE, "*")
    assert second is not None
    assert second.etag != first.etag
    assert link.offered_credentials is not None
    assert parse_fragment(second.sdp).credentials == link.offered_credentials
    assert re.search(r"a=candidate:.* 192\.0\.2\.1 8880 ", second.sdp)
    assert negotiation.patch(link, TRICKLE + CANDIDATE, second.etag) is None


def test_another_ice_sessions_etag_is_refused(negotiation: Negotiation, link: Link) -> None:
    old = negotiation.etag
    negotiation.patch(link, TRICKLE, "*")
    offered = link.offered_credentials
    with pytest.raises(StaleEtag):
        negotiation.patch(link, CANDIDATE, old)
    assert link.offered_credentials == offered


def test_a_malformed_fragment_changes_nothing(negotiation: Negotiation, link: Link) -> None:
    etag = negotiation.etag
    with pytest.raises(BadOffer):
        negotiation.patch(link, "a=ice-ufrag:abcd\r\n", "*")
    assert (negotiation.etag, link.offered_credentials) == (etag, None)
