"""What we write about ourselves for ICE."""

from __future__ import annotations

import re

from stream_server.media.ice import Candidate


def test_a_udp_candidate_is_written_as_rfc_8839_says() -> None:
    line = Candidate("192.0.2.1", 8880).line(1)
    assert line == "a=candidate:1 1 udp 2130706431 192.0.2.1 8880 typ host generation 0"


def test_a_tcp_candidate_is_passive_and_comes_after_every_udp_one() -> None:
    line = Candidate("192.0.2.1", 8880, "tcp").line(2)
    found = re.fullmatch(r"a=candidate:2 1 tcp (\d+) 192\.0\.2\.1 8880 typ host tcptype passive generation 0", line)
    assert found is not None
    priority = int(found[1])
    assert priority >> 24 == 90
    assert (priority >> 8 & 0xFFFF) >> 13 == 4  # direction preference, RFC 6544 §4.2
    assert priority < 126 << 24
