"""Whatever arrives as a session description or fragment: an answer, or `BadOffer`."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from stream_server.media.answer import Local, SenderIds, write_answer, write_restart
from stream_server.media.codecs import Encoding, choose_for_publisher, choose_for_viewer
from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.rtp import Kind
from stream_server.media.sdp import parse_fragment, parse_offer
from stream_server.signaling.media_plane import BadOffer
from tests.unit.media.test_sdp import CANDIDATE, TRICKLE, read

OFFERS = [read(n) for n in ("chromium_publisher.sdp", "chromium_viewer.sdp", "ffmpeg_publisher.sdp")]
LINES = sorted({line for offer in OFFERS for line in offer.split("\r\n") if line})
SHOW: dict[Kind, Encoding] = {"audio": Encoding("opus"), "video": Encoding("H264", "constrained_baseline")}
SENDS: dict[Kind, SenderIds] = {"audio": SenderIds(1, 2), "video": SenderIds(3, 4)}
LOCAL = Local(IceCredentials.make(), ":".join(["AB"] * 32), "server", [Candidate("192.0.2.1", 1)])


def answer(text: str) -> None:
    """Do with ``text`` everything that the relay does with an offer."""
    try:
        offer = parse_offer(text)
    except BadOffer:
        return
    for publisher in (True, False):
        try:
            sections = choose_for_publisher(offer) if publisher else choose_for_viewer(offer, SHOW)
        except BadOffer:
            continue
        written = write_answer(sections, LOCAL, {} if publisher else SENDS, "show")
        assert all(re.fullmatch(r"[a-z]=[^\r\n]*", line) for line in written.split("\r\n")[:-1])
        assert written.count("\r\nm=") == len(offer.media)
        write_restart(sections, LOCAL)


@st.composite
def damaged_offers(draw: st.DrawFn) -> str:
    """A browser's offer with lines dropped, doubled, swapped with others' and altered."""
    lines = draw(st.sampled_from(OFFERS)).split("\r\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 3)):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(at, draw(st.sampled_from(LINES)))
            case 2:
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))] + draw(st.text(max_size=8))
            case _:
                lines[at] = draw(st.from_regex(r"[amv]=[a-z-]{0,12}:?[ -~]{0,30}", fullmatch=True))
    return "\r\n".join(lines)


@given(st.text(max_size=400))
def test_any_text_is_answered_or_refused(text: str) -> None:
    answer(text)


@settings(max_examples=300, deadline=None)
@given(damaged_offers())
def test_damaged_offers_are_answered_or_refused(text: str) -> None:
    answer(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=60))
def test_any_mix_of_known_lines_is_answered_or_refused(lines: list[str]) -> None:
    answer("v=0\r\n" + "\r\n".join(lines))


@given(st.one_of(st.text(max_size=300), st.integers(0, 200).map(lambda n: (TRICKLE + CANDIDATE)[:n])))
def test_any_fragment_is_read_or_refused(text: str) -> None:
    try:
        parse_fragment(text)
    except BadOffer:
        return
