"""LocalAgreement-2: a recogniser of whole stretches of sound, made fit for live captions.

The stretch that is not settled yet is understood again each time it has grown; the words that two guesses in a row
agree on are final. After Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription System" (2023),
https://arxiv.org/abs/2307.14743, which measured 3.3 s of lag for English with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, RecogniserInfo, Sound, Transcriber

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class AgreementOptions:
    """How often is listened, and how much is kept."""

    every_s: float = 1.0
    """New sound between two looks: lag against work."""
    keep_s: float = 8.0
    """Settled sound before the open words that is listened to again, for their context …"""
    longest_s: float = 20.0
    """… but never more than this in all: what is older is settled as it was guessed last."""
    before_chars: int = 200
    """Of the settled text that the transcriber is told."""


class LocalAgreement:
    """A `Recogniser` on top of a `Transcriber`. Memory is bounded by ``longest_s``."""

    def __init__(self, transcriber: Transcriber, options: AgreementOptions | None = None) -> None:
        """The transcriber stays its owner's."""
        self._transcriber = transcriber
        self._options = options or AgreementOptions()
        self._sound: Sound = np.zeros(0, np.int16)
        self._begin_s = 0.0
        """Time of the first kept sample."""
        self._unheard = 0
        self._final_s = 0.0
        """End of the last final word."""
        self._settled: list[HeardWord] = []
        """Final words within the kept sound."""
        self._before = ""
        self._guess: list[HeardWord] = []

    @property
    def info(self) -> RecogniserInfo:
        """See `Recogniser.info`."""
        return self._transcriber.info

    def hear(self, sound: Sound) -> Heard:
        """See `Recogniser.hear`."""
        self._sound = np.concatenate([self._sound, sound])
        self._unheard += len(sound)
        if self._unheard < self._options.every_s * SAMPLE_RATE:
            return Heard(guess=tuple(self._guess))
        self._unheard = 0
        found = self._open_words()
        count = agreed(self._guess, found)
        final = found[:count]
        self._guess = found[count:]
        self._settle(final)
        final += self._trim()
        return Heard(tuple(final), tuple(self._guess))

    def finish(self) -> Heard:
        """See `Recogniser.finish`."""
        final = self._open_words() if self._unheard else self._guess
        self._sound = np.zeros(0, np.int16)
        self._unheard, self._guess, self._settled, self._before = 0, [], [], ""
        self._begin_s = self._final_s = 0.0
        return Heard(tuple(final))

    def _open_words(self) -> list[HeardWord]:
        """What the transcriber makes of the kept sound, less what is settled."""
        found = self._transcriber.transcribe(self._sound, self._before)
        moved = [HeardWord(w.start_s + self._begin_s, w.end_s + self._begin_s, w.text) for w in found if w.text.strip()]
        fresh = [word for word in moved if (word.start_s + word.end_s) / 2 > self._final_s]
        return fresh[_repeated(self._settled, fresh) :]

    def _settle(self, words: list[HeardWord]) -> None:
        if words:
            self._final_s = words[-1].end_s
            self._settled += words

    def _trim(self) -> list[HeardWord]:
        """Forget settled sound; the words that became final because there was too much of it."""
        options = self._options
        end_s = self._begin_s + len(self._sound) / SAMPLE_RATE
        forced: list[HeardWord] = []
        if end_s - max(self._final_s, self._begin_s) > options.longest_s - options.keep_s:
            forced, self._guess = self._guess, []
            self._settle(forced)
            self._final_s = max(self._final_s, end_s - options.keep_s)
        from_s = min(self._final_s, end_s) - options.keep_s
        if from_s - self._begin_s > options.keep_s / 2:
            cut_s = self._word_boundary(from_s)
            drop = round((cut_s - self._begin_s) * SAMPLE_RATE)
            self._sound = self._sound[drop:]
            self._begin_s += drop / SAMPLE_RATE
            gone = [word.text for word in self._settled if word.end_s <= self._begin_s]
            self._before = " ".join([self._before, *gone])[-options.before_chars :]
            self._settled = self._settled[len(gone) :]
        return forced

    def _word_boundary(self, near_s: float) -> float:
        """The end of the last settled word before ``near_s``: half a word at the begin misleads the transcriber."""
        ends = [word.end_s for word in self._settled if word.end_s <= near_s]
        return ends[-1] if ends else near_s


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()


def agreed(before: list[HeardWord], now: list[HeardWord]) -> int:
    """How many words at the begin are the same; case and punctuation make no difference."""
    count = 0
    for old, new in zip(before, now, strict=False):
        if _plain(old.text) != _plain(new.text):
            break
        count += 1
    return count


def _repeated(settled: list[HeardWord], fresh: list[HeardWord]) -> int:
    """How many fresh words say again what was settled: a word's times move a little from guess to guess.

    Only where the two overlap in time, for people do say a word twice.
    """
    if not settled or not fresh or fresh[0].start_s >= settled[-1].end_s:
        return 0
    for count in range(min(4, len(settled), len(fresh)), 0, -1):
        if [_plain(word.text) for word in settled[-count:]] == [_plain(word.text) for word in fresh[:count]]:
            return count
    return 0
