"""Gives the media plane each show's slate: drawn anew when the title or the newest card changes, encoded once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

import structlog

from stream_server.errors import VitrineError
from stream_server.ids import ProductId, ShowId
from stream_server.shows.events import Event
from stream_server.shows.model import ShowRecord
from stream_server.signaling.media_plane import MediaEvent, SlateFilm, SlatePlane, SourceStarted

log = structlog.get_logger(__name__)

LOOK_S = 3.0
MAX_KEPT = 64
"""Films of so many slates are kept, about 60 KB each."""


class Slate(NamedTuple):
    """What is to be seen."""

    title: str
    language: str
    product_id: ProductId | None


class Announcing(SlatePlane, Protocol):
    """The media plane, as far as slates need it."""

    def events(self) -> AsyncIterator[MediaEvent]:
        """See `MediaPlane.events`."""


class SlateKeeper:
    """Works while its `run` lasts. Whatever goes wrong with one show's slate, the others get theirs."""

    def __init__(
        self,
        on_air: Callable[[], Awaitable[Sequence[ShowRecord]]],
        newest: Callable[[ShowId, str], Awaitable[Event | None]],
        picture_of: Callable[[ProductId], Awaitable[bytes | None]],
        draw: Callable[[str, str, bytes | None], list[SlateFilm]],
        plane: Announcing,
    ) -> None:
        """``picture_of`` raises OSError; ``draw`` (title, language, picture) is called in a thread."""
        self._on_air = on_air
        self._newest = newest
        self._picture_of = picture_of
        self._draw = draw
        self._plane = plane
        self._films: OrderedDict[Slate, list[SlateFilm]] = OrderedDict()
        self._put: dict[ShowId, Slate] = {}
        self._look_now = asyncio.Event()

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="slates listen")
            while True:
                self._look_now.clear()
                try:
                    await self._look()
                except VitrineError as error:
                    log.warning("slates not looked after", error=str(error))
                try:
                    async with asyncio.timeout(LOOK_S):
                        await self._look_now.wait()
                except TimeoutError:
                    continue

    async def _listen(self) -> None:
        async for event in self._plane.events():
            if isinstance(event, SourceStarted):  # perhaps in a process that knows nothing of this show yet
                self._put.pop(event.show_id, None)
                self._look_now.set()

    async def _look(self) -> None:
        records = {record.show_id: record for record in await self._on_air()}
        for show_id in [show_id for show_id in self._put if show_id not in records]:
            del self._put[show_id]
        for show_id, record in records.items():
            try:
                slate = await self._slate_of(record)
                if self._put.get(show_id) != slate:
                    films = await self._films_of(slate)
                    await self._plane.put_slate(show_id, films)
                    self._put[show_id] = slate
            except VitrineError as error:
                log.warning("a show has no slate", show_id=show_id, error=str(error))

    async def _slate_of(self, record: ShowRecord) -> Slate:
        titles, language = record.plan.title, record.ai_host.language
        if language not in titles:
            language = next(iter(titles))
        event = await self._newest(record.show_id, "pins")
        pins = event.payload["pins"] if event is not None else ()
        rundown = record.plan.rundown
        product_id = ProductId(pins[-1]["product_id"]) if pins else rundown[0] if rundown else None
        return Slate(titles[language], language, product_id)

    async def _films_of(self, slate: Slate) -> list[SlateFilm]:
        films = self._films.get(slate)
        if films is None:
            picture = None
            if slate.product_id is not None:
                try:
                    picture = await self._picture_of(slate.product_id)
                except OSError as error:
                    log.warning("a slate has no picture", product_id=slate.product_id, error=str(error))
            films = await asyncio.to_thread(self._draw, slate.title, slate.language, picture)
            self._films[slate] = films
            while len(self._films) > MAX_KEPT:
                self._films.popitem(last=False)
        self._films.move_to_end(slate)
        return films
