"""Takes the pictures: contexts of the two sizes, and a page's screen written as WebP."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser import PAGE_SCRIPTS

QUALITY = 78
SETTLE_MS = 500
"""Longer than any movement of the interface (240 ms), pictures decoded."""

Size = Literal["phone", "desktop"]
_SCREENS: dict[Size, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1.5,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}


@dataclass(frozen=True)
class Camera:
    """One browser, one size, and the folder its pictures go to."""

    browser: Browser
    size: Size
    folder: Path

    async def context(self, language: str = "en-US", **more: Any) -> BrowserContext:
        """A person with a device of this size."""
        context = await self.browser.new_context(**_SCREENS[self.size], locale=language, **more)
        await context.add_init_script(path=PAGE_SCRIPTS / "recorder.js")
        return context

    async def open(self, url: str, language: str = "en-US", **more: Any) -> Page:
        """A page of a new person."""
        page = await (await self.context(language, **more)).new_page()
        await page.goto(url)
        return page

    async def shoot(self, page: Page, name: str) -> None:
        """Write ``NAME.webp``."""
        await page.wait_for_timeout(SETTLE_MS)
        picture = Image.open(io.BytesIO(await page.screenshot()))
        folder = self.folder / self.size
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.webp"
        picture.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)
        print(f"  {self.size}/{path.name}  {path.stat().st_size // 1024} kB", flush=True)
