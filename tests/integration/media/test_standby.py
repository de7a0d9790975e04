"""The stand-in beside the host: real WebRTC peers on loopback, one viewer who must notice as little as possible."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from stream_server.signaling.media_plane import PublisherPresent, SourceStarted, SourceStopped
from stream_server.virtual_host.slate_film import films_of
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


@asynccontextmanager
async def two_stages(tmp_path: Path) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two media processes of one server that hear each other."""
    paths = tuple(tmp_path / f"trunk-{index}.sock" for index in range(2))
    async with stage(index=0, trunk_paths=paths) as one, stage(index=1, trunk_paths=paths) as other:
        await eventually(lambda: one.relay.metrics()["sisters"] > 0 and other.relay.metrics()["sisters"] > 0)
        yield one, other


async def test_a_stand_in_is_refused_where_another_process_has_the_host(tmp_path: Path) -> None:
    async with two_stages(tmp_path) as (one, other), publishing(one.relay):
        await eventually(lambda: other.relay._exchange.source_of(SHOW))
        with pytest.raises(PublisherPresent):
            async with publishing(other.relay, standby=True):
                pass


async def test_a_stand_in_that_waits_in_another_process_than_the_hosts_is_sent_away(tmp_path: Path) -> None:
    async with two_stages(tmp_path) as (one, other):
        quiet = asyncio.Event()
        quiet.set()
        async with publishing(other.relay, standby=True, silent=quiet) as stand_in:
            await eventually(lambda: [s for s in other.relay.sessions() if s.session_id == stand_in])
            async with publishing(one.relay) as host:
                await eventually(lambda: not other.relay.sessions())
                await eventually(lambda: [event.session_id for event in one.of(SourceStarted)] == [host])
            assert other.of(SourceStarted) == []


async def test_viewers_of_every_process_see_the_slate_while_the_host_is_silent(tmp_path: Path) -> None:
    silent = asyncio.Event()
    async with (
        two_stages(tmp_path) as (one, other),
        publishing(one.relay, silent=silent),
        viewing_after_start(one) as here,
    ):
        await eventually(lambda: other.relay._exchange.source_of(SHOW))
        async with viewing(other.relay) as there:
            one.relay.put_slate(SHOW, films_of(np.full((180, 320, 4), 90, np.uint8)))
            await here.until(frames=15)
            await there.until(frames=15)
            silent.set()
            # They show the slate's five pictures a second: the stop is the two seconds before it.
            before = len(here.frames), len(there.frames)
            await here.until(frames=before[0] + 20)
            await there.until(frames=before[1] + 20)
            silent.clear()
            await eventually(lambda: len(one.of(SourceStarted)) == 2)
            await there.until(frames=len(there.frames) + 15)
            # Nobody takes over: viewers are told with the slate that their host is away, not when the network gives up.
            assert [event.reason for event in one.of(SourceStopped)] == ["timeout"]
            for watching in (here, there):
                stamps = watching.rtp_timestamps
                assert all(later >= earlier for earlier, later in pairwise(stamps))
                assert max(later - earlier for earlier, later in pairwise(stamps)) / 90_000 < 2.6
