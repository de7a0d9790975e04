"""Tells the shows, and their hosts, what the media process reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import structlog

from stream_server.errors import Unavailable, VitrineError
from stream_server.shows.model import ShowEnded, UnknownShow
from stream_server.shows.service import ShowService
from stream_server.signaling.live import LiveHub
from stream_server.signaling.media_plane import ClockAnchor, IngestReport, MediaPlane, SourceStarted, SourceStopped

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class BridgeOptions:
    """How hard the bridge tries to get a source's coming and going written down."""

    waiting: int = 1000
    attempts: int = 30
    retry_s: float = 1.0


class MediaBridge:
    """The one reader of `MediaPlane.events`."""

    def __init__(
        self, plane: MediaPlane, shows: ShowService, hub: LiveHub, options: BridgeOptions | None = None
    ) -> None:
        self._plane = plane
        self._shows = shows
        self._hub = hub
        self._options = options or BridgeOptions()
        self._waiting: asyncio.Queue[SourceStarted | SourceStopped] = asyncio.Queue(self._options.waiting)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Carry events for as long as the block lasts."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._read(), name="media events"),
                group.create_task(self._write(), name="media sources"),
            ]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()

    async def _read(self) -> None:
        async for event in self._plane.events():
            match event:
                case ClockAnchor():
                    self._shows.clock_anchor(event.show_id, event.position_ms, event.monotonic_s)
                case IngestReport():
                    self._hub.ingest(event)
                case SourceStarted() | SourceStopped():
                    # Written by another task: a slow database must not stop the clock.
                    await self._waiting.put(event)

    async def _write(self) -> None:
        while True:
            event = await self._waiting.get()
            for _ in range(self._options.attempts):
                if await self._written(event):
                    break
                await asyncio.sleep(self._options.retry_s)
            else:
                log.error("source change lost", show_id=event.show_id, change=type(event).__name__)

    async def _written(self, event: SourceStarted | SourceStopped) -> bool:
        try:
            if isinstance(event, SourceStarted):
                await self._shows.source_started(event.show_id, event.session_id)
            else:
                await self._shows.source_stopped(event.show_id, event.session_id)
        except Unavailable as error:
            log.warning("source change not written yet", show_id=event.show_id, error=str(error))
            return False
        except (ShowEnded, UnknownShow):
            await self._turn_away(event)
        return True

    async def _turn_away(self, event: SourceStarted | SourceStopped) -> None:
        """Somebody broadcasts to a show that has ended meanwhile."""
        try:
            await self._plane.end_show(event.show_id)
        except VitrineError as error:
            log.warning("media of an ended show not closed", show_id=event.show_id, error=str(error))
