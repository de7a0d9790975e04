from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from stream_server.errors import Unavailable
from stream_server.ids import SessionId, ShowId
from stream_server.shows.events import STAFF, Change
from stream_server.shows.log import LogOptions
from stream_server.signaling.live_options import LiveOptions
from stream_server.signaling.media_plane import IngestReport
from stream_server.signaling.problems import CloseCode
from tests.unit.shows.making import BOWL, CUP, HOST, PLAN, SHOW, House, until
from tests.unit.signaling.making import ADA, ANN, BEN, MAYA, MO, RecordingConnection, hall

QUIET = LiveOptions(tick_s=3600)
ORDER = {"order_id": "order_1", "product_ids": [CUP], "total_minor": 1200, "currency": "EUR", "buyer_name": "Ann"}
REPORT = IngestReport(SHOW, 2_500_000, 0.01, 720, 1280, 29.9, 3)


async def test_stranger_is_welcomed_with_the_whole_state() -> None:
    async with hall() as made, made.client() as client:
        made.house.shows.clock_anchor(SHOW, 30_000, made.house.clock.monotonic_s())
        await made.house.shows.pin(SHOW, CUP)
        await made.house.shows.announce(SHOW, "Hello")
        welcome = await client.hello()
        assert welcome["type"] == "welcome"
        assert (welcome["version"], welcome["seq"], welcome["resumed"]) == (1, 2, False)
        assert welcome["clock"] == {"show_ms": 30_000, "server_time": "2026-11-01T12:00:00.000Z"}
        assert welcome["you"] == {"id": "", "name": "", "role": "viewer", "owns_show": False, "moderates": False}
        assert welcome["whep_url"] == f"/whep/{SHOW}"
        state = welcome["state"]
        assert state["pins"] == [{"product_id": CUP, "at_ms": 30_000}]
        assert (state["announcement"], state["status"], state["title"]) == (
            "Hello",
            "scheduled",
            {"en": "Morning clay"},
        )
        assert (state["viewers"], state["likes"], state["blocked"], state["starts_at"]) == (1, 0, False, None)
        assert state["rundown"] == list(PLAN.rundown)


@pytest.mark.parametrize(
    ("person", "owns", "moderates"), [(ANN, False, False), (MO, False, True), (MAYA, True, True), (ADA, True, True)]
)
async def test_people_are_told_what_they_may_do(person, owns: bool, moderates: bool) -> None:  # type: ignore[no-untyped-def]
    async with hall() as made, made.client() as client:
        you = (await client.hello(made.token(person)))["you"]
        assert (you["id"], you["role"], you["owns_show"], you["moderates"]) == (person.id, person.role, owns, moderates)


async def test_event_reaches_everybody_in_the_show_as_one_text() -> None:
    async with hall() as made, made.joined(ANN) as ann, made.joined() as stranger:
        await made.house.shows.pin(SHOW, BOWL)
        pins = await ann.next()
        assert pins == {"type": "pins", "seq": 1, "at_ms": 0, "pins": [{"product_id": BOWL, "at_ms": 0}]}
        assert stranger.connection.texts[-1] is ann.connection.texts[-1]


async def test_orders_are_for_the_staff_and_blocks_for_moderators_and_the_person() -> None:
    async with (
        hall() as made,
        made.joined(MAYA) as maya,
        made.joined(MO) as mo,
        made.joined(ANN) as ann,
        made.joined(BEN) as ben,
        made.joined() as stranger,
    ):
        await made.house.shows.tell(SHOW, Change("order", ORDER, STAFF))
        assert (await mo.ask("chat.block", person_id=ANN.id))["type"] == "ack"
        everybody = (maya, mo, ann, ben, stranger)
        assert [len(one.of_type("order")) for one in everybody] == [1, 0, 0, 0, 0]
        assert [len(one.of_type("blocked")) for one in everybody] == [1, 1, 1, 0, 0]


async def test_chat_is_said_deleted_and_blocked() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ANN) as ann:
        assert (await ann.ask("chat.send", text="How big is it?"))["type"] == "ack"
        line = maya.of_type("chat")[0]["line"]
        assert (line["text"], line["author"]) == ("How big is it?", {"id": ANN.id, "name": "Ann", "role": "viewer"})
        assert (await maya.ask("chat.delete", message_id=line["message_id"]))["type"] == "ack"
        assert ann.of_type("chat_deleted")[0]["message_ids"] == [line["message_id"]]
        assert (await maya.ask("chat.delete", message_id=line["message_id"]))["code"] == "unknown_line"
        assert (await maya.ask("chat.block", person_id=ANN.id))["type"] == "ack"
        assert (await ann.ask("chat.send", text="But why?"))["code"] == "chat_blocked"
        async with made.client() as again:
            assert (await again.hello(made.token(ANN)))["state"]["blocked"] is True


async def test_slow_mode_is_told_and_holds() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ANN) as ann:
        assert (await maya.ask("chat.slow_mode", seconds=30))["type"] == "ack"
        assert ann.of_type("slow_mode")[0]["seconds"] == 30
        assert (await ann.ask("chat.send", text="one"))["type"] == "ack"
        refused = await ann.ask("chat.send", text="two")
        assert (refused["code"], refused["detail"]) == ("chat_slow_mode", {"retry_after_s": 30.0})


async def test_host_commands_are_for_the_host() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(MO) as mo, made.joined() as stranger:
        for kind, fields in (
            ("pin", {"product_id": CUP}),
            ("sold_out", {"product_id": CUP, "sold_out": True}),
            ("announce", {"text": "Hi"}),
            ("try_on.invite", {"product_id": CUP}),
            ("unpin", {"product_id": CUP}),
        ):
            assert (await maya.ask(kind, **fields))["type"] == "ack"
            assert (await mo.ask(kind, **fields))["code"] == "forbidden"
            assert (await stranger.ask(kind, **fields))["code"] == "unauthenticated"
        assert [event["type"] for event in mo.received if "seq" in event][1:] == [
            "pins",
            "sold_out_list",
            "announcement",
            "try_on",
            "pins",
        ]
        assert (await maya.ask("pin", product_id="prod_stranger"))["code"] == "not_in_rundown"


async def test_stranger_only_watches_and_pings() -> None:
    async with hall() as made, made.joined() as stranger:
        for kind, fields in (
            ("chat.send", {"text": "hi"}),
            ("like", {"count": 1}),
            ("chat.delete", {"message_id": "msg_1"}),
        ):
            assert (await stranger.ask(kind, **fields))["code"] == "unauthenticated"
        made.house.shows.clock_anchor(SHOW, 500, made.house.clock.monotonic_s())
        assert (await stranger.ask("ping"))["clock"]["show_ms"] == 500


async def test_nothing_is_said_in_an_ended_show() -> None:
    async with hall() as made, made.joined(MAYA) as maya:
        await made.house.shows.end(SHOW)
        for kind, fields in (("chat.send", {"text": "hi"}), ("like", {"count": 1}), ("pin", {"product_id": CUP})):
            assert (await maya.ask(kind, **fields))["code"] == "show_ended"
        assert maya.of_type("status")[0]["status"] == "ended"


async def test_likes_and_viewers_are_told_once_a_second_when_they_change() -> None:
    async with hall() as made, made.joined(ANN) as ann, made.joined() as stranger:
        assert (await ann.ask("like", count=7))["type"] == "ack"
        await made.hub.tick()
        await made.hub.tick()
        (counters,) = stranger.of_type("counters")
        assert (counters["likes"], counters["viewers"]) == (7, 2)
        made.house.clock.advance(11)
        await made.hub.tick()
        assert len(stranger.of_type("counters")) == 2


async def test_host_and_moderators_are_not_counted_as_audience() -> None:
    async with hall() as made, made.joined(MAYA) as host, made.joined(MO), made.joined() as stranger:
        await made.hub.tick()
        assert host.of_type("counters")[-1]["viewers"] == 1
        assert stranger.of_type("counters")[-1]["viewers"] == 1


async def test_viewers_of_other_processes_count_until_they_leave() -> None:
    async with hall() as made, made.joined() as stranger:
        await made.presence_store.report(SHOW, "web_other", 5, 3600)
        await made.hub.tick()
        assert stranger.of_type("counters")[-1]["viewers"] == 6
        async with made.joined() as other:
            await made.hub.tick()
            assert other.of_type("counters")[-1]["viewers"] == 7
        await made.hub.tick()
        assert stranger.of_type("counters")[-1]["viewers"] == 6
    async with hall() as made:
        async with made.joined():
            await made.hub.tick()
            assert await made.presence_store.total(SHOW) == 1
        await made.hub.tick()
        assert await made.presence_store.total(SHOW) == 0
        async with made.joined():
            pass
        async with made.joined():  # somebody is back before anybody took note
            await made.hub.tick()
            assert await made.presence_store.total(SHOW) == 1


async def test_own_count_is_told_while_the_shared_one_is_away() -> None:
    async with hall() as made, made.joined() as stranger:

        async def away(*_: object) -> int:
            raise Unavailable(1)

        made.presence_store.report = away  # type: ignore[method-assign, assignment]
        await made.hub.tick()
        assert stranger.of_type("counters")[-1]["viewers"] == 1
        async with made.joined(show_id=SHOW):
            pass
        made.house.clock.advance(5)
        await made.hub.tick()
    await made.hub.tick()


async def test_audience_that_cannot_be_withdrawn_runs_out_by_itself() -> None:
    async with hall() as made:

        async def away(*_: object) -> int:
            raise Unavailable(1)

        made.presence_store.report = away  # type: ignore[method-assign, assignment]
        async with made.joined():
            pass
        await made.hub.tick()
        assert made.hub.connections == 0


async def test_kept_likes_are_told_while_the_counter_is_away() -> None:
    async with hall() as made, made.client() as client:
        await made.house.store.keep_likes(SHOW, 9)

        async def away(show_id: ShowId) -> int | None:
            raise Unavailable(1)

        made.like_counter.total = away  # type: ignore[method-assign]
        assert (await client.hello())["state"]["likes"] == 9


async def test_ingest_reports_are_for_the_host() -> None:
    async with hall() as made, made.joined(MAYA) as maya, made.joined(ANN) as ann:
        made.hub.ingest(REPORT)
        made.hub.ingest(replace(REPORT, show_id=ShowId("show_unwatched")))
        assert maya.of_type("ingest")[0]["bitrate_bps"] == 2_500_000
        assert ann.of_type("ingest") == []


async def test_resuming_client_gets_exactly_what_it_missed() -> None:
    async with hall() as made:
        async with made.client() as client:
            epoch = (await client.hello())["epoch"]
            await made.house.shows.announce(SHOW, "one")
        await made.house.shows.announce(SHOW, "two")
        await made.house.shows.tell(SHOW, Change("order", ORDER, STAFF))
        await made.house.shows.announce(SHOW, "three")
        async with made.client() as client:
            welcome = await client.hello(resume=(epoch, 1))
            assert (welcome["resumed"], welcome["seq"], welcome["state"]) == (True, 1, None)
            await made.house.shows.announce(SHOW, "four")
            assert [message["seq"] for message in client.received[1:]] == [2, 4, 5]


async def test_client_that_missed_nothing_resumes_with_nothing() -> None:
    async with hall() as made, made.client() as client:
        epoch = (await made.house.shows.get(SHOW)).epoch
        assert (await client.hello(resume=(epoch, 0)))["resumed"] is True
        assert len(client.received) == 1


@pytest.mark.parametrize("resume", [("epoch_of_another_time", 1), ("", 3), ("", 0)])
async def test_client_that_cannot_resume_gets_the_whole_state(resume: tuple[str, int]) -> None:
    async with hall(replace(QUIET, resume_events=1)) as made, made.client() as client:
        for text in ("one", "two"):
            await made.house.shows.announce(SHOW, text)
        epoch = resume[0] or (await made.house.shows.get(SHOW)).epoch
        welcome = await client.hello(resume=(epoch, resume[1]))
        assert (welcome["resumed"], welcome["seq"]) == (False, 2)
        assert welcome["state"]["announcement"] == "two"


async def test_nothing_is_lost_or_doubled_between_the_store_and_the_live_events() -> None:
    async with hall(house=House(log_options=LogOptions(recent=2))) as made:
        for number in range(8):
            await made.house.shows.announce(SHOW, f"number {number}")
        epoch = (await made.house.shows.get(SHOW)).epoch
        read = made.house.store.read

        async def read_while_more_happens(show_id, after_seq: int, limit: int):  # type: ignore[no-untyped-def]
            page = await read(show_id, after_seq, limit)
            made.house.store.read = read  # type: ignore[method-assign]
            for number in range(8, 12):
                await made.house.shows.announce(SHOW, f"number {number}")
            return page

        async with made.client() as client:
            made.house.store.read = read_while_more_happens  # type: ignore[method-assign]
            await client.hello(resume=(epoch, 2))
            await made.house.shows.announce(SHOW, "number 12")
            await until(lambda: len(client.connection.texts) == 12)
            assert [message["seq"] for message in client.received[1:]] == list(range(3, 14))


async def test_client_whose_history_is_gone_is_not_kept_waiting() -> None:
    async with hall(house=House(log_options=LogOptions(recent=1))) as made:
        for number in range(3):
            await made.house.shows.announce(SHOW, f"number {number}")
        epoch = (await made.house.shows.get(SHOW)).epoch
        made.house.store._events.clear()
        async with made.client() as client:
            assert (await client.hello(resume=(epoch, 0)))["resumed"] is True


async def test_client_that_cannot_take_what_it_missed_is_cut_off() -> None:
    async with hall() as made:
        for number in range(3):
            await made.house.shows.announce(SHOW, f"number {number}")
        epoch = (await made.house.shows.get(SHOW)).epoch
        async with made.client() as client:
            client.connection.is_slow = True
            await client.hello(resume=(epoch, 0))
            await until(lambda: client.connection.closed == CloseCode.TOO_SLOW)


async def test_slow_client_is_dropped_and_nobody_waits() -> None:
    async with hall() as made, made.joined(ANN) as ann, made.joined(BEN) as ben:
        ann.connection.is_slow = True
        await made.house.shows.announce(SHOW, "fast")
        assert ann.connection.closed == CloseCode.TOO_SLOW
        assert ben.of_type("announcement")
        await until(lambda: made.hub.connections == 1)


async def test_bad_token_unknown_show_and_lost_database_end_the_conversation() -> None:
    async with hall() as made:
        expired = made.token(ANN, 60)
        made.house.clock.advance(120)
        for token, show_id, code, close in (
            ("nonsense", SHOW, "token_invalid", CloseCode.UNAUTHENTICATED),
            (expired, SHOW, "token_expired", CloseCode.UNAUTHENTICATED),
            (None, "show_nowhere", "unknown_show", CloseCode.UNKNOWN_SHOW),
        ):
            async with made.client() as client:
                refused = await client.hello(token, show_id)
                assert (refused["type"], refused["ref"], refused["code"]) == ("problem", None, code)
                await until(lambda connection=client.connection, close=close: connection.closed == close)  # type: ignore[misc]
        made.house.store.is_down = True
        async with made.client() as client:
            assert (await client.hello())["code"] == "unavailable"
            await until(lambda: client.connection.closed == CloseCode.COME_BACK)


async def test_connection_whose_token_runs_out_is_closed() -> None:
    async with hall() as made, made.client() as client, made.joined() as stranger:
        await client.hello(made.token(MAYA, 60))
        made.house.clock.advance(60)
        await made.hub.tick()
        assert client.connection.closed is None  # the leeway
        made.house.clock.advance(31)
        assert (await client.ask("pin", product_id=CUP))["code"] == "token_expired"
        await made.hub.tick()
        assert client.received[-1]["code"] == "token_expired"
        assert client.connection.closed == CloseCode.UNAUTHENTICATED
        assert stranger.connection.closed is None


async def test_repeated_command_is_done_once_even_over_a_new_connection() -> None:
    async with hall() as made:
        async with made.joined(ANN) as ann:
            assert (await ann.ask("chat.send", ref="line-1", text="once"))["type"] == "ack"
        async with made.joined(ANN) as ann:
            assert (await ann.ask("chat.send", ref="line-1", text="once"))["type"] == "ack"
            assert len(made.house.rooms[SHOW].lines) == 1


async def test_failing_command_does_not_end_the_conversation() -> None:
    async with hall() as made, made.joined(MAYA) as maya:

        async def fail(show_id: ShowId, text: str) -> None:
            raise RuntimeError("a secret of ours")

        made.house.shows.announce = fail  # type: ignore[method-assign]
        refused = await maya.ask("announce", text="x")
        assert refused["code"] == "internal"
        assert refused["detail"]["reference"].startswith("err_")
        assert "secret" not in json.dumps(refused)
        assert (await maya.ask("ping"))["type"] == "ack"


async def test_version_of_another_time_is_refused() -> None:
    async with hall() as made, made.client() as client:
        client.connection.say('{"type": "hello", "version": 99}')
        assert (await client.next())["code"] == "version_mismatch"
        await until(lambda: client.connection.closed == CloseCode.BAD_HELLO)


async def test_silent_connection_is_closed() -> None:
    async with hall(replace(QUIET, hello_s=0)) as made, made.client() as client:
        assert (await client.next())["code"] == "hello_expected"
        await until(lambda: client.connection.closed == CloseCode.HELLO_TIMEOUT)


async def test_time_limits_of_others_are_not_mistaken_for_silence() -> None:
    async with hall() as made:

        async def incoming() -> AsyncIterator[str]:
            raise TimeoutError("not ours")
            yield ""

        with pytest.raises(TimeoutError, match="not ours"):
            await made.hub.serve(RecordingConnection(), incoming())


async def test_everybody_is_told_when_to_come_back() -> None:
    async with hall() as made, made.joined(ANN) as ann:
        await made.hub.close(1.5)
        await made.hub.close(9)
        assert ann.received[-1] == {"type": "closing", "retry_after_s": 1.5}
        assert ann.connection.closed == CloseCode.COME_BACK
        async with made.client() as late:
            assert (await late.next())["detail"] == {"retry_after_s": 1.5}
            assert late.connection.closed == CloseCode.COME_BACK


async def test_number_of_clients_is_bounded() -> None:
    async with hall(replace(QUIET, clients=1)) as made, made.joined(), made.client() as second:
        assert (await second.next())["code"] == "unavailable"
        assert second.connection.closed == CloseCode.COME_BACK


async def test_changed_plan_is_told_to_late_joiners() -> None:
    async with hall() as made, made.joined() as _:
        await made.house.shows.update(SHOW, replace(PLAN, title={"en": "Evening clay"}))
        async with made.client() as soon:
            assert (await soon.hello())["state"]["title"] == {"en": "Morning clay"}
        made.house.clock.advance(3)
        async with made.client() as later:
            assert (await later.hello())["state"]["title"] == {"en": "Evening clay"}


async def test_two_clients_arriving_together_share_one_room() -> None:
    async with hall() as made, made.client() as one, made.client() as two:
        async with asyncio.TaskGroup() as group:
            group.create_task(one.hello())
            group.create_task(two.hello())
        await made.house.shows.announce(SHOW, "both")
        assert len(one.of_type("announcement")) == len(two.of_type("announcement")) == 1


async def test_hub_counts_by_itself() -> None:
    async with hall(LiveOptions(tick_s=0)) as made, made.joined() as stranger:
        await until(lambda: bool(stranger.of_type("counters")))


async def test_second_process_shows_the_same() -> None:
    async with House().open() as first, hall(house=first.neighbour()) as made, made.joined() as stranger:
        await first.shows.source_started(SHOW, SessionId("whip_1"))
        await until(lambda: bool(stranger.of_type("status")))
        assert stranger.of_type("status")[0]["status"] == "live"


async def test_wrong_shows_do_not_mix() -> None:
    async with hall() as made:
        other = (await made.house.shows.create(HOST, PLAN)).show_id
        async with made.joined() as here, made.joined(show_id=other) as there:
            await made.house.shows.announce(other, "there")
            assert there.of_type("announcement")
            assert not here.of_type("announcement")
