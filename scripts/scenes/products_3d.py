"""3D products: the console's pages about models, and what viewers do with them. Needs a camera with a face in it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.player import has_picture, show_cards
from scripts.scenes.shop import Shop
from stream_server.app.tokens import issue_token
from stream_server.config import Config
from tests.e2e.pages import Player
from tests.serving import ROOT

SAMPLE = ROOT / "stream_server" / "demo" / "models" / "SunglassesKhronos.glb"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Mobile Safari/537.36"
)
LOADED_MS = 200_000


def _product(shop: Shop, slug: str) -> dict[str, Any]:
    return next(product for product in shop.products if product["slug"] == slug)


async def _models_page(camera: Camera, shop: Shop, **more: Any) -> Page:
    """The console of the brand whose products the demo shows in 3D."""
    brand_id = _product(shop, "solano-sunglasses")["brand_id"]
    token = issue_token(Config(data_dir=shop.server.data_dir), role="brand", name="Maren Ost", brand_id=brand_id)
    page = await camera.open(f"{shop.server.url}/console#token={token}", **more)
    await page.get_by_role("link", name="3D models").first.click()
    await expect(page.locator(".model-card").first).to_be_visible()
    return page


async def models(camera: Camera, shop: Shop) -> None:
    """A brand's models: the list by day and night, a file on its way, one that is refused."""
    for colours in ("dark", "light"):
        page = await _models_page(camera, shop, color_scheme=colours)
        await camera.shoot(page, f"console-models-{colours}")
        if colours == "dark":
            await page.context.close()
    await page.locator('input[type="file"]').set_input_files(
        [
            {"name": "harbour lounge chair final version 3.glb", "mimeType": "", "buffer": b"glTF" + bytes(200)},
            {"name": SAMPLE.name, "mimeType": "", "buffer": SAMPLE.read_bytes()},
        ]
    )
    sunglasses = page.locator(".upload-card", has_text=SAMPLE.name)
    await sunglasses.get_by_label("For the product").select_option(label="Solano sunglasses")
    await expect(sunglasses).to_contain_text("Uploaded")
    await camera.shoot(page, "console-model-upload")
    await sunglasses.locator("summary").click()
    await sunglasses.locator(".measures").scroll_into_view_if_needed()
    await camera.shoot(page, "console-model-upload-size")
    for card in (page.locator(".upload-card", has_text="harbour"), sunglasses):
        await card.get_by_role("button", name="Make the 3D model").click()
    await expect(page.locator('.job-row[data-state="refused"]')).to_be_visible(timeout=60_000)
    await expect(page.locator('.job-row[data-state="running"]')).to_be_visible(timeout=60_000)
    await page.locator(".job-list").scroll_into_view_if_needed()
    await camera.shoot(page, "console-model-jobs")
    await page.get_by_role("button", name=f"Cancel {SAMPLE.name}").click()
    await page.context.close()


async def one_model(camera: Camera, shop: Shop) -> None:
    """One model: turned, compared, its points set, published; and shades of lipstick."""
    page = await _models_page(camera, shop)
    await page.locator(".model-link", has_text=SAMPLE.name).click()
    viewer = page.locator("model-viewer.stage-viewer")
    await expect(viewer).to_have_js_property("loaded", True, timeout=LOADED_MS)
    await camera.shoot(page, "console-model")
    await page.locator(".publish-card").scroll_into_view_if_needed()
    await camera.shoot(page, "console-model-publish")
    await page.get_by_role("radio", name="Before and after").check()
    for picture in await page.locator(".compared img").all():
        await picture.scroll_into_view_if_needed()
        await picture.evaluate("img => img.decode()")
    await page.evaluate("() => scrollTo(0, 0)")
    await camera.shoot(page, "console-model-compare")
    await page.get_by_role("radio", name="Where it is worn").check()
    await expect(page.locator(".anchor-row.chosen")).to_be_visible(timeout=LOADED_MS)
    await camera.shoot(page, "console-model-anchors")
    await page.locator(".anchor-foot").scroll_into_view_if_needed()
    await camera.shoot(page, "console-model-anchors-numbers")
    await page.get_by_role("link", name="3D models").first.click()
    await page.get_by_role("link", name="Lipstick shades").click()
    await expect(page.locator(".shades li").first).to_be_visible()
    await camera.shoot(page, "console-lipstick")
    await page.context.close()


async def _viewer(camera: Camera, shop: Shop) -> Page:
    """A viewer with a camera; on a phone that can show things in its room."""
    more = {"user_agent": ANDROID} if camera.size == "phone" else {}
    page = await camera.open(shop.watch_url, permissions=["camera"], **more)
    await has_picture(page)
    return page


async def _open(camera: Camera, page: Page, product: dict[str, Any]) -> None:
    title = product["title"]["en"]
    if camera.size == "phone":
        await page.get_by_role("button", name="Products", exact=True).click()
    await page.locator(".product-row", has_text=title).click()
    await page.locator(".product__title", has_text=title).wait_for()


async def in_3d(camera: Camera, shop: Shop) -> None:
    """The sheet's 3D tab, with the way into a room where the device has one."""
    for slug, name in (("vela-felt-hat", "product-3d-hat"), ("solano-sunglasses", "product-3d")):
        page = await _viewer(camera, shop)
        await _open(camera, page, _product(shop, slug))
        await page.get_by_role("button", name="3D", exact=True).click()
        await page.locator(".model[data-loaded] model-viewer").wait_for(timeout=LOADED_MS)
        await page.wait_for_timeout(1500)  # its light comes in
        await camera.shoot(page, name)
        await page.context.close()


async def mirror(camera: Camera, shop: Shop) -> None:
    """Sunglasses and lipstick on a face, two shades compared, a picture taken."""
    page = await _viewer(camera, shop)
    await _open(camera, page, _product(shop, "solano-sunglasses"))
    await page.get_by_role("button", name="Try on", exact=True).last.click()
    await _worn(page)
    await camera.shoot(page, "mirror-sunglasses")
    await page.get_by_role("button", name="Take a picture").click()
    await expect(page.locator(".snapshot__picture")).to_be_visible()
    await camera.shoot(page, "mirror-snapshot")
    await page.context.close()

    page = await _viewer(camera, shop)
    await _open(camera, page, _product(shop, "satin-lipstick"))
    await page.get_by_role("button", name="Try on", exact=True).last.click()
    await page.locator(".mirror__chip").nth(2).click()
    await _worn(page)
    await camera.shoot(page, "mirror-lipstick")
    await page.get_by_role("button", name="Compare", exact=True).click()
    await page.wait_for_timeout(2500)
    await camera.shoot(page, "mirror-compare")
    await page.context.close()


async def _worn(page: Page) -> None:
    await page.locator('.mirror[data-state="showing"]').wait_for(timeout=LOADED_MS)
    await page.wait_for_timeout(3000)  # some frames, so that the light is measured


async def picked_up(camera: Camera, shop: Shop) -> None:
    """The host's invitation, and a pinned product taken out of the video."""
    product_id = _product(shop, "solano-sunglasses")["product_id"]
    page = await _viewer(camera, shop)
    viewer = Player(page)
    await show_cards(viewer, shop, product_id)
    await shop.command(shop.host_token, {"type": "try_on.invite", "product_id": product_id})
    invitation = page.locator(".invite")
    await expect(invitation).to_be_visible()
    await camera.shoot(page, "invitation")
    await invitation.get_by_role("button", name="Not now").click()
    await expect(invitation).to_be_hidden()
    await show_cards(viewer, shop, product_id)
    box = await viewer.card(product_id).locator(".pin__open").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    width = (page.viewport_size or {"width": 390})["width"]
    await page.mouse.move(box["x"] + 60, box["y"] - 120, steps=4)
    await page.mouse.move(width / 2, 380, steps=4)
    await page.mouse.up()
    await page.locator(".held[data-loaded]").wait_for(timeout=LOADED_MS)
    await page.wait_for_timeout(1500)
    await camera.shoot(page, "picked-up")
    await page.context.close()


SCENES = (models, one_model, in_3d, mirror, picked_up)
