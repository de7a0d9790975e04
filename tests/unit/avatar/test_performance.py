import numpy as np
import pytest

from avatar.errors import ScriptQueueFull
from avatar.performance import CHUNK, MAX_QUEUED, Performance, Spoken, Step
from avatar.speech.ports import SAMPLE_RATE, Mouth, Utterance, Viseme, Word


def utterance(seconds: float = 1.0) -> Utterance:
    count = int(seconds * SAMPLE_RATE)
    # Each sample says where in the utterance it is: sound and picture can be compared to the sample.
    pcm = (np.arange(count) // 48 % 30000 + 1).astype(np.int16)
    words = tuple(Word(n / 4, n / 4 + 0.2, f"w{n}") for n in range(int(seconds * 4)))
    return Utterance("", "en", pcm, words, (Mouth(0.0, Viseme.AA, 1.0), Mouth(seconds, Viseme.SIL, 1.0)), "test")


def steps(performance: Performance, count: int) -> list[Step]:
    return [performance.step() for _ in range(count)]


def test_sound_and_picture_are_never_a_chunk_apart() -> None:
    performance = Performance(25)
    for _ in range(4):
        performance.say(Spoken(utterance(1.23)))
    for step in steps(performance, 300):
        if step.moment is not None and step.moment.now is not None and step.pcm[0]:
            heard_s = (int(step.pcm[0]) - 1) / 1000
            assert 0 <= step.moment.since_s - heard_s < 0.021


def test_an_interruption_is_silent_two_chunks_later_and_forgets_what_waits() -> None:
    performance = Performance()
    for key in range(3):
        performance.say(Spoken(utterance(), key=key))
    steps(performance, 10)
    generation = performance.interrupt()
    cut, after = steps(performance, 2)
    assert cut.ended is not None
    assert cut.ended.interrupted
    assert cut.ended.heard_s == pytest.approx(0.2)
    assert [word.text for word in cut.ended.words] == ["w0"]
    assert cut.pcm[: CHUNK // 4].any()
    assert not cut.pcm[CHUNK // 2 + 100 :].any()
    assert not after.pcm.any()
    assert performance.is_quiet
    assert not performance.say(Spoken(utterance()), generation - 1)
    assert performance.say(Spoken(utterance()), generation)


def test_skipping_goes_on_with_what_waits() -> None:
    performance = Performance()
    first, second = Spoken(utterance(), key=1), Spoken(utterance(), key=2)
    performance.say(first)
    performance.say(second)
    steps(performance, 5)
    performance.skip()
    assert steps(performance, 2)[1].started is second


def test_too_much_waiting_is_refused() -> None:
    performance = Performance()
    for _ in range(MAX_QUEUED):
        performance.say(Spoken(utterance()))
    with pytest.raises(ScriptQueueFull):
        performance.say(Spoken(utterance()))


def test_a_machine_that_slept_goes_on_with_sound_and_picture_together() -> None:
    performance = Performance(25)
    performance.say(Spoken(utterance(2.0)))
    steps(performance, 20)
    performance.jump_to(10 * SAMPLE_RATE)
    later = steps(performance, 4)
    assert later[0].first_sample == 10 * SAMPLE_RATE
    moments = [step.moment for step in later if step.moment]
    assert moments[0].at_s == pytest.approx(10.0)
    assert moments[0].since_s == pytest.approx(0.4)
