"""The mood of the room, minute by minute, and what it asks of the host."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from avatar.model import Mood
from avatar.mood.message import Sounds

WINDOW_S = 60.0
MAX_KEPT = 2000
_MIN_LINES = 5
"""Fewer lines in a minute are no mood, they are people."""
_SMOOTHING = 0.4


@dataclass(frozen=True)
class MinuteMood:
    """One point of the studio's timeline."""

    at_s: float
    score: float
    """-1 to 1, smoothed over minutes."""
    lines: int
    confused_share: float
    price_share: float
    mood: Mood


class Room:
    """Listens to the chat. Bounded: the lines of a minute, at most ``MAX_KEPT``."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, Sounds]] = deque(maxlen=MAX_KEPT)
        self._score = 0.0
        self._mood: Mood = "calm"

    def hear(self, line: Sounds, at_s: float) -> None:
        """Take a line in."""
        self._heard.append((at_s, line))

    def minute(self, at_s: float) -> tuple[MinuteMood, bool]:
        """The mood now, and whether it is another than last time; to be asked about once a minute."""
        while self._heard and self._heard[0][0] < at_s - WINDOW_S:
            self._heard.popleft()
        lines = [line for _, line in self._heard]
        count = len(lines)
        # Neutral lines count: a few angry ones among hundreds are not the room.
        now = sum(line.score for line in lines) / max(count, _MIN_LINES)
        self._score += _SMOOTHING * (now - self._score)
        confused = sum(line.is_confused for line in lines) / max(count, _MIN_LINES)
        price = sum(line.minds_price for line in lines) / max(count, _MIN_LINES)
        mood = self._judged(count, confused, price)
        changed = mood != self._mood
        self._mood = mood
        return MinuteMood(at_s, round(self._score, 3), count, round(confused, 3), round(price, 3), mood), changed

    def _judged(self, count: int, confused: float, price: float) -> Mood:
        if count < _MIN_LINES:
            return "calm"
        # Leaving a mood takes more than entering it did, so that it does not flicker.
        angry = -0.12 if self._mood == "upset" else -0.2
        glad = 0.15 if self._mood == "delighted" else 0.22
        if self._score <= angry:
            return "upset"
        if confused >= 0.2:
            return "confused"
        if price >= 0.2:
            return "price_sensitive"
        return "delighted" if self._score >= glad else "calm"
