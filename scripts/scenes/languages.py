"""The pages in the languages that strain them: Arabic, which runs from right to left, long German, dense Japanese."""

from __future__ import annotations

from playwright.async_api import expect

from scripts.scenes.camera import Camera
from scripts.scenes.player import show_cards, watching
from scripts.scenes.shop import Shop


async def right_to_left(camera: Camera, shop: Shop) -> None:
    """The player with its card and its sheet, the studio before a show, and the console, in Arabic."""
    viewer = await watching(camera, shop, "ar")
    await show_cards(viewer, shop, *[product["product_id"] for product in shop.products[:2]])
    await camera.shoot(viewer.page, "player-ar")
    await viewer.page.locator("article.pin .pin__open").first.click()
    await camera.shoot(viewer.page, "product-sheet-ar")
    await viewer.page.context.close()

    show_id = shop.show("scheduled")["show_id"]
    url = f"{shop.server.url}/studio#token={shop.host_token}&show={show_id}"
    page = await camera.open(url, "ar", permissions=["camera", "microphone"])
    await expect(page.locator("button.go")).to_be_enabled(timeout=20_000)
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "studio-ar")
    await page.context.close()

    page = await camera.open(f"{shop.server.url}/console#token={shop.brand_token}", "ar", color_scheme="light")
    await expect(page.locator(".product-row[data-product]").first).to_be_visible()
    await page.wait_for_timeout(700)
    await camera.shoot(page, "console-ar")
    await page.context.close()


async def long_and_dense(camera: Camera, shop: Shop) -> None:
    """The player in German and Japanese."""
    for language in ("de", "ja"):
        viewer = await watching(camera, shop, language)
        await show_cards(viewer, shop, *[product["product_id"] for product in shop.products[:2]])
        await camera.shoot(viewer.page, f"player-{language}")
        await viewer.page.context.close()


SCENES = (right_to_left, long_and_dense)
