"""A show whose publisher is in another process, as its tracks and its clock see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stream_server.clock import ManualClock
from stream_server.media.layer_choice import LayerRate
from stream_server.media.metrics import Counters
from stream_server.media.options import MediaOptions
from stream_server.media.outlet import Outlet
from stream_server.media.show import Show
from stream_server.media.sister import SisterSource, Word
from stream_server.media.trunk_wire import Batch, Farewell, Interest, KeyframeWish, Standing
from stream_server.signaling.media_plane import MediaEvent
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME
from tests.unit.media.trunk_talk import SHOW, announcement, packet


class Stage:
    """A show that follows a source with three layers."""

    def __init__(self, layers: int = 3) -> None:
        self.clock = ManualClock()
        self.events: list[MediaEvent] = []
        self.said: list[Word] = []
        counters = Counters()
        self.show = Show(
            SHOW,
            0.0,
            RecordingEgress(),
            MediaOptions(Path("unused"), cached_packets=64),
            counters,
            self.clock,
            self.events.append,
            lambda show, publisher, reason: None,
            lambda show_id, piped: Outlet(show_id, 1, piped, [], counters),
        )
        now_s = self.clock.monotonic_s()
        told = announcement(now_s, layers=layers)
        self.source = SisterSource(1, told, self.said.append, self.clock.monotonic_s)
        self.show.follow(self.source, now_s)

    def take(self, track: int, *indexes: int, payload: bytes = H264_DELTA) -> None:
        packets = [packet(index, payload) for index in indexes]
        self.show.take(Batch(1, track, self.clock.monotonic_s(), packets))

    def stand(self, *layers: int) -> None:
        now_s = self.clock.monotonic_s()
        sent = tuple(LayerRate(layer, 1e5 * (place + 1), 180 * (place + 1)) for place, layer in enumerate(layers))
        self.source.on_standing(Standing(SHOW, 1000.0, now_s, now_s, {"video": 90_000}, sent))


def test_following_subscribes_at_once_and_leaving_is_said() -> None:
    stage = Stage()
    assert stage.said == [Interest(SHOW, 0, None)]
    stage.show.close()
    assert stage.said[-1] == Farewell(SHOW)


def test_each_layer_goes_to_a_track_of_its_own() -> None:
    stage = Stage()
    for track in range(4):
        stage.take(track, 5, 6)
    assert [track.cache.newest_index for track in (stage.show.tracks["audio"], *stage.show.layers)] == [1] * 4
    stage.take(9, 1)


def test_new_viewers_begin_with_the_largest_layer_that_is_sent() -> None:
    stage = Stage()
    assert stage.show.best_tracks["video"] is stage.show.layers[0]
    stage.stand(1, 0, 2)
    assert stage.show.best_tracks["video"] is stage.show.layers[2]


def test_a_wish_for_a_layer_goes_to_the_process_that_has_the_publisher() -> None:
    stage = Stage()
    stage.show.layers[2].want_keyframe()
    assert KeyframeWish(SHOW, 2) in stage.said


def test_the_clock_is_the_origins_and_only_the_origin_tells_it() -> None:
    stage = Stage()
    assert stage.show.timeline.position_ms(stage.clock.monotonic_s()) == pytest.approx(100_000)  # as was announced
    stage.clock.advance(1.0)
    stage.show.take(Batch(1, 1, stage.clock.monotonic_s(), [packet(7, H264_KEYFRAME, timestamp=100_500 * 90)]))
    stage.show.tick(stage.clock.monotonic_s())
    assert stage.show.timeline.newest_frame() == (100_500, stage.clock.monotonic_s())
    assert stage.show.anchor() is None
    assert stage.show.standing(stage.clock.monotonic_s()) is None
    assert stage.events == []


def test_without_its_source_the_show_waits_and_goes_on_with_the_next_one() -> None:
    stage = Stage()
    stage.take(1, 5, 6)
    stage.show.unfollow()
    assert stage.show.sister is None
    assert stage.show.had_source
    stage.show.follow(SisterSource(2, announcement(2000.0, layers=1), stage.said.append, stage.clock.monotonic_s), 2e3)
    stage.take(1, 900)
    assert stage.show.layers[0].cache.newest_index == 2
