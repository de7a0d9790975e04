import pytest

from stream_server.media.rtp import ntp_time
from stream_server.media.timeline import SourceClock, Timeline, TrackTimeline


def tracks(position_ms: float = 0.0) -> tuple[Timeline, TrackTimeline, TrackTimeline]:
    timeline = Timeline(position_ms, now_s=100.0)
    video, audio = TrackTimeline(timeline, "video"), TrackTimeline(timeline, "audio")
    return timeline, video, audio


def test_a_new_show_begins_at_zero_with_its_first_frame() -> None:
    timeline, video, _ = tracks()
    assert timeline.position_ms(150.0) == 0
    assert video.map(1_000_000, 150.0, is_newest=True) == 0
    assert video.map(1_003_000, 150.04, is_newest=True) == 3000
    position_ms, at_s = timeline.newest_frame()
    assert position_ms == pytest.approx(33.33, abs=0.01)
    assert at_s == 150.04


def test_a_known_show_continues_with_the_wall_from_the_given_position() -> None:
    timeline, video, audio = tracks(60_000)
    assert timeline.position_ms(101.0) == 61_000
    assert video.map(5, 101.5, is_newest=True) == 61_500 * 90
    assert audio.map(77, 102.0, is_newest=True) == 62_000 * 48


def test_the_clock_follows_the_media_not_the_arrival() -> None:
    timeline, video, _ = tracks()
    video.map(0, 100.0, is_newest=True)
    assert video.map(90_000, 101.3, is_newest=True) == 90_000
    assert timeline.position_ms(101.3) == 1000


def test_a_new_source_continues_where_the_wall_has_moved_to() -> None:
    _, video, audio = tracks()
    video.map(0, 100.0, is_newest=True)
    audio.map(0, 100.0, is_newest=True)
    video.map(90_000, 101.0, is_newest=True)
    audio.map(48_000, 101.0, is_newest=True)
    for track in (video, audio):
        track.begin_source()
    assert video.map(777, 105.0, is_newest=True) == 5 * 90_000
    assert audio.map(123, 105.1, is_newest=True) == round(5.1 * 48_000)


def test_a_new_source_never_steps_back_behind_what_was_sent() -> None:
    _, video, audio = tracks()
    video.map(0, 100.0, is_newest=True)
    audio.map(0, 100.0, is_newest=True)
    audio.map(48_000, 100.1, is_newest=True)  # a burst ran ahead of the clock
    audio.begin_source()
    assert audio.map(5, 100.1, is_newest=True) > 48_000


def test_timestamps_wrap_without_a_jump() -> None:
    _, video, _ = tracks()
    start = 2**32 - 3000
    assert video.map(start, 100.0, is_newest=True) == 0
    assert video.map(0, 100.033, is_newest=True) == 3000
    assert video.map(start, 100.04, is_newest=False) == 0
    assert video.map(3000, 100.066, is_newest=True) == 6000


def test_thirteen_hours_later_the_clock_still_counts() -> None:
    timeline, video, _ = tracks()
    for second in range(0, 60_000, 60):
        video.map(second * 90_000 % 2**32, 100.0 + second, is_newest=True)
    assert timeline.position_ms(100.0 + 59_940) == 59_940_000


@pytest.mark.parametrize("jump", [3_600 * 90_000, -3_600 * 90_000])
def test_a_source_that_jumps_in_time_is_laid_on_the_wall_again(jump: int) -> None:
    _, video, _ = tracks()
    base = 2**31
    video.map(base, 100.0, is_newest=True)
    generation = video.generation
    assert video.map((base + jump) % 2**32, 101.0, is_newest=True) == 90_000
    assert video.generation == generation + 1


def test_a_pause_of_the_whole_source_is_no_jump() -> None:
    _, video, _ = tracks()
    video.map(0, 100.0, is_newest=True)
    assert video.map(60 * 90_000, 160.0, is_newest=True) == 60 * 90_000


def test_sound_leads_where_there_is_no_picture() -> None:
    timeline, _, audio = tracks()
    audio.leads = True
    audio.map(0, 100.0, is_newest=True)
    audio.map(96_000, 102.0, is_newest=True)
    assert timeline.newest_frame() == (2000, 102.0)


# ---- lip sync


def clock_with_reports(picture_behind_s: float = 0.0) -> SourceClock:
    """Picture and sound of one instant (publisher's NTP 5000 s) arrive ``picture_behind_s`` apart."""
    clock = SourceClock()
    clock.on_packet("video", 90_000, 10.0 + picture_behind_s)
    clock.on_packet("audio", 48_000, 10.0)
    clock.on_report("video", ntp_time(5000.0), 90_000, 10.1)
    clock.on_report("audio", ntp_time(5000.0), 48_000, 10.1)
    return clock


def test_before_reports_arrival_says_what_belongs_together() -> None:
    clock = SourceClock()
    assert clock.timestamp_at("video", 10.0) is None
    clock.on_packet("video", 2**32 - 90, 10.0)
    assert clock.timestamp_at("video", 10.002) == 90
    clock.on_report("video", ntp_time(5000.0), 90_000, 10.1)
    clock.on_packet("audio", 480, 10.0)
    assert clock.timestamp_at("audio", 10.01) == 960  # sound has no report yet: arrival for both
    assert clock.timestamp_at("video", 10.002) == 90


def test_reports_put_late_pictures_back_beside_their_sound() -> None:
    clock = clock_with_reports(picture_behind_s=0.3)
    video, audio = clock.timestamp_at("video", 20.0), clock.timestamp_at("audio", 20.0)
    assert video is not None
    assert audio is not None
    assert video / 90_000 == pytest.approx(audio / 48_000, abs=1e-4)


def test_the_newest_report_counts_against_drift() -> None:
    clock = clock_with_reports()
    clock.on_report("video", ntp_time(5010.0), 90_000 * 11 + 900, 20.1)
    video, audio = clock.timestamp_at("video", 20.1), clock.timestamp_at("audio", 20.1)
    assert video == 90_000 * 11 + 900
    assert audio == 48_000 * 11


def test_reports_that_contradict_arrival_by_seconds_are_not_believed() -> None:
    clock = clock_with_reports()
    clock.on_report("audio", ntp_time(4990.0), 48_000, 11.0)
    assert clock.timestamp_at("video", 10.0) == 90_000
    assert clock.timestamp_at("audio", 10.0) == 48_000


def test_forgotten_reports_do_not_count() -> None:
    clock = clock_with_reports(picture_behind_s=0.3)
    clock.forget_reports("video")
    assert clock.timestamp_at("video", 10.3) == 90_000


def test_what_another_process_has_laid_on_the_timeline_keeps_its_place_and_moves_the_clock() -> None:
    timeline, video, _ = tracks(60_000)
    video.adopt(61_000 * 90, 101.1)
    video.adopt(60_900 * 90, 101.2)
    assert timeline.newest_frame() == (61_000, 101.1)


def test_adopted_timestamps_are_unwrapped_near_where_the_show_stands() -> None:
    long_s = 20 * 3600
    timeline, video, _ = tracks(long_s * 1000.0)
    video.adopt((long_s + 1) * 90_000 % 2**32, 101.0)
    assert timeline.newest_frame() == ((long_s + 1) * 1000, 101.0)


def test_a_publisher_who_comes_to_a_process_that_followed_another_goes_on_after_it() -> None:
    timeline, video, audio = tracks()
    video.adopt(9000, 100.0)
    audio.adopt(4800, 100.0)
    for track in (video, audio):
        track.begin_source()
    assert video.map(12345, 102.0, is_newest=True) == 9000 + 2 * 90_000
    assert audio.map(54321, 102.0, is_newest=True) == 4800 + 2 * 48_000
    assert timeline.position_ms(102.0) == pytest.approx(2100)
