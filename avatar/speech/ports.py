"""What a voice is: text in, sound out, with the time of every word and of every mouth shape.

Engines live beside this file and are chosen per language by `avatar.speech.voices.Voices`, which is a `Speaker`
itself; `avatar.speech.tone.ToneEngine` is the fake for tests. All of them pass the same contract tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 48_000
"""Samples per second of everything that leaves this package; mono."""

MAX_TEXT_CHARS = 2_000
"""What one `say` takes; longer scripts go through `avatar.speech.sentences.split` first."""

Pcm = NDArray[np.int16]
"""Signed 16 bit, mono, `SAMPLE_RATE`; shape (samples,)."""


class Viseme(StrEnum):
    """Mouth shapes; the fifteen names that Oculus' lip sync, and most 3D models, use (`viseme_PP` …)."""

    SIL = "sil"
    PP = "PP"
    FF = "FF"
    TH = "TH"
    DD = "DD"
    KK = "kk"
    CH = "CH"
    SS = "SS"
    NN = "nn"
    RR = "RR"
    AA = "aa"
    E = "E"
    I = "I"  # noqa: E741 (the shape's own name)
    O = "O"  # noqa: E741
    U = "U"


class Word(NamedTuple):
    """A word of the text as it was written (not as it was spelled out for the voice) and when it sounds."""

    start_s: float
    end_s: float
    text: str


class Mouth(NamedTuple):
    """From ``at_s`` on the mouth goes to ``viseme``; ``weight`` 0 to 1 says how far (unstressed vowels are smaller)."""

    at_s: float
    viseme: Viseme
    weight: float


@dataclass(frozen=True, eq=False)
class Utterance:
    """One line, spoken: −16 LUFS, true peaks below −1 dB, silent at both ends.

    Words and visemes rise in time, begin at or after 0 and lie within the sound; the last viseme is `Viseme.SIL`.
    """

    text: str
    lang: str
    pcm: Pcm
    words: tuple[Word, ...]
    visemes: tuple[Mouth, ...]
    engine: str
    """Which voice said it, for the console and the log: ``espeak:es``, ``flite:rms``."""

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.pcm) / SAMPLE_RATE


@dataclass(frozen=True)
class VoiceInfo:
    """A voice as the console shows it."""

    engine: str
    languages: tuple[str, ...]
    """First parts of language tags; empty means every language."""
    licence: str
    note: str = ""


class Speaker(Protocol):
    """Speaks. Owned by an ``async with`` block of whoever opened it; usable from one task at a time."""

    @property
    def info(self) -> VoiceInfo:
        """Which voice this is."""

    async def say(self, text: str, lang: str) -> Utterance:
        """Speak ``text`` (at most `MAX_TEXT_CHARS` characters of one language) in the BCP 47 language ``lang``.

        Text without anything to pronounce (empty, emoji) gives an utterance of 0.2 s of silence.

        Raises: SpeechUnavailable when this voice cannot speak now or cannot speak this language; TextTooLong.
        """
