"""A track in one process and the same one in another, which gets its packets by a pipe."""

from __future__ import annotations

from stream_server.media.codecs import Encoding
from stream_server.media.rtp import MediaPacket
from stream_server.media.timeline import Timeline
from stream_server.media.track import FRESH_KEYFRAME_S, Track
from tests.unit.media.recording_egress import RecordingEgress
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME

H264 = Encoding("H264", "constrained_baseline")


def track(*, answers: bool = True, position_ms: float = 0.0) -> Track:
    made = Track("video", Timeline(position_ms, 0.0), RecordingEgress(), 64, lambda: None)
    made.begin_source(H264, answers_keyframe_requests=answers)
    return made


def push(origin: Track, sequence: int, payload: bytes, now_s: float, *, is_newest: bool = True) -> None:
    origin.push(sequence, int(now_s * 90_000), True, False, payload, now_s, is_newest=is_newest)
    origin.flush()


def cached(one: Track) -> list[tuple[int, int, bytes]]:
    return [(p.index, p.timestamp, p.payload) for p in one.cache.from_index(0, 64)]


def piped(origin: Track, sister: Track) -> None:
    """Copies, as a socket makes them."""

    def pipe(at_s: float, packets: list[MediaPacket]) -> None:
        for p in packets:
            sister.relay(MediaPacket(p.index, p.timestamp, p.marker, p.has_padding, p.payload), at_s)
        sister.flush()

    origin.pipe = pipe


def test_the_other_process_has_the_same_packets_with_the_same_timestamps() -> None:
    origin, sister = track(), track(position_ms=500.0)
    piped(origin, sister)
    push(origin, 100, H264_KEYFRAME, 1.0)
    push(origin, 103, H264_DELTA, 1.1)
    push(origin, 102, H264_DELTA + b"late", 1.06, is_newest=False)
    assert cached(sister) == cached(origin)
    assert [index for index, _, _ in cached(sister)] == [0, 2, 3]


def test_who_begins_in_the_middle_numbers_on_from_what_it_had() -> None:
    origin, sister = track(), track()
    push(origin, 1, H264_KEYFRAME, 1.0)
    piped(origin, sister)
    push(origin, 2, H264_DELTA, 1.1)
    push(origin, 3, H264_DELTA, 1.2)
    sister.begin_source(H264, answers_keyframe_requests=True)
    push(origin, 4, H264_DELTA, 1.3)
    assert [index for index, _, _ in cached(sister)] == [0, 1, 2]
    assert [stamp for _, stamp, _ in cached(sister)] == [stamp for _, stamp, _ in cached(origin)][1:]


def test_the_backlog_begins_at_the_keyframe_while_it_is_fresh() -> None:
    origin = track()
    push(origin, 1, H264_DELTA, 0.9)
    push(origin, 2, H264_KEYFRAME, 1.0)
    push(origin, 3, H264_DELTA, 1.1)
    found = origin.backlog(1.2)
    assert found is not None
    assert (found[0], [p.index for p in found[1]]) == (1.0, [1, 2])
    assert origin.backlog(1.0 + 2 * FRESH_KEYFRAME_S) is None


def test_of_a_source_that_ignores_requests_the_backlog_is_whatever_there_is() -> None:
    origin = track(answers=False)
    assert origin.backlog(1.0) is None
    push(origin, 1, H264_KEYFRAME, 1.0)
    found = origin.backlog(60.0)
    assert found is not None
    assert len(found[1]) == 1
