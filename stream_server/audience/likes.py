"""Likes: counted live in one place for all processes, kept for good now and then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar, Self

import structlog

from stream_server.audience.ports import LikeArchive, LikeCounter, RateLimits
from stream_server.errors import TooMany, Unavailable
from stream_server.ids import PersonId, ShowId

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LikeOptions:
    """Limits of liking."""

    burst: int = 40
    per_second: float = 10.0
    """Per person and show: fast thumbs reach about eight taps a second."""
    keep_s: float = 15.0
    """How often the numbers are kept; so much is lost at most when the counter's server dies."""


@dataclass(eq=False)
class LikeFlood(TooMany):
    """More taps than thumbs can do."""

    code: ClassVar[str] = "like_flood"


class Likes:
    """The applause of all shows. Works inside ``async with likes.run()``."""

    def __init__(
        self, counter: LikeCounter, archive: LikeArchive, limits: RateLimits, options: LikeOptions | None = None
    ) -> None:
        self._counter = counter
        self._archive = archive
        self._limits = limits
        self._options = options or LikeOptions()
        self._unkept: dict[ShowId, int] = {}

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Keep the numbers at intervals, and a last time when leaving."""
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self._keep_forever(), name="likes keep")
            try:
                yield self
            finally:
                keeping.cancel()
                await self.keep()

    async def add(self, show_id: ShowId, person_id: PersonId, count: int) -> int:
        """Count a person's taps; returns the show's sum. Raises: LikeFlood, Unavailable, NotFound."""
        key = f"{show_id}:like:{person_id}"
        wait_s = await self._limits.take(key, self._options.burst, self._options.per_second, count)
        if wait_s > 0:
            raise LikeFlood(wait_s)
        total = await self._counter.add(show_id, count)
        if total is None:
            await self._begin(show_id)
            total = await self._counter.add(show_id, count) or count
        self._unkept[show_id] = total
        return total

    async def total(self, show_id: ShowId) -> int:
        """The show's sum. Raises: Unavailable, NotFound."""
        total = await self._counter.total(show_id)
        return total if total is not None else await self._begin(show_id)

    async def keep(self) -> None:
        """Keep what was counted since the last time."""
        for show_id, total in list(self._unkept.items()):
            try:
                await self._archive.keep_likes(show_id, total)
            except Unavailable as error:
                log.warning("likes not kept yet", show_id=show_id, error=str(error))
                continue
            if self._unkept.get(show_id) == total:
                del self._unkept[show_id]

    async def _begin(self, show_id: ShowId) -> int:
        likes = await self._archive.likes(show_id)
        await self._counter.begin(show_id, likes)
        return likes

    async def _keep_forever(self) -> None:
        while True:
            await asyncio.sleep(self._options.keep_s)
            await self.keep()
