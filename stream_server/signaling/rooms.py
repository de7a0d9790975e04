"""The rooms of one web process: opened for the first client of a show, closed behind the last one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import structlog

from stream_server.audience.likes import Likes
from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.log import EventLog
from stream_server.shows.service import ShowService
from stream_server.signaling.room import LiveRoom

log = structlog.get_logger(__name__)


class LiveRooms:
    """Show id → `LiveRoom`, for shows with clients in this process."""

    def __init__(self, shows: ShowService, likes: Likes, event_log: EventLog, clock: Clock, record_s: float) -> None:
        """``record_s``: how old the plan of a show may be that a late joiner is told."""
        self._shows = shows
        self._likes = likes
        self._log = event_log
        self._clock = clock
        self._record_s = record_s
        self._rooms: dict[ShowId, LiveRoom] = {}
        self._stops: dict[ShowId, Callable[[], None]] = {}
        self.emptied: set[ShowId] = set()
        """Shows that the last client has left, until somebody takes note."""

    def __iter__(self) -> Iterator[LiveRoom]:
        """The rooms that are open now."""
        return iter(list(self._rooms.values()))

    def get(self, show_id: ShowId) -> LiveRoom | None:
        """A room, if it is open."""
        return self._rooms.get(show_id)

    @asynccontextmanager
    async def visit(self, show_id: ShowId) -> AsyncIterator[LiveRoom]:
        """The room of a show, kept open for as long as the block lasts. Raises: UnknownShow, Unavailable."""
        room = await self._newest(show_id)
        room.visits += 1
        try:
            yield room
        finally:
            room.visits -= 1
            if not room.visits:
                self._stops.pop(show_id)()
                del self._rooms[show_id]
                self.emptied.add(show_id)

    async def _newest(self, show_id: ShowId) -> LiveRoom:
        room = self._rooms.get(show_id)
        now_s = self._clock.monotonic_s()
        if room is not None and now_s - room.read_at_s <= self._record_s:
            return room
        record = await self._shows.get(show_id)
        await self._log.open(show_id)
        likes = await self._likes_or(show_id, record.likes)
        room = self._rooms.get(show_id)  # others may have come, or all gone, while we were reading
        if room is not None:
            room.record, room.read_at_s = record, now_s
            return room
        room = self._rooms[show_id] = LiveRoom(record, now_s, likes)
        self._stops[show_id] = self._log.listen(show_id, room.tell, room.tell_aside)
        return room

    async def _likes_or(self, show_id: ShowId, kept: int) -> int:
        try:
            return await self._likes.total(show_id)
        except Unavailable as error:
            log.warning("likes not counted", show_id=show_id, error=str(error))
            return kept
