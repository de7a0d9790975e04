"""The clock the director asks: the server's time of day, durations, and where the show stands."""

from __future__ import annotations

from datetime import datetime

from stream_server.clock import Clock


class ShowClock:
    """A `HostClock`; the show's position goes on by itself between two messages that tell it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_ms = 0.0

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._clock.now()

    def monotonic_s(self) -> float:
        """Seconds that never jump."""
        return self._clock.monotonic_s()

    def show_ms(self) -> int:
        """Position on the show clock."""
        return max(0, round(self._clock.monotonic_s() * 1000 + self._ahead_ms))

    def at_show_ms(self, show_ms: int) -> None:
        """The server says where the show stands now."""
        self._ahead_ms = show_ms - self._clock.monotonic_s() * 1000
