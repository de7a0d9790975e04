"""Words that an engine holds on to are final at once; what it takes back was never shown as such."""

from __future__ import annotations

import numpy as np

from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, RecogniserInfo, Sound
from avatar.listening.settling import Settling


class Guessing:
    """A recogniser whose guesses a test gives, one a look; the last one is final."""

    info = RecogniserInfo("guessing", ("en",), "ours")

    def __init__(self, *guesses: str) -> None:
        self._guesses = [
            tuple(HeardWord(n * 0.3, n * 0.3 + 0.25, word) for n, word in enumerate(guess.split())) for guess in guesses
        ]
        self._last: tuple[HeardWord, ...] = ()

    def hear(self, sound: Sound) -> Heard:
        self._last = self._guesses.pop(0)
        return Heard(guess=self._last)

    def finish(self) -> Heard:
        return Heard(self._last)


def settled(*guesses: str, step_s: float = 2.0) -> list[list[str]]:
    recogniser = Settling(Guessing(*guesses))
    sound = np.zeros(round(step_s * SAMPLE_RATE), np.int16)
    found = [[word.text for word in recogniser.hear(sound).final] for _ in guesses]
    return [*found, [word.text for word in recogniser.finish().final]]


def test_what_two_looks_agree_on_is_final_and_comes_once() -> None:
    assert settled("this", "this lamp", "this lamp is", "this lamp is blue") == [
        [],
        ["this"],
        ["lamp"],
        ["is"],
        ["blue"],
    ]


def test_the_newest_words_wait_for_more_sound() -> None:
    assert settled("this", "this", step_s=0.2) == [[], [], ["this"]]


def test_an_engine_that_thinks_again_adds_nothing_before_what_is_final() -> None:
    assert settled("this lamp", "this lamp is", "these lamps is blue", "these lamps is blue") == [
        [],
        ["this", "lamp"],
        ["is"],
        ["blue"],
        [],
    ]
