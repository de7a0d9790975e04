from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from stream_server.errors import Forbidden, VitrineError
from stream_server.ids import ShowId
from stream_server.signaling.media_plane import BadOffer, NoPublisher, PublisherPresent, StaleEtag
from stream_server.signaling.messages import (
    ClientCommand,
    ServerMessage,
    command_adapter,
    hello_adapter,
    server_adapter,
)
from stream_server.signaling.problems import (
    BadMessage,
    CloseCode,
    CommandFlood,
    HelloExpected,
    HelloRepeated,
    InProgress,
    MessageTooLarge,
    UnknownMessage,
    VersionMismatch,
    problem,
)

ROOT = Path(__file__).parents[3]
PROTOCOL = (ROOT / "stream_server" / "signaling" / "PROTOCOL.md").read_text()


@pytest.mark.parametrize(
    "error",
    [
        BadMessage("it is not JSON"),
        UnknownMessage("dance"),
        MessageTooLarge(1),
        VersionMismatch(2, [1]),
        HelloExpected(),
        HelloRepeated(),
        InProgress(),
        CommandFlood(1),
        BadOffer("it has no audio"),
        NoPublisher(ShowId("show_1")),
        PublisherPresent(ShowId("show_1")),
        StaleEtag(),
        Forbidden(),
    ],
)
def test_errors_become_problems_that_people_can_read(error: VitrineError) -> None:
    told = problem(error, "r1")
    assert (told.ref, told.code) == ("r1", error.code)
    assert told.message.endswith(".")
    assert told.detail == error.detail()


def test_typescript_types_are_current() -> None:
    script = ROOT / "scripts" / "generate_messages.py"
    checked = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def examples() -> list[str]:
    blocks = PROTOCOL.split("```json\n")[1:]
    found: list[str] = []
    for block in blocks:
        text = block.split("```")[0]
        found += [text] if text.count('{"type"') == 1 else text.strip().splitlines()
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: json.loads(example)["type"])
def test_examples_of_the_protocol_are_valid(example: str) -> None:
    kind = json.loads(example)["type"]
    if kind in types_of(ClientCommand):
        command_adapter.validate_json(example, strict=True)
    elif kind == "hello":
        hello_adapter.validate_json(example, strict=True)
    else:
        server_adapter.validate_json(example, strict=True)


def types_of(union: Any) -> set[str]:
    return {member.model_fields["type"].default for member in get_args(get_args(union)[0])}


def test_every_message_has_an_example() -> None:
    shown = {json.loads(example)["type"] for example in examples()}
    assert shown == types_of(ClientCommand) | types_of(ServerMessage) | {"hello"}


def errors_below(kind: type[VitrineError]) -> Iterator[type[VitrineError]]:
    for child in kind.__subclasses__():
        yield child
        yield from errors_below(child)


def test_every_problem_of_the_live_channel_is_explained() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", PROTOCOL.split("## Problems")[1].split("## Close codes")[0]))
    packages = ("stream_server.chat", "stream_server.signaling.problems", "stream_server.audience.tokens")
    ours = {error.code for error in errors_below(VitrineError) if error.__module__.startswith(packages)}
    assert ours <= explained
    assert {"show_ended", "not_in_rundown", "like_flood", "forbidden", "internal", "unavailable"} <= explained


def test_every_close_code_is_explained() -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d{4}) \|", PROTOCOL, re.MULTILINE)}
    assert explained == {code.value for code in CloseCode}
