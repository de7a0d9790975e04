"""The pages around the player: the list of shows, the embed example, the brand's console."""

from __future__ import annotations

from typing import Literal

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.player import has_picture
from scripts.scenes.shop import Shop


async def around(camera: Camera, shop: Shop) -> None:
    """The list of shows in three languages, and a shop's own page with the player in it."""
    for language in ("en-US", "zh-CN", "es-ES"):
        page = await camera.open(f"{shop.server.url}/", language)
        await expect(page.get_by_role("heading").first).to_be_visible()
        await page.wait_for_timeout(700)
        await camera.shoot(page, "index" if language == "en-US" else f"index-{language[:2]}")
        await page.context.close()
    page = await camera.open(f"{shop.server.url}/embed-example")
    await has_picture(page)
    await camera.shoot(page, "embed-example")
    await page.context.close()


async def _console(camera: Camera, shop: Shop, colours: Literal["light", "dark"], language: str = "en-US") -> Page:
    url = f"{shop.server.url}/console#token={shop.brand_token}"
    page = await camera.open(url, language, color_scheme=colours)
    await expect(page.get_by_role("heading").first).to_be_visible()
    await page.wait_for_timeout(700)
    return page


async def console(camera: Camera, shop: Shop) -> None:
    """Products, one product's editor, orders and shows, by day and by night."""
    page = await camera.open(f"{shop.server.url}/console")
    await page.wait_for_timeout(700)
    await camera.shoot(page, "console-no-key")
    await page.context.close()
    for colours in ("light", "dark"):
        page = await _console(camera, shop, colours)
        for place in ("Products", "Orders", "Shows"):
            await page.get_by_role("link", name=place).first.click()
            await page.wait_for_timeout(700)
            await camera.shoot(page, f"console-{place.lower()}-{colours}")
        await page.get_by_role("link", name="Products").first.click()
        await page.get_by_text(shop.brand_product["title"]["en"]).first.click()
        await page.wait_for_timeout(700)
        await camera.shoot(page, f"console-product-{colours}")
        await page.context.close()
    page = await _console(camera, shop, "light", "zh-CN")
    await camera.shoot(page, "console-zh")
    await page.context.close()


SCENES = (around, console)
