"""The stage of a benchmark: a running server with one show, and a browser whose pages publish and watch it.

The publisher is a page that draws the frame number into each frame (barcode.js) and sends it by WHIP, so that any
viewer can say which frame it shows.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright

from tests.browser import PAGE_SCRIPTS, chromium, playwright_running
from tests.page_serving import pages_served
from tests.serving import Server, serving

HERE = Path(__file__).parent
_SCRIPTS = {
    "/barcode.js": HERE / "barcode.js",
    "/screen.js": HERE / "screen.js",
    "/webrtc.js": PAGE_SCRIPTS / "webrtc.js",
}
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Stage</title>'
    + "".join(f'<script src="{path}"></script>' for path in _SCRIPTS)
    + "<style>body{margin:0;background:#222}video{width:640px;height:360px}</style>"
    + '<video id="video" autoplay playsinline muted></video>'
)


@dataclass(frozen=True)
class Stage:
    """Where the benchmark plays."""

    server: Server
    playwright: Playwright
    browser: Browser
    pages_url: str
    show_id: str
    host_token: str
    browser_version: str

    @property
    def whip_url(self) -> str:
        """Where the show is published."""
        return f"{self.server.url}/whip/{self.show_id}"

    @property
    def whep_url(self) -> str:
        """Where the show is watched."""
        return f"{self.server.url}/whep/{self.show_id}"

    async def page(self, browser: Browser | None = None) -> Page:
        """A page with the scripts, in a context of its own."""
        context = await (browser or self.browser).new_context(viewport={"width": 640, "height": 360})
        page = await context.new_page()
        await page.goto(f"{self.pages_url}/")
        return page

    async def publish(self, page: Page) -> None:
        """Draw numbered frames in ``page`` and send them to the show until the page closes."""
        await page.evaluate(
            """async ([url, token]) => {
                window.source ??= barcode.source();
                window.publication = await webrtc.publish(url, token, source.stream, { maxBitrate: 2_500_000 });
            }""",
            [self.whip_url, self.host_token],
        )

    async def unpublish(self, page: Page) -> None:
        """Stop sending; the drawing goes on."""
        await page.evaluate("token => webrtc.leave(window.publication, token)", self.host_token)

    async def viewer_waits_for_picture(self, page: Page, timeout_s: float = 20.0) -> None:
        """Until the page's video shows readable numbers in full size, or TimeoutError."""
        await page.wait_for_function(
            """() => {
                const video = document.querySelector("video");
                return video.videoWidth >= 1280 && barcode.read(video) !== null;
            }""",
            timeout=timeout_s * 1000,
            polling=100,
        )


async def make_show(server: Server, title: str = "Benchmark") -> tuple[str, str]:
    """A scheduled show of a new host with all products there are; returns its id and the host's token."""
    token = server.token("host", "host_bench", "Mira")
    products: list[dict[str, Any]] = await server.get("/api/products")
    plan = {"title": {"en": title}, "rundown": [product["product_id"] for product in products], "currency": "USD"}
    show: dict[str, Any] = await server.call("POST", "/api/shows", plan, token=token)
    return str(show["show_id"]), token


@asynccontextmanager
async def stage_open(command: str = "serve") -> AsyncIterator[Stage]:
    """Server, show, browser and pages for the length of the block; with ``demo`` the show has products."""
    with tempfile.TemporaryDirectory() as folder, pages_served(_files()) as pages_url:
        async with (
            serving(Path(folder), command) as server,
            playwright_running() as playwright,
            chromium(playwright) as browser,
        ):
            show_id, token = await make_show(server)
            yield Stage(server, playwright, browser, pages_url, show_id, token, browser.version)


def _files() -> dict[str, str]:
    return {"/": _PAGE, **{path: file.read_text() for path, file in _SCRIPTS.items()}}
