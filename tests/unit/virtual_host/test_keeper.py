"""Who keeps an AI host where, and what becomes of one that dies, hangs, grows or has an old plan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from stream_server.clock import ManualClock
from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ShowId
from stream_server.shows.ai_host import AiHost
from stream_server.shows.model import Host, ShowPlan, ShowRecord
from stream_server.stores.live.leases_memory import MemoryLeases
from stream_server.virtual_host.keeper import HostKeeper, KeeperOptions
from stream_server.virtual_host.serve import session_argv

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SHOW = ShowId("show_a")
OPTIONS = KeeperOptions(look_s=0.001, first_retry_s=0.001, longest_retry_s=0.002, first_sign_s=5, silent_s=5)


def planned(show_id: str = SHOW, ai_host: AiHost | None = None) -> ShowRecord:
    plan = ShowPlan({"en": "Clay"}, ai_host=ai_host or AiHost("always", "es", 7, "flite"))
    host = Host(PersonId("host_maya"), "Maya")
    return ShowRecord(ShowId(show_id), host, plan, "live", NOON, None, "epoch", 0, NOON)


class FakeSession:
    """A session whose signs a test gives."""

    def __init__(self, record: ShowRecord, after: str, *, is_understudy: bool) -> None:
        self.record, self.after = record, after
        self.is_on, self.was_relieved = not is_understudy, False
        self.signs: asyncio.Queue[str | None] = asyncio.Queue()
        self.resident = 0
        self.has_ended = False

    async def sign(self, within_s: float) -> str | None:
        try:
            async with asyncio.timeout(within_s):
                return await self.signs.get()
        except TimeoutError:
            return None

    def resident_bytes(self) -> int:
        return self.resident

    def call(self) -> None:
        self.is_on = True

    async def relieve(self) -> None:
        self.was_relieved = self.has_ended = True

    async def end(self) -> None:
        self.has_ended = True


class House:
    """A keeper, the plans it reads, and the sessions it started."""

    def __init__(self, options: KeeperOptions = OPTIONS, board: dict[str, tuple[str, float]] | None = None) -> None:
        self.clock = ManualClock()
        self.plans = [planned()]
        self.is_down = False
        self.refuses = 0
        self.sessions: list[FakeSession] = []
        leases = MemoryLeases(self.clock, f"server {id(self)}", board)
        self.keeper = HostKeeper(self._read, leases, self._start, self.clock, options)

    async def _read(self) -> list[ShowRecord]:
        if self.is_down:
            raise Unavailable(retry_after_s=1)
        return self.plans

    async def _start(self, record: ShowRecord, after: str, /, *, is_understudy: bool = False) -> FakeSession:
        if self.refuses:
            self.refuses -= 1
            raise OSError("no more processes")
        session = FakeSession(record, after, is_understudy=is_understudy)
        session.signs.put_nowait("")
        self.sessions.append(session)
        return session

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.keeper.run())
            try:
                yield self
            finally:
                task.cancel()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0)

    async def looks(self, times: int = 3) -> None:
        """Let the keeper look at the plans some more."""
        for _ in range(times):
            await asyncio.sleep(OPTIONS.look_s * 2)

    @property
    def living(self) -> list[FakeSession]:
        return [session for session in self.sessions if not session.has_ended]


async def test_any_show_that_wants_a_host_gets_one_and_loses_it_when_it_does_not() -> None:
    async with House().open() as house:
        house.plans = [planned("show_a"), planned("show_b"), planned("show_c", AiHost("off"))]
        await house.until(lambda: len(house.living) == 2)
        assert {session.record.show_id for session in house.living} == {"show_a", "show_b"}
        house.plans = [planned("show_b"), replace(planned("show_a"), status="ended")]
        await house.until(lambda: [session.record.show_id for session in house.living] == ["show_b"])
    assert not house.living


async def test_host_that_dies_is_started_again_and_goes_on_after_the_last_product() -> None:
    async with House().open() as house:
        await house.until(lambda: house.sessions)
        house.sessions[0].signs.put_nowait("prod_cup")
        house.sessions[0].signs.put_nowait("")
        house.sessions[0].signs.put_nowait(None)
        await house.until(lambda: len(house.sessions) == 2)
        assert house.sessions[0].has_ended
        assert house.sessions[1].after == "prod_cup"


async def test_host_that_cannot_be_started_is_tried_again() -> None:
    house = House()
    house.refuses = 3
    async with house.open():
        await house.until(lambda: house.living)


async def test_another_language_brings_a_new_host_which_begins_when_the_old_one_has_finished_its_line() -> None:
    async with House().open() as house:
        await house.until(lambda: house.sessions)
        house.plans = [planned(ai_host=AiHost("always", "zh-CN"))]
        await house.looks()
        house.sessions[0].signs.put_nowait("prod_cup")
        await house.until(lambda: len(house.living) == 1 and len(house.sessions) == 2)
        assert house.living[0].record.ai_host.language == "zh-CN"
        assert house.living[0].after == "prod_cup"
        assert house.sessions[0].was_relieved
        await house.until(lambda: house.living[0].is_on)


async def test_what_a_host_takes_over_itself_brings_no_new_one() -> None:
    async with House().open() as house:
        await house.until(lambda: house.sessions)
        changed = replace(planned().ai_host, voice="espeak", outfit="ink", turn_s=30.0, time_zone="Asia/Tokyo")
        house.plans = [replace(planned(), plan=replace(planned().plan, ai_host=changed, title={"en": "Fire"}))]
        await house.looks()
        house.sessions[0].signs.put_nowait("")
        await house.looks()
        assert house.living == house.sessions[:1]


async def test_host_whose_memory_has_grown_or_that_is_old_is_renewed() -> None:
    async with House().open() as house:
        await house.until(lambda: house.sessions)
        house.sessions[0].resident = OPTIONS.most_resident_bytes + 1
        house.sessions[0].signs.put_nowait("")
        await house.until(lambda: house.sessions[0].has_ended)
        house.clock.advance(OPTIONS.oldest_s)
        house.sessions[1].signs.put_nowait("")
        await house.until(lambda: house.sessions[1].has_ended)
        assert len(house.living) == 1


async def test_old_host_goes_on_when_there_is_no_new_one_to_be_had() -> None:
    async with House().open() as house:
        await house.until(lambda: house.sessions)
        house.refuses = 1
        house.sessions[0].resident = OPTIONS.most_resident_bytes + 1
        house.sessions[0].signs.put_nowait("")
        house.sessions[0].signs.put_nowait("")
        await house.until(lambda: not house.refuses and house.sessions[0].signs.empty())
        assert house.living == house.sessions[:1]


async def test_hosts_stay_while_the_plans_cannot_be_read() -> None:
    async with House().open() as house:
        await house.until(lambda: house.living)
        house.is_down = True
        await house.looks()
        assert len(house.living) == 1


async def test_there_are_never_more_hosts_than_this_machine_can_keep() -> None:
    async with House(replace(OPTIONS, most_hosts=2)).open() as house:
        house.plans = [planned(f"show_{n}") for n in range(5)]
        await house.until(lambda: len(house.living) == 2)
        await house.looks()
        assert len(house.sessions) == 2


async def test_two_servers_do_not_keep_a_host_for_the_same_show() -> None:
    board: dict[str, tuple[str, float]] = {}
    async with House(board=board).open() as one:
        await one.until(lambda: one.living)
        async with House(board=board).open() as other:
            await other.looks()
            assert not other.sessions
            one.plans = []
            await other.until(lambda: other.living)


def test_session_gets_what_the_plan_says() -> None:
    argv = session_argv("http://127.0.0.1:1", planned(), "prod_cup")
    said = " ".join(argv)
    assert "--lang es" in said
    assert "--after=prod_cup" in argv
    assert "--own-id host_maya" in said
    assert "--understudy" not in argv
    assert "--understudy" in session_argv("http://127.0.0.1:1", planned(), "", is_understudy=True)
