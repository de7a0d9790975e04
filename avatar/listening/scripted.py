"""A recogniser that knows what is said, and mishears the newest words as real ones do: the fake beside the port."""

from __future__ import annotations

import random
from collections.abc import Sequence

from avatar.listening.ports import SAMPLE_RATE, HeardWord, RecogniserInfo, Sound

UNSURE_S = 0.7
"""Words that end so shortly before the sound does are often misheard: half of them is missing."""


class ScriptedTranscriber:
    """A `Transcriber` over one long recording whose words are known; sound is only counted, not looked at.

    The sound it gets must be stretches of that recording that end where the last one ended or later, as
    `LocalAgreement` hands them on.
    """

    def __init__(self, words: Sequence[HeardWord], seed: int = 1, mishears: float = 0.5) -> None:
        """``mishears``: how likely an unsure word comes out wrong."""
        self._words = tuple(words)
        self._random = random.Random(seed)
        self._mishears = mishears
        self._end_s = 0.0
        self._length_s = 0.0
        self.info = RecogniserInfo("scripted", ("en",), "ours", "for tests")

    def grown(self, seconds: float) -> None:
        """So much more of the recording has been played."""
        self._end_s += seconds

    def transcribe(self, sound: Sound, before: str) -> list[HeardWord]:
        """See `Transcriber.transcribe`."""
        begin_s = self._end_s - len(sound) / SAMPLE_RATE
        heard: list[HeardWord] = []
        for word in self._words:
            # A millisecond for the rounding of sums.
            if word.start_s < begin_s - 0.001 or word.start_s >= self._end_s:
                continue
            unsure = word.end_s > self._end_s - UNSURE_S
            text = word.text
            if unsure and self._random.random() < self._mishears:
                text = word.text[: max(1, len(word.text) // 2)] + "…"
            heard.append(HeardWord(word.start_s - begin_s, word.end_s - begin_s, text))
        return heard
