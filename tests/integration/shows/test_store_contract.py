"""What every store of shows promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.shows.ai_host import AiHost, HostBlock
from stream_server.shows.events import Event
from stream_server.shows.model import Host, ShowPlan, ShowRecord, ShowStatus, UnknownShow
from stream_server.shows.offers import Offer
from stream_server.shows.ports import SeqTaken
from tests.integration.shows.conftest import Opener, Store

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CUP, BOWL = ProductId("prod_cup"), ProductId("prod_bowl")
EVENING = HostBlock("18:00", "01:30", (BOWL,), (4, 5))
ALWAYS = AiHost("always", "zh-CN", 7.5, "espeak", "ink", 90.0, "Europe/Madrid", (EVENING,))
SAUCER = Offer("offer_saucer", CUP, {"en": "A saucer with every cup"}, NOON + timedelta(hours=1))
PLAN = ShowPlan(
    {"en": 'Clay "live" \\', "zh-CN": "陶"}, NOON, (CUP, BOWL), "EUR", "/pictures/p.webp", ALWAYS, (SAUCER,)
)
MAYA = Host(PersonId("host_maya"), "Maya", "/pictures/maya.webp")


def record(name: str = "clay", plan: ShowPlan = PLAN, host: Host = MAYA) -> ShowRecord:
    return ShowRecord(ShowId(f"show_{name}"), host, plan, "scheduled", None, None, f"epoch_{name}", 0, NOON)


def event(seq: int, kind: str = "announcement", show: str = "clay", at: datetime = NOON, **payload: object) -> Event:
    return Event(ShowId(f"show_{show}"), seq, seq * 1000, kind, "all", payload or {"text": f"number {seq}"}, at)


async def put_on(store: Store, name: str, *statuses: ShowStatus, at: datetime = NOON) -> None:
    for seq, status in enumerate(statuses, 1):
        await store.append([event(seq, "status", name, at, status=status)])


async def test_show_is_found_as_it_was_put_in(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.add(record("bare", ShowPlan({"en": "Bare"}), Host(PersonId("host_b"), "Ben")))
        assert await store.get(ShowId("show_clay")) == record()
        bare = await store.get(ShowId("show_bare"))
        assert (bare.plan, bare.host) == (ShowPlan({"en": "Bare"}), Host(PersonId("host_b"), "Ben"))


async def test_shows_with_an_ai_host_are_found_until_they_end(open_store: Opener) -> None:
    async with open_store() as store:
        for name, ai_host in {
            "never": AiHost(),
            "steps_in": AiHost("stand_in"),
            "over": ALWAYS,
            "clay": ALWAYS,
        }.items():
            await store.add(record(name, replace(PLAN, ai_host=ai_host)))
        await put_on(store, "over", "live", "ended")
        await put_on(store, "steps_in", "live")
        found = await store.with_ai_host()
        assert [(show.show_id, show.ai_host) for show in found] == [
            ("show_steps_in", AiHost("stand_in")),
            ("show_clay", ALWAYS),
        ]
        assert [show.show_id for show in await store.with_ai_host(limit=1)] == ["show_steps_in"]


async def test_newest_event_of_a_type_is_found(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.append([event(1, "pins"), event(2, "pins", text="newer"), event(3)])
        assert await store.newest(ShowId("show_clay"), "pins") == event(2, "pins", text="newer")
        assert await store.newest(ShowId("show_clay"), "status") is None


async def test_unknown_show_is_named(open_store: Opener) -> None:
    async with open_store() as store:
        with pytest.raises(UnknownShow) as missing:
            await store.get(ShowId("show_nowhere"))
        assert missing.value.id == "show_nowhere"
        with pytest.raises(UnknownShow):
            await store.change(record("nowhere"))
        with pytest.raises(UnknownShow):
            await store.likes(ShowId("show_nowhere"))


async def test_changed_plan_leaves_the_status_alone(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await put_on(store, "clay", "live")
        plan = replace(PLAN, title={"en": "Evening"}, rundown=(BOWL,), starts_at=None)
        await store.change(replace(record(), plan=plan, status="ended", likes=99))
        kept = await store.get(ShowId("show_clay"))
        assert (kept.plan, kept.status, kept.started_at, kept.likes) == (plan, "live", NOON, 0)


async def test_status_follows_the_log(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await put_on(store, "clay", "live", "away")
        later = NOON + timedelta(hours=1)
        await store.append([event(3, "status", at=later, status="live")])
        kept = await store.get(ShowId("show_clay"))
        assert (kept.status, kept.started_at, kept.ended_at) == ("live", NOON, None)
        await store.append([event(4, "status", at=later, status="ended")])
        kept = await store.get(ShowId("show_clay"))
        assert (kept.status, kept.started_at, kept.ended_at) == ("ended", NOON, later)


async def test_shows_on_air_come_first_then_the_next_ones_then_the_last_ended(open_store: Opener) -> None:
    async with open_store() as store:
        later = replace(PLAN, starts_at=NOON + timedelta(days=1))
        someday = replace(PLAN, starts_at=None)
        for name, plan in (
            ("ended_first", PLAN),
            ("ended_last", PLAN),
            ("someday", someday),
            ("later", later),
            ("soon", PLAN),
            ("away", PLAN),
            ("live", someday),
        ):
            await store.add(record(name, plan))
        await put_on(store, "ended_first", "ended", at=NOON)
        await put_on(store, "ended_last", "ended", at=NOON + timedelta(hours=1))
        await put_on(store, "away", "live", "away")
        await put_on(store, "live", "live")
        found = [kept.show_id.removeprefix("show_") for kept in await store.find()]
        assert found == ["live", "away", "soon", "later", "someday", "ended_last", "ended_first"]
        assert len(await store.find(limit=3)) == 3
        on_air = await store.find(statuses=("live", "away"))
        assert [kept.show_id for kept in on_air] == ["show_live", "show_away"]


async def test_shows_of_one_host_are_found(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.add(record("other", host=Host(PersonId("host_noor"), "Noor")))
        assert [kept.show_id for kept in await store.find(host_id=MAYA.id)] == ["show_clay"]
        assert await store.find(host_id=PersonId("host_nobody")) == []


async def test_shows_that_present_a_product_are_found(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.add(record("bowls", replace(PLAN, rundown=(BOWL,))))
        await store.add(record("over"))
        await put_on(store, "over", "ended")
        assert await store.with_product(BOWL) == ["show_bowls", "show_clay"]
        assert await store.with_product(CUP) == ["show_clay"]
        # neither a part of an id nor a wildcard
        for other in ("prod_cu", "prod_cup2", "%", "prod%cup", "prodXcup", ""):
            assert await store.with_product(ProductId(other)) == []


async def test_log_is_read_in_order_and_in_pages(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.add(record("other"))
        await store.append([event(1), event(2), event(3)])
        await store.append([event(4, line={"text": 'é" \\ 陶 🏺', "n": None, "list": [1, {"a": True}]})])
        await store.append([event(1, show="other")])
        everything = await store.read(ShowId("show_clay"), 0, 100)
        assert [one.seq for one in everything] == [1, 2, 3, 4]
        assert everything[0] == event(1)
        assert everything[3].payload == {"line": {"text": 'é" \\ 陶 🏺', "n": None, "list": [1, {"a": True}]}}
        assert [one.seq for one in await store.read(ShowId("show_clay"), 1, 2)] == [2, 3]
        assert await store.read(ShowId("show_clay"), 4, 10) == []


async def test_place_in_the_log_is_given_once_and_all_or_nothing(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        await store.append([event(1), event(2)])
        with pytest.raises(SeqTaken) as taken:
            await store.append([event(2, "status", status="live"), event(3)])
        assert (taken.value.show_id, taken.value.seq) == ("show_clay", 2)
        assert [one.seq for one in await store.read(ShowId("show_clay"), 0, 10)] == [1, 2]
        assert (await store.get(ShowId("show_clay"))).status == "scheduled"


async def test_many_writers_lose_nothing(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())

        async def write(writer: int) -> None:
            seq = 0
            for number in range(5):
                while True:
                    seq += 1
                    try:
                        await store.append([event(seq, writer=writer, number=number)])
                        break
                    except SeqTaken:
                        continue

        async with asyncio.TaskGroup() as group:
            for writer in range(6):
                group.create_task(write(writer))
        log = await store.read(ShowId("show_clay"), 0, 100)
        assert [one.seq for one in log] == list(range(1, 31))
        for writer in range(6):
            own = [one.payload["number"] for one in log if one.payload["writer"] == writer]
            assert own == [0, 1, 2, 3, 4]


async def test_likes_only_rise(open_store: Opener) -> None:
    async with open_store() as store:
        await store.add(record())
        assert await store.likes(ShowId("show_clay")) == 0
        await store.keep_likes(ShowId("show_clay"), 120)
        await store.keep_likes(ShowId("show_clay"), 100)
        assert await store.likes(ShowId("show_clay")) == 120
