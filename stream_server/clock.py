"""Time as a parameter: every part that needs it takes a `Clock`, so that tests turn the hands."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day and measures durations."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic_s(self) -> float:
        """Seconds that never jump; comparable between the processes of one machine."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        return time.monotonic()


class ManualClock:
    """A clock that moves only when told to; the fake that ships beside the real one."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
        self._monotonic_s = 1000.0

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._now

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start."""
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic_s += seconds
