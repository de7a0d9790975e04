from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.demo.whip_receiver import receiving

TOKEN = "token-of-mira"


@asynccontextmanager
async def publishing(url: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stream_server.demo.publisher", "--url", url, *arguments,
        env={**os.environ, "VITRINE_DEMO_TOKEN": TOKEN}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.timeout(40)
async def test_it_waits_for_a_busy_server_then_sends_exact_timestamps_and_takes_leave() -> None:
    async with receiving(refusals=1) as receiver, publishing(receiver.url) as process:
        await receiver.heard("video", 200)
        await receiver.heard("audio", 100)
        assert receiver.tokens == [f"Bearer {TOKEN}"] * 2
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            assert await process.wait() == 0
        assert receiver.deletes == 1
    frames = sorted({timestamp for timestamp, _, _ in receiver.packets["video"]})
    assert {b - a for a, b in zip(frames, frames[1:], strict=False)} == {3000}
    sounds = [timestamp for timestamp, _, _ in receiver.packets["audio"]]
    assert {(b - a) % 2**32 for a, b in zip(sounds, sounds[1:], strict=False)} == {960}


@pytest.mark.timeout(40)
async def test_it_comes_back_when_the_server_drops_it() -> None:
    async with receiving() as receiver, publishing(receiver.url):
        await receiver.heard("video", 50)
        await receiver.drop()
        receiver.packets.clear()
        await receiver.heard("video", 50)
        assert receiver.posts == 2


async def test_the_token_is_not_on_the_command_line() -> None:
    async with receiving(refusals=100) as receiver, publishing(receiver.url) as process:
        async with asyncio.timeout(10):
            while not receiver.posts:
                await asyncio.sleep(0.02)
        assert TOKEN.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()


async def test_without_a_token_it_says_what_is_missing() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stream_server.demo.publisher", "--url", "http://127.0.0.1:9/whip/demo",
        env={k: v for k, v in os.environ.items() if k != "VITRINE_DEMO_TOKEN"}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"VITRINE_DEMO_TOKEN is empty" in said
