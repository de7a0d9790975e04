"""Who is listened to: hosts that speak and want it, one process each, started again when it dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from stream_server.captions.listening import ANY_LANGUAGE, Hearer
from stream_server.clock import ManualClock
from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ShowId
from stream_server.listening.keeper import KeeperOptions, ListenerKeeper, Task
from stream_server.shows.events import Event
from stream_server.shows.model import Host, ShowPlan, ShowRecord
from stream_server.stores.live.leases_memory import MemoryLeases

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SHOW = ShowId("show_a")
SPHINX = Hearer("pocketsphinx", ("en",), is_rough=True)
WHISPER = Hearer("whisper", (ANY_LANGUAGE,), is_rough=False)
OPTIONS = KeeperOptions(look_s=0.001, first_retry_s=0.001, longest_retry_s=0.002, first_sign_s=5, silent_s=5)


def live(show_id: str = SHOW, language: str = "en") -> ShowRecord:
    host = Host(PersonId("host_maya"), "Maya")
    return ShowRecord(ShowId(show_id), host, ShowPlan({language: "Clay"}), "live", NOON, None, "e", 0, NOON)


class FakeListening:
    def __init__(self, task: Task) -> None:
        self.task = task
        self.signs: asyncio.Queue[str | None] = asyncio.Queue()
        self.has_ended = False

    async def sign(self, within_s: float) -> str | None:
        return await self.signs.get()

    async def end(self) -> None:
        self.has_ended = True


class House:
    def __init__(self, *hearers: Hearer, options: KeeperOptions = OPTIONS) -> None:
        self.shows = [live()]
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.started: list[FakeListening] = []
        self.is_down = False
        leases = MemoryLeases(ManualClock(), "one")
        self.keeper = ListenerKeeper(
            self._on_air, self._newest, hearers or (SPHINX,), leases, self._start, ManualClock(), options
        )

    async def _on_air(self) -> list[ShowRecord]:
        if self.is_down:
            raise Unavailable(1)
        return self.shows

    async def _newest(self, show_id: ShowId, kind: str) -> Event | None:
        row = self.rows.get((show_id, kind))
        return None if row is None else Event(show_id, 1, 0, kind, "staff", row, NOON)

    async def _start(self, task: Task) -> FakeListening:
        self.started.append(FakeListening(task))
        return self.started[-1]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(self.keeper.run())
            try:
                yield self
            finally:
                running.cancel()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_a_host_that_is_live_is_listened_to_in_the_shows_language() -> None:
    async with House().open() as house:
        await until(lambda: house.started)
        assert house.started[0].task == Task(SHOW, "host_maya", "en", SPHINX)
        house.shows = []
        await until(lambda: house.started[0].has_ended)
        assert not house.keeper.kept
    assert len(house.started) == 1


async def test_nobody_listens_to_whom_no_recogniser_understands() -> None:
    async with House().open() as house:
        house.shows = [live(language="es")]
        await asyncio.sleep(0.01)
        assert not house.started
    async with House(WHISPER, SPHINX).open() as house:
        house.shows = [live(language="es-MX")]
        await until(lambda: house.started)
        assert house.started[0].task[2:] == ("es", WHISPER)


async def test_captions_that_were_switched_off_end_and_another_language_is_another_listener() -> None:
    async with House(WHISPER).open() as house:
        await until(lambda: house.started)
        house.rows[SHOW, "listening"] = {"is_on": True, "language": "zh"}
        await until(lambda: len(house.started) == 2)
        assert house.started[0].has_ended
        assert house.started[1].task.language == "zh"
        house.rows[SHOW, "listening"] = {"is_on": False, "language": "zh"}
        await until(lambda: house.started[1].has_ended)


async def test_the_ai_host_is_not_listened_to() -> None:
    async with House().open() as house:
        await until(lambda: house.started)
        house.rows[SHOW, "presenter"] = {"presenter": "ai"}
        await until(lambda: house.started[0].has_ended)
        house.rows[SHOW, "presenter"] = {"presenter": "human"}
        await until(lambda: len(house.started) == 2)


async def test_a_listener_that_dies_is_started_again_and_the_plan_may_be_unreadable_meanwhile() -> None:
    async with House().open() as house:
        await until(lambda: house.started)
        house.is_down = True
        house.started[0].signs.put_nowait("")
        house.started[0].signs.put_nowait(None)
        await until(lambda: len(house.started) == 2)
        assert house.started[0].has_ended
        assert list(house.keeper.kept) == [SHOW]


async def test_a_server_listens_to_no_more_hosts_than_it_may() -> None:
    async with House(options=KeeperOptions(most=1, look_s=0.001)).open() as house:
        house.shows = [live(), live("show_b")]
        await until(lambda: house.started)
        await asyncio.sleep(0.01)
        assert [each.task.show_id for each in house.started] == [SHOW]
