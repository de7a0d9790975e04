from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from stream_server.errors import Unavailable
from stream_server.ids import SessionId, ShowId
from stream_server.shows.errors import BadShow
from stream_server.shows.events import Change
from stream_server.shows.model import NotInRundown, ShowEnded, ShowPlan
from stream_server.shows.service import ShowOptions
from tests.unit.shows.making import BOWL, CUP, HOST, PLAN, SHOW, House, until

WHIP_1, WHIP_2 = SessionId("whip_1"), SessionId("whip_2")


async def test_show_is_planned_changed_and_found() -> None:
    async with House().open(with_show=False) as house:
        record = await house.shows.create(HOST, PLAN)
        assert record.show_id.startswith("show_")
        assert (record.status, record.likes, record.host_id) == ("scheduled", 0, HOST.id)
        changed = await house.shows.update(record.show_id, replace(PLAN, rundown=(CUP,)))
        assert await house.shows.get(record.show_id) == changed
        assert await house.shows.find(host_id=HOST.id) == [changed]
        assert await house.shows.find(statuses=("ended",)) == []
        assert await house.shows.with_product(CUP) == [record.show_id]
        assert await house.shows.with_product(BOWL) == []


async def test_bad_plan_is_refused() -> None:
    async with House().open() as house:
        with pytest.raises(BadShow):
            await house.shows.create(HOST, ShowPlan({}))
        with pytest.raises(BadShow):
            await house.shows.update(SHOW, ShowPlan({}))


async def test_ended_show_cannot_be_changed() -> None:
    async with House().open() as house:
        await house.shows.end(SHOW)
        with pytest.raises(ShowEnded):
            await house.shows.update(SHOW, PLAN)
        with pytest.raises(ShowEnded):
            await house.shows.check_may_go_live(SHOW)
        with pytest.raises(ShowEnded):
            await house.shows.source_started(SHOW, WHIP_1)


async def test_commands_become_state() -> None:
    async with House().open() as house:
        await house.shows.check_may_go_live(SHOW)
        await house.shows.pin(SHOW, CUP)
        await house.shows.pin(SHOW, BOWL)
        await house.shows.unpin(SHOW, CUP)
        await house.shows.mark_sold_out(SHOW, CUP, True)
        await house.shows.announce(SHOW, "Today only")
        await house.shows.tell(SHOW, Change("product", {"product_id": CUP}))
        show = await house.shows.state(SHOW)
        assert ([pin.product_id for pin in show.pins], show.sold_out, show.announcement) == (
            [BOWL],
            (CUP,),
            "Today only",
        )
        assert house.shows.current(SHOW) == (show, 0)
        assert house.log.seq(SHOW) == 6


async def test_rundown_decides_what_is_pinned() -> None:
    async with House().open() as house:
        await house.shows.update(SHOW, replace(PLAN, rundown=(BOWL,)))
        with pytest.raises(NotInRundown):
            await house.shows.pin(SHOW, CUP)


async def test_ending_closes_the_media_once_and_stops_the_clock() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        house.shows.clock_anchor(SHOW, 8000, house.clock.monotonic_s())
        record = await house.shows.end(SHOW)
        assert (record.status, record.started_at, record.ended_at) == ("ended", house.clock.now(), house.clock.now())
        assert house.stage.ended == [SHOW]
        house.clock.advance(60)
        assert await house.shows.position_ms(SHOW) == 8000
        await house.shows.end(SHOW)
        assert house.log.seq(SHOW) == 2
        await house.shows.tell(SHOW, Change("product", {"product_id": CUP}))
        assert house.log.seq(SHOW) == 2


async def test_show_ends_even_when_the_media_process_is_away() -> None:
    async with House().open() as house:
        house.stage.is_down = True
        assert (await house.shows.end(SHOW)).status == "ended"


async def test_host_who_comes_back_in_time_finds_the_same_show() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        await house.shows.source_stopped(SHOW, WHIP_1)
        house.clock.advance(119)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "away"
        await house.shows.source_started(SHOW, WHIP_2)
        house.clock.advance(2)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "live"


async def test_host_who_stays_away_ends_the_show() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        await house.shows.source_stopped(SHOW, WHIP_1)
        house.clock.advance(120)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "ended"
        assert house.stage.ended == [SHOW]


async def test_host_gets_the_whole_grace_time_after_a_restart() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        await house.shows.source_stopped(SHOW, WHIP_1)
    house.clock.advance(3600)  # the server was down: the host could not have come back
    async with house.neighbour().open() as restarted:
        house.clock.advance(119)
        await restarted.shows.look_after()
        assert (await restarted.shows.state(SHOW)).status == "away"
        house.clock.advance(2)
        await restarted.shows.look_after()
        assert (await restarted.shows.state(SHOW)).status == "ended"


async def test_source_that_was_replaced_does_not_take_the_show_away() -> None:
    async with House().open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        await house.shows.source_started(SHOW, WHIP_2)
        await house.shows.source_stopped(SHOW, WHIP_1)
        assert (await house.shows.state(SHOW)).status == "live"
        await house.shows.source_stopped(SHOW, WHIP_2)
        assert (await house.shows.state(SHOW)).status == "away"


async def test_live_show_whose_clock_falls_silent_is_away() -> None:
    async with House(show_options=ShowOptions(silence_s=8)).open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        house.clock.advance(7)
        house.shows.clock_anchor(SHOW, 7000, house.clock.monotonic_s())
        house.clock.advance(7)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "live"
        house.clock.advance(2)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "away"


async def test_clock_heard_by_another_process_keeps_the_show_live() -> None:
    async with House().open() as here, here.neighbour().open() as there:
        await here.shows.source_started(SHOW, WHIP_1)
        await there.shows.look_after()
        here.clock.advance(8)
        here.shows.clock_anchor(SHOW, 8100, here.clock.monotonic_s())
        await until(lambda: SHOW in there.show_clock._anchors)
        here.clock.advance(1)
        await there.shows.look_after()
        assert (await there.shows.state(SHOW)).status == "live"
        assert await there.shows.position_ms(SHOW) == 9100


async def test_one_show_in_trouble_does_not_keep_the_others_waiting() -> None:
    async with House().open() as house:
        other = (await house.shows.create(HOST, PLAN, ShowId("show_a"))).show_id
        for show_id in (other, SHOW):
            await house.shows.source_started(show_id, WHIP_1)
            await house.shows.source_stopped(show_id, WHIP_1)
        end = house.shows.end

        async def end_unless_first(show_id: ShowId):  # type: ignore[no-untyped-def]
            if show_id == other:
                raise Unavailable(1)
            return await end(show_id)

        house.shows.end = end_unless_first  # type: ignore[method-assign]
        house.clock.advance(121)
        await house.shows.look_after()
        assert (await house.shows.state(SHOW)).status == "ended"


async def test_watching_goes_on_after_the_database_was_away() -> None:
    async with House(show_options=ShowOptions(look_s=0)).open() as house:
        await house.shows.source_started(SHOW, WHIP_1)
        await house.shows.source_stopped(SHOW, WHIP_1)
        house.store.is_down = True
        for _ in range(10):
            await asyncio.sleep(0)
        house.clock.advance(121)
        house.store.is_down = False
        await until(lambda: house.stage.ended == [SHOW])
