"""What is heard of a dub, beside the performance that it follows."""

from __future__ import annotations

import numpy as np
import pytest

from avatar.dubbing.track import DUCKED, LATE_S, DubTrack
from avatar.performance import CHUNK_S, Performance, Spoken
from avatar.speech.ports import SAMPLE_RATE, Mouth, Pcm, Utterance, Viseme, Word

ORIGINAL, DUB = 8000, 3000
"""Constant samples, so that one sees whose sound is heard."""


def utterance(text: str, seconds: float, level: int, lang: str = "en") -> Utterance:
    pcm = np.full(round(seconds * SAMPLE_RATE), level, np.int16)
    words = tuple(Word(n * 0.2, n * 0.2 + 0.2, "word") for n in range(round(seconds / 0.2)))
    return Utterance(text, lang, pcm, words, (Mouth(0.0, Viseme.SIL, 1.0),), "test")


class Stage:
    """A performance and one dub of it."""

    def __init__(self) -> None:
        self.performance = Performance()
        self.track = DubTrack("es")
        self.voice: list[Pcm] = []
        self.over: list[Pcm] = []

    def say(self, text: str, seconds: float, pause_s: float = 0.0) -> None:
        self.performance.say(Spoken(utterance(text, seconds, ORIGINAL), pause_after_s=pause_s))

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds / CHUNK_S)):
            mixed = self.track.step(self.performance.step())
            self.voice.append(mixed.voice)
            self.over.append(mixed.over_original)

    def heard(self, at_s: float) -> tuple[int, int]:
        """The middle sample of 20 ms, of the voice alone and of both."""
        n = round(at_s / CHUNK_S)
        return int(self.voice[n][480]), int(self.over[n][480])


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_dub_is_heard_instead_of_the_original_or_over_it(stage: Stage) -> None:
    stage.track.expect("Hello")
    stage.track.offer("Hello", utterance("Hola", 0.6, DUB))
    stage.say("Hello", 1.0)
    stage.play(1.2)
    assert stage.heard(0.0) == (DUB, DUB + int(ORIGINAL * DUCKED))
    assert stage.heard(0.4) == (DUB, DUB + int(ORIGINAL * DUCKED))
    assert stage.heard(0.8) == (0, int(ORIGINAL * DUCKED))
    assert stage.heard(1.1) == (0, 0)
    assert stage.track.is_quiet


def test_a_line_without_a_dub_is_heard_as_it_is_said(stage: Stage) -> None:
    stage.say("Hello", 0.4)
    stage.play(0.4)
    assert stage.heard(0.2) == (ORIGINAL, ORIGINAL)


def test_a_dub_that_is_ready_late_begins_late_and_ends_after_its_original(stage: Stage) -> None:
    stage.track.expect("Hello")
    stage.say("Hello", 0.4)
    stage.play(0.2)
    assert stage.heard(0.1)[0] == 0
    stage.track.offer("Hello", utterance("Hola", 0.4, DUB))
    stage.play(0.6)
    assert stage.heard(0.3)[0] == DUB
    assert stage.heard(0.5) == (DUB, DUB)
    assert stage.heard(0.7) == (0, 0)


def test_lines_are_said_in_order_each_after_the_one_before(stage: Stage) -> None:
    for text, level in (("one", 1000), ("two", 2000)):
        stage.track.expect(text)
        stage.track.offer(text, utterance(text, 0.6, level))
        stage.say(text, 0.4)
    stage.play(1.4)
    assert [stage.heard(at)[0] for at in (0.3, 0.5, 0.7, 1.1, 1.3)] == [1000, 1000, 2000, 2000, 0]


def test_what_is_cut_short_is_cut_short_in_the_dub_at_the_end_of_a_word(stage: Stage) -> None:
    stage.track.expect("Hello")
    stage.track.offer("Hello", utterance("Hola", 2.0, DUB))
    stage.say("Hello", 2.0)
    stage.play(0.5)
    stage.performance.interrupt()
    stage.play(1.0)
    assert stage.track.interruptions == 1
    assert stage.heard(0.54)[0] == DUB
    assert stage.heard(0.8) == (0, 0)
    assert stage.track.is_quiet


def test_a_dub_that_never_comes_is_not_waited_for(stage: Stage) -> None:
    stage.track.expect("one")
    stage.say("one", 0.4)
    stage.play(0.4 + LATE_S + 0.2)
    stage.track.expect("two")
    stage.track.offer("two", utterance("dos", 0.4, DUB))
    stage.say("two", 0.4)
    stage.play(0.3)
    assert stage.heard(0.4 + LATE_S + 0.4)[0] == DUB


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_line_whose_dub_is_given_up_is_heard_in_the_original(stage: Stage, has_begun: bool) -> None:
    stage.track.expect("Hello")
    stage.say("Hello", 1.0)
    if has_begun:
        stage.play(0.2)
    stage.track.leave_out("Hello")
    stage.play(0.6)
    assert stage.heard(0.5) == (ORIGINAL, ORIGINAL)


def test_loud_voices_together_do_not_wrap_around(stage: Stage) -> None:
    stage.track.expect("Hello")
    stage.track.offer("Hello", utterance("Hola", 1.0, 32_000))
    stage.say("Hello", 1.0)
    stage.play(0.2)
    assert stage.heard(0.1) == (32_000, 32_767)


def test_lines_that_never_begin_are_forgotten(stage: Stage) -> None:
    for number in range(100):
        stage.track.expect(str(number))
    assert len(stage.track._known) <= 16
    stage.track.offer("0", utterance("cero", 0.4, DUB))
    stage.say("0", 0.4)
    stage.play(0.2)
    assert stage.heard(0.1) == (ORIGINAL, ORIGINAL)
