"""RTP packets as the relay sees them (RFC 3550), and the RTCP it writes. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from stream_server.media.seams import remb

Kind = Literal["audio", "video"]

CLOCK_RATES: dict[Kind, int] = {"audio": 48_000, "video": 90_000}
MAX_PAYLOAD_BYTES = 1420
"""More would not fit one Ethernet frame any more with our header and the tag."""

_HEADER = struct.Struct("!BBHII")
_SENDER_REPORT = struct.Struct("!BBHIQIII")
_NTP_EPOCH_S = 2_208_988_800
"""From 1900 to 1970."""


@dataclass(slots=True)
class RtpHeader:
    """The fields of an incoming packet that matter to us."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    has_padding: bool
    payload_start: int


@dataclass(slots=True, eq=False)
class MediaPacket:
    """A packet of a show's outgoing track: the same for all viewers but for SSRC, payload type and sequence."""

    index: int
    """Position in the track, never wrapping; a viewer's sequence number is this minus the viewer's own base."""
    timestamp: int
    """On the show's timeline, 32 bits."""
    marker: bool
    has_padding: bool
    payload: bytes
    """With its padding, if any."""


def parse_rtp(data: bytes) -> RtpHeader:
    """Read the header of one packet. Raises: ValueError."""
    if len(data) < 12:
        raise ValueError("RTP: shorter than its header")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise ValueError("RTP: not version 2")
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            raise ValueError("RTP: header extension cut off")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if start > len(data):
        raise ValueError("RTP: header longer than the packet")
    has_padding = bool(first & 0x20)
    if has_padding and (start == len(data) or not 0 < data[-1] <= len(data) - start):
        raise ValueError("RTP: impossible padding")
    return RtpHeader(bool(second & 0x80), second & 0x7F, sequence, timestamp, ssrc, has_padding, start)


def without_padding(data: bytes, header: RtpHeader) -> bytes:
    """The payload proper."""
    return data[header.payload_start : len(data) - data[-1] if header.has_padding else len(data)]


def named_in(data: bytes, header: RtpHeader, extension: int) -> str | None:
    """The text of one header extension (one-byte form, RFC 8285 §4.2); None when the packet has none."""
    start = 12 + 4 * (data[0] & 0x0F)
    if not data[0] & 0x10 or data[start : start + 2] != b"\xbe\xde":
        return None
    position = start + 4
    while position < header.payload_start:
        id_, size = data[position] >> 4, (data[position] & 0x0F) + 1
        if id_ == 15:
            return None
        if data[position] == 0:  # padding between elements
            position += 1
            continue
        if id_ == extension:
            text = data[position + 1 : min(position + 1 + size, header.payload_start)]
            return text.decode("ascii", "replace")
        position += 1 + size
    return None


def write_rtx(
    packet: MediaPacket, payload_type: int, sequence: int, original: int, ssrc: int, timestamp_offset: int = 0
) -> bytes:
    """A retransmission (RFC 4588 §4): the original sequence number goes in front of the payload."""
    header = _HEADER.pack(
        0xA0 if packet.has_padding else 0x80,
        payload_type | (0x80 if packet.marker else 0),
        sequence & 0xFFFF,
        (packet.timestamp + timestamp_offset) & 0xFFFFFFFF,
        ssrc,
    )
    return header + (original & 0xFFFF).to_bytes(2, "big") + packet.payload


def ntp_time(unix_s: float) -> int:
    """A 64 bit NTP timestamp (RFC 3550 §4)."""
    return int((unix_s + _NTP_EPOCH_S) * 4_294_967_296) & 0xFFFF_FFFF_FFFF_FFFF


def unix_time(ntp: int) -> float:
    """Seconds since 1970 of a 64 bit NTP timestamp."""
    return ntp / 4_294_967_296 - _NTP_EPOCH_S


def signed_difference(newer: int, older: int, bits: int) -> int:
    """``newer - older`` for counters that wrap at ``bits``: the difference nearest to zero."""
    half = 1 << (bits - 1)
    return ((newer - older + half) & ((1 << bits) - 1)) - half


# ---------------------------------------------------------------- RTCP


def write_sdes(ssrc: int, cname: str) -> bytes:
    """A source description with nothing but the canonical name (RFC 3550 §6.5), at most 100 characters."""
    name = cname.encode()[:100]
    items = bytes((1, len(name))) + name + b"\x00"
    items += bytes(-len(items) % 4)
    return struct.pack("!BBHI", 0x81, 202, 1 + len(items) // 4, ssrc) + items


def write_sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int) -> bytes:
    """A sender report without report blocks (RFC 3550 §6.4.1)."""
    return _SENDER_REPORT.pack(
        0x80, 200, 6, ssrc, ntp, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF
    )


@dataclass(frozen=True)
class ReceptionBlock:
    """What a receiver report says about one sender (RFC 3550 §6.4.1)."""

    ssrc: int
    fraction_lost: int
    """In 1/256."""
    packets_lost: int
    highest_sequence: int
    jitter: int
    last_report: int
    delay_since_last_report: int


def write_receiver_report(ssrc: int, blocks: list[ReceptionBlock]) -> bytes:
    """A receiver report with one block for each of the peer's senders."""
    parts = [struct.pack("!BBHI", 0x80 | len(blocks), 201, 1 + 6 * len(blocks), ssrc)]
    for block in blocks:
        lost = max(-(1 << 23), min(block.packets_lost, (1 << 23) - 1)) & 0xFFFFFF
        parts.append(
            struct.pack(
                "!IIIIII",
                block.ssrc,
                (block.fraction_lost & 0xFF) << 24 | lost,
                block.highest_sequence & 0xFFFFFFFF,
                block.jitter & 0xFFFFFFFF,
                block.last_report,
                block.delay_since_last_report & 0xFFFFFFFF,
            )
        )
    return b"".join(parts)


def write_nack(ssrc: int, media_ssrc: int, sequences: list[int]) -> bytes:
    """Ask for packets again (generic NACK, RFC 4585 §6.2.1). ``sequences`` in order, 16 bits each."""
    fields: list[tuple[int, int]] = []
    for sequence in sequences:
        if fields:
            first, mask = fields[-1]
            distance = (sequence - first - 1) & 0xFFFF
            if distance < 16:
                fields[-1] = (first, mask | 1 << distance)
                continue
        fields.append((sequence & 0xFFFF, 0))
    body = b"".join(struct.pack("!HH", first, mask) for first, mask in fields)
    return struct.pack("!BBHII", 0x81, 205, 2 + len(fields), ssrc, media_ssrc) + body


def write_pli(ssrc: int, media_ssrc: int) -> bytes:
    """Ask for a keyframe (picture loss indication, RFC 4585 §6.3.1)."""
    return struct.pack("!BBHII", 0x81, 206, 2, ssrc, media_ssrc)


def write_remb(ssrc: int, bitrate_bps: int, ssrcs: list[int]) -> bytes:
    """Tell a sender how much it may send (draft-alvestrand-rmcat-remb-03)."""
    fci = remb(bitrate_bps, ssrcs)
    return struct.pack("!BBHII", 0x8F, 206, 2 + len(fci) // 4, ssrc, 0) + fci


def read_remb(fci: bytes) -> int | None:
    """The bitrate in a REMB's control information, at most a gigabit; None when it is something else."""
    if len(fci) < 8 or fci[:4] != b"REMB":
        return None
    mantissa = int.from_bytes(fci[5:8], "big") & 0x3FFFF
    return min(mantissa << (fci[5] >> 2), 1_000_000_000)


def write_goodbye(ssrcs: list[int]) -> bytes:
    """These senders stop (BYE, RFC 3550 §6.6)."""
    return struct.pack(f"!BBH{len(ssrcs)}I", 0x80 | len(ssrcs), 203, len(ssrcs), *ssrcs)
