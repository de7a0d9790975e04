"""The live channel of one web process. The web edge calls `LiveHub.serve` once per WebSocket.

What goes over the wire, and what a client must do to miss nothing, is in PROTOCOL.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

from stream_server.audience.likes import Likes
from stream_server.audience.presence import Presence
from stream_server.audience.tokens import Tokens
from stream_server.captions.service import CaptionService
from stream_server.chat.service import ChatService
from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.shows.log import EventLog
from stream_server.shows.service import ShowService
from stream_server.shows.tickets import TicketStore
from stream_server.signaling.caption_desk import CaptionDesk
from stream_server.signaling.chat_translation import ChatTranslator
from stream_server.signaling.commands import Commands
from stream_server.signaling.conversation import Conversation, Conversations
from stream_server.signaling.counting import Counting
from stream_server.signaling.live_options import LiveOptions as LiveOptions
from stream_server.signaling.live_ports import Connection
from stream_server.signaling.media_plane import IngestReport
from stream_server.signaling.messages import Closing, Ingest
from stream_server.signaling.problems import CloseCode, HelloExpected, problem
from stream_server.signaling.rooms import LiveRooms


class LiveHub:
    """Every connection's conversation, every show's room. `serve` works inside ``async with hub.run()``."""

    def __init__(
        self,
        shows: ShowService,
        chat: ChatService,
        translations: ChatTranslator,
        captions: CaptionService,
        tickets: TicketStore,
        likes: Likes,
        presence: Presence,
        tokens: Tokens,
        event_log: EventLog,
        clock: Clock,
        options: LiveOptions | None = None,
    ) -> None:
        """``event_log`` is the one of ``shows`` and ``chat``."""
        self._options = options or LiveOptions()
        self._rooms = LiveRooms(shows, likes, event_log, clock, self._options.record_s)
        self._counting = Counting(self._rooms, shows, presence, translations, likes, clock, self._options.remind_s)
        commands = Commands(shows, chat, translations, likes, clock, CaptionDesk(captions), tickets)
        self._parts = Conversations(
            self._rooms, shows, chat, commands, translations, tokens, event_log, clock, self._options
        )
        self._connections = 0
        self._closing_s: float | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Count the audience for as long as the block lasts; leaving it closes every connection."""
        async with asyncio.TaskGroup() as group:
            ticking = group.create_task(self._tick_forever(), name="live tick")
            try:
                yield self
            finally:
                ticking.cancel()
                await self.close(retry_after_s=1)

    @property
    def connections(self) -> int:
        """Clients connected to this process, welcomed or not."""
        return self._connections

    async def serve(self, connection: Connection, incoming: AsyncIterator[str | bytes]) -> None:
        """Converse with one client until ``incoming`` ends (it is gone) or the conversation is over."""
        if self._closing_s is not None or self._connections >= self._options.clients:
            connection.send_text(problem(Unavailable(self._closing_s or 5)).model_dump_json())
            connection.close(CloseCode.COME_BACK)
            return
        self._connections += 1
        try:
            async with asyncio.timeout(self._options.hello_s) as patience, AsyncExitStack() as stack:
                conversation = Conversation(connection, self._parts, stack)
                async for text in incoming:
                    if not await conversation.hear(text):
                        return
                    patience.reschedule(None)  # a conversation that goes on after its first message was welcomed
        except TimeoutError:
            if not patience.expired():
                raise
            connection.send_text(problem(HelloExpected()).model_dump_json())
            connection.close(CloseCode.HELLO_TIMEOUT)
        finally:
            self._connections -= 1

    def ingest(self, report: IngestReport) -> None:
        """Tell a show's host how the picture arrives."""
        room = self._rooms.get(report.show_id)
        if room is None:
            return
        message = Ingest(
            bitrate_bps=report.bitrate_bps,
            loss=report.loss,
            width_px=report.width_px,
            height_px=report.height_px,
            fps=report.fps,
        )
        room.broadcast(message, staff_only=True)

    async def tick(self) -> None:
        """Count and tell; called once a second."""
        await self._counting.round()

    async def close(self, retry_after_s: float) -> None:
        """Tell all clients to come back after so long, and close. New ones are refused. May be called twice."""
        if self._closing_s is None:
            self._closing_s = retry_after_s
            for room in self._rooms:
                room.broadcast(Closing(retry_after_s=retry_after_s))
        for room in self._rooms:
            for client in list(room.clients):
                room.dismiss(client, CloseCode.COME_BACK)

    async def _tick_forever(self) -> None:
        while True:
            await asyncio.sleep(self._options.tick_s)
            await self.tick()
