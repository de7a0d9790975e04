"""Shows and their surroundings for tests, on fakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from stream_server.captions.tracks import ShowCaptionTracks
from stream_server.chat.model import ChatRooms
from stream_server.clock import ManualClock
from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.shows.clock import ShowClock
from stream_server.shows.log import EventLog, LogOptions, Projection
from stream_server.shows.model import Host, ShowPlan
from stream_server.shows.service import ShowOptions, ShowService
from stream_server.shows.states import ShowStates
from stream_server.stores.live.memory import MemoryEventBus, MemorySwitchboard
from stream_server.stores.shows_memory import MemoryShowStore

HOST = Host(PersonId("host_1"), "Maya", "/pictures/maya.webp")
CUP, BOWL, PLATE, VASE = (ProductId(f"prod_{name}") for name in ("cup", "bowl", "plate", "vase"))
PLAN = ShowPlan({"en": "Morning clay"}, rundown=(CUP, BOWL, PLATE, VASE))
SHOW = ShowId("show_clay")


class RecordingStage:
    """`shows.ports.Stage` that remembers."""

    def __init__(self) -> None:
        self.ended: list[ShowId] = []
        self.is_down = False

    async def end_show(self, show_id: ShowId) -> None:
        if self.is_down:
            raise Unavailable(1)
        self.ended.append(show_id)


@dataclass
class House:
    """One process's shows; several share a store and a switchboard."""

    clock: ManualClock = field(default_factory=ManualClock)
    store: MemoryShowStore = field(default_factory=MemoryShowStore)
    switchboard: MemorySwitchboard = field(default_factory=MemorySwitchboard)
    stage: RecordingStage = field(default_factory=RecordingStage)
    show_options: ShowOptions = field(default_factory=ShowOptions)
    log_options: LogOptions = field(default_factory=LogOptions)

    def __post_init__(self) -> None:
        self.show_clock = ShowClock(self.clock)
        self.states = ShowStates(self.show_clock)
        self.rooms = ChatRooms()
        self.captions = ShowCaptionTracks()
        self.bus = MemoryEventBus(self.switchboard)
        projections: list[Projection] = [self.states, self.rooms, self.captions]
        self.log = EventLog(self.store, self.bus, self.states, projections, self.clock, self.log_options)
        self.shows = ShowService(
            self.store, self.log, self.states, self.show_clock, self.stage, self.clock, self.show_options
        )

    def neighbour(self) -> House:
        """Another process of the same server."""
        return House(self.clock, self.store, self.switchboard, self.stage, self.show_options, self.log_options)

    @asynccontextmanager
    async def open(self, *, with_show: bool = True) -> AsyncIterator[House]:
        async with self.log.run(), self.shows.run():
            if with_show and not self.store._records:
                await self.shows.create(HOST, PLAN, SHOW)
            yield self


async def until(condition: Callable[[], bool]) -> None:
    """Let other tasks run until something is so."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not come about")
