"""Which of several ways to say a thing comes next: all of them before one comes again, never one twice in a row."""

from __future__ import annotations

from random import Random
from typing import Protocol


class Chooser(Protocol):
    """Chooses among the ways to say a thing."""

    def next(self, key: str, count: int) -> int:
        """An index below ``count``."""


class Variation:
    """Shuffled bags, one for each key; the same seed gives the same show. Grows only with the number of keys."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._bags: dict[str, list[int]] = {}
        self._last: dict[str, int] = {}

    def next(self, key: str, count: int) -> int:
        """An index below ``count``."""
        if count <= 1:
            return 0
        bag = [index for index in self._bags.get(key, ()) if index < count]
        if not bag:
            bag = list(range(count))
            self._random.shuffle(bag)
            if bag[-1] == self._last.get(key):
                bag[0], bag[-1] = bag[-1], bag[0]
        chosen = bag.pop()
        self._bags[key] = bag
        self._last[key] = chosen
        return chosen


class Remembered:
    """The choices for one line: what was shown to somebody is what will be said."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self._chosen: dict[str, int] = {}

    def next(self, key: str, count: int) -> int:
        """An index below ``count``, the same each time for a key."""
        if self._chosen.get(key, count) >= count:
            self._chosen[key] = self._chooser.next(key, count)
        return self._chosen[key]
