"""The logs of the shows that this process deals with: ordered, without gaps, each event once.

Writing is durable first: an event is a row before anybody sees it. Several processes may write the same log; the
row's number decides who was first, the other one reads what it missed and decides again. What the bus carries is
only a hint to be quick: gaps are filled from the store, duplicates dropped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

import structlog

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.events import Anchor, Aside, Draft, Event
from stream_server.shows.ports import EventBus, EventStore, MayHaveMissed, SeqTaken

log = structlog.get_logger(__name__)
T = TypeVar("T")

Decide = Callable[[int], Sequence[Draft]]
"""Given the show clock, what happens next (maybe nothing). Looks at the projections; may raise to refuse."""
Listener = Callable[[Event], None]
Overhearer = Callable[[Aside], None]


class Timeline(Protocol):
    """Keeps the show clocks (`shows.states.ShowStates`)."""

    def position_ms(self, show_id: ShowId) -> int:
        """The show clock of a show whose log is open."""

    def hear(self, anchor: Anchor) -> None:
        """Another process tells where a timeline stands."""


class Projection(Protocol):
    """State folded from the logs, for as long as they are open. Calls come in order and must not fail."""

    def begin(self, show_id: ShowId) -> None:
        """A log is opened; its events follow from the first one."""

    def apply(self, event: Event) -> None:
        """The next event."""

    def forget(self, show_id: ShowId) -> None:
        """The log is closed."""


@dataclass(frozen=True)
class LogOptions:
    """Limits of the logs in one process."""

    page: int = 500
    """Events read from the store at once."""
    recent: int = 500
    """Events kept in memory per open log, for clients that resume."""
    attempts: int = 20
    """How often a decision is made again because another process was faster."""
    outbox: int = 10_000
    """Events waiting for the bus. Beyond it they are not sent: the others find them by `sweep`."""
    publish_timeout_s: float = 2.0
    flush_s: float = 1.0
    """How long leaving waits for the bus to take what was written last."""
    sweep_s: float = 10.0
    """How often open logs are compared with the store."""
    idle_s: float = 600.0
    """A log that nobody listened to or wrote for so long is closed."""


@dataclass(eq=False)
class _OpenLog:
    show_id: ShowId
    recent: deque[Event]
    used_at_s: float
    seq: int = 0
    missed: bool = False
    """The bus spoke of this log while it was being read for the first time."""
    listeners: list[Listener] = field(default_factory=list)
    overhearers: list[Overhearer] = field(default_factory=list)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)


class EventLog:
    """Owner of the open logs. Everything but `run` works only inside ``async with log.run()``."""

    def __init__(
        self,
        store: EventStore,
        bus: EventBus,
        timeline: Timeline,
        projections: Sequence[Projection],
        clock: Clock,
        options: LogOptions | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._timeline = timeline
        self._projections = projections
        self._clock = clock
        self._options = options or LogOptions()
        self._open: dict[ShowId, _OpenLog] = {}
        self._loading: dict[ShowId, _OpenLog] = {}
        self._opening: dict[ShowId, asyncio.Task[_OpenLog | Exception]] = {}
        self._outbox: asyncio.Queue[Event | Anchor | Aside] = asyncio.Queue(self._options.outbox)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Listen to the bus and send to it. Leaving the block finishes writes that are under way."""
        async with asyncio.TaskGroup() as self._group, asyncio.TaskGroup() as background:
            tasks = [
                background.create_task(self._send(), name="event-log send"),
                background.create_task(self._receive(), name="event-log receive"),
                background.create_task(self._sweep_forever(), name="event-log sweep"),
            ]
            try:
                yield self
            finally:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._options.flush_s):
                        await self._outbox.join()
                for task in tasks:
                    task.cancel()

    # ---- reading

    async def open(self, show_id: ShowId) -> int:
        """Have the show's projections up to date; returns the number of the last event.

        Does not check that there is such a show. Raises: Unavailable.
        """
        return (await self._opened(show_id)).seq

    def is_open(self, show_id: ShowId) -> bool:
        """Whether the show's log is open, which also means that there is such a show."""
        return show_id in self._open

    def seq(self, show_id: ShowId) -> int:
        """The last event of an open log: what the projections and listeners have seen."""
        return self._open[show_id].seq

    def listen(self, show_id: ShowId, listener: Listener, overhear: Overhearer | None = None) -> Callable[[], None]:
        """Call ``listener`` with every event after `seq` of an open log; returns the way to stop it.

        ``overhear`` gets what is said aside, from whichever process.
        """
        opened = self._open[show_id]
        opened.listeners.append(listener)
        if overhear is not None:
            opened.overhearers.append(overhear)

        def stop() -> None:
            if overhear is not None and overhear in opened.overhearers:
                opened.overhearers.remove(overhear)
            if listener in opened.listeners:
                opened.listeners.remove(listener)
                opened.used_at_s = self._clock.monotonic_s()

        return stop

    def recent(self, show_id: ShowId, after_seq: int) -> list[Event] | None:
        """The events after ``after_seq`` from memory; None when it does not reach back so far."""
        opened = self._open[show_id]
        if after_seq >= opened.seq:
            return []
        if not opened.recent or opened.recent[0].seq > after_seq + 1:
            return None
        return [event for event in opened.recent if event.seq > after_seq]

    async def read(self, show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
        """A page of the log from the store. Raises: Unavailable."""
        return await self._store.read(show_id, after_seq, limit)

    # ---- writing

    async def write(self, show_id: ShowId, decide: Decide) -> Sequence[Event]:
        """Decide under the newest state what happens, make it durable, apply it here and tell the others.

        A caller that is cancelled meanwhile does not undo it. Raises: Unavailable; whatever ``decide`` raises.
        """
        opened = await self._opened(show_id)
        task = self._group.create_task(_outcome(self._write(opened, decide)), name=f"write {show_id}")
        outcome = await asyncio.shield(task)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _write(self, opened: _OpenLog, decide: Decide) -> Sequence[Event]:
        async with opened.writing:
            for _ in range(self._options.attempts):
                opened.used_at_s = self._clock.monotonic_s()
                at_ms = self._timeline.position_ms(opened.show_id)
                events = [
                    Event(opened.show_id, seq, at_ms, draft.type, draft.audience, draft.payload, self._clock.now())
                    for seq, draft in enumerate(decide(at_ms), opened.seq + 1)
                ]
                if not events:
                    return []
                try:
                    await self._store.append(events)
                except SeqTaken:
                    await self._catch_up(opened)
                    continue
                for event in events:
                    self._apply(opened, event)
                    self.post(event)
                return events
        raise Unavailable(retry_after_s=1)

    # ---- keeping up

    async def _opened(self, show_id: ShowId) -> _OpenLog:
        known = self._open.get(show_id)
        if known is not None:
            known.used_at_s = self._clock.monotonic_s()
            return known
        task = self._opening.get(show_id)
        if task is None:
            task = self._group.create_task(_outcome(self._load(show_id)), name=f"open {show_id}")
            self._opening[show_id] = task
            task.add_done_callback(lambda _: self._opening.pop(show_id, None))
        outcome = await asyncio.shield(task)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _load(self, show_id: ShowId) -> _OpenLog:
        opened = _OpenLog(show_id, deque(maxlen=self._options.recent), self._clock.monotonic_s())
        # Subscribed before reading: nothing can fall between.
        self._loading[show_id] = opened
        await self._bus.subscribe(show_id)
        for projection in self._projections:
            projection.begin(show_id)
        try:
            await self._catch_up(opened)
            while opened.missed:  # written after the store was read, told before the log was open
                opened.missed = False
                await self._catch_up(opened)
        except BaseException:
            await self._close(opened)
            raise
        finally:
            del self._loading[show_id]
        self._open[show_id] = opened
        return opened

    async def _close(self, opened: _OpenLog) -> None:
        self._open.pop(opened.show_id, None)
        for projection in self._projections:
            projection.forget(opened.show_id)
        await self._bus.unsubscribe(opened.show_id)

    async def _catch_up(self, opened: _OpenLog) -> None:
        while True:
            page = await self._store.read(opened.show_id, opened.seq, self._options.page)
            for event in page:
                self._apply(opened, event)
            if len(page) < self._options.page:
                return

    def _apply(self, opened: _OpenLog, event: Event) -> None:
        """Take the next event; one that was taken already (from the bus, the store or by writing) is dropped."""
        if event.seq <= opened.seq:
            return
        opened.seq = event.seq
        opened.recent.append(event)
        for projection in self._projections:
            projection.apply(event)
        for listener in list(opened.listeners):
            try:
                listener(event)
            except Exception:  # one listener is a fault boundary: the log and the others go on
                log.exception("listener failed", show_id=event.show_id, seq=event.seq)

    def post(self, news: Event | Anchor | Aside) -> None:
        """Have the other processes told, soon; of an `Aside`, this one too."""
        try:
            self._outbox.put_nowait(news)
        except asyncio.QueueFull:
            log.warning("bus is behind; other processes will read the log", show_id=news.show_id)

    async def _send(self) -> None:
        while True:
            news = await self._outbox.get()
            try:
                async with asyncio.timeout(self._options.publish_timeout_s):
                    await self._bus.publish(news)
            except (Unavailable, TimeoutError) as error:
                log.warning("news not published", show_id=news.show_id, error=str(error))
            finally:
                self._outbox.task_done()

    async def _receive(self) -> None:
        async for message in self._bus.receive():
            if isinstance(message, Anchor):
                self._timeline.hear(message)
            elif isinstance(message, Aside):
                self._overhear(message)
            elif message.show_id is None:
                await self.sweep()
            elif (loading := self._loading.get(message.show_id)) is not None:
                loading.missed = True
            elif (opened := self._open.get(message.show_id)) is not None:
                await self._told(opened, message)

    def _overhear(self, aside: Aside) -> None:
        opened = self._open.get(aside.show_id)
        for overhear in list(opened.overhearers) if opened is not None else []:
            try:
                overhear(aside)
            except Exception:  # one listener is a fault boundary
                log.exception("overhearer failed", show_id=aside.show_id, kind=aside.type)

    async def _told(self, opened: _OpenLog, message: Event | MayHaveMissed) -> None:
        if isinstance(message, MayHaveMissed) or message.seq > opened.seq + 1:
            await self._fill(opened)
        else:
            self._apply(opened, message)

    async def _fill(self, opened: _OpenLog) -> None:
        try:
            await self._catch_up(opened)
        except Unavailable as error:
            log.warning("log not read; trying again", show_id=opened.show_id, error=str(error))

    async def sweep(self) -> None:
        """Compare every open log with the store, and close those that nobody uses."""
        for opened in list(self._open.values()):
            idle_s = self._clock.monotonic_s() - opened.used_at_s
            if not opened.listeners and not opened.writing.locked() and idle_s > self._options.idle_s:
                await self._close(opened)
            else:
                await self._fill(opened)

    async def _sweep_forever(self) -> None:
        while True:
            await asyncio.sleep(self._options.sweep_s)
            await self.sweep()


async def _outcome(work: Awaitable[T]) -> T | Exception:
    """The result or the error of ``work``: an error belongs to the caller and must not end the task's group."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001  raised again by whoever waits
        return error
