"""A person interprets a show from a phone, with nothing but the link that the host gave out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.pages import PHONE
from tests.serving import Server

READY_MS = 20_000


@dataclass(frozen=True)
class Interpreter:
    """Their page, and the link that it was opened with."""

    page: Page
    link: dict[str, Any]

    async def speaks(self) -> None:
        """Microphone on, on air."""
        await self.page.get_by_role("button", name="Turn on microphone").click()
        await self.page.get_by_role("button", name="Go on air").click(timeout=READY_MS)
        await self.is_told("On air")

    async def is_told(self, state: str) -> None:
        """What the page says about them."""
        await expect(self.page.locator(".booth-state")).to_have_text(state, timeout=READY_MS)

    async def has_listeners(self, count: int) -> None:
        """Viewers who chose the language."""
        await expect(self.page.get_by_test_id("listeners")).to_have_text(f"Listeners: {count}", timeout=READY_MS)


@asynccontextmanager
async def interpreting(
    browser: Browser, server: Server, host_token: str, show_id: str, language: str
) -> AsyncIterator[Interpreter]:
    """Somebody with a fresh link whose phone shows the show, not yet on air."""
    url = f"/api/shows/{show_id}/interpreters"
    link = await server.call("POST", url, {"language": language}, token=host_token)
    context = await browser.new_context(viewport=PHONE, locale="en-US", permissions=["microphone"])
    page = await context.new_page()
    await page.goto(f"{server.url}/interpret#token={link['token']}")
    await page.locator(".booth-stage[data-picture]").wait_for(timeout=READY_MS)
    try:
        yield Interpreter(page, link)
    finally:
        await context.close()
