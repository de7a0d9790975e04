"""From the sound's timestamps to the show clock."""

from __future__ import annotations

import pytest

from stream_server.media.ear import show_ms


@pytest.mark.parametrize("at_ms", [0, 1000, 89_478_485, 89_478_486, 300_000_000])
@pytest.mark.parametrize("off_ms", [-30_000, 0, 30_000])
def test_timestamps_are_unwrapped_near_where_the_show_is(at_ms: int, off_ms: int) -> None:
    assert show_ms((at_ms * 48) & 0xFFFFFFFF, max(0, at_ms + off_ms)) == at_ms
