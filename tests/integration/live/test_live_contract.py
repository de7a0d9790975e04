"""What everything live promises: in memory and on Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.asyncio import Redis

from stream_server.audience.ports import LikeCounter, PresenceStore, RateLimits, ReaderStore
from stream_server.clock import SystemClock
from stream_server.ids import ShowId
from stream_server.shows.events import Anchor, Aside, Event
from stream_server.shows.ports import EventBus, MayHaveMissed
from stream_server.stores.live.audience import ValkeyLikes, ValkeyPresence, ValkeyReaders
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.embedded import embedded_valkey
from stream_server.stores.live.event_bus import ValkeyEventBus, read_news, write_news
from stream_server.stores.live.memory import (
    MemoryEventBus,
    MemoryLikes,
    MemoryPresence,
    MemoryRateLimits,
    MemoryReaders,
    MemorySwitchboard,
)
from stream_server.stores.live.rate_limits import ValkeyRateLimits

SHOW, OTHER = ShowId("show_clay"), ShowId("show_other")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Live:
    """One process's view; ``other`` is a second process's bus."""

    bus: EventBus
    other_bus: EventBus
    presence: PresenceStore
    readers: ReaderStore
    likes: LikeCounter
    limits: RateLimits
    valkey: Redis | None = None


Opener = Callable[[], AbstractAsyncContextManager[Live]]


@pytest.fixture(params=["memory", "valkey"])
def open_live(request: pytest.FixtureRequest, runtime_dir: Path) -> Opener:
    return _in_memory if request.param == "memory" else lambda: _in_valkey(runtime_dir)


@asynccontextmanager
async def _in_memory() -> AsyncIterator[Live]:
    board, clock = MemorySwitchboard(), SystemClock()
    yield Live(
        MemoryEventBus(board),
        MemoryEventBus(board),
        MemoryPresence(clock),
        MemoryReaders(clock),
        MemoryLikes(),
        MemoryRateLimits(clock),
    )


@asynccontextmanager
async def _in_valkey(runtime_dir: Path) -> AsyncIterator[Live]:
    async with embedded_valkey(runtime_dir) as url, open_valkey(url) as here, open_valkey(url) as there:
        yield Live(
            ValkeyEventBus(here),
            ValkeyEventBus(there),
            ValkeyPresence(here),
            ValkeyReaders(here),
            ValkeyLikes(here),
            ValkeyRateLimits(here),
            here,
        )


def event(seq: int, show_id: ShowId = SHOW) -> Event:
    return Event(show_id, seq, seq * 10, "announcement", "all", {"text": f"é {seq}"}, NOON)


class Listener:
    """Reads a bus in the background and remembers."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self.heard: list[Event | Anchor | Aside | MayHaveMissed] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Listener]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._listen())
            yield self
            task.cancel()

    async def _listen(self) -> None:
        async for news in self._bus.receive():
            self.heard.append(news)

    @property
    def news(self) -> list[Event | Anchor | Aside]:
        return [news for news in self.heard if not isinstance(news, MayHaveMissed)]

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.005)


async def test_news_reach_the_processes_that_listen_to_the_show(open_live: Opener) -> None:
    async with open_live() as live, Listener(live.other_bus).open() as there:
        await live.other_bus.subscribe(SHOW)
        await there.until(lambda: MayHaveMissed(SHOW) in there.heard)
        anchor = Anchor(SHOW, 93_500.5, NOON)
        aside = Aside(SHOW, "ai_state", "staff", {"desk": {"voice": "声"}})
        for news in (event(1), event(2, OTHER), anchor, aside, event(3)):
            await live.bus.publish(news)
        await there.until(lambda: len(there.news) == 4)
        assert there.news == [event(1), anchor, aside, event(3)]


async def test_own_news_come_back_too(open_live: Opener) -> None:
    async with open_live() as live, Listener(live.bus).open() as here:
        await live.bus.subscribe(SHOW)
        await here.until(lambda: MayHaveMissed(SHOW) in here.heard)
        await live.bus.publish(event(1))
        await here.until(lambda: here.news == [event(1)])


async def test_news_of_a_show_are_not_heard_any_more(open_live: Opener) -> None:
    async with open_live() as live, Listener(live.other_bus).open() as there:
        await live.other_bus.subscribe(SHOW)
        await live.other_bus.subscribe(OTHER)
        await there.until(lambda: {MayHaveMissed(SHOW), MayHaveMissed(OTHER)} <= set(there.heard[-2:]))
        await live.other_bus.unsubscribe(SHOW)
        await live.bus.publish(event(1))
        await live.bus.publish(event(1, OTHER))
        await there.until(lambda: event(1, OTHER) in there.news)
        assert there.news == [event(1, OTHER)]


async def test_subscribing_before_listening_works_as_well(open_live: Opener) -> None:
    async with open_live() as live:
        await live.other_bus.subscribe(SHOW)
        async with Listener(live.other_bus).open() as there:
            await there.until(lambda: MayHaveMissed(SHOW) in there.heard)
            await live.bus.publish(event(1))
            await there.until(lambda: there.news == [event(1)])


async def test_lost_connection_is_made_again_and_told(runtime_dir: Path) -> None:
    async with _in_valkey(runtime_dir) as live, Listener(live.other_bus).open() as there:
        assert live.valkey is not None
        await live.other_bus.subscribe(SHOW)
        await there.until(lambda: MayHaveMissed(SHOW) in there.heard)
        there.heard.clear()
        await live.valkey.client_kill_filter(_type="pubsub")
        await there.until(lambda: MayHaveMissed() in there.heard and MayHaveMissed(SHOW) in there.heard)
        await live.bus.publish(event(7))
        await there.until(lambda: there.news == [event(7)])


async def test_bus_survives_a_restart_of_the_server(runtime_dir: Path) -> None:
    socket_url = f"unix://{runtime_dir / 'valkey.sock'}"
    async with open_valkey(socket_url) as here, open_valkey(socket_url) as there_valkey:
        here_bus, there_bus = ValkeyEventBus(here), ValkeyEventBus(there_valkey)
        async with Listener(there_bus).open() as there:
            await there_bus.subscribe(SHOW)
            for number in (1, 2):
                async with embedded_valkey(runtime_dir):
                    await there.until(lambda: MayHaveMissed(SHOW) in there.heard)
                    await here_bus.publish(event(number))
                    await there.until(lambda number=number: event(number) in there.news)  # type: ignore[misc]
                    there.heard.clear()
                await there_bus.subscribe(OTHER)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b'"position_ms"',
        b"{}",
        b'{"seq": "x"}',
        b'{"position_ms": 1, "at": "2026-11-01T12:00:00"}',
        b'{"position_ms": 1, "at": 7}',
        b"[" * 100_000,
        write_news(event(1)).replace("announcement", "x").replace('{"text":"é 1"}', "7").encode(),
    ],
)
def test_news_that_cannot_be_understood_send_the_reader_to_the_log(text: bytes) -> None:
    assert read_news(SHOW, text) == MayHaveMissed(SHOW)


async def test_viewers_are_summed_and_forgotten(open_live: Opener) -> None:
    async with open_live() as live:
        assert await live.presence.total(SHOW) == 0
        assert await live.presence.report(SHOW, "web_a", 3, 60) == 3
        assert await live.presence.report(SHOW, "web_b", 4, 0.05) == 7
        assert await live.presence.report(OTHER, "web_a", 9, 60) == 9
        await asyncio.sleep(0.08)
        assert await live.presence.report(SHOW, "web_a", 2, 60) == 2
        assert await live.presence.total(SHOW) == 2
        assert await live.presence.report(SHOW, "web_a", 0, 60) == 0
        assert await live.presence.total(SHOW) == 0


async def test_likes_begin_once_and_are_summed(open_live: Opener) -> None:
    async with open_live() as live:
        assert await live.likes.add(SHOW, 5) is None
        assert await live.likes.total(SHOW) is None
        await live.likes.begin(SHOW, 100)
        await live.likes.begin(SHOW, 7)
        assert await live.likes.add(SHOW, 5) == 105
        assert await live.likes.total(SHOW) == 105
        async with asyncio.TaskGroup() as group:
            for _ in range(50):
                group.create_task(live.likes.add(SHOW, 2))
        assert await live.likes.total(SHOW) == 205


async def test_bucket_gives_its_burst_then_what_flows_in(open_live: Opener) -> None:
    async with open_live() as live:
        assert [await live.limits.take("a", 3, 10) for _ in range(3)] == [0, 0, 0]
        wait_s = await live.limits.take("a", 3, 10)
        assert 0 < wait_s <= 0.1
        assert await live.limits.take("b", 3, 10, 3) == 0
        await asyncio.sleep(wait_s + 0.01)
        assert await live.limits.take("a", 3, 10) == 0
        assert await live.limits.take("a", 3, 10, 3) > 0.1


async def test_bucket_is_one_for_all(open_live: Opener) -> None:
    async with open_live() as live:
        async with asyncio.TaskGroup() as group:
            tries = [group.create_task(live.limits.take("rush", 10, 0.001)) for _ in range(40)]
        assert sum(one.result() == 0 for one in tries) == 10


async def test_slow_bucket_is_remembered_for_as_long_as_it_matters(runtime_dir: Path) -> None:
    async with _in_valkey(runtime_dir) as live:
        assert live.valkey is not None
        assert await live.limits.take("slow", 1, 1 / 600) == 0
        assert 600 <= await live.limits.take("slow", 1, 1 / 600) + 1 <= 601
        ttl_ms = await live.valkey.pttl("vitrine:rate:slow")
        assert 590_000 < ttl_ms <= 601_000


async def test_languages_are_those_read_in_any_process_until_its_report_runs_out(open_live: Opener) -> None:
    async with open_live() as live:
        assert await live.readers.report(SHOW, "web_1", {"en", "es"}, 5) == {"en", "es"}
        assert await live.readers.report(SHOW, "web_2", ["zh"], 0.05) == {"en", "es", "zh"}
        assert await live.readers.report(OTHER, "web_1", {"en"}, 5) == {"en"}
        await asyncio.sleep(0.1)
        assert await live.readers.report(SHOW, "web_1", {"es"}, 5) == {"es"}
        assert await live.readers.report(SHOW, "web_1", (), 5) == set()
