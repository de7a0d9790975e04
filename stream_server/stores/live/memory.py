"""The fakes beside Valkey: the same ports within one process, tested by the same contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.events import Anchor, Aside, Event
from stream_server.shows.ports import MayHaveMissed


class MemorySwitchboard:
    """What the buses of several "processes" are plugged into. `is_down` breaks it like a lost server."""

    def __init__(self) -> None:
        self.buses: list[MemoryEventBus] = []
        self.is_down = False

    def come_back(self) -> None:
        """Work again; whoever listens learns that it may have missed something."""
        self.is_down = False
        for bus in self.buses:
            bus.inbox.put_nowait(MayHaveMissed())


class MemoryEventBus:
    """`shows.ports.EventBus` of one process."""

    def __init__(self, switchboard: MemorySwitchboard | None = None) -> None:
        self._switchboard = switchboard or MemorySwitchboard()
        self._switchboard.buses.append(self)
        self._wanted: set[ShowId] = set()
        self.inbox: asyncio.Queue[Event | Anchor | Aside | MayHaveMissed] = asyncio.Queue()

    async def publish(self, news: Event | Anchor | Aside) -> None:
        """See `EventBus.publish`."""
        if self._switchboard.is_down:
            raise Unavailable(retry_after_s=1)
        for bus in self._switchboard.buses:
            if news.show_id in bus._wanted:
                bus.inbox.put_nowait(news)

    async def subscribe(self, show_id: ShowId) -> None:
        """See `EventBus.subscribe`."""
        self._wanted.add(show_id)
        self.inbox.put_nowait(MayHaveMissed(show_id))

    async def unsubscribe(self, show_id: ShowId) -> None:
        """See `EventBus.unsubscribe`."""
        self._wanted.discard(show_id)

    async def receive(self) -> AsyncIterator[Event | Anchor | Aside | MayHaveMissed]:
        """See `EventBus.receive`."""
        while True:
            yield await self.inbox.get()


class MemoryPresence:
    """`audience.ports.PresenceStore`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reports: dict[tuple[ShowId, str], tuple[int, float]] = {}

    async def report(self, show_id: ShowId, process_id: str, viewers: int, ttl_s: float) -> int:
        """See `PresenceStore.report`."""
        self._reports[show_id, process_id] = (viewers, self._clock.monotonic_s() + ttl_s)
        return await self.total(show_id)

    async def total(self, show_id: ShowId) -> int:
        """See `PresenceStore.total`."""
        now_s = self._clock.monotonic_s()
        self._reports = {key: report for key, report in self._reports.items() if report[0] and report[1] > now_s}
        return sum(viewers for (show, _), (viewers, _) in self._reports.items() if show == show_id)


class MemoryReaders:
    """`audience.ports.ReaderStore`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reports: dict[tuple[ShowId, str], tuple[frozenset[str], float]] = {}

    async def report(
        self, show_id: ShowId, process_id: str, languages: Collection[str], ttl_s: float
    ) -> frozenset[str]:
        """See `ReaderStore.report`."""
        now_s = self._clock.monotonic_s()
        self._reports[show_id, process_id] = (frozenset(languages), now_s + ttl_s)
        self._reports = {key: report for key, report in self._reports.items() if report[0] and report[1] > now_s}
        return frozenset().union(*(read for (show, _), (read, _) in self._reports.items() if show == show_id))


class MemoryLikes:
    """`audience.ports.LikeCounter`."""

    def __init__(self) -> None:
        self._likes: dict[ShowId, int] = {}

    async def add(self, show_id: ShowId, count: int) -> int | None:
        """See `LikeCounter.add`."""
        if show_id not in self._likes:
            return None
        self._likes[show_id] += count
        return self._likes[show_id]

    async def total(self, show_id: ShowId) -> int | None:
        """See `LikeCounter.total`."""
        return self._likes.get(show_id)

    async def begin(self, show_id: ShowId, likes: int) -> None:
        """See `LikeCounter.begin`."""
        self._likes.setdefault(show_id, likes)


class MemoryRateLimits:
    """`RateLimits` of `chat.ports` and `audience.ports`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    async def take(self, key: str, burst: float, per_second: float, amount: float = 1) -> float:
        """See `RateLimits.take`."""
        now_s = self._clock.monotonic_s()
        tokens, at_s = self._buckets.get(key, (burst, now_s))
        tokens = min(burst, tokens + (now_s - at_s) * per_second)
        wait_s = 0.0 if tokens + 1e-6 >= amount else (amount - tokens) / per_second
        self._buckets[key] = (tokens if wait_s else tokens - amount, now_s)
        return wait_s
