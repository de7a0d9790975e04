"""Makes a recogniser that listens along calm: words that it holds on to are final before the sentence ends.

`LocalAgreement` does this for engines that understand whole stretches; this one for engines that go on from where they
were and offer a guess of everything since the last pause (PocketSphinx).
"""

from __future__ import annotations

from avatar.listening.agreement import agreed
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, Recogniser, RecogniserInfo, Sound


class Settling:
    """A `Recogniser` around another one, whose guesses become final when two looks in a row agree on them."""

    def __init__(self, recogniser: Recogniser, sure_after_s: float = 0.6) -> None:
        """The newest words, that end within ``sure_after_s`` of the sound's end, stay guesses."""
        self._recogniser = recogniser
        self._sure_after_s = sure_after_s
        self._guess: list[HeardWord] = []
        self._heard_s = 0.0
        self._final_s = 0.0

    @property
    def info(self) -> RecogniserInfo:
        """See `Recogniser.info`."""
        return self._recogniser.info

    def hear(self, sound: Sound) -> Heard:
        """See `Recogniser.hear`."""
        self._heard_s += len(sound) / SAMPLE_RATE
        heard = self._recogniser.hear(sound)
        if heard.final:  # it ended a sentence by itself
            return Heard(self._rest(heard.final), heard.guess)
        fresh = self._fresh(heard.guess)
        count = agreed(self._guess, fresh)
        while count and fresh[count - 1].end_s > self._heard_s - self._sure_after_s:
            count -= 1
        self._guess = fresh[count:]
        if count:
            self._final_s = fresh[count - 1].end_s
        return Heard(tuple(fresh[:count]), tuple(self._guess))

    def finish(self) -> Heard:
        """See `Recogniser.finish`."""
        final = self._rest(self._recogniser.finish().final)
        self._heard_s = 0.0
        return Heard(final)

    def _rest(self, words: tuple[HeardWord, ...]) -> tuple[HeardWord, ...]:
        rest = tuple(self._fresh(words))
        self._guess, self._final_s = [], 0.0
        return rest

    def _fresh(self, words: tuple[HeardWord, ...]) -> list[HeardWord]:
        """What comes behind the final words. By time: the engine may think again about how many those were."""
        return [word for word in words if (word.start_s + word.end_s) / 2 > self._final_s]
