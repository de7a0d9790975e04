"""Tells that sources of a show began and stopped.

Where somebody is about to take over, the word that the last one stopped waits until the next one has begun: a show
whose picture goes on is never told to be without one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from stream_server.ids import SessionId, ShowId
from stream_server.signaling.media_plane import SourceStarted, SourceStopped

StopReason = Literal["deleted", "closed", "timeout", "replaced", "failed"]

LONGEST_HOLD_S = 8.0
"""After so long everybody knows by the silence of the show's clock that there is no source."""


class SourceNews:
    """Of one show in this process."""

    def __init__(self, show_id: ShowId, emit: Callable[[SourceStarted | SourceStopped], None]) -> None:
        self._show_id = show_id
        self._emit = emit
        self._told: SessionId | None = None
        self._held: tuple[StopReason, float] | None = None

    def started(self, session_id: SessionId, *, is_standby: bool) -> None:
        """A source's packets go out."""
        before, held = self._told, self._held
        self._told, self._held = session_id, None
        self._emit(SourceStarted(self._show_id, session_id, is_standby))
        if before is not None and before != session_id:
            self._emit(SourceStopped(self._show_id, before, held[0] if held is not None else "replaced"))

    def stopped(
        self, session_id: SessionId, reason: StopReason, now_s: float, hold_until_s: float | None = None
    ) -> None:
        """A source is gone, whether or not its packets went out at last."""
        if session_id != self._told or self._held is not None:
            return
        if hold_until_s is None:
            self._say(reason)
        else:
            self._held = reason, min(hold_until_s, now_s + LONGEST_HOLD_S)

    def dark(self) -> None:
        """Nobody takes over, and viewers see the slate: they are told at once that their host is away."""
        self._say(self._held[0] if self._held is not None else "timeout")

    def tick(self, now_s: float) -> None:
        """Whoever was to take over has not."""
        if self._held is not None and now_s >= self._held[1]:
            self._say(self._held[0])

    def close(self) -> None:
        """Nobody takes over any more."""
        if self._held is not None:
            self._say(self._held[0])

    def _say(self, reason: StopReason) -> None:
        session_id, self._told, self._held = self._told, None, None
        if session_id is not None:
            self._emit(SourceStopped(self._show_id, session_id, reason))
