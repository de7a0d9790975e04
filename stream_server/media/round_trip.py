"""Telling a viewer how far away we are (RTCP extended reports, RFC 3611). Pure.

A receiver that never sends media learns its round trip only so. Without it Chromium takes 100 ms for granted and asks
again for a lost packet no sooner; with it, it asks again after one real round trip, before the picture stands still.
"""

from __future__ import annotations

import struct

FEEDBACK = "rrtr"
"""Name of the feedback in a description (RFC 5761's registry): receiver reference time reports."""
MIN_INTERVAL_S = 0.05
"""Chromium reports about once a second; more often is not answered."""

_XR, _RECEIVER_REFERENCE_TIME, _DELAY_SINCE_LAST = 207, 4, 5


def read_reference_time(compound: bytes) -> tuple[int, int] | None:
    """SSRC and middle 32 bits of the NTP time of a receiver reference time report; None when there is none.

    Of anything cut off or malformed what came before counts.
    """
    position = 0
    while position + 8 <= len(compound):
        type_, words = struct.unpack_from("!xBH", compound, position)
        end = position + 4 * (words + 1)
        if end > len(compound):
            return None
        if type_ == _XR:
            found = _in_report(compound[position:end])
            if found is not None:
                return found
        position = end
    return None


def _in_report(report: bytes) -> tuple[int, int] | None:
    position = 8
    while position + 4 <= len(report):
        type_, words = struct.unpack_from("!BxH", report, position)
        end = position + 4 * (words + 1)
        if type_ == _RECEIVER_REFERENCE_TIME and words == 2 and end <= len(report):
            (ssrc,) = struct.unpack_from("!I", report, 4)
            (ntp,) = struct.unpack_from("!Q", report, position + 4)
            return ssrc, (ntp >> 16) & 0xFFFFFFFF
        position = end
    return None


def write_reply(own_ssrc: int, peer_ssrc: int, reference: int, delay_s: float) -> bytes:
    """The answer (DLRR block, §4.5): ``reference`` came ``delay_s`` ago."""
    delay = min(int(delay_s * 65536), 0xFFFFFFFF)
    return struct.pack(
        "!BBHIBBHIII", 0x80, _XR, 5, own_ssrc, _DELAY_SINCE_LAST, 0, 3, peer_ssrc, reference & 0xFFFFFFFF, delay
    )
