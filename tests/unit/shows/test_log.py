from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from stream_server.errors import Unavailable
from stream_server.ids import SessionId, ShowId
from stream_server.shows.events import Anchor, Aside, Change, Event
from stream_server.shows.log import LogOptions
from stream_server.shows.model import UnknownShow
from stream_server.shows.ports import MayHaveMissed, SeqTaken
from tests.unit.shows.making import BOWL, CUP, PLATE, SHOW, House, until


def announcing(text: str) -> Sequence[Change]:
    return [Change("announcement", {"text": text})]


async def test_events_are_numbered_stamped_and_folded() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, SessionId("whip_1"))
        house.shows.clock_anchor(SHOW, 12_000, house.clock.monotonic_s())
        await house.shows.pin(SHOW, CUP)
        events = await house.store.read(SHOW, 0, 10)
        assert [(event.seq, event.at_ms, event.type) for event in events] == [(1, 0, "status"), (2, 12_000, "pins")]
        assert events[1].payload == {"pins": [{"product_id": CUP, "at_ms": 12_000}]}
        assert house.log.seq(SHOW) == 2


async def test_other_process_decides_again_after_losing_the_race() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        here.switchboard.is_down = True  # the two do not hear of each other
        await asyncio.wait_for(there.log.open(SHOW), 1)
        await here.shows.pin(SHOW, CUP)
        await there.shows.pin(SHOW, BOWL)
        await here.shows.pin(SHOW, PLATE)
        assert [pin.product_id for pin in (await here.shows.state(SHOW)).pins] == [CUP, BOWL, PLATE]


async def test_processes_hear_of_each_other() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        seen: list[int] = []
        there.log.listen(SHOW, lambda event: seen.append(event.seq))
        for text in ("one", "two", "three"):
            await here.shows.announce(SHOW, text)
        await until(lambda: seen == [1, 2, 3])
        assert there.states[SHOW].announcement == "three"


async def test_gap_is_filled_from_the_store_and_duplicates_are_dropped() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        seen: list[int] = []
        there.log.listen(SHOW, lambda event: seen.append(event.seq))
        here.switchboard.is_down = True
        await here.shows.announce(SHOW, "lost on the way")
        await until(lambda: here.log._outbox.empty())
        here.switchboard.is_down = False
        await here.shows.announce(SHOW, "arrives")
        await until(lambda: seen == [1, 2])
        (first, second) = await here.store.read(SHOW, 0, 2)
        there.bus.inbox.put_nowait(first)
        there.bus.inbox.put_nowait(second)
        await until(there.bus.inbox.empty)
        assert seen == [1, 2]


async def test_reconnected_bus_makes_everybody_read_again() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        here.switchboard.is_down = True
        await here.shows.announce(SHOW, "missed")
        await until(lambda: here.log._outbox.empty())
        here.switchboard.come_back()
        await until(lambda: there.states[SHOW].announcement == "missed")


async def never(news: Event | Anchor | Aside) -> None:
    await asyncio.Event().wait()


async def test_sweep_finds_what_the_bus_never_carried() -> None:
    async with House(log_options=LogOptions(outbox=1, flush_s=0)).open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        here.bus.publish = never  # type: ignore[method-assign]
        for text in ("stuck", "waits", "does not fit"):
            await here.shows.announce(SHOW, text)
        await there.log.sweep()
        assert there.states[SHOW].announcement == "does not fit"


async def test_unreachable_store_is_read_again_later() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        here.switchboard.is_down = True
        await here.shows.announce(SHOW, "unread")
        here.store.is_down = True
        await there.log.sweep()
        assert there.states[SHOW].announcement == ""
        here.store.is_down = False
        await there.log.sweep()
        assert there.states[SHOW].announcement == "unread"


async def test_event_told_while_the_log_is_read_for_the_first_time_is_not_lost() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        late = Event(SHOW, 1, 0, "announcement", "all", {"text": "late"}, here.clock.now())
        read, reading, go_on = there.store.read, asyncio.Event(), asyncio.Event()

        async def slow_read(show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
            page = await read(show_id, after_seq, limit)
            reading.set()
            await go_on.wait()
            return page

        there.store.read = slow_read  # type: ignore[method-assign]
        async with asyncio.TaskGroup() as group:
            opening = group.create_task(there.log.open(SHOW))
            joining = group.create_task(there.log.open(SHOW))  # two at once open one log
            await reading.wait()
            await there.store.append([late])
            there.bus.inbox.put_nowait(late)
            await until(there.bus.inbox.empty)
            go_on.set()
        assert (opening.result(), joining.result()) == (1, 1)
        assert there.states[SHOW].announcement == "late"


async def test_log_that_cannot_be_read_stays_closed() -> None:
    async with House().open() as house:
        house.store.is_down = True
        with pytest.raises(Unavailable):
            await house.log.open(SHOW)
        assert not house.log.is_open(SHOW)
        house.store.is_down = False
        assert await house.log.open(SHOW) == 0


async def test_failed_writing_leaves_no_trace() -> None:
    async with House().open() as house:
        await house.log.open(SHOW)
        house.store.is_down = True
        with pytest.raises(Unavailable):
            await house.log.write(SHOW, lambda _: announcing("never"))
        assert (house.log.seq(SHOW), house.states[SHOW].announcement) == (0, "")


async def test_writer_gives_up_when_others_are_always_faster() -> None:
    async with House(log_options=LogOptions(attempts=3)).open() as house:
        await house.log.open(SHOW)

        async def taken(events: Sequence[Event]) -> None:
            raise SeqTaken(events[0].show_id, events[0].seq)

        house.store.append = taken  # type: ignore[method-assign]
        with pytest.raises(Unavailable):
            await house.log.write(SHOW, lambda _: announcing("never"))


async def test_cancelled_caller_does_not_undo_what_is_being_written() -> None:
    async with House().open() as house:
        await house.log.open(SHOW)
        append, appending, go_on = house.store.append, asyncio.Event(), asyncio.Event()

        async def slow_append(events: Sequence[Event]) -> None:
            appending.set()
            await go_on.wait()
            await append(events)

        house.store.append = slow_append  # type: ignore[method-assign]
        async with asyncio.TaskGroup() as group:
            caller = group.create_task(house.shows.announce(SHOW, "said before leaving"))
            await appending.wait()
            caller.cancel()
            await until(caller.done)
            go_on.set()
            await until(lambda: house.states[SHOW].announcement == "said before leaving")


async def test_failing_listener_harms_nobody_else() -> None:
    async with House().open() as house:
        await house.log.open(SHOW)
        seen: list[int] = []

        def fail(_: Event) -> None:
            raise RuntimeError("broken")

        stop = house.log.listen(SHOW, fail)
        house.log.listen(SHOW, lambda event: seen.append(event.seq))
        await house.shows.announce(SHOW, "heard")
        stop()
        stop()
        await house.shows.announce(SHOW, "heard as well")
        assert seen == [1, 2]


async def test_unused_log_is_closed_and_opened_again() -> None:
    async with House(log_options=LogOptions(idle_s=600)).open() as house:
        await house.shows.announce(SHOW, "kept")
        stop = house.log.listen(SHOW, lambda _: None)
        house.clock.advance(601)
        await house.log.sweep()
        assert house.log.is_open(SHOW)
        stop()
        house.clock.advance(601)
        await house.log.sweep()
        assert not house.log.is_open(SHOW)
        assert (await house.shows.state(SHOW)).announcement == "kept"


async def test_long_log_is_read_in_pages() -> None:
    async with House(log_options=LogOptions(page=2, recent=3)).open() as here, here.neighbour().open() as there:
        for number in range(7):
            await here.shows.announce(SHOW, f"number {number}")
        assert await there.log.open(SHOW) == 7
        assert [event.seq for event in there.log.recent(SHOW, 4) or []] == [5, 6, 7]
        assert there.log.recent(SHOW, 3) is None
        assert there.log.recent(SHOW, 7) == []
        assert [event.seq for event in await there.log.read(SHOW, 3, 2)] == [4, 5]


async def test_news_of_closed_logs_and_anchors_are_taken() -> None:
    async with House().open() as house:
        stranger = ShowId("show_stranger")
        house.bus.inbox.put_nowait(MayHaveMissed(stranger))
        house.bus.inbox.put_nowait(Anchor(SHOW, 4000, house.clock.now()))
        await until(house.bus.inbox.empty)
        await house.log.open(SHOW)
        assert house.states.position_ms(SHOW) == 4000


async def test_unknown_show_is_not_opened() -> None:
    async with House().open() as house:
        with pytest.raises(UnknownShow):
            await house.shows.state(ShowId("show_nowhere"))


async def test_sweep_runs_by_itself() -> None:
    async with House(log_options=LogOptions(sweep_s=0)).open() as here, here.neighbour().open() as there:
        await there.log.open(SHOW)
        here.switchboard.is_down = True
        await here.shows.announce(SHOW, "found by sweeping")
        await until(lambda: there.states[SHOW].announcement == "found by sweeping")


async def test_leaving_does_not_wait_for_a_dead_bus_for_long() -> None:
    house = House(log_options=LogOptions(flush_s=0.001))
    house.bus.publish = never  # type: ignore[method-assign]
    async with house.open():
        await house.shows.announce(SHOW, "nobody hears")


def test_lost_race_reads_as_a_sentence() -> None:
    assert str(SeqTaken(SHOW, 3)).endswith(".")
