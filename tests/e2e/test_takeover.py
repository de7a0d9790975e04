"""The host's page dies in mid-show: the AI host is on the viewer's screen, then the host again, without a reload."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import chromium, playwright_running
from tests.e2e.pages import PHONE, Studio, open_recorded
from tests.e2e.test_live_show import kill_page
from tests.e2e.watching import keep_an_eye, longest_stop_s
from tests.serving import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

LONGEST_STOP_S = 3.0


def link(server: Server, path: str) -> str:
    """A link among what the demo has printed."""
    for line in server.lines:
        if found := re.search(rf"https?://\S+{path}\S+", line):
            return found.group()
    raise AssertionError(f"No link to {path} was printed:\n{server.log}")


async def test_the_ai_host_steps_in_for_a_host_whose_page_dies_and_steps_back(
    tmp_path: Path, camera: Path | None
) -> None:
    async with (
        serving(tmp_path, "demo") as server,
        playwright_running() as playwright,
        chromium(playwright, camera=camera) as host_browser,
        chromium(playwright) as viewer_browser,
    ):
        viewers = await viewer_browser.new_context(viewport=PHONE, locale="en-US")
        viewer = await open_recorded(viewers, link(server, "/watch/"))
        mark = viewer.get_by_text("AI host", exact=True)
        await expect(mark).to_be_visible(timeout=30_000)
        await viewer.wait_for_function("() => (videoOf(document)?.currentTime ?? 0) > 1", timeout=20_000)
        await keep_an_eye(viewer)

        host_context = await host_browser.new_context(
            viewport=PHONE, locale="en-US", permissions=["camera", "microphone"]
        )
        studio = Studio(await open_recorded(host_context, link(server, "/studio")))
        # Somebody's picture is on air, so the studio opens beside it.
        film_here = studio.page.get_by_role("button", name="Film here")
        await film_here.click(timeout=20_000)
        await studio.is_on_air()
        await expect(mark).to_be_hidden(timeout=10_000)

        await asyncio.sleep(3)
        await kill_page(studio.page)
        await expect(mark).to_be_visible(timeout=10_000)

        again = Studio(await open_recorded(host_context, link(server, "/studio")))
        await again.is_on_air()
        await expect(mark).to_be_hidden(timeout=10_000)
        await asyncio.sleep(2)
        assert await longest_stop_s(viewer) < LONGEST_STOP_S
