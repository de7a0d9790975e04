"""The clock the director asks: the server's time of day, durations, and where the show stands."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from stream_server.clock import Clock

READINGS = 8
"""Readings of the show clock that are compared; older ones are forgotten."""
MOVED_MS = 3000
"""A reading that differs by more: the show's timeline itself has moved, older readings say nothing."""


class ShowClock:
    """A `HostClock`; the show's position goes on by itself between two messages that tell it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms: deque[float] = deque(maxlen=READINGS)

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._clock.now()

    def monotonic_s(self) -> float:
        """Seconds that never jump."""
        return self._clock.monotonic_s()

    def show_ms(self) -> int:
        """Position on the show clock; also from other threads."""
        # Readings come late, never early: the one that is furthest ahead was the quickest.
        ahead_ms = max(tuple(self._ahead_ms), default=0.0)
        return max(0, round(self._clock.monotonic_s() * 1000 + ahead_ms))

    def at_show_ms(self, show_ms: int) -> None:
        """The server says where the show stands now."""
        ahead_ms = show_ms - self._clock.monotonic_s() * 1000
        if self._ahead_ms and abs(ahead_ms - self._ahead_ms[-1]) > MOVED_MS:
            self._ahead_ms.clear()
        self._ahead_ms.append(ahead_ms)
