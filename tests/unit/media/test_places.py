"""Which thread of the native egress serves whom."""

from __future__ import annotations

from stream_server.media.native_egress import Places
from stream_server.media.rtp import Kind


def test_pictures_and_sounds_of_viewers_that_begin_with_both_are_each_spread_evenly() -> None:
    kinds: tuple[Kind, ...] = ("audio", "video")
    places = Places(2)
    taken = [places.take(kind) for _ in range(10) for kind in kinds]
    for kind in kinds:
        assert [sum(place.kind == kind and place.thread == thread for place in taken) for thread in (0, 1)] == [5, 5]


def test_place_that_was_given_back_is_taken_next() -> None:
    places = Places(2)
    first, second = places.take("video"), places.take("video")
    places.give_back(second)
    assert places.take("video") == second != first
