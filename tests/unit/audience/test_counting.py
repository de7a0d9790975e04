from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from stream_server.audience.likes import LikeFlood, LikeOptions, Likes
from stream_server.audience.presence import TTL_S, Presence
from stream_server.clock import ManualClock
from stream_server.ids import PersonId, ShowId
from stream_server.shows.model import UnknownShow
from stream_server.stores.live.memory import MemoryLikes, MemoryPresence, MemoryRateLimits
from tests.unit.shows.making import SHOW, House, until

ANN = PersonId("guest_ann")


@asynccontextmanager
async def applause(options: LikeOptions | None = None) -> AsyncIterator[tuple[Likes, House, MemoryLikes]]:
    async with House().open() as house:
        counter = MemoryLikes()
        likes = Likes(counter, house.store, MemoryRateLimits(house.clock), options)
        async with likes.run():
            yield likes, house, counter


async def test_likes_go_on_from_what_was_kept() -> None:
    async with applause() as (likes, house, _):
        await house.store.keep_likes(SHOW, 1000)
        assert await likes.total(SHOW) == 1000
        assert await likes.add(SHOW, ANN, 5) == 1005
        assert await likes.total(SHOW) == 1005


async def test_first_like_begins_the_count() -> None:
    async with applause() as (likes, house, _):
        await house.store.keep_likes(SHOW, 7)
        assert await likes.add(SHOW, ANN, 3) == 10


async def test_likes_are_kept_and_never_lowered() -> None:
    async with applause() as (likes, house, _):
        await likes.add(SHOW, ANN, 20)
        await likes.keep()
        assert (await house.shows.get(SHOW)).likes == 20
        await house.store.keep_likes(SHOW, 3)
        assert (await house.shows.get(SHOW)).likes == 20


async def test_likes_are_kept_later_when_the_database_is_away() -> None:
    async with applause() as (likes, house, _):
        await likes.add(SHOW, ANN, 20)
        house.store.is_down = True
        await likes.keep()
        house.store.is_down = False
        await likes.keep()
        assert (await house.shows.get(SHOW)).likes == 20


async def test_likes_that_come_while_keeping_are_kept_next_time() -> None:
    async with applause() as (room, house, _):
        await room.add(SHOW, ANN, 1)
        keep = house.store.keep_likes

        async def keep_slowly(show_id: ShowId, likes: int) -> None:
            await keep(show_id, likes)
            house.store.keep_likes = keep  # type: ignore[method-assign]
            await room.add(SHOW, ANN, 1)

        house.store.keep_likes = keep_slowly  # type: ignore[method-assign]
        await room.keep()
        assert (await house.shows.get(SHOW)).likes == 1
        await room.keep()
        assert (await house.shows.get(SHOW)).likes == 2


async def test_likes_are_kept_at_intervals_and_when_leaving() -> None:
    async with applause(LikeOptions(keep_s=0)) as (likes, house, _):
        await likes.add(SHOW, ANN, 2)
        await until(lambda: house.store._records[SHOW].likes == 2)
    async with House().open() as house:
        likes = Likes(MemoryLikes(), house.store, MemoryRateLimits(house.clock))
        async with likes.run():
            await likes.add(SHOW, ANN, 4)
        assert house.store._records[SHOW].likes == 4


async def test_fast_thumbs_are_stopped() -> None:
    async with applause(LikeOptions(burst=20, per_second=10)) as (likes, house, _):
        await likes.add(SHOW, ANN, 20)
        with pytest.raises(LikeFlood) as refused:
            await likes.add(SHOW, ANN, 5)
        assert refused.value.retry_after_s == pytest.approx(0.5)
        await likes.add(SHOW, PersonId("guest_ben"), 5)
        house.clock.advance(0.5)
        await likes.add(SHOW, ANN, 5)


async def test_unknown_show_cannot_be_liked() -> None:
    async with applause() as (likes, _, _counter):
        with pytest.raises(UnknownShow):
            await likes.add(ShowId("show_nowhere"), ANN, 1)


async def test_counter_that_is_lost_at_once_does_not_fail_the_like() -> None:
    async with applause() as (likes, _, counter):

        async def forget(show_id: ShowId, likes: int) -> None:
            await asyncio.sleep(0)

        counter.begin = forget  # type: ignore[method-assign]
        assert await likes.add(SHOW, ANN, 3) == 3


async def test_viewers_are_summed_over_processes_that_are_alive() -> None:
    clock = ManualClock()
    store = MemoryPresence(clock)
    here, there = Presence(store), Presence(store, "web_there")
    assert await here.report(SHOW, 3) == 3
    assert await there.report(SHOW, 4) == 7
    assert await here.total(SHOW) == 7
    clock.advance(TTL_S - 1)
    await here.report(SHOW, 2)
    clock.advance(1)
    assert await here.total(SHOW) == 2
    assert await here.report(SHOW, 0) == 0
