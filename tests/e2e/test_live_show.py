"""The main job, with real browsers: a host goes live, two people watch, one buys, the host comes back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, expect

from tests.browser import chromium, playwright_running
from tests.e2e.other_load import other_load
from tests.e2e.pages import PHONE, Player, Studio, open_recorded
from tests.e2e.watching import keep_an_eye, picture_is_full_size, watch
from tests.serving import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

WATCHED_S = 30.0
WINDOWS = 3
OTHERS_MAY_TAKE = 0.15
"""Share of the machine; beyond it a stutter may come from elsewhere, and the window is watched again."""
BACK_S = 3.0
_SEES_CAMERA = "(window.shownAt.filter((at) => at > performance.now() - 500).length >= 6)"
"""Six pictures in half a second come from a camera; the slate that stands in for it has five a second."""


@dataclass(frozen=True)
class Story:
    """The shop, the show, and who is in it."""

    server: Server
    show_id: str
    host_token: str
    product: dict[str, Any]
    host_context: BrowserContext
    viewer_browser: Browser

    @property
    def product_id(self) -> str:
        return str(self.product["product_id"])

    @property
    def title(self) -> str:
        return str(self.product["title"]["en"])

    @property
    def studio_url(self) -> str:
        return f"{self.server.url}/studio#token={self.host_token}&show={self.show_id}"

    async def open_studio(self) -> Studio:
        return Studio(await open_recorded(self.host_context, self.studio_url))

    async def open_player(self) -> Player:
        context = await self.viewer_browser.new_context(viewport=PHONE, locale="en-US")
        return Player(await open_recorded(context, f"{self.server.url}/watch/{self.show_id}"))

    async def left(self) -> int:
        """True stock of the variant that the sheet offers first."""
        product = await self.server.get(f"/api/products/{self.product_id}")
        return int(product["variants"][0]["left"])


async def _plan_show(server: Server) -> tuple[str, str, dict[str, Any]]:
    """A show of a new host with the demo's products; the one to sell is scarce, so its stock is shown as a number."""
    products = await server.get("/api/products")
    sold = next(product for product in products if 1 < product["variants"][0]["left"] <= 10)
    rundown = [sold["product_id"], *(p["product_id"] for p in products if p is not sold)]
    token = server.token("host", "host_story", "Mira")
    plan = {"title": {"en": "Evening show"}, "rundown": rundown[:6], "currency": "USD"}
    show = await server.call("POST", "/api/shows", plan, token=token)
    return show["show_id"], token, sold


@asynccontextmanager
async def story_begun(folder: Path, camera: Path | None) -> AsyncIterator[Story]:
    """The shop with its products, a planned show, the host's browser with a camera, and one for viewers."""
    async with (
        serving(folder, "demo") as server,
        playwright_running() as playwright,
        chromium(playwright, camera=camera) as host_browser,
        chromium(playwright) as viewer_browser,
    ):
        show_id, token, product = await _plan_show(server)
        host_context = await host_browser.new_context(
            viewport=PHONE, locale="en-US", permissions=["camera", "microphone"]
        )
        yield Story(server, show_id, token, product, host_context, viewer_browser)


async def kill_page(page: Page) -> None:
    """End the page's process as a crash would: no unload handlers, no goodbye to the server."""
    session = await page.context.new_cdp_session(page)
    async with page.expect_event("crash", timeout=20_000):
        with suppress(TimeoutError, Error):  # a page that has crashed does not answer
            async with asyncio.timeout(2):
                await session.send("Page.crash")


async def test_host_goes_live_viewers_watch_one_buys_and_host_comes_back(tmp_path: Path, camera: Path | None) -> None:
    async with story_begun(tmp_path, camera) as story:
        studio = await story.open_studio()
        await studio.go_live()
        buyer, other = await story.open_player(), await story.open_player()
        for player in (buyer, other):
            await picture_is_full_size(player.page)

        smooth = await both_watch_smoothly(buyer, other)

        await studio.pin(story.title)
        for player in (buyer, other):
            await expect(player.card(story.product_id)).to_be_visible(timeout=3000)

        await other.page.get_by_role("button", name=f"Buy: {story.title}").click()
        left = await story.left()
        await expect(other.page.get_by_text(f"{left} left")).to_be_visible()

        await buyer.buy_now(story.title)
        await buyer.fill_address("Kim Example")
        await buyer.pay_with_authentication()
        await buyer.order_is_placed()
        assert await story.left() == left - 1
        await expect(studio.order_slip(f"Guest bought {story.title}")).to_be_visible(timeout=5000)
        await expect(studio.sold).to_contain_text("1 order")
        await expect(other.page.get_by_text(f"{left - 1} left")).to_be_visible(timeout=5000)

        await host_page_is_killed_and_comes_back(story, studio, [buyer, other])
    if not smooth:
        pytest.skip("the whole story passed, but the machine was too busy with other things to judge the frame rate")


async def both_watch_smoothly(*players: Player) -> bool:
    """Two people watch for half a minute without a freeze; False when the machine was too busy to say.

    Encoder, server and two decoders need about 1.2 cores; what others take of the rest is not the server's doing.
    A virtual machine may also stand still for half a second, which no counter shows: one viewer froze once with nothing
    lost while the other did not. So a window may be spoilt; what the server does wrong spoils all of them.
    """
    spoilt = []
    busy = False
    for _ in range(WINDOWS):
        with other_load(WATCHED_S) as load:
            async with asyncio.TaskGroup() as group:
                watching = [group.create_task(watch(player.page, WATCHED_S)) for player in players]
        seen = [task.result() for task in watching]
        assert all(watched.height_px >= 720 for watched in seen), seen
        if all(watched.fps >= 24 and watched.freezes == 0 for watched in seen):
            return True
        spoilt.append((seen, load))
        busy = busy or load.cores > OTHERS_MAY_TAKE * (os.cpu_count() or 1)
    assert busy, spoilt
    return False


async def host_page_is_killed_and_comes_back(story: Story, studio: Studio, players: list[Player]) -> None:
    for player in players:
        await keep_an_eye(player.page)
    await kill_page(studio.page)
    for player in players:
        await player.page.wait_for_function(f"() => !{_SEES_CAMERA}", timeout=10_000)
    loop = asyncio.get_running_loop()
    reopened_s = loop.time()
    again = await story.open_studio()
    async with asyncio.timeout(BACK_S - (loop.time() - reopened_s)):
        for player in players:
            while not await player.page.evaluate(f"() => {_SEES_CAMERA}"):
                await asyncio.sleep(0.05)
    await again.is_on_air()
    show = await story.server.get(f"/api/shows/{story.show_id}")
    assert show["status"] == "live"
