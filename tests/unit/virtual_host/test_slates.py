"""What viewers see while nobody's picture comes: drawn, encoded, and brought to the media plane."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from avatar.stage.slate import BACK_SOON, draw_slate
from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.media.slate import checked
from stream_server.shows.events import Event
from stream_server.shows.model import Host, ShowPlan, ShowRecord
from stream_server.signaling.media_plane import MediaEvent, SlateFilm, SourceStarted
from stream_server.stores.shows_memory import MemoryShowStore
from stream_server.virtual_host.slate_film import films_of
from stream_server.virtual_host.slates import SlateKeeper

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SHOW = ShowId("show_a")
PICTURE = Path(__file__).parents[3] / "stream_server" / "demo" / "pictures" / "tide-mug-sea.webp"


@pytest.mark.parametrize("lang", BACK_SOON)
def test_slate_says_something_in_every_language(lang: str) -> None:
    wordless = draw_slate("", lang, None)
    assert wordless.shape == (960, 540, 4)
    assert (wordless > 200).any(axis=2).sum() > 500


def test_slate_shows_title_and_product_and_survives_a_picture_that_is_none() -> None:
    bare = draw_slate("", "en", b"no picture")
    assert (bare != draw_slate("The autumn edit " * 40, "en", None)).any()
    with_product = draw_slate("", "en", PICTURE.read_bytes())
    middle = with_product[200:420, 160:380, :3]
    assert middle.std() > 15


def unit(payload: bytes) -> list[bytes]:
    """H.264 units of an RTP payload, those in fragments only begun or continued."""
    kind = payload[0] & 0x1F
    if kind == 24:
        units, rest = [], payload[1:]
        while rest:
            size = int.from_bytes(rest[:2], "big")
            units.append(b"\0\0\0\1" + rest[2 : 2 + size])
            rest = rest[2 + size :]
        return units
    if kind == 28:
        start = b"\0\0\0\1" + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)) if payload[1] & 0x80 else b""
        return [start + payload[2:]]
    return [b"\0\0\0\1" + payload]


def test_film_plays_in_a_loop_and_shows_the_picture_each_time() -> None:
    picture = draw_slate("The autumn edit", "en", PICTURE.read_bytes())
    h264, vp8 = films_of(picture)
    assert set(checked([h264, vp8])) == {"H264", "VP8"}
    streams = {
        "h264": [b"".join(piece for payload in frame for piece in unit(payload)) for frame in h264.frames],
        "vp8": [b"".join(payload[1:] for payload in frame) for frame in vp8.frames],
    }
    for name, frames in streams.items():
        decoder = av.CodecContext.create(name, "r")
        shown = [image for data in frames * 3 for image in decoder.decode(av.Packet(data))]  # type: ignore[attr-defined]
        shown += decoder.decode(None)  # type: ignore[attr-defined]
        assert len(shown) == 3 * len(frames)
        for image in (shown[0], shown[-1]):
            luma = image.to_ndarray(format="gray").astype(int)
            expected = av.VideoFrame.from_ndarray(picture[:, :, :3].copy(), "rgb24").to_ndarray(format="gray")
            assert np.abs(luma - expected).mean() < 12


class Plane:
    """Fake of the media plane's end for slates."""

    def __init__(self) -> None:
        self.got: list[tuple[ShowId, str]] = []
        self.news: asyncio.Queue[MediaEvent] = asyncio.Queue()

    async def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        self.got.append((show_id, films[0].frames[0][0].decode()))

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self.news.get()


class House:
    """A keeper of slates over a store in memory; a film's payload says what was drawn."""

    def __init__(self) -> None:
        self.store, self.plane = MemoryShowStore(), Plane()
        self.drawn = 0
        self.keeper = SlateKeeper(self._on_air, self.store.newest, self._picture_of, self._draw, self.plane)

    async def _on_air(self) -> list[ShowRecord]:
        return await self.store.find(statuses=("live", "away"))

    async def _picture_of(self, product_id: ProductId) -> bytes | None:
        if product_id == "prod_lost":
            raise OSError("gone")
        return product_id.encode()

    def _draw(self, title: str, lang: str, picture: bytes | None) -> list[SlateFilm]:
        self.drawn += 1
        return [SlateFilm("H264", 5, ((f"{title} {lang} {(picture or b'bare').decode()}".encode(),),))]

    async def happens(self, kind: str, **payload: object) -> None:
        seq = len(await self.store.read(SHOW, 0, 99)) + 1
        await self.store.append([Event(SHOW, seq, 0, kind, "all", payload, NOON)])

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        plan = ShowPlan({"es": "Barro"}, rundown=(ProductId("prod_cup"), ProductId("prod_lost")))
        host = Host(PersonId("host_maya"), "Maya")
        await self.store.add(ShowRecord(SHOW, host, plan, "scheduled", None, None, "epoch", 0, NOON))
        await self.happens("status", status="live")
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.keeper.run())
            try:
                yield self
            finally:
                task.cancel()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.001)


async def test_show_gets_a_slate_and_each_new_source_gets_it_again_without_drawing() -> None:
    async with House().open() as house:
        await house.until(lambda: house.plane.got == [(SHOW, "Barro es prod_cup")])
        house.plane.news.put_nowait(SourceStarted(SHOW, "whip_2"))  # type: ignore[arg-type]
        await house.until(lambda: len(house.plane.got) == 2)
        assert house.drawn == 1


async def test_slate_follows_the_newest_card_and_does_without_a_picture_that_is_lost() -> None:
    async with House().open() as house:
        await house.until(lambda: house.plane.got)
        await house.happens("pins", pins=[{"product_id": "prod_cup"}, {"product_id": "prod_lost"}])
        house.plane.news.put_nowait(SourceStarted(SHOW, "whip_2"))  # type: ignore[arg-type]
        await house.until(lambda: house.plane.got[-1] == (SHOW, "Barro es bare"))
