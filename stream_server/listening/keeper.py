"""Keeps a listener at every show whose host speaks and wants captions: a process each, started again when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import structlog

from stream_server.captions.listening import Hearer, ListeningWish, spoken_language
from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.events import Event
from stream_server.shows.model import ShowRecord
from stream_server.virtual_host.keeper import Leases

log = structlog.get_logger(__name__)


class Task(NamedTuple):
    """What a listener is started for; another one is a reason for another listener."""

    show_id: ShowId
    host_id: str
    language: str
    hearer: Hearer


class Listening(Protocol):
    """A listener's process (`virtual_host.session_process.SessionProcess`)."""

    async def sign(self, within_s: float) -> str | None:
        """The next sign of life; None when it is gone or hangs."""

    async def end(self) -> None:
        """It is gone afterwards."""


Start = Callable[[Task], Awaitable[Listening]]
"""Starts a listener. Raises: OSError."""
Newest = Callable[[ShowId, str], Awaitable[Event | None]]
"""The newest event of a type in a show's log. Raises: Unavailable."""


@dataclass(frozen=True)
class KeeperOptions:
    """How patient the keeper is, and how many it keeps."""

    most: int = 2
    look_s: float = 2.0
    lease_s: float = 10.0
    first_sign_s: float = 30.0
    """To its first sign a listener opens its models."""
    silent_s: float = 15.0
    """Signs come every second, but on a machine that is busy the listener is the last to get its turn."""
    first_retry_s: float = 1.0
    longest_retry_s: float = 30.0
    steady_after_s: float = 20.0
    oldest_s: float = 6 * 3600.0
    """Then another one takes over: recognisers grow, and tokens run out."""


@dataclass(eq=False)
class _Post:
    task: Task
    running: asyncio.Task[None] = field(init=False)


class ListenerKeeper:
    """Owner of the listeners."""

    def __init__(
        self,
        on_air: Callable[[], Awaitable[Sequence[ShowRecord]]],
        newest: Newest,
        hearers: Sequence[Hearer],
        leases: Leases,
        start: Start,
        clock: Clock,
        options: KeeperOptions | None = None,
    ) -> None:
        """``on_air`` gives the shows that are live; ``hearers`` what there is, the best first."""
        self._on_air, self._newest, self._hearers = on_air, newest, hearers
        self._leases, self._start, self._clock = leases, start, clock
        self._options = options or KeeperOptions()
        self._posts: dict[ShowId, _Post] = {}

    @property
    def kept(self) -> Mapping[ShowId, Task]:
        """Who is listened to."""
        return {show_id: post.task for show_id, post in self._posts.items()}

    async def run(self) -> None:
        """Keep listeners until cancelled; then all of them are gone."""
        async with asyncio.TaskGroup() as group:
            try:
                while True:
                    try:
                        await self._look(group)
                    except Unavailable as error:
                        log.warning("shows cannot be read; listeners stay as they are", error=str(error))
                    await asyncio.sleep(self._options.look_s)
            finally:
                for show_id in list(self._posts):
                    await self._close(show_id)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        wanted: dict[ShowId, Task] = {}
        for record in await self._on_air():
            if record.show_id not in self._posts and len(self._posts) >= self._options.most:
                continue  # another server may have room
            task = await self._wanted(record)
            if task is not None:
                wanted[record.show_id] = task
        for show_id, post in list(self._posts.items()):
            if wanted.get(show_id) != post.task:
                await self._close(show_id)
        for show_id, task in wanted.items():
            is_ours = show_id in self._posts
            if not is_ours and len(self._posts) >= self._options.most:
                continue
            if not await self._leases.hold(_lease(show_id), self._options.lease_s):
                if is_ours:
                    await self._close(show_id)
                continue
            if not is_ours:
                self._posts[show_id] = post = _Post(task)
                post.running = group.create_task(self._keep(task), name=f"listener of {show_id}")

    async def _wanted(self, record: ShowRecord) -> Task | None:
        presenter = await self._newest(record.show_id, "presenter")
        if presenter is not None and presenter.payload["presenter"] != "human":
            return None  # the AI host's words are captioned from its script
        told = await self._newest(record.show_id, "listening")
        wish = ListeningWish() if told is None else ListeningWish.from_payload(told.payload)
        language = spoken_language(wish, record.plan.title)
        hearer = next((each for each in self._hearers if each.knows(language)), None)
        if not wish.is_on or hearer is None:
            return None
        return Task(record.show_id, record.host_id, language, hearer)

    async def _close(self, show_id: ShowId) -> None:
        post = self._posts.pop(show_id)
        post.running.cancel()
        await asyncio.wait({post.running})
        with suppress(Unavailable):  # it runs out by itself
            await self._leases.let_go(_lease(show_id))

    async def _keep(self, task: Task) -> None:
        options, pause_s = self._options, self._options.first_retry_s
        while True:
            began_s = self._clock.monotonic_s()
            try:
                await self._listen(task)
            except OSError as error:
                log.warning("a listener could not be started", show_id=task.show_id, error=str(error))
            if self._clock.monotonic_s() - began_s >= options.steady_after_s:
                pause_s = options.first_retry_s
            log.warning("a listener is gone; starting it again", show_id=task.show_id, wait_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, options.longest_retry_s)

    async def _listen(self, task: Task) -> None:
        listening = await self._start(task)
        try:
            began_s, patience_s = self._clock.monotonic_s(), self._options.first_sign_s
            while await listening.sign(patience_s) is not None:
                patience_s = self._options.silent_s
                if self._clock.monotonic_s() - began_s >= self._options.oldest_s:
                    return
        finally:
            await listening.end()


def _lease(show_id: ShowId) -> str:
    return f"listener:{show_id}"
