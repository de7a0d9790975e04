"""How calm live captions are: how much of what was shown is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from avatar.listening.ports import Heard


@dataclass
class Flicker:
    """Counts over a stream of `Heard`."""

    shown: int = 0
    """Words that were ever shown."""
    taken_back: int = 0
    """Words that were shown and then changed or removed."""
    final: int = 0

    def __post_init__(self) -> None:
        self._guess: list[str] = []

    def take(self, heard: Heard) -> None:
        """The next thing that a reader sees."""
        now = [word.text for word in (*heard.final, *heard.guess)]
        same = 0
        while same < min(len(now), len(self._guess)) and now[same] == self._guess[same]:
            same += 1
        self.taken_back += len(self._guess) - same
        self.shown += len(now) - same
        self.final += len(heard.final)
        self._guess = [word.text for word in heard.guess]

    @property
    def ratio(self) -> float:
        """Words taken back for each word that stayed; 0 is perfectly calm."""
        return self.taken_back / max(self.final, 1)
