"""Once a second: how many watch and applaud, and whose token has run out."""

from __future__ import annotations

import structlog

from stream_server.audience.likes import Likes
from stream_server.audience.presence import Presence
from stream_server.audience.tokens import TokenExpired
from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.service import ShowService
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.encoding import clock_now
from stream_server.signaling.messages import Counters
from stream_server.signaling.problems import CloseCode, problem
from stream_server.signaling.room import LiveRoom
from stream_server.signaling.rooms import LiveRooms

log = structlog.get_logger(__name__)


class Counting:
    """Counts the audience of every room and tells it."""

    def __init__(
        self,
        rooms: LiveRooms,
        shows: ShowService,
        presence: Presence,
        translations: ChatTranslator,
        likes: Likes,
        clock: Clock,
        remind_s: float,
    ) -> None:
        """``remind_s``: unchanged numbers are told again after so long, with the show clock."""
        self._rooms = rooms
        self._shows = shows
        self._presence = presence
        self._translations = translations
        self._likes = likes
        self._clock = clock
        self._remind_s = remind_s
        self._told: dict[ShowId, tuple[int, int, float]] = {}
        """Likes, viewers, and when they were told."""

    async def round(self) -> None:
        """One round over all rooms. Never raises `Unavailable`: without the shared count, the own one is told."""
        reachable = True
        for room in self._rooms:
            self._dismiss_expired(room)
            reachable = reachable and await self._count(room)
            if not reachable:
                room.viewers = max(room.viewers, room.watching)
            self._tell(room)
            if reachable:
                await self._translations.count(room.show_id, room.languages)
        await self.withdraw()

    async def withdraw(self) -> None:
        """Tell the shared count of the shows that nobody watches through this process any more."""
        for show_id in list(self._rooms.emptied):
            self._rooms.emptied.discard(show_id)
            self._told.pop(show_id, None)
            if self._rooms.get(show_id) is None:
                try:
                    await self._presence.report(show_id, 0)
                    await self._translations.count(show_id, ())
                except Unavailable:
                    return  # the report runs out by itself

    async def _count(self, room: LiveRoom) -> bool:
        try:
            room.viewers = await self._presence.report(room.show_id, room.watching)
            room.likes = await self._likes.total(room.show_id)
        except Unavailable as error:
            log.warning("audience not counted", show_id=room.show_id, error=str(error))
            return False
        return True

    def _tell(self, room: LiveRoom) -> None:
        now_s = self._clock.monotonic_s()
        likes, viewers, told_s = self._told.get(room.show_id, (-1, -1, now_s))
        if (likes, viewers) == (room.likes, room.viewers) and now_s - told_s < self._remind_s:
            return
        self._told[room.show_id] = (room.likes, room.viewers, now_s)
        _, show_ms = self._shows.current(room.show_id)
        room.broadcast(Counters(likes=room.likes, viewers=room.viewers, clock=clock_now(self._clock, show_ms)))

    def _dismiss_expired(self, room: LiveRoom) -> None:
        now = self._clock.now()
        expired = [client for client in room.clients if client.sign_in and now >= client.sign_in.valid_until]
        for client in expired:
            room.send(client, problem(TokenExpired()).model_dump_json())
            room.dismiss(client, CloseCode.UNAUTHENTICATED)
