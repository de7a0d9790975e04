"""The state of every show whose log is open in this process."""

from __future__ import annotations

from stream_server.ids import ShowId
from stream_server.shows.clock import ShowClock
from stream_server.shows.events import Anchor, Event
from stream_server.shows.model import Show


class ShowStates:
    """Projection of the logs (`shows.log.Projection`): show id → `Show`, and where its timeline stands."""

    def __init__(self, show_clock: ShowClock) -> None:
        self._show_clock = show_clock
        self._shows: dict[ShowId, Show] = {}

    def __getitem__(self, show_id: ShowId) -> Show:
        """The state of a show whose log is open."""
        return self._shows[show_id]

    def position_ms(self, show_id: ShowId) -> int:
        """The show clock now; it stands still before a show was live and after it has ended."""
        show = self._shows[show_id]
        if show.status == "ended":
            return show.status_at_ms
        return self._show_clock.position_ms(show_id, show.started_at)

    def hear(self, anchor: Anchor) -> None:
        """Another process tells where a timeline stands."""
        self._show_clock.hear(anchor)

    def begin(self, show_id: ShowId) -> None:
        """A log is opened."""
        self._shows[show_id] = Show(show_id)

    def apply(self, event: Event) -> None:
        """The next event."""
        self._shows[event.show_id] = self._shows[event.show_id].after(event)

    def forget(self, show_id: ShowId) -> None:
        """The log is closed."""
        del self._shows[show_id]
