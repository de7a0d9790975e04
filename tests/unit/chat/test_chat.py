from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from stream_server.chat.model import (
    KEPT_LINES,
    SHOWN_LINES,
    CannotBlock,
    ChatBlocked,
    ChatBusy,
    ChatEmpty,
    ChatFlood,
    ChatSlowMode,
    ChatTooLong,
    Speaker,
    UnknownLine,
    checked_text,
)
from stream_server.chat.ports import ChatChange
from stream_server.chat.service import ChatOptions, ChatService
from stream_server.ids import MessageId, PersonId
from stream_server.stores.live.memory import MemoryRateLimits
from tests.unit.shows.making import HOST, SHOW, House

ANN = Speaker(PersonId("guest_ann"), "Ann", "viewer", moderates=False)
BEN = Speaker(PersonId("guest_ben"), "Ben", "viewer", moderates=False)
MAYA = Speaker(HOST.id, "Maya", "host", moderates=True)
PATIENT = ChatOptions(person_burst=10_000, room_burst=10_000)


@asynccontextmanager
async def chat(options: ChatOptions = PATIENT) -> AsyncIterator[tuple[ChatService, House]]:
    async with House().open() as house:
        yield ChatService(house.log, house.rooms, MemoryRateLimits(house.clock), house.clock, options), house


async def test_line_is_kept_with_author_and_times() -> None:
    async with chat() as (service, house):
        house.shows.clock_anchor(SHOW, 4200, house.clock.monotonic_s())
        message_id = await service.say(SHOW, ANN, "  Is it\n dishwasher\u200b safe? ")
        room = await service.room(SHOW)
        assert service.current(SHOW) is room
        (line,) = room.shown()
        assert line == room.line(message_id)
        assert (line.text, line.author_name, line.at_ms) == ("Is it dishwasher safe?", "Ann", 4200)
        assert line.sent_at == "2026-11-01T12:00:00.000Z"


async def test_late_joiner_gets_the_last_lines_that_are_left() -> None:
    async with chat() as (service, _):
        said = [await service.say(SHOW, ANN, f"line {number}") for number in range(KEPT_LINES + 2)]
        room = await service.room(SHOW)
        assert [line.message_id for line in room.shown()] == said[-SHOWN_LINES:]
        assert len(room.lines) == KEPT_LINES
        await service.delete(SHOW, said[-1])
        assert room.shown()[-1].message_id == said[-2]
        with pytest.raises(UnknownLine):
            await service.delete(SHOW, said[0])


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u2060", "\u202e", "\u0301", "\n\t"])
def test_invisible_line_is_refused(text: str) -> None:
    with pytest.raises(ChatEmpty):
        checked_text(text)


@pytest.mark.parametrize("length", [201, 100_000])
def test_too_long_line_is_refused(length: int) -> None:
    assert checked_text("x" * 200) == "x" * 200
    with pytest.raises(ChatTooLong):
        checked_text("x" * length)


async def test_blocked_person_is_silent_and_their_lines_disappear() -> None:
    async with chat() as (service, house):
        await service.say(SHOW, ANN, "buy my things")
        kept = await service.say(SHOW, BEN, "no")
        gone = await service.say(SHOW, ANN, "really, buy them")
        await service.block(SHOW, ANN.id, (HOST.id,))
        with pytest.raises(ChatBlocked):
            await service.say(SHOW, ANN, "hello?")
        room = await service.room(SHOW)
        assert [line.message_id for line in room.shown()] == [kept]
        with pytest.raises(UnknownLine):
            room.line(gone)
        events = await house.log.read(SHOW, 3, 10)
        assert [(event.type, event.audience) for event in events] == [
            ("blocked", "person:guest_ann"),
            ("chat_deleted", "all"),
        ]
        await service.block(SHOW, ANN.id, ())
        assert house.log.seq(SHOW) == 5


async def test_person_who_said_nothing_can_be_blocked() -> None:
    async with chat() as (service, house):
        await service.block(SHOW, ANN.id, ())
        assert house.log.seq(SHOW) == 1


async def test_block_that_comes_while_a_line_is_written_wins() -> None:
    async with chat() as (service, house):
        write = house.log.write

        async def write_late(show_id, decide):  # type: ignore[no-untyped-def]
            house.rooms[SHOW].blocked.add(ANN.id)
            return await write(show_id, decide)

        service._log.write = write_late  # type: ignore[method-assign]
        with pytest.raises(ChatBlocked):
            await service.say(SHOW, ANN, "hello")


async def test_those_who_run_the_show_cannot_be_blocked() -> None:
    async with chat() as (service, _):
        with pytest.raises(CannotBlock):
            await service.block(SHOW, HOST.id, (HOST.id,))
        await service.say(SHOW, MAYA, "welcome")
        with pytest.raises(CannotBlock):
            await service.block(SHOW, MAYA.id, ())


async def test_slow_mode_holds_viewers_but_not_moderators() -> None:
    async with chat() as (service, house):
        await service.set_slow_mode(SHOW, 30)
        await service.set_slow_mode(SHOW, 30)
        assert house.log.seq(SHOW) == 1
        await service.say(SHOW, ANN, "one")
        await service.say(SHOW, BEN, "one")
        house.clock.advance(10)
        with pytest.raises(ChatSlowMode) as refused:
            await service.say(SHOW, ANN, "two")
        assert refused.value.retry_after_s == pytest.approx(20)
        assert "20 seconds" in str(refused.value)
        house.clock.advance(20)
        await service.say(SHOW, ANN, "two")
        await service.say(SHOW, MAYA, "one")
        await service.say(SHOW, MAYA, "two")
        await service.set_slow_mode(SHOW, 0)
        await service.say(SHOW, ANN, "three")


@pytest.mark.parametrize("seconds", [-1, 601])
async def test_impossible_slow_mode_is_a_mistake_of_the_caller(seconds: int) -> None:
    async with chat() as (service, _):
        with pytest.raises(ValueError, match="slow mode"):
            await service.set_slow_mode(SHOW, seconds)


async def test_flood_of_one_person_is_stopped() -> None:
    async with chat(ChatOptions(person_burst=5, person_per_second=0.5)) as (service, house):
        for number in range(5):
            await service.say(SHOW, ANN, f"{number}")
        with pytest.raises(ChatFlood) as refused:
            await service.say(SHOW, ANN, "six")
        assert refused.value.detail() == {"retry_after_s": pytest.approx(2)}
        house.clock.advance(2)
        await service.say(SHOW, ANN, "six")


async def test_flood_of_everybody_is_stopped() -> None:
    async with chat(ChatOptions(room_burst=2, room_per_second=1)) as (service, _):
        await service.say(SHOW, ANN, "one")
        await service.say(SHOW, BEN, "two")
        with pytest.raises(ChatBusy):
            await service.say(SHOW, MAYA, "three")


async def test_events_of_other_features_change_nothing() -> None:
    async with chat() as (service, house):
        await house.shows.announce(SHOW, "hello")
        room = await service.room(SHOW)
        assert (room.lines, room.blocked, room.slow_mode_s) == ({}, set(), 0)


@pytest.mark.parametrize(
    "error",
    [
        ChatEmpty(),
        ChatTooLong(),
        ChatBlocked(),
        ChatSlowMode(0.2),
        ChatFlood(3),
        ChatBusy(1),
        CannotBlock(),
        UnknownLine("chat line", MessageId("msg_1")),
    ],
)
def test_errors_read_as_sentences(error: Exception) -> None:
    assert str(error).endswith(".")


def test_changes_are_for_everybody_unless_said_otherwise() -> None:
    assert ChatChange("chat", {}).audience == "all"
