"""What the director needs from outside: the time, the shop (`live_facts.ShopReader`), and a place for its log."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from avatar.model import Line

Source = Literal["template", "seller", "operator", "model"]
"""Whose words: the phrasebook with facts, the seller's talking point, the operator's line, a language model's."""


class HostClock(Protocol):
    """Tells the time of day, durations, and where the show is."""

    def now(self) -> datetime:
        """The time of day, with a time zone."""

    def monotonic_s(self) -> float:
        """Seconds that never jump."""

    def show_ms(self) -> int:
        """Position on the show clock; 0 where there is none."""


@dataclass(frozen=True)
class Said:
    """One entry of the log: a line that was handed to the voice, or one that was held back and why."""

    at: datetime
    show_ms: int
    line: Line
    source: Source
    held_back: str = ""
    """Why it was not said; empty for what was said."""


class SpeechLog(Protocol):
    """Keeps what was said with its fact ids, for audits."""

    def write(self, entry: Said) -> None:
        """Take one entry; returns at once and never fails (the real one has a bounded queue of its own)."""


class MemorySpeechLog:
    """The newest entries, in memory."""

    def __init__(self, kept: int = 1000) -> None:
        self.entries: deque[Said] = deque(maxlen=kept)

    def write(self, entry: Said) -> None:
        """Take one entry; the oldest goes when there are too many."""
        self.entries.append(entry)

    def said(self) -> list[Line]:
        """The lines that were really said, oldest first."""
        return [entry.line for entry in self.entries if not entry.held_back]


class ManualHostClock:
    """A clock that moves only when told to; the fake that ships beside the real one."""

    def __init__(self, start: datetime) -> None:
        """``start`` has a time zone."""
        self._now = start
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        """The time of day."""
        return self._now

    def monotonic_s(self) -> float:
        """Seconds since the start."""
        return self._elapsed_s

    def show_ms(self) -> int:
        """Milliseconds since the start."""
        return round(self._elapsed_s * 1000)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self._now += timedelta(seconds=seconds)
        self._elapsed_s += seconds
