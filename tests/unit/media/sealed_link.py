"""Both ends of an SRTP association without a handshake, and packets to put through it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from stream_server.media.seams import SRTP_PROFILES, SrtpKeys, split_keys


def key_pair(profile: int = 0) -> tuple[SrtpKeys, SrtpKeys]:
    """Keys of a server and its client."""
    chosen = SRTP_PROFILES[profile]
    material = bytes(range(2 * (chosen.key_bytes + chosen.salt_bytes)))
    return split_keys(chosen, material, is_server=True), split_keys(chosen, material, is_server=False)


@dataclass
class Packet:
    """An RTP packet as a sender writes it."""

    sequence: int = 1
    timestamp: int = 0
    payload: bytes = b"payload"
    payload_type: int = 96
    ssrc: int = 0x1234
    marker: bool = False

    def __bytes__(self) -> bytes:
        second = self.payload_type | (0x80 if self.marker else 0)
        header = struct.pack("!BBHII", 0x80, second, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.ssrc)
        return header + self.payload


H264_KEYFRAME = bytes((24,)) + b"\x00\x04\x67\x42\xe0\x1f" + b"\x00\x02\x68\xce" + b"\x00\x03\x65\x88\x80"
"""STAP-A with (cut) parameter sets and an IDR slice."""
H264_DELTA = b"\x41\x9a\x00\x01"
