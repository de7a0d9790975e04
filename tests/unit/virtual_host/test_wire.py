from __future__ import annotations

from stream_server.signaling.messages import Ping
from stream_server.virtual_host.wire import LiveWire


def refs_of_one_run(commands: int) -> list[str]:
    wire = LiveWire("http://127.0.0.1:1", "show_1", "token")
    refs: list[str] = []

    def make(ref: str) -> Ping:
        refs.append(ref)
        return Ping(ref=ref)

    for _ in range(commands):
        wire.send(make)
    return refs


def test_a_host_that_was_started_again_repeats_no_ref() -> None:
    assert len({*refs_of_one_run(40), *refs_of_one_run(40)}) == 80
