"""The demo as a newcomer meets it: one command, a printed link, and moving video with sound behind it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.serving import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

OPENING_S = 10.0

# The picture's content, small enough to compare: the deep search finds the player's video in its shadow tree.
_PLAYING = """async () => {
    const video = videoOf(document);
    const audio = await recorder.audio();
    if (!video || video.paused || video.currentTime < 0.5 || !audio || !(audio.energy > 0)) return false;
    const look = () => {
        const canvas = new OffscreenCanvas(32, 32);
        const context = canvas.getContext("2d");
        context.drawImage(video, 0, 0, 32, 32);
        return context.getImageData(0, 0, 32, 32).data.join();
    };
    const [picture, at] = [look(), video.currentTime];
    await new Promise((resolve) => setTimeout(resolve, 300));
    return video.currentTime > at && look() !== picture;
}"""


def viewer_link(server: Server) -> str:
    """The link for viewers among what the command has printed."""
    for line in server.lines:
        if found := re.search(r"https?://\S+/watch/\S+", line):
            return found.group()
    raise AssertionError(f"No viewer link was printed:\n{server.log}")


async def test_printed_viewer_link_plays_moving_video_with_sound_within_ten_seconds(tmp_path: Path) -> None:
    async with serving(tmp_path, "demo") as server, chromium_alone() as browser:
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        await context.add_init_script(path=PAGE_SCRIPTS / "recorder.js")
        page = await context.new_page()
        link = viewer_link(server)
        opened = time.monotonic()
        await page.goto(link)
        await page.wait_for_function(_PLAYING, timeout=OPENING_S * 1000, polling=100)
        assert time.monotonic() - opened < OPENING_S
