"""Reference time reports of viewers, and our replies."""

from __future__ import annotations

import struct

from stream_server.media.round_trip import read_reference_time, write_reply
from stream_server.media.rtp import write_receiver_report, write_sdes
from stream_server.media.seams import parse_rtcp

REFERENCE = struct.pack("!BBHIBBHQ", 0x80, 207, 4, 0xABCD, 4, 0, 2, 0x1111_2222_3333_4444)


def test_a_report_is_found_anywhere_in_a_compound() -> None:
    compound = write_receiver_report(1, []) + REFERENCE + write_sdes(1, "viewer")
    assert read_reference_time(compound) == (0xABCD, 0x2222_3333)


def test_a_report_behind_another_block_is_found() -> None:
    other = struct.pack("!BBHI", 5, 0, 1, 7)
    report = struct.pack("!BBHI", 0x80, 207, 6, 0xABCD) + other + REFERENCE[8:]
    assert read_reference_time(report) == (0xABCD, 0x2222_3333)


def test_what_is_cut_off_or_something_else_is_not_a_report() -> None:
    assert read_reference_time(write_receiver_report(1, [])) is None
    for size in range(len(REFERENCE)):
        assert read_reference_time(REFERENCE[:size]) is None
    lying = struct.pack("!BBHIBBH", 0x80, 207, 2, 1, 4, 0, 2)
    assert read_reference_time(lying) is None


def test_a_reply_names_the_report_and_its_delay() -> None:
    reply = write_reply(9, 0xABCD, 0x2222_3333, 0.5)
    assert struct.unpack("!BBHIBBHIII", reply) == (0x80, 207, 5, 9, 5, 0, 3, 0xABCD, 0x2222_3333, 0x8000)
    assert parse_rtcp(write_receiver_report(9, []) + reply)
