"""Where speech begins and ends, with the times that the sound came with."""

from __future__ import annotations

import numpy as np
import pytest

from avatar.listening.ports import SAMPLE_RATE, Sound
from avatar.listening.voice_activity import Stretch, VoiceActivity, VoiceOptions

STEP = SAMPLE_RATE // 50


def noise(seconds: float, loudness: float) -> Sound:
    return np.random.default_rng(1).normal(0, loudness, round(seconds * SAMPLE_RATE)).astype(np.int16)


def through(sound: Sound, begin_ms: float = 0.0, options: VoiceOptions | None = None) -> list[Stretch]:
    voice = VoiceActivity(options)
    found: list[Stretch] = []
    for at in range(0, len(sound), STEP):
        found += voice.take(sound[at : at + STEP], begin_ms + at * 1000 / SAMPLE_RATE)
    return found + voice.end()


def spans(found: list[Stretch]) -> list[tuple[float, float]]:
    """Begin and end of each speech, in ms."""
    begins = [stretch.at_ms for stretch in found if stretch.is_first]
    ends = [stretch.end_ms for stretch in found if stretch.is_last]
    return list(zip(begins, ends, strict=True))


def test_speech_is_found_with_a_little_before_it_and_the_pause_after() -> None:
    sound = np.concatenate([noise(1, 10), noise(1, 4000), noise(1, 10)])
    ((begin, end),) = spans(through(sound, begin_ms=50_000))
    assert begin == pytest.approx(51_000 - 250, abs=80)
    assert end == pytest.approx(52_000 + 500, abs=40)


def test_stretches_of_one_speech_touch_each_other() -> None:
    found = through(np.concatenate([noise(1, 10), noise(2, 4000), noise(1, 10)]))
    for before, after in zip(found, found[1:], strict=False):
        assert after.at_ms == pytest.approx(before.end_ms, abs=0.01)


def test_a_breath_is_within_the_sentence_and_a_pause_is_not() -> None:
    quiet, loud = noise(0.3, 10), noise(1, 4000)
    assert len(spans(through(np.concatenate([noise(1, 10), loud, quiet, loud, noise(1, 10)])))) == 1
    assert len(spans(through(np.concatenate([noise(1, 10), loud, noise(0.9, 10), loud, noise(1, 10)])))) == 2


@pytest.mark.parametrize("sound", [np.zeros(3 * SAMPLE_RATE, np.int16), noise(3, 30)])
def test_silence_and_a_quiet_room_are_no_speech(sound: Sound) -> None:
    assert through(sound) == []


def test_a_click_is_no_speech() -> None:
    assert through(np.concatenate([noise(1, 10), noise(0.03, 8000), noise(1, 10)])) == []


def test_a_noise_that_stays_becomes_the_room_and_speech_above_it_is_found() -> None:
    fan = noise(12, 400)
    fan[9 * SAMPLE_RATE : 10 * SAMPLE_RATE] += noise(1, 6000)
    last = spans(through(fan))[-1]
    assert last[0] == pytest.approx(9000, abs=400)
    assert last[1] < 11_000


def test_whoever_does_not_pause_is_cut() -> None:
    found = spans(through(np.concatenate([noise(1, 10), noise(7, 4000)]), options=VoiceOptions(longest_s=3)))
    assert len(found) == 3
    assert all(end - begin <= 3000 + 250 + 40 for begin, end in found)


def test_a_lost_packet_is_bridged_and_a_gap_ends_the_speech() -> None:
    voice = VoiceActivity()
    loud = noise(1, 4000)
    voice.take(noise(1, 10), 0)
    found = voice.take(loud, 1000) + voice.take(loud, 2020)
    assert [stretch.is_last for stretch in found] == [False, False]
    found = voice.take(loud, 9000)
    assert found[0].is_last
    assert found[1].is_first
    assert found[1].at_ms == pytest.approx(9000, abs=300)
