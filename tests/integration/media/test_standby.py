"""The stand-in beside the host: real WebRTC peers on loopback, one viewer who must notice as little as possible."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

from stream_server.signaling.media_plane import SourceStarted, SourceStopped
from tests.integration.media.aiortc_peers import SHOW, Stage, Watching, eventually, publishing, stage, viewing


def longest_stop_s(watching: Watching) -> float:
    """The longest time between two pictures."""
    return max(later[0] - earlier[0] for earlier, later in pairwise(watching.frames))


@asynccontextmanager
async def viewing_after_start(s: Stage) -> AsyncIterator[Watching]:
    """A viewer who comes once there is a picture."""
    await eventually(lambda: s.of(SourceStarted))
    async with viewing(s.relay) as watching:
        yield watching


async def test_the_stand_in_has_the_air_while_the_host_is_silent_and_gives_it_back() -> None:
    silent = asyncio.Event()
    async with (
        stage() as s,
        publishing(s.relay, silent=silent) as host,
        publishing(s.relay, standby=True) as stand_in,
        viewing_after_start(s) as watching,
    ):
        await watching.until(frames=30)
        assert [event.session_id for event in s.of(SourceStarted)] == [host]
        silent.set()
        await eventually(lambda: len(s.of(SourceStarted)) == 2)
        await watching.until(frames=len(watching.frames) + 15)
        silent.clear()
        await eventually(lambda: len(s.of(SourceStarted)) == 3)
        await watching.until(frames=len(watching.frames) + 15)
        assert [(event.session_id, event.is_standby) for event in s.of(SourceStarted)] == [
            (host, False),
            (stand_in, True),
            (host, False),
        ]
        assert [event.session_id for event in s.of(SourceStopped)] == [host, stand_in]
        assert longest_stop_s(watching) < 2.5
        stamps = watching.rtp_timestamps
        assert all(later >= earlier for earlier, later in pairwise(stamps))
        assert max(later - earlier for earlier, later in pairwise(stamps)) / 90_000 < 2.5


async def test_a_stand_in_alone_presents_the_show() -> None:
    async with stage() as s, publishing(s.relay, standby=True) as stand_in, viewing_after_start(s) as watching:
        await watching.until(frames=15)
        assert s.of(SourceStarted) == [SourceStarted(SHOW, stand_in, True)]


async def test_a_host_who_leaves_is_followed_by_the_stand_in() -> None:
    async with stage() as s, publishing(s.relay, standby=True) as stand_in:
        async with publishing(s.relay, replace=True) as host, viewing_after_start(s) as watching:
            await eventually(lambda: s.of(SourceStarted)[-1].session_id == host)
            await watching.until(frames=30)
        await eventually(lambda: s.of(SourceStarted)[-1].session_id == stand_in)
