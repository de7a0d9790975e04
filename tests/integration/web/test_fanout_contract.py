"""Holds the seams of uvicorn that `web/fanout.py` leans on, against the real server and a real client."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import pytest
import uvicorn
import uvloop
import websockets
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from stream_server.web.fanout import FrameBook, FrameSocketProtocol, frame_writer, text_frame

Handler = Callable[[WebSocket], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(handler: Handler, **options: object) -> AsyncIterator[str]:
    app = Starlette(routes=[WebSocketRoute("/live", handler)])
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        ws=FrameSocketProtocol,
        ws_per_message_deflate=False,
        log_config=None,
        lifespan="off",
        **options,  # type: ignore[arg-type]
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(server._serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"ws://127.0.0.1:{port}/live"
        finally:
            server.should_exit = True
            await task


def test_uvicorn_is_the_minor_that_was_checked() -> None:
    assert importlib.metadata.version("uvicorn").startswith("0.54.")


async def test_ready_frames_of_every_length_arrive_whole_and_in_order() -> None:
    sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]

    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        writer = frame_writer(socket)
        assert writer is not None
        for size in sizes:
            assert writer.write(text_frame("ä" * (size // 2) + "x" * (size % 2)))
        await socket.send_text("last, the ordinary way")
        await socket.receive()

    async with serving(handler) as url, websockets.connect(url) as client:
        for size in sizes:
            message = await client.recv()
            assert isinstance(message, str)
            assert len(message.encode()) == size
        assert await client.recv() == "last, the ordinary way"


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_client_that_reads_nothing_never_blocks_us_and_is_seen_by_its_buffer(
    run: Callable[[Coroutine[Any, Any, None]], None],
) -> None:
    run(_feed_somebody_who_reads_nothing())


async def _feed_somebody_who_reads_nothing() -> None:
    seen: asyncio.Queue[int] = asyncio.Queue()

    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        writer = frame_writer(socket)
        assert writer is not None
        frame = text_frame("x" * 60_000)
        while writer.buffered_bytes < 1_000_000:
            assert writer.write(frame)
        seen.put_nowait(writer.buffered_bytes)
        writer.abort()
        message = await socket.receive()
        assert message["type"] == "websocket.disconnect"
        assert not writer.write(frame)
        seen.put_nowait(-1)

    async with serving(handler) as url:
        reader, raw = await asyncio.open_connection("127.0.0.1", int(url.split(":")[2].split("/")[0]))
        raw.write(
            b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        async with asyncio.timeout(5):
            assert await seen.get() >= 1_000_000
            assert await seen.get() == -1
        raw.close()
        with contextlib.suppress(ConnectionError):
            await raw.wait_closed()


async def test_a_message_above_the_limit_ends_the_connection_with_1009() -> None:
    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive()

    async with serving(handler, ws_max_size=16 * 1024) as url, websockets.connect(url) as client:
        await client.send("x" * (16 * 1024 + 1))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await client.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_shutting_down_closes_with_1012_so_that_clients_come_back() -> None:
    async def handler(socket: WebSocket) -> None:
        await socket.accept()
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass

    codes: list[int] = []

    async def watch(url: str, opened: asyncio.Event) -> None:
        async with websockets.connect(url) as client:
            opened.set()
            with contextlib.suppress(websockets.ConnectionClosed):
                await client.recv()
            assert client.close_code is not None
            codes.append(client.close_code)

    async with asyncio.TaskGroup() as group, serving(handler) as url:
        opened = asyncio.Event()
        group.create_task(watch(url, opened))
        await opened.wait()
    assert codes == [1012]


def test_one_message_for_all_is_built_once() -> None:
    book = FrameBook()
    text = "".join(["event", " 1"])
    assert book.frame(text) is book.frame(text)
    assert book.frame("event 2") == b"\x81\x07event 2"
