"""The show clock: milliseconds on the one timeline of a show that video, overlays, chat and orders share.

The media process says once a second where the timeline stands (`ClockAnchor`); between anchors, and while the host
is away, it runs on with the machine's monotonic clock. Before the first anchor after a restart it is derived from
the moment the show first went live.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from stream_server.clock import Clock
from stream_server.ids import ShowId
from stream_server.shows.events import Anchor

_MAX_ANCHORS = 10_000


class ShowClock:
    """Where each show's timeline stands now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._anchors: dict[ShowId, tuple[float, float]] = {}
        self._heard_s: dict[ShowId, float] = {}

    def anchor(self, show_id: ShowId, position_ms: float, monotonic_s: float) -> Anchor:
        """The timeline stood at ``position_ms`` when this machine's CLOCK_MONOTONIC was ``monotonic_s``.

        Returns the same as other processes can understand it.
        """
        now_s = self._clock.monotonic_s()
        self._anchors.pop(show_id, None)
        self._anchors[show_id] = (position_ms, monotonic_s)
        self._heard_s[show_id] = now_s
        if len(self._anchors) > _MAX_ANCHORS:
            self.forget(next(iter(self._anchors)))  # the longest silent; it falls back to its start time
        return Anchor(show_id, position_ms, self._clock.now() - timedelta(seconds=now_s - monotonic_s))

    def hear(self, anchor: Anchor) -> None:
        """Another process has the anchor; wall clocks of servers agree within a few milliseconds."""
        age_s = (self._clock.now() - anchor.at).total_seconds()
        self.anchor(anchor.show_id, anchor.position_ms, self._clock.monotonic_s() - age_s)

    def listen_for(self, show_id: ShowId) -> float:
        """Seconds without an anchor: since the last one, or since the first time this was asked."""
        now_s = self._clock.monotonic_s()
        return now_s - self._heard_s.setdefault(show_id, now_s)

    def expect(self, show_id: ShowId) -> None:
        """A source has started: its anchors will follow."""
        self._heard_s[show_id] = self._clock.monotonic_s()

    def forget(self, show_id: ShowId) -> None:
        """The show is over."""
        self._anchors.pop(show_id, None)
        self._heard_s.pop(show_id, None)

    def position_ms(self, show_id: ShowId, started_at: datetime | None) -> int:
        """The position now; 0 for a show that was never live (``started_at`` None)."""
        known = self._anchors.get(show_id)
        if known is not None:
            position_ms, monotonic_s = known
            return max(0, round(position_ms + (self._clock.monotonic_s() - monotonic_s) * 1000))
        if started_at is None:
            return 0
        return max(0, round((self._clock.now() - started_at).total_seconds() * 1000))
