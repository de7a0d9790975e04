"""A running server with one show, and FFmpeg publishing to it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.serving import ROOT, Server, serving


@dataclass(frozen=True)
class House:
    """A running server with one show of one host."""

    server: Server
    show_id: str
    host_token: str

    @property
    def whip_url(self) -> str:
        return f"{self.server.url}/whip/{self.show_id}"

    @property
    def whep_url(self) -> str:
        return f"{self.server.url}/whep/{self.show_id}"


@asynccontextmanager
async def house_open(folder: Path, settings: dict[str, str] | None = None) -> AsyncIterator[House]:
    async with serving(folder, settings=settings) as server:
        token = server.token("host", "host_interop", "Mira")
        body = {"title": {"en": "Interop"}, "rundown": [], "currency": "USD"}
        show = await server.call("POST", "/api/shows", body, token=token)
        yield House(server, show["show_id"], token)


@asynccontextmanager
async def ffmpeg_publishing(house: House, seconds: float) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.ffmpeg_publisher", house.whip_url, "--seconds", str(seconds), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{house.host_token}\n".encode())
    await process.stdin.drain()
    try:
        async with asyncio.timeout(20):
            while b"publishing" not in (line := await process.stdout.readline()):
                assert line, f"FFmpeg ended with {await process.wait()}\n{house.server.log}"
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(5):
                await process.communicate()
        except TimeoutError:  # its muxer can hang in a network call, deaf to signals
            process.kill()
            await process.communicate()


async def video_plays(page: Page, frames: int = 45, timeout_s: float = 25.0) -> dict[str, float]:
    """Wait until the page's newest connection has decoded ``frames`` frames and heard sound; its statistics."""
    await page.wait_for_function(
        """async frames => {
            const video = await recorder.video();
            const audio = await recorder.audio();
            return video && video.frames >= frames && audio && audio.energy > 0;
        }""",
        arg=frames,
        timeout=timeout_s * 1000,
        polling=200,
    )
    statistics: dict[str, float] = await page.evaluate("() => recorder.video()")
    return statistics
