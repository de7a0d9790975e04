"""Whatever a client sends, the conversation answers with a message of the protocol and never fails."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from stream_server.clock import ManualClock
from stream_server.signaling.messages import Ack, ClientCommand, command_adapter, server_adapter
from stream_server.signaling.refs import Refs
from stream_server.signaling.session import Action, Carry, Close, Greet, LiveSession, Reply
from tests.unit.signaling.test_wire import examples, types_of

HELLO = '{"type": "hello", "version": 1, "show_id": "show_clay"}'
TYPES = sorted(types_of(ClientCommand) | {"hello", "nothing"})

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
fields = st.dictionaries(
    st.sampled_from(["ref", "text", "count", "version", "show_id", "product_id", "seconds", "token", "resume"])
    | st.text(max_size=8),
    values,
    max_size=5,
)
objects = st.builds(lambda kind, more: {**more, "type": kind}, st.sampled_from(TYPES) | values, fields) | fields
commands = st.sampled_from([example for example in examples() if json.loads(example)["type"] in TYPES])


def with_long_number(text: str) -> str:
    """A number longer than Python is willing to print."""
    return text.replace("0", "1" + "0" * 4400, 1)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A right message with something cut out, doubled or put in."""
    text = draw(commands)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 10)))
    return text[:start] + draw(st.text(max_size=10) | st.just(text[start:end] * 2)) + text[end:]


messages = (
    st.text(max_size=200)
    | st.binary(max_size=200)
    | objects.map(json.dumps)
    | objects.map(json.dumps).map(with_long_number)
    | damaged()
    | commands
)


def check(actions: list[Action], session: LiveSession) -> bool:
    """See that what comes out is usable; True when the conversation goes on."""
    for action in actions:
        match action:
            case Reply(message):
                server_adapter.validate_json(message.model_dump_json())
            case Carry(command):
                command_adapter.validate_json(command.model_dump_json())
                session.done(command, Ack(ref=command.ref))
            case Greet():
                session.welcomed(Refs())
            case Close(code):
                assert 1000 <= code < 5000
                return False
    return True


@settings(max_examples=250, deadline=None)
@given(first=messages)
def test_any_first_message_is_answered(first: str | bytes) -> None:
    session = LiveSession(ManualClock())
    actions = list(session.feed(first))
    assert actions
    check(actions, session)


@settings(max_examples=250, deadline=None)
@given(said=st.lists(messages, max_size=6))
def test_any_conversation_is_answered_message_by_message(said: list[str | bytes]) -> None:
    session = LiveSession(ManualClock())
    check(list(session.feed(HELLO)), session)
    for text in said:
        actions = list(session.feed(text))
        assert actions
        if not check(actions, session):
            break
