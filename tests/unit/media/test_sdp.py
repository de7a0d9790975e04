from pathlib import Path

import pytest

from stream_server.media.ice import IceCredentials
from stream_server.media.sdp import (
    MAX_SDP_BYTES,
    MID_EXTENSION,
    REPAIRED_RID_EXTENSION,
    RID_EXTENSION,
    parse_fragment,
    parse_offer,
)
from stream_server.signaling.media_plane import BadOffer

OFFERS = Path(__file__).parent / "offers"


def read(name: str) -> str:
    return (OFFERS / name).read_bytes().decode()


SMALL = read("ffmpeg_publisher.sdp")


def refuse(text: str) -> BadOffer:
    with pytest.raises(BadOffer) as caught:
        parse_offer(text)
    return caught.value


def test_chromiums_offer_is_read() -> None:
    offer = parse_offer(read("chromium_publisher.sdp"))
    audio, video = offer.media
    assert (audio.kind, audio.mid, audio.direction, audio.has_rtcp_mux) == ("audio", "0", "sendonly", True)
    assert audio.formats[111].name == "OPUS"
    assert audio.formats[111].parameter("minptime") == "10"
    h264 = [f for f in video.formats.values() if f.name == "H264"]
    assert {f.parameter("packetization-mode") for f in h264} == {"0", "1"}
    assert all("nack pli" in f.feedback for f in h264)
    assert MID_EXTENSION in video.extensions
    assert len(video.ssrcs) == 2
    assert offer.setup == "actpass"
    assert offer.bundle == ["0", "1"]


def test_ffmpegs_offer_is_read() -> None:
    offer = parse_offer(SMALL)
    assert offer.setup == "passive"
    assert offer.credentials == IceCredentials("0fbba07e", "c409244c08322bc7d74537283a182470")
    assert offer.media[1].ssrcs == [3121365777]
    assert offer.media[1].formats[105].parameter("apt") == "106"


def test_plain_newlines_will_do() -> None:
    assert parse_offer(SMALL.replace("\r\n", "\n")).bundle == ["0", "1"]


def test_transport_attributes_of_the_session_count_for_all_sections() -> None:
    lines = [line for line in SMALL.split("\r\n") if not line.startswith(("a=ice-", "a=fingerprint", "a=setup"))]
    fingerprint = "a=fingerprint:SHA-256 " + ":".join(["ab"] * 32)
    lines[4:4] = ["a=ice-ufrag:abcd", "a=ice-pwd:" + "x" * 22, fingerprint, "a=setup:active"]
    offer = parse_offer("\r\n".join(lines))
    assert offer.fingerprint == ":".join(["AB"] * 32)
    assert offer.setup == "active"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: "", "x=value"),
        (lambda s: "hello", "x=value"),
        (lambda s: s.replace("v=0", "v=1"), "v=0"),
        (lambda s: s.replace("a=mid:0\r\n", "a=mid:0\r\nnonsense\r\n"), "x=value"),
        (lambda s: s.replace("a=mid:0", "a=mid:0\x00"), "x=value"),
        (lambda s: s.split("m=")[0], "no media section"),
        (lambda s: s.replace("a=mid:1", "a=mid:0"), "mid"),
        (lambda s: s.replace("BUNDLE 0 1", "BUNDLE 0 7"), "mid"),
        (lambda s: s.replace("a=mid:1", "a=mid:" + "m" * 40), "mid"),
        (lambda s: s.replace("a=ice-ufrag:0fbba07e\r\n", ""), "ice-ufrag"),
        (lambda s: s.replace("a=ice-ufrag", "a=x").replace("a=ice-pwd", "a=x"), "missing"),
        (lambda s: s.replace("0fbba07e", "a b"), "ice-ufrag"),
        (lambda s: s.replace("c409244c08322bc7d74537283a182470", "short"), "ice-ufrag"),
        (lambda s: s.replace("D4:AC", "D4"), "fingerprint"),
        (lambda s: s.replace("a=fingerprint:sha-256", "a=nothing:"), "sha-256"),
        (lambda s: s.replace("setup:passive", "setup:sideways"), "setup"),
        (lambda s: s.replace("m=audio 9", "m=audio 99999"), "65535"),
        (lambda s: s.replace("m=audio 9", "m=audio ٣"), "number"),
        (lambda s: s.replace("SAVPF 111", "SAVPF 300"), "127"),
        (lambda s: s.replace("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=audio 9"), "m= line"),
        (lambda s: s.replace("opus/48000/2", "opus/-1"), "number"),
        (lambda s: s.replace("a=ssrc:3121365776 cname", "a=ssrc:x cname"), "number"),
        (lambda s: s + "a=x:" + "y" * MAX_SDP_BYTES, "longer"),
        (lambda s: s + "a=x\r\n" * 2500, "lines"),
    ],
)  # fmt: skip
def test_malformed_offers_are_refused(change: object, reason: str) -> None:
    assert callable(change)
    error = refuse(change(SMALL))
    assert reason in error.reason
    assert not error.acceptable


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" * 7, "media sections"),
        (lambda s: s.replace("fingerprint:sha-256", "fingerprint:sha-512"), "sha-256"),
        (lambda s: s.replace("setup:passive", "setup:holdconn"), "setup"),
    ],
)
def test_well_formed_offers_that_we_cannot_do_are_told_apart(change: object, reason: str) -> None:
    assert callable(change)
    error = refuse(change(SMALL))
    assert reason in error.reason
    assert error.acceptable


TRICKLE = "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
CANDIDATE = "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n"


def test_a_fragment_with_candidates_is_read() -> None:
    fragment = parse_fragment(TRICKLE + CANDIDATE)
    assert fragment.credentials == IceCredentials("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1")
    assert fragment.has_candidates


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m=audio 9 RTP/AVP 0\r\n",
        "v=0\r\n" + TRICKLE,
        TRICKLE.replace("a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n", ""),
        "garbage",
        TRICKLE + "a=x:" + "y" * 20_000,
    ],
)
def test_malformed_fragments_are_refused(text: str) -> None:
    with pytest.raises(BadOffer) as caught:
        parse_fragment(text)
    assert not caught.value.acceptable


def test_layers_of_a_simulcast_offer_are_read() -> None:
    video = next(media for media in parse_offer(read("chromium_simulcast.sdp")).media if media.kind == "video")
    assert video.layers == ("q", "h", "f")
    assert (video.extensions[RID_EXTENSION], video.extensions[REPAIRED_RID_EXTENSION]) == (10, 11)


@pytest.mark.parametrize(
    ("old", "new", "layers"),
    [
        ("a=simulcast:send q;h;f", "a=simulcast:recv x send ~q,z;h", ("q", "h")),
        ("a=simulcast:send q;h;f", "a=simulcast:send q;q;q", ()),
        ("a=simulcast:send q;h;f", "a=simulcast:send", ()),
        ("a=simulcast:send q;h;f", "a=simulcast:send " + ";".join("abcdeghijklmnopqf"), ("h", "q")),
        ("a=rid:f send", "a=rid:f recv", ("q", "h")),
        ("a=rid:f send", "a=rid:f\u20ac send", ("q", "h")),
        ("hdrext:sdes:rtp-stream-id", "hdrext:sdes:nothing", ()),
    ],
)
def test_layers_that_cannot_be_told_apart_are_none(old: str, new: str, layers: tuple[str, ...]) -> None:
    offer = parse_offer(read("chromium_simulcast.sdp").replace(old, new))
    assert next(media for media in offer.media if media.kind == "video").layers == layers
