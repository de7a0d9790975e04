"""Speech that waits for the recogniser: bounded, and old speech goes first when it is slower than the speaker."""

from __future__ import annotations

import asyncio
from collections import deque

import numpy as np

from avatar.listening.ports import SAMPLE_RATE
from avatar.listening.voice_activity import Stretch

MOST_S = 6.0
"""What waits longer would come too late to be read beside the picture."""
AT_LEAST_S = 0.2
"""A recogniser is not asked for less, unless the speech ends: each look costs it something."""
AT_ONCE_S = 1.0
"""What waits is handed over in pieces of at most so much."""
_TOUCH_MS = 1.0


class SpeechQueue:
    """One reader, one writer, one loop."""

    def __init__(self, most_s: float = MOST_S) -> None:
        self._most = round(most_s * SAMPLE_RATE)
        self._waiting: deque[Stretch] = deque()
        self._samples = 0
        self._some = asyncio.Event()
        self.left_out = 0
        """Samples of speech that nobody had time for."""

    @property
    def left_out_s(self) -> float:
        """Seconds of speech that nobody had time for."""
        return self.left_out / SAMPLE_RATE

    def put(self, stretch: Stretch) -> None:
        """Never waits: when too much does, the oldest is left out."""
        self._waiting.append(stretch)
        self._samples += len(stretch.sound)
        while self._samples > self._most and len(self._waiting) > 1:
            gone = len(self._waiting.popleft().sound)
            self._samples -= gone
            self.left_out += gone
        self._some.set()

    async def take(self) -> Stretch:
        """What comes next, with what follows it without a gap."""
        while not self._is_enough:
            self._some.clear()
            await self._some.wait()
        parts = [self._pop()]
        while self._waiting and not parts[-1].is_last and self._fits(parts):
            parts.append(self._pop())
        sound = np.concatenate([part.sound for part in parts])
        return Stretch(parts[0].at_ms, sound, parts[0].is_first, parts[-1].is_last)

    @property
    def _is_enough(self) -> bool:
        return self._samples >= AT_LEAST_S * SAMPLE_RATE or any(stretch.is_last for stretch in self._waiting)

    def _pop(self) -> Stretch:
        stretch = self._waiting.popleft()
        self._samples -= len(stretch.sound)
        return stretch

    def _fits(self, parts: list[Stretch]) -> bool:
        following = self._waiting[0]
        length = sum(len(part.sound) for part in parts) + len(following.sound)
        touches = abs(following.at_ms - parts[-1].end_ms) < _TOUCH_MS
        return touches and not following.is_first and length <= AT_ONCE_S * SAMPLE_RATE
