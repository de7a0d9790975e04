"""What the media processes told and nobody has read yet, in one queue however many processes there are."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from stream_server.signaling.media_plane import ClockAnchor, IngestReport, MediaEvent

MAX_EVENTS = 10_000


class EventQueue:
    """One reader. Of anchors and reports only the newest of each show are kept for a slow one."""

    def __init__(self) -> None:
        self._events: deque[MediaEvent] = deque()
        self._has_events = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """The reader does not keep up."""
        return len(self._events) >= MAX_EVENTS

    def push(self, event: MediaEvent) -> None:
        """One more event; whoever pushes looks at `is_full` first where it can do without."""
        if isinstance(event, ClockAnchor | IngestReport):
            stale = [e for e in self._events if type(e) is type(event) and e.show_id == event.show_id]
            for old in stale:
                self._events.remove(old)
        self._events.append(event)
        self._has_events.set()

    async def read(self) -> AsyncIterator[MediaEvent]:
        """Every event, for ever."""
        while True:
            while self._events:
                yield self._events.popleft()
            self._has_events.clear()
            await self._has_events.wait()
