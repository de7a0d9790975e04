"""Connections between processes on real sockets: words arrive, the slow lose packets, the dead are dialled again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from stream_server.media.trunk import MAX_UNSENT_BYTES, MAX_UNSENT_WORDS_BYTES, Trunk, TrunkConnection
from stream_server.media.trunk_wire import Batch, Farewell, Message, write_batch, write_message
from tests.integration.media.aiortc_peers import eventually
from tests.unit.media.trunk_talk import SHOW, packet

FRAME = write_batch(1, 1, 1.0, [packet(n, b"x" * 1000) for n in range(50)])


class RememberingHandler:
    """Fake of `TrunkHandler`."""

    def __init__(self) -> None:
        self.open: list[TrunkConnection] = []
        self.heard: list[Message] = []
        self.bursts = 0

    def on_open(self, connection: TrunkConnection) -> None:
        self.open.append(connection)

    def on_message(self, connection: TrunkConnection, message: Message) -> None:
        self.heard.append(message)

    def on_burst(self) -> None:
        self.bursts += 1

    def on_lost(self, connection: TrunkConnection) -> None:
        self.open.remove(connection)

    def accepted(self) -> TrunkConnection:
        (found,) = (connection for connection in self.open if connection.process is None)
        return found

    def dialled(self) -> TrunkConnection:
        (found,) = (connection for connection in self.open if connection.process is not None)
        return found


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [tmp_path / f"trunk-{index}.sock" for index in range(2)]


async def test_two_processes_hear_each_other_both_ways(paths: list[Path]) -> None:
    one, two = RememberingHandler(), RememberingHandler()
    async with Trunk(0, paths, one).run(), Trunk(1, paths, two).run():
        await eventually(lambda: len(one.open) == len(two.open) == 2)
        assert (one.dialled().process, two.dialled().process) == (1, 0)
        one.accepted().tell(write_message(Farewell(SHOW)))
        assert one.accepted().pipe(FRAME, 50)
        await eventually(lambda: len(two.heard) == 2)
        assert two.heard[0] == Farewell(SHOW)
        assert isinstance(two.heard[1], Batch)
        two.dialled().tell(write_message(Farewell(SHOW)))
        await eventually(lambda: one.heard == [Farewell(SHOW)])
        assert two.bursts
    assert one.open == two.open == []
    assert not paths[0].exists()


async def test_a_process_that_is_back_is_heard_again(paths: list[Path]) -> None:
    one = RememberingHandler()
    async with Trunk(0, paths, one).run():
        for _ in range(2):
            two = RememberingHandler()
            async with Trunk(1, paths, two).run():
                await eventually(lambda: len(one.open) == 2)
            await eventually(lambda: one.open == [])


async def test_one_process_alone_has_no_sockets(paths: list[Path]) -> None:
    async with Trunk(0, paths[:1], RememberingHandler()).run():
        assert not paths[0].exists()


async def test_whoever_does_not_read_loses_packets_but_no_words_until_half_is_read(paths: list[Path]) -> None:
    handler = RememberingHandler()
    async with Trunk(0, paths, handler).run():
        reader, writer = await asyncio.open_unix_connection(str(paths[0]), limit=1024)
        await eventually(lambda: handler.open)
        slow = handler.accepted()
        sent = 0
        while slow.pipe(FRAME, 50):
            sent += 1
            assert sent < 3 * MAX_UNSENT_BYTES // len(FRAME)
        assert slow.is_behind
        slow.tell(write_message(Farewell(SHOW)))
        assert slow.missed == 50
        await reader.readexactly(len(FRAME))
        assert not slow.pipe(FRAME, 50)
        await reader.readexactly((sent - 1) * len(FRAME) + len(write_message(Farewell(SHOW))))
        await eventually(lambda: slow.pipe(FRAME, 50))
        assert not slow.is_behind
        writer.close()


async def test_whoever_does_not_even_read_words_is_cut_off(paths: list[Path]) -> None:
    handler = RememberingHandler()
    async with Trunk(0, paths, handler).run():
        _, writer = await asyncio.open_unix_connection(str(paths[0]), limit=1024)
        await eventually(lambda: handler.open)
        for _ in range(2 * MAX_UNSENT_WORDS_BYTES // len(FRAME)):
            for connection in handler.open:
                connection.tell(FRAME)
        await eventually(lambda: handler.open == [])
        writer.close()


async def test_nonsense_ends_that_connection_only(paths: list[Path]) -> None:
    one, two = RememberingHandler(), RememberingHandler()
    async with Trunk(0, paths, one).run(), Trunk(1, paths, two).run():
        await eventually(lambda: len(one.open) == len(two.open) == 2)
        reader, writer = await asyncio.open_unix_connection(str(paths[0]))
        writer.write(b"\xff" * 64)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        await eventually(lambda: len(one.open) == 2)
        two.dialled().tell(write_message(Farewell(SHOW)))
        await eventually(lambda: one.heard == [Farewell(SHOW)])
