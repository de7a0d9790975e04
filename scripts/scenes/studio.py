"""The studio: signed out, choosing a show, before, live, an order arriving, ending; and what viewers see meanwhile."""

from __future__ import annotations

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.player import has_picture
from scripts.scenes.shop import Shop
from tests.e2e.pages import Player, Studio

_DEVICES = ["camera", "microphone"]


async def doors(camera: Camera, shop: Shop) -> None:
    """Without a key, and the choice of a show."""
    page = await camera.open(f"{shop.server.url}/studio")
    await camera.shoot(page, "studio-no-key")
    await page.context.close()
    page = await camera.open(f"{shop.server.url}/studio#token={shop.host_token}")
    await expect(page.get_by_role("heading").first).to_be_visible()
    await camera.shoot(page, "studio-shows")
    await page.context.close()


async def camera_blocked(camera: Camera, shop: Shop) -> None:
    """The browser does not let the page film."""
    context = await camera.context()
    await context.add_init_script(
        """navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException("Permission denied", "NotAllowedError"));"""
    )
    page = await context.new_page()
    show_id = shop.show("scheduled")["show_id"]
    await page.goto(f"{shop.server.url}/studio#token={shop.host_token}&show={show_id}")
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "studio-camera-blocked")
    await context.close()


async def a_show(camera: Camera, shop: Shop) -> None:
    """A host's whole evening, at this size."""
    plan = {
        "title": {"en": "Evening show", "es": "Programa de la tarde", "zh-CN": "晚间直播"},
        "rundown": [product["product_id"] for product in shop.products[:6]],
        "currency": "USD",
    }
    show = await shop.server.call("POST", "/api/shows", plan, token=shop.host_token)
    show_id = show["show_id"]
    url = f"{shop.server.url}/studio#token={shop.host_token}&show={show_id}"
    page = await camera.open(url, permissions=_DEVICES)
    studio = Studio(page)
    await expect(page.get_by_role("button", name="Go live")).to_be_enabled(timeout=20_000)
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "studio-before")
    await studio.go_live()
    first = shop.products[0]
    await studio.pin(first["title"]["en"])
    viewer = await _a_viewer(camera, shop, show_id)
    await expect(viewer.card(first["product_id"])).to_be_visible()
    guest = await shop.server.call("POST", "/api/guests", {"name": "Ana", "language": "en"})
    for text in ("Good evening from Porto", "Is the blue one back?", "Love this one"):
        await shop.command(guest["token"], {"type": "chat.send", "text": text}, show_id=show_id)
    await viewer.buy_now(first["title"]["en"])
    await viewer.fill_address("Kim Example")
    await viewer.pay_with_authentication()
    await viewer.order_is_placed()
    await page.wait_for_timeout(2500)
    await camera.shoot(page, "studio-live-order")
    await studio.sold.click()
    await camera.shoot(page, "studio-sold")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name=f"Price and stock of {first['title']['en']}").click()
    await camera.shoot(page, "studio-product")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="End show").click()
    await camera.shoot(page, "studio-end-question")
    await page.keyboard.press("Escape")
    await _away_and_ended(camera, shop, show_id, page, viewer)


async def _a_viewer(camera: Camera, shop: Shop, show_id: str) -> Player:
    page = await camera.open(f"{shop.server.url}/watch/{show_id}")
    await has_picture(page)
    return Player(page)


async def _away_and_ended(camera: Camera, shop: Shop, show_id: str, studio: Page, viewer: Player) -> None:
    """The host's phone dies; then the show is ended."""
    await viewer.page.get_by_role("button", name="Keep watching").click()
    await studio.close()
    await expect(viewer.page.get_by_text("Back in a moment")).to_be_visible(timeout=30_000)
    await camera.shoot(viewer.page, "player-host-away")
    url = f"{shop.server.url}/studio#token={shop.host_token}&show={show_id}"
    again = Studio(await camera.open(url, permissions=_DEVICES))
    await again.is_on_air()
    await camera.shoot(again.page, "studio-back-on-air")
    await again.page.context.close()
    await shop.server.call("POST", f"/api/shows/{show_id}/end", token=shop.host_token)
    await expect(viewer.page.get_by_text("This show has ended")).to_be_visible(timeout=10_000)
    await camera.shoot(viewer.page, "player-just-ended")
    await viewer.page.context.close()


SCENES = (doors, camera_blocked, a_show)
