"""The console's pages about 3D models as a brand's hands and eyes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from stream_server.app.tokens import issue_token
from stream_server.config import Config
from tests.e2e.pages import PHONE
from tests.serving import Server

DESKTOP: ViewportSize = {"width": 1440, "height": 900}

_KEEP_WHAT_IS_TOLD = """() => {
    window.told = new Set();
    new MutationObserver(() => {
        for (const row of document.querySelectorAll(".upload-card [role=status], .job-row .row-text > .v-small"))
            window.told.add(row.textContent);
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@dataclass(frozen=True)
class BrandConsole:
    """One brand's console, at its models."""

    page: Page
    pictures: Path
    """Folder for what it looks like."""

    async def upload(self, *files: Path) -> None:
        """Choose files, as the file dialogue gives them."""
        await self.page.evaluate(_KEEP_WHAT_IS_TOLD)
        await self.page.locator('input[type="file"]').set_input_files(files)

    def card(self, file: Path) -> Locator:
        """A file on its way."""
        return self.page.locator(".upload-card", has_text=file.name)

    def job(self, file: Path) -> Locator:
        """A file that is worked on."""
        return self.page.locator(".job-row", has_text=file.name)

    def finished(self, name: str) -> Locator:
        """The way to a model that was made of the file ``name``, in the list."""
        return self.page.locator(".model-link", has_text=name)

    async def make(self, file: Path, category: str, product: str) -> None:
        """Say what it is, and start."""
        card = self.card(file)
        await card.get_by_label("What is it?").select_option(category)
        await card.get_by_label("For the product").select_option(label=product)
        await card.get_by_role("button", name=re.compile("^Make ")).click()
        await expect(self.job(file)).to_be_visible()

    async def told(self) -> set[str]:
        """All that the page has said about uploads and jobs so far."""
        return set(await self.page.evaluate("() => [...window.told]"))

    async def open_model(self, name: str, *, within_ms: float = 10_000) -> None:
        """From the list to one model, once it is finished."""
        if not await self.page.get_by_role("button", name="Choose a file").is_visible():
            await self.page.get_by_role("link", name="3D models").first.click()
        await self.finished(name).first.click(timeout=within_ms)
        await expect(self.page.locator(".page-title", has_text=name)).to_be_visible()
        await expect(self.page.get_by_role("heading", name="What you could mend")).to_be_visible()
        viewer = self.page.locator("model-viewer.stage-viewer")
        await expect(viewer).to_have_js_property("loaded", True, timeout=90_000)

    async def compare(self) -> int:
        """Look at before, after and what differs; how many pictures there are."""
        await self.page.get_by_role("radio", name="Before and after").check()
        pictures = self.page.locator(".compared img")
        await expect(pictures.first).to_be_visible()
        for picture in await pictures.all():
            await picture.scroll_into_view_if_needed()
            await picture.evaluate("img => img.decode()")
        return await pictures.count()

    async def publish(self, product: str, looks: Mapping[str, str]) -> None:
        """Show the open model with a product; ``looks`` says which look is which variant."""
        card = self.page.locator(".publish-card")
        await card.get_by_label("For the product").select_option(label=product)
        for look, variant in looks.items():
            await card.get_by_label(look).select_option(label=variant)
        await card.get_by_role("button", name=re.compile("^Publish")).click()
        await expect(self.page.get_by_text(f"{product} is shown in 3D").first).to_be_visible()

    async def shoot(self, name: str) -> None:
        """Pictures as a desktop and as a phone show it."""
        for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            await self.page.set_viewport_size(viewport)
            await self.page.wait_for_timeout(300)  # movements end
            await self.page.screenshot(path=self.pictures / f"{name}-{size}.png")
        await self.page.set_viewport_size(DESKTOP)


async def open_console(browser: Browser, server: Server, brand_id: str, pictures: Path) -> BrandConsole:
    """The console of a brand, at its models."""
    token = issue_token(Config(data_dir=server.data_dir), role="brand", name="Nora", brand_id=brand_id)
    context = await browser.new_context(viewport=DESKTOP, locale="en-US")
    page = await context.new_page()
    await page.goto(f"{server.url}/console#token={token}")
    await page.get_by_role("link", name="3D models").first.click()
    await expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    return BrandConsole(page, pictures)
