"""Whatever arrives as a STUN, RTP or RTCP packet: a value, None, or ValueError, and nothing else."""

from __future__ import annotations

import contextlib
import struct

from aioice import stun
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_server.media.picture import Codec, picture_size, starts_keyframe
from stream_server.media.reception import Reception
from stream_server.media.rtp import parse_rtp, without_padding, write_nack, write_remb, write_sdes, write_sender_report
from stream_server.media.seams import SrtpReceiver, parse_binding_request, parse_rtcp
from stream_server.media.timeline import Timeline, TrackTimeline
from tests.unit.media.sealed_link import H264_KEYFRAME, Packet, key_pair

COMPOUND = (
    write_sender_report(1, 2, 3, 4, 5) + write_sdes(1, "name") + write_nack(1, 2, [1, 9, 70]) + write_remb(1, 9, [2])
)
TYPES = sorted(stun.ATTRIBUTES_BY_TYPE)


def damage(draw: st.DrawFn, data: bytes) -> bytes:
    """Flip bytes, cut, or append."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(0, 4))):
        changed[draw(st.integers(0, len(changed) - 1))] = draw(st.integers(0, 255))
    return bytes(changed[: draw(st.integers(0, len(changed)))]) + draw(st.binary(max_size=8))


@st.composite
def checks(draw: st.DrawFn) -> bytes:
    """STUN requests with any attributes of any length, often with a sound header."""
    body = b""
    for _ in range(draw(st.integers(0, 6))):
        value = draw(st.binary(max_size=24))
        body += struct.pack("!HH", draw(st.sampled_from(TYPES)), len(value)) + value + bytes(-len(value) % 4)
    return damage(draw, struct.pack("!HHI12s", 1, len(body), stun.COOKIE, bytes(12)) + body)


@st.composite
def rtcp(draw: st.DrawFn) -> bytes:
    return damage(draw, COMPOUND)


@st.composite
def rtp_packets(draw: st.DrawFn) -> bytes:
    return damage(draw, bytes(Packet(payload=H264_KEYFRAME)))


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), checks()))
def test_any_stun_datagram_is_a_check_or_nothing(data: bytes) -> None:
    request = parse_binding_request(data)
    if request is not None:
        request.is_authentic("a-password-of-22-chars")


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), rtcp()))
def test_any_rtcp_compound_is_read_or_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        parse_rtcp(data)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=60), rtp_packets()), st.sampled_from(["H264", "VP8", "opus"]))
def test_any_rtp_packet_is_read_or_a_value_error(data: bytes, codec: Codec) -> None:
    try:
        header = parse_rtp(data)
    except ValueError:
        return
    payload = without_padding(data, header)
    assert len(payload) <= len(data) - 12
    starts_keyframe(codec, payload)
    picture_size(codec, payload)


@given(st.binary(max_size=1600))
def test_any_datagram_fails_to_open_with_a_value_error(data: bytes) -> None:
    receiver = SrtpReceiver(key_pair()[0])
    for open_ in (receiver.open_rtp, receiver.open_rtcp):
        with contextlib.suppress(ValueError):
            open_(data)
            raise AssertionError("nobody sealed this")


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)), max_size=60))
def test_any_order_of_numbers_and_times_keeps_the_books_straight(packets: list[tuple[int, int]]) -> None:
    reception = Reception(90_000)
    mapping = TrackTimeline(Timeline(0, 0.0), "video")
    newest_out = -1
    for now_s, (sequence, timestamp) in enumerate(packets):
        arrival = reception.add(sequence, timestamp, float(now_s))
        if arrival is None:
            continue
        extended, is_newest = arrival
        assert extended & 0xFFFF == sequence
        out = mapping.map(timestamp, float(now_s), is_newest=is_newest)
        newest_out = max(newest_out, out)
        assert len(reception.to_ask_for(float(now_s))) <= 256
    found = reception.block(1, 99.0)
    assert (found is None) == (not packets)
    if found is not None:
        assert 0 <= found[1] <= 1
        assert newest_out >= 0
