from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stream_server.errors import Forbidden, VitrineError
from stream_server.ids import ShowId
from stream_server.signaling.media_plane import BadOffer, NoPublisher, PublisherPresent, StaleEtag
from stream_server.signaling.problems import (
    BadMessage,
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
