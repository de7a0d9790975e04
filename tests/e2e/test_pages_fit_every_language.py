"""Arabic runs from right to left and German is long: on a phone no page is wider than the screen, and one can buy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser import chromium_alone
from tests.e2e.pages import PHONE
from tests.e2e.test_demo import viewer_link
from tests.serving import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

LANGUAGES = {"ar": "rtl", "de": "ltr"}
_FITS = "() => document.scrollingElement.scrollWidth <= innerWidth"


async def _fits(page: Page, language: str) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("lang", language)
    await expect(root).to_have_attribute("dir", LANGUAGES[language])
    assert await page.evaluate(_FITS), page.url


def _link(server: Server, part: str) -> str:
    return next(word for line in server.lines for word in line.split() if part in word and "#token=" in word)


async def test_no_page_is_wider_than_a_phone_and_the_way_to_buy_is_under_the_thumb(tmp_path: Path) -> None:
    async with serving(tmp_path, "demo") as server, chromium_alone() as browser:
        for language in LANGUAGES:
            context = await browser.new_context(viewport=PHONE, locale=language)
            page = await context.new_page()

            await page.goto(viewer_link(server))
            buy = page.locator("article.pin .pin__act.v-button--primary")
            await expect(buy).to_be_in_viewport(ratio=1, timeout=30_000)
            await _fits(page, language)
            await buy.click()
            await expect(page.locator(".v-sheet .v-button--primary").last).to_be_in_viewport(ratio=1)
            await _fits(page, language)

            for link in (_link(server, "/studio"), _link(server, "/console"), f"{server.url}/interpret#token=none"):
                await page.goto(link)
                await expect(page.get_by_role("heading").first).to_be_visible()
                await _fits(page, language)
            await context.close()
