import numpy as np
import pytest

from avatar.errors import ScriptQueueFull
from avatar.performance import (
    BREATH_S,
    CHUNK,
    CHUNK_S,
    LONGEST_WORD_S,
    MAX_QUEUED,
    Performance,
    Spoken,
    Step,
    polite_end,
)
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


def spoken_words(*words: tuple[float, float, str], seconds: float = 3.0) -> Utterance:
    return Utterance(
        "", "en", np.ones(int(seconds * SAMPLE_RATE), np.int16), tuple(Word(*word) for word in words), (), "test"
    )


SENTENCE = spoken_words(
    (0.0, 0.3, "The"), (0.3, 0.8, "glaze,"), (0.8, 1.2, "by"), (1.3, 1.9, "the"), (1.9, 2.9, "way."), seconds=3.0
)


@pytest.mark.parametrize(
    ("at_s", "end_s", "why"),
    [
        (0.45, 0.8, "the phrase is nearly over"),
        (0.2, 0.3, "the phrase lasts too long, the word does not"),
        (0.9, 1.2, "after the word"),
        (1.25, 1.25, "between two words"),
        (2.6, 3.0, "the sentence is nearly over"),
        (1.9, 2.5, "nobody waits for so long a word"),
    ],
)
def test_a_polite_speaker_stops_where_it_hurts_least(at_s: float, end_s: float, why: str) -> None:
    assert polite_end(SENTENCE, at_s, 0.4) == pytest.approx(end_s), why


def test_chinese_ends_at_its_own_commas() -> None:
    said = spoken_words((0.0, 0.2, "釉"), (0.2, 0.5, "面，"), (0.5, 0.7, "很"), (0.7, 1.0, "厚。"))
    assert polite_end(said, 0.15, 0.4) == pytest.approx(0.5)


def test_words_that_nobody_timed_are_cut_at_once() -> None:
    assert polite_end(spoken_words(), 1.0, 0.4) == 1.0
    assert LONGEST_WORD_S > 0


def test_giving_way_finishes_the_word_and_what_is_queued_then_follows_after_a_breath() -> None:
    performance = Performance()
    performance.say(Spoken(utterance(), key=1))
    performance.say(Spoken(utterance(), key=2))
    steps(performance, 4)  # 80 ms into w0, which lasts until 0.2
    performance.give_way(grace_s=0.0)
    assert performance.queued == 0
    answer = Spoken(utterance(), key=3)
    assert performance.say(answer, performance.generation)
    later = steps(performance, 30)
    (ended,) = [step.ended for step in later if step.ended]
    assert ended.interrupted
    assert ended.heard_s == pytest.approx(0.2)
    (started,) = [n for n, step in enumerate(later) if step.started]
    assert later[started].started is answer
    cut = next(n for n, step in enumerate(later) if step.ended)
    assert (started - cut) * CHUNK_S == pytest.approx(BREATH_S, abs=CHUNK_S)


def test_giving_way_in_a_pause_shortens_it_and_the_next_line_is_said_whole() -> None:
    performance = Performance()
    performance.say(Spoken(utterance(0.2), pause_after_s=2.0))
    steps(performance, 15)
    performance.give_way()
    performance.say(Spoken(utterance(0.4), key=2))
    later = steps(performance, 40)
    started = next(n for n, step in enumerate(later) if step.started)
    assert started * CHUNK_S <= BREATH_S + CHUNK_S
    (ended,) = [step.ended for step in later if step.ended]
    assert not ended.interrupted


def test_a_line_that_is_nearly_over_is_finished_and_its_pause_is_short() -> None:
    performance = Performance()
    performance.say(Spoken(utterance(1.0), pause_after_s=2.0, key=1))
    steps(performance, 40)
    performance.give_way()
    performance.say(Spoken(utterance(0.2), key=2))
    later = steps(performance, 40)
    first = next(step.ended for step in later if step.ended)
    assert not first.interrupted
    started = next(n for n, step in enumerate(later) if step.started)
    assert started * CHUNK_S <= 0.2 + BREATH_S + 2 * CHUNK_S
