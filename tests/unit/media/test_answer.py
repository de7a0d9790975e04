import re
from collections.abc import Callable

import pytest

from stream_server.media.answer import Local, SenderIds, dtls_role, write_answer, write_restart
from stream_server.media.codecs import Encoding, Section, choose_for_publisher, choose_for_viewer, encoding_of
from stream_server.media.ice import Candidate, IceCredentials
from stream_server.media.rtp import Kind
from stream_server.media.sdp import Format, Offer, parse_fragment, parse_offer
from stream_server.signaling.media_plane import BadOffer
from tests.unit.media.test_sdp import read

LOCAL = Local(
    IceCredentials("ourufrag", "our-password-of-24-chars"),
    ":".join(["AB"] * 32),
    "server",
    [Candidate("192.0.2.1", 8880), Candidate("127.0.0.1", 8880)],
)
SENDS: dict[Kind, SenderIds] = {"audio": SenderIds(11, 12), "video": SenderIds(21, 22)}
SHOW: dict[Kind, Encoding] = {"audio": Encoding("opus"), "video": Encoding("H264", "constrained_baseline")}


def chosen(sections: list[Section], kind: Kind) -> list[tuple[Encoding, int]]:
    (section,) = [s for s in sections if s.kind == kind]
    return [(c.encoding, c.format.payload_type) for c in section.chosen]


def refuse(choose: Callable[[], object]) -> BadOffer:
    with pytest.raises(BadOffer) as caught:
        choose()
    assert caught.value.acceptable
    return caught.value


def viewer_offer(change: Callable[[str], str] = str) -> Offer:
    return parse_offer(change(read("chromium_viewer.sdp")))


def test_a_publisher_gets_one_codec_the_most_widely_decodable() -> None:
    sections = choose_for_publisher(parse_offer(read("chromium_publisher.sdp")))
    ((encoding, _),) = chosen(sections, "video")
    assert encoding == Encoding("H264", "constrained_baseline")
    assert chosen(sections, "audio") == [(Encoding("opus"), 111)]


def test_a_publisher_without_h264_gets_vp8() -> None:
    text = read("chromium_publisher.sdp").replace("H264/90000", "H266/90000")
    assert chosen(choose_for_publisher(parse_offer(text)), "video")[0][0] == Encoding("VP8")


def test_ffmpegs_codecs_are_taken() -> None:
    sections = choose_for_publisher(parse_offer(read("ffmpeg_publisher.sdp")))
    assert chosen(sections, "video") == [(Encoding("H264", "baseline"), 106)]


def test_simulcast_is_taken_and_data_channels_are_refused() -> None:
    sections = choose_for_publisher(parse_offer(read("chromium_simulcast.sdp")))
    answer = write_answer(sections, LOCAL, {}, "show")
    assert "a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n" in answer
    assert "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n" in answer
    assert "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n" in answer
    assert re.search(r"m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n.*a=inactive", answer, re.DOTALL)
    (group,) = re.findall(r"a=group:BUNDLE (.*)\r\n", answer)
    assert group.split() == [s.media.mid for s in sections if s.kind]


def test_simulcast_of_vp8_is_answered_with_one_encoding() -> None:
    text = read("chromium_simulcast.sdp").replace("H264/90000", "H265/90000")
    answer = write_answer(choose_for_publisher(parse_offer(text)), LOCAL, {}, "show")
    assert "VP8" in answer
    assert "simulcast" not in answer
    assert "a=rid" not in answer


@pytest.mark.parametrize("direction", ["recvonly", "inactive"])
def test_a_publisher_that_does_not_send_is_refused(direction: str) -> None:
    text = read("chromium_publisher.sdp").replace("a=sendonly", f"a={direction}")
    assert direction in refuse(lambda: choose_for_publisher(parse_offer(text))).reason


def test_a_publisher_that_also_receives_is_answered_recvonly() -> None:
    text = read("chromium_publisher.sdp").replace("a=sendonly", "a=sendrecv")
    answer = write_answer(choose_for_publisher(parse_offer(text)), LOCAL, {}, "show")
    assert answer.count("a=recvonly") == 2


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_a_viewer_that_does_not_receive_is_refused(direction: str) -> None:
    offer = viewer_offer(lambda s: s.replace("a=recvonly", f"a={direction}"))
    assert direction in refuse(lambda: choose_for_viewer(offer, SHOW)).reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s.replace("a=rtcp-mux\r\n", ""), "rtcp-mux"),
        (lambda s: s.replace("a=group:BUNDLE 0 1\r\n", ""), "BUNDLE"),
        (lambda s: s.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), "RTP/AVP"),
        (lambda s: s.replace("opus/48000", "PCMU/8000"), "audio"),
        (lambda s: s.replace("H264/90000", "H266/90000"), "video"),
        (lambda s: s.replace("m=audio 9", "m=audio 0").replace("m=video 9", "m=video 0"), "neither"),
        (lambda s: s.replace("m=audio", "m=video").replace("opus/48000", "VP8/90000"), "more than one video"),
    ],
)
def test_offers_beyond_what_we_do_are_refused(change: Callable[[str], str], reason: str) -> None:
    offer = parse_offer(change(read("ffmpeg_publisher.sdp")))
    assert reason in refuse(lambda: choose_for_publisher(offer)).reason


def test_one_payload_type_for_two_things_is_malformed() -> None:
    text = read("ffmpeg_publisher.sdp").replace("111", "106")
    with pytest.raises(BadOffer, match="one payload type") as caught:
        choose_for_publisher(parse_offer(text))
    assert not caught.value.acceptable


def test_a_viewer_gets_the_shows_codec_first_and_the_others_behind() -> None:
    sections = choose_for_viewer(viewer_offer(), SHOW)
    first, second = chosen(sections, "video")
    assert first[0] == Encoding("H264", "constrained_baseline")
    assert second[0] == Encoding("VP8")
    assert chosen(choose_for_viewer(viewer_offer(), {"video": Encoding("VP8")}), "video")[0][0] == Encoding("VP8")


@pytest.mark.parametrize(
    ("show", "only", "works"),
    [
        ("baseline", "42e01f", True),
        ("constrained_baseline", "640c1f", True),
        ("constrained_baseline", "4d001f", True),
        ("main", "42e01f", False),
        ("main", "64001f", True),
        ("high", "640c1f", True),
        ("high", "4d001f", False),
    ],
)
def test_h264_profiles_are_matched(show: str, only: str, works: bool) -> None:
    offer = viewer_offer(lambda s: re.sub("profile-level-id=[0-9a-f]{6}", f"profile-level-id={only}", s))
    encodings: dict[Kind, Encoding] = {"video": Encoding("H264", show)}
    if works:
        assert chosen(choose_for_viewer(offer, encodings), "video")[0][0].codec == "H264"
    else:
        assert show in refuse(lambda: choose_for_viewer(offer, encodings)).reason


def test_a_viewer_that_wants_single_units_cannot_have_fragmented_ones() -> None:
    offer = viewer_offer(lambda s: s.replace("packetization-mode=1", "packetization-mode=0"))
    refuse(lambda: choose_for_viewer(offer, SHOW))
    single: dict[Kind, Encoding] = {"video": Encoding("H264", "constrained_baseline", single_unit=True)}
    assert choose_for_viewer(offer, single)


@pytest.mark.parametrize(
    ("name", "parameters", "encoding"),
    [
        ("H264", "", Encoding("H264", "baseline", single_unit=True)),
        ("H264", "profile-level-id=4d801f;packetization-mode=1", Encoding("H264", "constrained_baseline")),
        ("H264", "profile-level-id=58001f;packetization-mode=1", None),
        ("H264", "profile-level-id=42e01f;packetization-mode=2", None),
        ("H264", "profile-level-id=xyz;packetization-mode=1", None),
        ("H264", "profile-level-id=42;packetization-mode=1", None),
        ("VP9", "", None),
    ],
)
def test_payload_types_are_understood(name: str, parameters: str, encoding: Encoding | None) -> None:
    assert encoding_of(Format(96, name, 90_000, parameters)) == encoding


def test_the_answer_to_a_publisher_is_what_rfc_9725_wants() -> None:
    answer = write_answer(choose_for_publisher(parse_offer(read("chromium_publisher.sdp"))), LOCAL, {}, "show")
    lines = answer.split("\r\n")
    assert lines[:4] == ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    assert "a=ice-lite" in lines
    assert lines.count("a=recvonly") == lines.count("a=rtcp-mux") == lines.count("a=setup:passive") == 2
    assert lines.count("a=end-of-candidates") == 2
    assert "sha-384" not in answer
    assert "transport-cc" not in answer
    assert "a=candidate:1 1 udp 2130706431 192.0.2.1 8880 typ host generation 0" in lines
    assert re.search(r"a=rtcp-fb:\d+ nack pli", answer)
    assert re.search(r"a=rtcp-fb:\d+ goog-remb", answer)
    assert re.search(r"a=fmtp:\d+ .*packetization-mode=1.*x-google-start-bitrate=1500", answer)
    assert re.search(rf"a=extmap:\d+ {re.escape('urn:ietf:params:rtp-hdrext:sdes:mid')}", answer)
    assert "a=ssrc" not in answer


def test_round_trip_reports_are_for_viewers_who_ask() -> None:
    asking = re.sub(r"(a=rtcp-fb:(\d+) nack\r?\n)", r"\1a=rtcp-fb:\2 rrtr\r\n", read("chromium_viewer.sdp"))
    answer = write_answer(choose_for_viewer(parse_offer(asking), SHOW), LOCAL, SENDS, "show")
    assert "rrtr" in answer
    assert "rrtr" not in write_answer(choose_for_viewer(viewer_offer(), SHOW), LOCAL, SENDS, "show")
    publishing = re.sub(r"(a=rtcp-fb:(\d+) nack\r?\n)", r"\1a=rtcp-fb:\2 rrtr\r\n", read("chromium_publisher.sdp"))
    assert "rrtr" not in write_answer(choose_for_publisher(parse_offer(publishing)), LOCAL, {}, "show")


def test_the_answer_to_a_viewer_names_what_is_sent() -> None:
    answer = write_answer(choose_for_viewer(viewer_offer(), SHOW), LOCAL, SENDS, "show_x")
    assert answer.count("a=sendonly") == 2
    assert "a=ssrc-group:FID 21 22\r\n" in answer
    assert "a=ssrc:21 cname:show_x\r\n" in answer
    assert "a=ssrc:22 cname:show_x\r\n" in answer
    assert "a=msid:show_x video\r\n" in answer
    assert "a=ssrc:11 cname:show_x\r\n" in answer
    assert "a=ssrc:12 " not in answer
    assert "x-google" not in answer


def test_the_sections_stay_in_the_offers_order() -> None:
    answer = write_answer(choose_for_viewer(viewer_offer(), SHOW), LOCAL, SENDS, "show")
    assert re.findall(r"m=(\w+) ", answer) == [m.kind for m in viewer_offer().media]


def test_a_restart_is_answered_with_a_fragment() -> None:
    fragment = write_restart(choose_for_viewer(viewer_offer(), SHOW), LOCAL)
    assert fragment.startswith("a=ice-lite\r\n")
    assert fragment.count("m=") == 1
    assert "a=ice-ufrag:ourufrag\r\n" in fragment
    assert "a=end-of-candidates\r\n" in fragment
    with pytest.raises(BadOffer):  # our password has a dash only in this test
        parse_fragment(fragment)


def test_we_are_the_dtls_server_unless_we_must_not() -> None:
    assert dtls_role(parse_offer(read("chromium_publisher.sdp"))) == "server"
    assert dtls_role(parse_offer(read("ffmpeg_publisher.sdp"))) == "client"
