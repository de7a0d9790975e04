"""Interpreters: the host's sheet of links, and the page that a link opens, in each of its states."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.shop import Shop

_READY_MS = 20_000


async def interpreters(camera: Camera, shop: Shop) -> None:
    """From the sheet in the studio to a link that was taken back."""
    link = await _invited(shop, shop.show_id, "fr")
    page = await camera.open(f"{shop.server.url}/interpret#token={link['token']}", permissions=["microphone"])
    await page.locator(".booth-stage[data-picture]").wait_for(timeout=_READY_MS)
    await camera.shoot(page, "interpreter-setup")
    await page.get_by_role("button", name="Turn on microphone").click()
    await expect(page.get_by_role("button", name="Go on air")).to_be_enabled(timeout=_READY_MS)
    await page.wait_for_timeout(1000)
    await camera.shoot(page, "interpreter-ready")
    await page.get_by_role("button", name="Go on air").click()
    await _told(page, "On air")
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "interpreter-on-air")
    await _studio(camera, shop)
    second = await _invited(shop, shop.show_id, "fr")
    other = await camera.open(f"{shop.server.url}/interpret#token={second['token']}", "de", permissions=["microphone"])
    await _told(other, "Besetzt")
    await camera.shoot(other, "interpreter-taken-de")
    await other.context.close()
    await page.get_by_role("button", name="Mute", exact=True).click()
    await camera.shoot(page, "interpreter-muted")
    url = f"/api/shows/{shop.show_id}/interpreters/{link['interpreter_id']}"
    await shop.server.call("DELETE", url, token=shop.host_token)
    await _told(page, "Link taken back")
    await camera.shoot(page, "interpreter-taken-back")
    await page.context.close()
    planned = await _invited(shop, shop.show("scheduled")["show_id"], "ar")
    page = await camera.open(f"{shop.server.url}/interpret#token={planned['token']}", "ar", permissions=["microphone"])
    await page.locator(".booth-large[data-act=microphone]").click(timeout=_READY_MS)
    await page.locator(".booth-large[data-act=on_air]").click(timeout=_READY_MS)
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "interpreter-waiting-ar")
    await page.context.close()


async def _invited(shop: Shop, show_id: str, language: str) -> dict[str, Any]:
    url = f"/api/shows/{show_id}/interpreters"
    link: dict[str, Any] = await shop.server.call("POST", url, {"language": language}, token=shop.host_token)
    return link


async def _told(page: Page, state: str) -> None:
    await expect(page.locator(".booth-state")).to_have_text(state, timeout=_READY_MS)


async def _studio(camera: Camera, shop: Shop) -> None:
    url = f"{shop.server.url}/studio#token={shop.host_token}&show={shop.show_id}"
    page = await camera.open(url, permissions=["camera", "microphone"])
    await page.get_by_role("button", name="Interpreters").click(timeout=_READY_MS)
    await expect(page.get_by_test_id("interpreters").get_by_text("On air ·")).to_be_visible(timeout=_READY_MS)
    await camera.shoot(page, "studio-interpreters")
    await page.context.close()


SCENES = (interpreters,)
