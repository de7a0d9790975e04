"""Keeps an AI host at the door of every show whose plan wants one.

Each host is a process of its own, started again when it dies or hangs, and renewed when its plan has changed, its
memory has grown, or it is old. The new one is at the door before the old one leaves, the old one finishes its line, and
the new one goes on with the product that comes next: viewers see a keyframe, nothing more. Most of a plan needs no new
host: one that is on air takes it over itself (`backstage`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ShowId
from stream_server.shows.ai_host import is_wanted
from stream_server.shows.model import ShowRecord

log = structlog.get_logger(__name__)


class Leases(Protocol):
    """Who among several servers does something."""

    async def hold(self, name: str, for_s: float) -> bool:
        """True when it is ours from now on for so long, again or for the first time. Raises: Unavailable."""

    async def let_go(self, name: str) -> None:
        """Others may have it. Raises: Unavailable."""


class Session(Protocol):
    """A `SessionProcess`."""

    async def sign(self, within_s: float) -> str | None:
        """The next sign of life, naming the product that is presented; None when it is gone or hangs."""

    def resident_bytes(self) -> int:
        """Its memory."""

    def call(self) -> None:
        """To one that was started as an understudy: from now on the show is its own."""

    async def relieve(self) -> None:
        """Let it finish its line. It is gone afterwards."""

    async def end(self) -> None:
        """It is gone afterwards."""


class Start(Protocol):
    """Starts sessions."""

    def __call__(self, record: ShowRecord, after: str, /, *, is_understudy: bool = False) -> Awaitable[Session]:
        """One for a show that goes on behind the product named; an understudy waits for `Session.call`.

        Raises: OSError.
        """


@dataclass(frozen=True)
class KeeperOptions:
    """How patient the keeper is, and how many hosts it keeps."""

    most_hosts: int = 8
    look_s: float = 2.0
    """Between two looks at the plans."""
    lease_s: float = 10.0
    first_sign_s: float = 30.0
    """To its first sign a session reads the show, opens its voices and decodes pictures."""
    silent_s: float = 3.5
    """A session without a sign for so long hangs: signs come every second."""
    first_retry_s: float = 0.5
    longest_retry_s: float = 15.0
    steady_after_s: float = 10.0
    """A session that lasted this long was a good one: the next retry is quick again."""
    most_resident_bytes: int = 700_000_000
    oldest_s: float = 6 * 3600.0
    renew_again_s: float = 60.0
    """After a renewal that failed."""


@dataclass(eq=False)
class _Door:
    """What is known at one show."""

    record: ShowRecord
    after: str = ""
    """The product that was presented last."""
    task: asyncio.Task[None] = field(init=False)

    @property
    def wish(self) -> tuple[str, float]:
        """What belongs to a media session, language and patience: another one is a reason for a new session."""
        return self.record.ai_host.language, self.record.ai_host.patience_s


class HostKeeper:
    """Owner of the sessions."""

    def __init__(
        self,
        plans: Callable[[], Awaitable[Sequence[ShowRecord]]],
        leases: Leases,
        start: Start,
        clock: Clock,
        options: KeeperOptions | None = None,
    ) -> None:
        """``plans`` gives the shows that have an AI host at all (`ShowStore.with_ai_host`). Raises: Unavailable."""
        self._plans = plans
        self._leases = leases
        self._start = start
        self._clock = clock
        self._options = options or KeeperOptions()
        self._doors: dict[ShowId, _Door] = {}

    @property
    def shows(self) -> Mapping[ShowId, str]:
        """The shows with a host of ours, and the product that each presented last."""
        return {show_id: door.after for show_id, door in self._doors.items()}

    async def run(self) -> None:
        """Keep hosts until cancelled; then all of them are gone."""
        async with asyncio.TaskGroup() as group:
            try:
                while True:
                    try:
                        await self._look(group)
                    except Unavailable as error:
                        log.warning("plans cannot be read; hosts stay as they are", error=str(error))
                    await asyncio.sleep(self._options.look_s)
            finally:
                doors = list(self._doors)
                for show_id in doors:
                    await self._close(show_id)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.now()
        wanted = {record.show_id: record for record in await self._plans() if is_wanted(record, now)}
        for show_id in [show_id for show_id in self._doors if show_id not in wanted]:
            log.info("the AI host is not wanted any more", show_id=show_id)
            await self._close(show_id)
        for show_id, record in wanted.items():
            door = self._doors.get(show_id)
            if door is None and len(self._doors) >= self._options.most_hosts:
                continue  # another server may have room
            if not await self._leases.hold(_lease(show_id), self._options.lease_s):
                if door is not None:
                    log.warning("another server keeps the AI host", show_id=show_id)
                    await self._close(show_id)
                continue
            if door is None:
                self._doors[show_id] = door = _Door(record)
                door.task = group.create_task(self._keep(door), name=f"AI host of {show_id}")
            door.record = record

    async def _close(self, show_id: ShowId) -> None:
        door = self._doors.pop(show_id)
        door.task.cancel()
        await asyncio.wait({door.task})
        with suppress(Unavailable):  # it runs out by itself
            await self._leases.let_go(_lease(show_id))

    async def _keep(self, door: _Door) -> None:
        options, pause_s = self._options, self._options.first_retry_s
        while True:
            began_s = self._clock.monotonic_s()
            try:
                await self._present(door)
            except OSError as error:
                log.warning("an AI host could not be started", show_id=door.record.show_id, error=str(error))
            if self._clock.monotonic_s() - began_s >= options.steady_after_s:
                pause_s = options.first_retry_s
            log.warning("the AI host is gone; starting it again", show_id=door.record.show_id, wait_s=pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, options.longest_retry_s)

    async def _present(self, door: _Door) -> None:
        """Sessions, one taking over from the other, until one is gone that nobody had told to go. Raises: OSError."""
        wish, began_s = door.wish, self._clock.monotonic_s()
        session = await self._start(door.record, door.after)
        renewed_s = float("-inf")
        try:
            word = await session.sign(self._options.first_sign_s)
            while word is not None:
                door.after = word or door.after
                now_s = self._clock.monotonic_s()
                why = self._reason_to_renew(door, wish, session, now_s - began_s)
                if why and now_s - renewed_s >= self._options.renew_again_s:
                    log.info("renewing an AI host", show_id=door.record.show_id, why=why)
                    renewed_s, asked = now_s, door.wish
                    fresh = await self._successor(door)
                    if fresh is not None:
                        old, session, wish, began_s = session, fresh, asked, now_s
                        renewed_s = float("-inf")
                        await old.relieve()
                        fresh.call()
                word = await session.sign(self._options.silent_s)
        finally:
            await session.end()

    async def _successor(self, door: _Door) -> Session | None:
        """A session that is at the door; None when there is none to be had, and the old one must go on."""
        try:
            fresh = await self._start(door.record, door.after, is_understudy=True)
        except OSError:
            return None
        try:
            word = await fresh.sign(self._options.first_sign_s)
        except BaseException:
            await fresh.end()
            raise
        if word is None:
            await fresh.end()
            return None
        return fresh

    def _reason_to_renew(self, door: _Door, wish: tuple[str, float], session: Session, age_s: float) -> str:
        if door.wish != wish:
            return "the plan has changed"
        if session.resident_bytes() > self._options.most_resident_bytes:
            return "its memory has grown"
        return "it is old" if age_s >= self._options.oldest_s else ""


def _lease(show_id: ShowId) -> str:
    return f"ai-host:{show_id}"
