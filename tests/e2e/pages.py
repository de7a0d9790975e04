"""The product's pages as a test's hands and eyes: found by role and name, as people find them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser import PAGE_SCRIPTS

PHONE: ViewportSize = {"width": 390, "height": 844}


async def open_recorded(context: BrowserContext, url: str) -> Page:
    """A page whose peer connections can be read by the test."""
    page = await context.new_page()
    await page.add_init_script(path=PAGE_SCRIPTS / "recorder.js")
    await page.goto(url)
    return page


@dataclass(frozen=True)
class Player:
    """A viewer's page."""

    page: Page

    def card(self, product_id: str) -> Locator:
        """The open card of a pinned product."""
        return self.page.locator(f'article.pin[data-product="{product_id}"]')

    async def buy_now(self, title: str) -> None:
        """From the card through the sheet to the checkout."""
        await self.page.get_by_role("button", name=f"Buy: {title}").click()
        await self.page.get_by_role("button", name="Buy now").click()

    async def fill_address(self, name: str) -> None:
        """Contact and address, as autofill would."""
        page = self.page
        await page.get_by_label("Email").fill("kim@example.com")
        await page.get_by_label("Full name").fill(name)
        await page.get_by_label("Street and number").fill("12 Harbour Lane")
        await page.get_by_label("Postal code").fill("94107")
        await page.get_by_label("City").fill("San Francisco")

    async def pay_with_authentication(self) -> None:
        """Choose the card that asks its bank, pay, and confirm on the bank's page in its frame."""
        await self.page.get_by_text("Test card that asks its bank").click()
        await self.page.get_by_role("button", name=re.compile(r"^Pay ")).click()
        bank = self.page.frame_locator("iframe.bank__frame")
        await bank.get_by_role("button", name="Complete").click()

    async def order_is_placed(self) -> None:
        """The order's card is there."""
        await expect(self.page.get_by_text("Thank you, your order is placed")).to_be_visible(timeout=15_000)


@dataclass(frozen=True)
class Studio:
    """A host's page."""

    page: Page

    async def go_live(self) -> None:
        """Press the one large button, once it may be pressed."""
        button = self.page.get_by_role("button", name="Go live")
        await expect(button).to_be_enabled(timeout=20_000)
        await button.click()
        await self.is_on_air()

    async def is_on_air(self) -> None:
        """The timer runs and there is a way to end."""
        await expect(self.page.get_by_role("button", name="End show")).to_be_visible(timeout=20_000)

    async def pin(self, title: str) -> None:
        """Tap the product's card in the rundown."""
        await self.page.get_by_role("button", name=f"Pin {title}", exact=True).click()
        await expect(self.page.get_by_role("button", name=f"Unpin {title}", exact=True)).to_be_visible()

    @property
    def sold(self) -> Locator:
        """What was sold in this show so far, in the upper edge."""
        return self.page.get_by_test_id("sold")

    def order_slip(self, text: str) -> Locator:
        """The slip that rises when somebody buys."""
        return self.page.get_by_test_id("order-slips").get_by_text(text)
