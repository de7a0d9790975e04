"""What the media plane says, told to the shows and to the hosts.

Clocks and reports are taken at once. Sources starting and stopping are facts that end up in the log of the show:
they wait in a queue, in order, and are tried again while the database is away, so that no show stays dark by accident.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import structlog

from stream_server.errors import NotFound, Unavailable
from stream_server.shows.model import ShowEnded
from stream_server.shows.service import ShowService
from stream_server.signaling.live import LiveHub
from stream_server.signaling.media_plane import (
    ClockAnchor,
    IngestReport,
    MediaEvent,
    MediaPlane,
    SessionClosed,
    SourceStarted,
    SourceStopped,
)
from stream_server.web.metrics import Metrics

log = structlog.get_logger(__name__)

MAX_WAITING = 10_000
TRIES = 20
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0


class MediaNews:
    """Owner of the reader of the media plane's events."""

    def __init__(self, plane: MediaPlane, shows: ShowService, hub: LiveHub, metrics: Metrics) -> None:
        self._plane = plane
        self._shows = shows
        self._hub = hub
        self._metrics = metrics
        self._facts: asyncio.Queue[SourceStarted | SourceStopped] = asyncio.Queue(MAX_WAITING)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Read for as long as the block lasts."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._read(), name="media news read"),
                group.create_task(self._tell(), name="media news tell"),
            ]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()

    async def _read(self) -> None:
        async for event in self._plane.events():
            self._metrics.media_events.labels(type(event).__name__).inc()
            await self._take(event)

    async def _take(self, event: MediaEvent) -> None:
        match event:
            case ClockAnchor():
                self._shows.clock_anchor(event.show_id, event.position_ms, event.monotonic_s)
            case IngestReport():
                self._hub.ingest(event)
            case SourceStarted() | SourceStopped():
                await self._facts.put(event)
            case SessionClosed():
                log.info(
                    "media session closed", show_id=event.show_id, session_id=event.session_id, reason=event.reason
                )

    async def _tell(self) -> None:
        while True:
            fact = await self._facts.get()
            try:
                await self._tell_until_heard(fact)
            except Exception:  # one fact is a fault boundary: the next ones matter as much
                log.exception("media news not told", show_id=fact.show_id, session_id=fact.session_id)

    async def _tell_until_heard(self, fact: SourceStarted | SourceStopped) -> None:
        wait_s = FIRST_WAIT_S
        for _ in range(TRIES):
            try:
                await self._tell_once(fact)
            except Unavailable as error:
                log.warning("media news has to wait", show_id=fact.show_id, error=str(error))
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            else:
                return
        log.error("media news lost", show_id=fact.show_id, session_id=fact.session_id)

    async def _tell_once(self, fact: SourceStarted | SourceStopped) -> None:
        kind = "source started" if isinstance(fact, SourceStarted) else "source stopped"
        log.info(kind, show_id=fact.show_id, session_id=fact.session_id, reason=getattr(fact, "reason", None))
        try:
            if isinstance(fact, SourceStarted):
                await self._shows.source_started(fact.show_id, fact.session_id, "ai" if fact.is_standby else "human")
            else:
                await self._shows.source_stopped(fact.show_id, fact.session_id)
        except (ShowEnded, NotFound):
            # it ended between the offer and the first packet: nobody will ever watch this source
            await self._plane.end_show(fact.show_id)
