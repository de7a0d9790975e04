import pytest
from aiortc import rtp

from stream_server.media.rtp import (
    MediaPacket,
    ReceptionBlock,
    named_in,
    ntp_time,
    parse_rtp,
    signed_difference,
    unix_time,
    without_padding,
    write_goodbye,
    write_receiver_report,
    write_rtx,
)
from stream_server.media.seams import parse_rtcp
from tests.unit.media.sealed_link import Packet


def test_a_header_is_read() -> None:
    header = parse_rtp(bytes(Packet(sequence=7, timestamp=9, payload_type=111, ssrc=5, marker=True)))
    assert (header.sequence, header.timestamp, header.payload_type, header.ssrc) == (7, 9, 111, 5)
    assert header.marker
    assert header.payload_start == 12


def test_extensions_and_padding_are_left_out_of_the_payload() -> None:
    packet = rtp.RtpPacket(payload_type=96, payload=b"picture")
    packet.csrc = [1, 2]
    packet.padding_size = 5
    data = bytearray(packet.serialize())
    data[0] |= 0x10
    data[20:20] = b"\xbe\xde\x00\x01\x10a\x00\x00"
    header = parse_rtp(bytes(data))
    assert header.has_padding
    assert without_padding(bytes(data), header) == b"picture"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        b"\x40" + bytes(20),
        b"\x8f" + bytes(20),
        b"\x90" + bytes(12),
        b"\x90" + bytes(11) + b"\xbe\xde\xff\xff",
        b"\xa0" + bytes(11),
        b"\xa0" + bytes(12),
        b"\xa0" + bytes(11) + b"\x09",
    ],
)
def test_impossible_headers_are_value_errors(data: bytes) -> None:
    with pytest.raises(ValueError, match="RTP"):
        parse_rtp(data)


def test_a_retransmission_carries_the_original_number() -> None:
    data = write_rtx(MediaPacket(70_000, 90, True, False, b"picture"), 97, 5, 70_000, 22)
    packet = rtp.RtpPacket.parse(data)
    original = rtp.unwrap_rtx(packet, payload_type=96, ssrc=21)
    assert (packet.payload_type, packet.sequence_number, packet.ssrc) == (97, 5, 22)
    assert (original.sequence_number, original.timestamp, original.marker) == (70_000 & 0xFFFF, 90, 1)
    assert original.payload == b"picture"


def test_receiver_reports_are_read_back() -> None:
    block = ReceptionBlock(7, 12, -3, 66_000, 4, 5, 6)
    (report,) = parse_rtcp(write_receiver_report(1, [block]))
    assert isinstance(report, rtp.RtcpRrPacket)
    assert report.reports == [rtp.RtcpReceiverInfo(7, 12, -3, 66_000, 4, 5, 6)]


def test_a_goodbye_is_read_back() -> None:
    assert parse_rtcp(write_goodbye([1, 2])) == [rtp.RtcpByePacket([1, 2])]


def test_ntp_counts_from_1900() -> None:
    assert ntp_time(0) >> 32 == 2_208_988_800
    assert unix_time(ntp_time(1_700_000_000.25)) == pytest.approx(1_700_000_000.25)


@pytest.mark.parametrize(
    ("newer", "older", "difference"), [(1, 65535, 2), (65535, 1, -2), (5, 5, 0), (32767, 0, 32767)]
)
def test_differences_cross_the_wrap(newer: int, older: int, difference: int) -> None:
    assert signed_difference(newer, older, 16) == difference


@pytest.mark.parametrize(
    ("elements", "name"),
    [
        (b"\xa0q\x00\x00", "q"),
        (b"\x00\x90\x31\xa1hd\x00\x00", "hd"),
        (b"\x90\x31\x00\x00", None),
        (b"\xf0\x00\xa0q", None),
        (b"\x00\x00\x00\xaf", ""),
    ],
)
def test_a_header_extension_is_found_by_its_number(elements: bytes, name: str | None) -> None:
    size = (len(elements) // 4).to_bytes(2, "big")
    data = b"\x90\x60" + bytes(10) + b"\xbe\xde" + size + elements + b"payload"
    data = data[: 16 + len(elements) // 4 * 4] + b"payload"
    assert named_in(data, parse_rtp(data), 10) == name
    plain = b"\x80" + bytes(11) + elements
    assert named_in(plain, parse_rtp(plain), 10) is None
