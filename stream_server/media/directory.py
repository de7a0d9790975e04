"""What this process knows of shows that other processes hold. Pure.

An entry outlives its source: a viewer who comes while the host is away is told the right codecs, and a host who
comes back to this process goes on where the clock stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stream_server.ids import ShowId
from stream_server.media.trunk_wire import Announcement, Standing

MAX_SHOWS = 4096


@dataclass
class Known:
    """One show."""

    newest: Announcement
    """The last one heard, living or not."""
    position_ms: float
    at_s: float
    living: dict[int, Announcement] = field(default_factory=dict)
    """By process; more than one for a moment, when a host changes from one to another."""

    def position_at(self, now_s: float) -> float:
        """Where the show's clock is."""
        return self.position_ms + (now_s - self.at_s) * 1000

    def source(self) -> tuple[int, Announcement] | None:
        """The process whose publisher counts, the one that began last; None while there is none."""
        return max(self.living.items(), key=lambda item: (item[1].started_s, item[0]), default=None)


class Directory:
    """All shows of all other processes; when there are too many, those not heard of for longest go."""

    def __init__(self) -> None:
        self._shows: dict[ShowId, Known] = {}

    def __len__(self) -> int:
        return len(self._shows)

    def find(self, show_id: ShowId) -> Known | None:
        """What is known of a show."""
        return self._shows.get(show_id)

    def announce(self, process: int, announcement: Announcement) -> Known:
        """A process has a source for a show."""
        show_id = announcement.show_id
        known = self._shows.pop(show_id, None)
        if known is None:
            known = Known(announcement, announcement.position_ms, announcement.at_s)
            while len(self._shows) >= MAX_SHOWS:
                del self._shows[next(iter(self._shows))]
        if announcement.started_s >= known.newest.started_s:
            known.newest = announcement
        self._move(known, announcement.position_ms, announcement.at_s)
        known.living[process] = announcement
        self._shows[show_id] = known
        return known

    def stand(self, process: int, standing: Standing) -> bool:
        """A process tells where a show stands; False when it is not the one that counts."""
        known = self._shows.get(standing.show_id)
        source = None if known is None else known.source()
        if known is None or source is None or source[0] != process:
            return False
        self._move(known, standing.position_ms, standing.at_s)
        return True

    def withdraw(self, process: int, show_id: ShowId) -> None:
        """A process has no source for a show any more."""
        known = self._shows.get(show_id)
        if known is not None:
            known.living.pop(process, None)

    def lose(self, process: int) -> list[ShowId]:
        """A process is gone; gives the shows for which it had a source."""
        return [show_id for show_id, known in self._shows.items() if known.living.pop(process, None) is not None]

    def forget(self, show_id: ShowId) -> None:
        """The show ended."""
        self._shows.pop(show_id, None)

    @staticmethod
    def _move(known: Known, position_ms: float, at_s: float) -> None:
        if position_ms >= known.position_ms:
            known.position_ms, known.at_s = position_ms, at_s
