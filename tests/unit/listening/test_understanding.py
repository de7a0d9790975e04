"""Speech to lines and commands: times of the sound, gaps, and what is said to the studio alone."""

from __future__ import annotations

import itertools

import numpy as np

from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, RecogniserInfo, Sound
from avatar.listening.voice_activity import Stretch
from avatar.listening.voice_commands import VoiceCommand
from stream_server.listening.dictation import HeardLine
from stream_server.listening.understanding import Understanding


class Counting:
    """A recogniser that hears a word in every half second; final at once."""

    info = RecogniserInfo("counting", ("en",), "ours")

    def __init__(self, words: list[str] | None = None) -> None:
        self._s = 0.0
        self._words = itertools.cycle(words or ["one", "two", "three"])
        self.finished = 0

    def hear(self, sound: Sound) -> Heard:
        begin_s, self._s = self._s, self._s + len(sound) / SAMPLE_RATE
        times = np.arange(np.ceil(begin_s * 2) / 2, self._s, 0.5)
        return Heard(tuple(HeardWord(float(at), float(at) + 0.4, next(self._words)) for at in times))

    def finish(self) -> Heard:
        self._s = 0.0
        self.finished += 1
        return Heard()


class Obedient:
    """Hears the same command in whatever it is given."""

    def __init__(self, command: VoiceCommand | None) -> None:
        self.command_heard = command
        self.asked: list[float] = []

    def command(self, sound: Sound) -> VoiceCommand | None:
        self.asked.append(len(sound) / SAMPLE_RATE)
        return self.command_heard


def stretch(at_ms: float, ms: float, *, first: bool = False, last: bool = False) -> Stretch:
    return Stretch(at_ms, np.zeros(round(ms * SAMPLE_RATE / 1000), np.int16), first, last)


def understanding(recogniser: Counting, commands: Obedient | None = None) -> Understanding:
    numbers = itertools.count(1)
    return Understanding(recogniser, commands, "en", lambda: f"ear_{next(numbers)}")


def test_words_have_the_times_of_the_sound() -> None:
    made = understanding(Counting())
    (growing,) = made.hear(stretch(70_000, 1000, first=True))
    (whole,) = made.hear(stretch(71_000, 400, last=True))
    assert isinstance(growing, HeardLine)
    assert isinstance(whole, HeardLine)
    assert [ms for _, ms in whole.marks] == [70_000, 70_500, 71_000]
    assert (growing.is_whole, whole.is_whole) == (False, True)


def test_speech_that_was_left_out_ends_the_line_and_moves_no_times() -> None:
    recogniser = Counting()
    made = understanding(recogniser)
    made.hear(stretch(1000, 600, first=True))
    before, after = made.hear(stretch(9000, 600))
    assert isinstance(before, HeardLine)
    assert isinstance(after, HeardLine)
    assert before.is_whole
    assert recogniser.finished == 1
    assert [ms for _, ms in after.marks] == [9000, 9500]


def test_a_command_is_done_and_not_captioned() -> None:
    made = understanding(Counting(["hey", "studio", "pin"]), Obedient("pin"))
    assert made.hear(stretch(0, 1400, first=True)) == []
    assert made.hear(stretch(1400, 700, last=True)) == ["pin"]


def test_what_only_begins_like_a_command_is_captioned_when_it_is_whole() -> None:
    made = understanding(Counting(["studio", "lights"]), Obedient(None))
    assert made.hear(stretch(0, 1400, first=True)) == []
    (line,) = made.hear(stretch(1400, 700, last=True))
    assert isinstance(line, HeardLine)
    assert line.text.startswith("Studio lights")


def test_only_a_short_sentence_of_its_own_is_asked_about() -> None:
    commands = Obedient(None)
    made = understanding(Counting(), commands)
    made.hear(stretch(0, 900, first=True, last=True))  # too short
    for at in range(6):
        made.hear(stretch(10_000 + at * 1000, 1000, first=at == 0, last=at == 5))  # too long
    made.hear(stretch(20_000, 1000, last=True))  # its begin was left out
    assert commands.asked == []
    made.hear(stretch(30_000, 2000, first=True, last=True))
    assert commands.asked == [2.0]
