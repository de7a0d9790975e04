"""Live captions out of a recogniser of whole stretches: what is final was said, and never changes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from avatar.listening.agreement import AgreementOptions, LocalAgreement
from avatar.listening.flicker import Flicker
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, Recogniser
from avatar.listening.scripted import ScriptedTranscriber

STEP_S = 0.2


def speech(count: int, word_s: float = 0.4) -> list[HeardWord]:
    """``count`` different words, one after the other."""
    letters = ("".join(pair) for pair in itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst"))
    return [HeardWord(n * word_s, (n + 0.9) * word_s, word) for n, word in zip(range(count), letters, strict=False)]


def listen(transcriber: ScriptedTranscriber, recogniser: Recogniser, seconds: float) -> list[Heard]:
    heard: list[Heard] = []
    for _ in range(round(seconds / STEP_S)):
        transcriber.grown(STEP_S)
        heard.append(recogniser.hear(np.zeros(round(STEP_S * SAMPLE_RATE), np.int16)))
    return [*heard, recogniser.finish()]


def final(heard: list[Heard]) -> list[str]:
    return [word.text for each in heard for word in each.final]


@pytest.mark.parametrize("seed", range(5))
def test_every_word_comes_once_and_in_order(seed: int) -> None:
    words = speech(150)
    transcriber = ScriptedTranscriber(words, seed)
    heard = listen(transcriber, LocalAgreement(transcriber), 62)
    said = final(heard)
    # A word that was misheard twice in the same way is final too; that is the price of being quick.
    wrong = sum(a != b for a, b in zip(said, (word.text for word in words), strict=True))
    assert wrong <= 0.12 * len(words)


def test_a_recogniser_without_doubts_is_calm() -> None:
    words = speech(60)
    transcriber = ScriptedTranscriber(words, mishears=0)
    heard = listen(transcriber, LocalAgreement(transcriber), 25)
    flicker = Flicker()
    for each in heard:
        flicker.take(each)
    assert final(heard) == [word.text for word in words]
    assert flicker.ratio == 0


def test_words_are_final_within_two_looks() -> None:
    words = speech(60)
    transcriber = ScriptedTranscriber(words, mishears=0)
    recogniser = LocalAgreement(transcriber)
    heard_s = 0.0
    for _ in range(100):
        transcriber.grown(STEP_S)
        heard_s += STEP_S
        for word in recogniser.hear(np.zeros(round(STEP_S * SAMPLE_RATE), np.int16)).final:
            assert heard_s - word.end_s <= 2 * AgreementOptions().every_s + STEP_S + 0.01


def test_memory_and_work_are_bounded_however_long_somebody_speaks() -> None:
    longest = 0

    class Measured(ScriptedTranscriber):
        def transcribe(self, sound: np.ndarray[tuple[int], np.dtype[np.int16]], before: str) -> list[HeardWord]:
            nonlocal longest
            longest = max(longest, len(sound))
            assert len(before) <= AgreementOptions().before_chars
            return super().transcribe(sound, before)

    transcriber = Measured(speech(700))
    said = final(listen(transcriber, LocalAgreement(transcriber), 282))
    assert len(said) == 700
    assert longest <= (AgreementOptions().longest_s + 1.5) * SAMPLE_RATE


def test_silence_and_noise_without_words_are_let_pass() -> None:
    transcriber = ScriptedTranscriber([])
    heard = listen(transcriber, LocalAgreement(transcriber), 60)
    assert final(heard) == []


def test_a_recogniser_that_never_agrees_with_itself_is_settled_by_time() -> None:
    transcriber = ScriptedTranscriber([])
    changing = itertools.count()

    class Restless:
        info = transcriber.info

        def transcribe(self, sound: np.ndarray[tuple[int], np.dtype[np.int16]], before: str) -> list[HeardWord]:
            return [HeardWord(0.5, len(sound) / SAMPLE_RATE, f"guess{next(changing)}")]

    heard = listen(transcriber, LocalAgreement(Restless()), 60)
    assert 2 <= len(final(heard)) <= 12


def test_flicker_counts_what_is_taken_back() -> None:
    a, b, c = (HeardWord(n, n + 1, text) for n, text in enumerate("abc"))
    flicker = Flicker()
    for each in (Heard(guess=(a, b)), Heard(guess=(a, c)), Heard((a, c)), Heard()):
        flicker.take(each)
    assert (flicker.shown, flicker.taken_back, flicker.final) == (3, 1, 2)
