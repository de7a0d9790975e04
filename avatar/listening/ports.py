"""What a recogniser is: sound in, words with their times out, first as a guess and then for good.

Engines live beside this file; `avatar.listening.scripted` is the fake for tests. Recognisers that look at a whole
stretch of sound (`Transcriber`) become live ones by `avatar.listening.agreement.LocalAgreement`. All are synchronous
and busy a core: they belong into a process of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from avatar.listening.voice_commands import VoiceCommand

SAMPLE_RATE = 16_000
"""Samples per second of everything that is listened to; mono."""

Sound = NDArray[np.int16]
"""Signed 16 bit, mono, `SAMPLE_RATE`; shape (samples,)."""


class HeardWord(NamedTuple):
    """A word and when it was said, in seconds of the sound's own time line."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Heard:
    """What is known after some more sound."""

    final: tuple[HeardWord, ...] = ()
    """New words that will not change any more; together, all `final` are what was said."""
    guess: tuple[HeardWord, ...] = ()
    """What follows them as far as it can be told; the next `Heard` may say otherwise."""


@dataclass(frozen=True)
class RecogniserInfo:
    """A recogniser as the console shows it."""

    engine: str
    languages: tuple[str, ...]
    """First parts of language tags."""
    licence: str
    note: str = ""


class Transcriber(Protocol):
    """Understands a stretch of sound at once. For one thread at a time."""

    @property
    def info(self) -> RecogniserInfo:
        """Which one this is."""

    def transcribe(self, sound: Sound, before: str) -> list[HeardWord]:
        """The words of ``sound``, with times from its begin; ``before`` was said before it.

        Raises: ListeningUnavailable.
        """


class Recogniser(Protocol):
    """Listens along. For one thread at a time."""

    @property
    def info(self) -> RecogniserInfo:
        """Which one this is."""

    def hear(self, sound: Sound) -> Heard:
        """The sound that follows what was heard before, 20 ms to a second of it. Raises: ListeningUnavailable."""

    def finish(self) -> Heard:
        """Nothing follows: what was a guess becomes final. The next sound begins anew."""


class CommandHearer(Protocol):
    """Understands what a host says to the studio. For one thread at a time."""

    def command(self, sound: Sound) -> VoiceCommand | None:
        """The command in a sentence's sound, between two pauses; None for anything else."""
