from __future__ import annotations

import json
from typing import Any

import pytest

from stream_server.clock import ManualClock
from stream_server.signaling.messages import MAX_MESSAGE_BYTES, Ack, Hello, Ping, Problem, SendChat
from stream_server.signaling.problems import CloseCode, HelloExpected, problem
from stream_server.signaling.refs import PeopleRefs, Refs
from stream_server.signaling.session import Carry, Close, Greet, LiveSession, Reply, SessionOptions
from tests.unit.shows.making import SHOW
from tests.unit.signaling.making import ANN, BEN

HELLO = {"type": "hello", "version": 1, "show_id": "show_clay"}


def text(**fields: Any) -> str:
    return json.dumps(fields)


def ping(ref: str = "r1") -> str:
    return text(type="ping", ref=ref)


def greeted(options: SessionOptions | None = None, clock: ManualClock | None = None) -> LiveSession:
    session = LiveSession(clock or ManualClock(), options)
    assert session.feed(json.dumps(HELLO)) == [Greet(Hello(version=1, show_id="show_clay"))]
    session.welcomed(Refs())
    return session


def refusal(session: LiveSession, message: str | bytes) -> Problem:
    """The one problem that the session replies with, the conversation going on."""
    (reply,) = session.feed(message)
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, Problem)
    return reply.message


def ending(session: LiveSession, message: str | bytes) -> tuple[str, CloseCode]:
    """The code of the problem and of the close that the session answers with."""
    reply, close = session.feed(message)
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, Problem)
    assert reply.message.ref is None
    assert isinstance(close, Close)
    return reply.message.code, close.code


def test_hello_comes_first_and_once() -> None:
    assert ending(LiveSession(ManualClock()), ping()) == ("hello_expected", CloseCode.BAD_HELLO)
    assert refusal(greeted(), json.dumps(HELLO)).code == "hello_repeated"


def test_hello_may_be_sent_as_bytes() -> None:
    assert LiveSession(ManualClock()).feed(json.dumps(HELLO).encode())


@pytest.mark.parametrize("version", [0, 2, -7])
def test_other_version_is_told_which_ones_are_spoken(version: int) -> None:
    reply, close = LiveSession(ManualClock()).feed(text(type="hello", version=version, new_field="of the future"))
    assert isinstance(reply, Reply)
    assert isinstance(reply.message, Problem)
    assert (reply.message.code, reply.message.detail) == ("version_mismatch", {"version": version, "supported": [1]})
    assert close == Close(CloseCode.BAD_HELLO)


@pytest.mark.parametrize(
    "hello",
    [
        {"type": "hello"},
        {**HELLO, "version": "1"},
        {**HELLO, "version": 1.0},
        {**HELLO, "version": True},
        {**HELLO, "version": 10**4000},
        {**HELLO, "show_id": "../etc"},
        {**HELLO, "show_id": "x" * 41},
        {**HELLO, "token": "x" * 2049},
        {**HELLO, "language": "x" * 21},
        {**HELLO, "resume": {"epoch": "e", "seq": -1}},
        {**HELLO, "surprise": 1},
    ],
)
def test_unusable_hello_ends_the_conversation(hello: dict[str, Any]) -> None:
    assert ending(LiveSession(ManualClock()), json.dumps(hello)) == ("bad_message", CloseCode.BAD_HELLO)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "hello",
        "[]",
        "1",
        "null",
        "{",
        '{"type": NaN}',
        "[" * 8000,
        '{"a":' * 3000,
        b"\xff\xfe",
        "\ud800",
        '{"type": "ping", "ref": "\\ud800"}',
    ],
)
def test_what_is_no_message_is_refused(message: str | bytes) -> None:
    assert refusal(greeted(), message).code == "bad_message"
    assert ending(LiveSession(ManualClock()), message)[0] in ("bad_message", "hello_expected")


def test_message_of_the_wrong_shape_is_refused_with_its_ref() -> None:
    session = greeted()
    wrong = refusal(session, text(type="chat.send", ref="r7"))
    assert (wrong.ref, wrong.code) == ("r7", "bad_message")
    assert "text" in wrong.message
    assert refusal(session, text(type="like", ref="r8", count=21)).ref == "r8"
    assert refusal(session, text(type="like", ref="r8", count="2")).code == "bad_message"
    assert refusal(session, text(type="ping", ref="x" * 41)).ref is None
    assert refusal(session, text(type="ping", ref=7)).ref is None
    assert refusal(session, text(ref="r9")).code == "bad_message"
    assert refusal(session, text(type=["ping"], ref="r9")).code == "bad_message"


def test_refusal_does_not_repeat_what_was_sent() -> None:
    refused = refusal(greeted(), text(type="pin", ref="r1", product_id="SECRET!" * 20))
    assert "SECRET" not in refused.model_dump_json()


def test_unknown_message_is_named() -> None:
    refused = refusal(greeted(), text(type="dance", ref="r1"))
    assert (refused.ref, refused.code, refused.detail) == ("r1", "unknown_message", {"type": "dance"})
    assert len(refusal(greeted(), text(type="x" * 500, ref="r1")).detail["type"]) == 40


@pytest.mark.parametrize("greet", [True, False])
def test_oversized_message_ends_the_conversation(greet: bool) -> None:
    session = greeted() if greet else LiveSession(ManualClock())
    huge = text(type="ping", ref="é" * (MAX_MESSAGE_BYTES // 2))
    assert ending(session, huge) == ("message_too_large", CloseCode.TOO_BIG)


def test_command_is_carried_once_however_often_it_is_sent() -> None:
    session = greeted()
    command = SendChat(ref="r1", text="hi")
    assert session.feed(text(type="chat.send", ref="r1", text="hi")) == [Carry(command)]
    assert refusal(session, text(type="chat.send", ref="r1", text="hi")).code == "in_progress"
    session.done(command, Ack(ref="r1"))
    assert session.feed(text(type="chat.send", ref="r1", text="hi")) == [Reply(Ack(ref="r1"))]


def test_refused_command_may_be_tried_again() -> None:
    session = greeted()
    command = SendChat(ref="r1", text="hi")
    session.feed(text(type="chat.send", ref="r1", text="hi"))
    session.done(command, problem(HelloExpected(), "r1"))
    assert session.feed(text(type="chat.send", ref="r1", text="hi")) == [Carry(command)]


def test_commands_are_remembered_over_connections_but_not_for_ever() -> None:
    refs = Refs(size=2)
    for ref in ("a", "b", "c"):
        assert refs.begin(ref) is None
        refs.end(ref, Ack(ref=ref))
    assert refs.begin("b") == Ack(ref="b")
    assert refs.begin("a") is None
    refs.end("long gone", Ack(ref="long gone"))
    assert refs.begin("long gone") is None


def test_each_person_has_commands_of_their_own() -> None:
    people = PeopleRefs(people=2)
    ann = people.of(SHOW, ANN)
    assert people.of(SHOW, ANN) is ann
    assert people.of(SHOW, BEN) is not ann
    assert people.of(SHOW, None) is not people.of(SHOW, None)


def test_people_are_forgotten_when_there_are_too_many() -> None:
    people = PeopleRefs(people=1)
    ann = people.of(SHOW, ANN)
    people.of(SHOW, BEN)
    assert people.of(SHOW, ANN) is not ann


def test_commands_in_quick_succession_are_refused_until_time_has_passed() -> None:
    clock = ManualClock()
    session = greeted(SessionOptions(burst=2, per_second=1), clock)
    assert session.feed(ping("a")) == [Carry(Ping(ref="a"))]
    assert session.feed(ping("b")) == [Carry(Ping(ref="b"))]
    refused = refusal(session, ping("c"))
    assert (refused.ref, refused.code, refused.detail) == ("c", "command_flood", {"retry_after_s": 1.0})
    clock.advance(1)
    assert session.feed(ping("c")) == [Carry(Ping(ref="c"))]


def test_client_that_never_stops_is_cut_off() -> None:
    session = greeted(SessionOptions(burst=1, refused_at_most=3))
    session.feed(ping("a"))
    for _ in range(3):
        assert refusal(session, ping("b")).code == "command_flood"
    assert ending(session, "nonsense") == ("bad_message", CloseCode.FLOOD)
