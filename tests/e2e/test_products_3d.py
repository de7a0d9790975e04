"""A viewer sees a product in 3D, in another look, and on their own face; the pictures tell whether it is true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from stream_server.signaling.messages import InviteToTryOn, Pin
from tests.e2e.mirror_camera import Step, write_y4m
from tests.e2e.on_the_face import hue, lips_have, on_lower_lip, rgb, sunglasses_are_on_the_nose
from tests.e2e.shop_3d import SHADES, SUNGLASSES_SIZE_M, Open, Shop, shop_open, visiting

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
]

HEAVY = ("viewer-", "mirror-", "KTX2Loader-", "face-mesh-", "draco-", "basis-")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Open]:
    """The shop, opened once, and a browser whose camera sees a face that keeps still."""
    folder = tmp_path_factory.mktemp("shop")
    async with shop_open(folder / "data", write_y4m(folder / "face.y4m", [Step()] * 8)) as opened:
        yield opened


def loaded(shop: Shop) -> list[str]:
    """What of 3D and try-on the page has loaded so far."""
    return [url for url in shop.asked if any(part in url for part in HEAVY)]


async def test_viewer_turns_sunglasses_in_3d_and_changes_their_look(tmp_path: Path, shop: Open) -> None:
    async with visiting(shop) as viewer:
        page = viewer.page
        await viewer.open_product(viewer.sunglasses)
        assert loaded(viewer) == []

        await page.get_by_role("button", name="3D", exact=True).click()
        model = page.locator(".model[data-loaded] model-viewer")
        await model.wait_for(timeout=60_000)
        await expect(page.get_by_text("Real size: 15.1 × 5.8 × 16.1 cm")).to_be_visible()
        measured = await model.evaluate("viewer => { const s = viewer.getDimensions(); return [s.x, s.y, s.z]; }")
        assert measured == pytest.approx(SUNGLASSES_SIZE_M, rel=0.02)

        # the viewer's own styles have passed the policy: what it shows only in a room is not seen
        await expect(model.locator("#default-exit-webxr-ar-button")).to_be_hidden()
        before = await model.evaluate("viewer => viewer.variantName")
        other = viewer.sunglasses["variants"][1]
        await page.locator(f'.variant[data-variant="{other["variant_id"]}"]').click()
        await page.wait_for_function(
            "() => document.querySelector('vitrine-player').shadowRoot"
            ".querySelector('model-viewer').variantName === 'Red'"
        )
        assert before == "Silver"

        orbit = "viewer => viewer.getCameraOrbit().theta"
        turned_from = await model.evaluate(orbit)
        await model.locator(".userInput").focus()
        for _ in range(3):
            await page.keyboard.press("ArrowLeft")
        await page.wait_for_function(
            "from => Math.abs(document.querySelector('vitrine-player').shadowRoot"
            ".querySelector('model-viewer').getCameraOrbit().theta - from) > 0.1",
            arg=turned_from,
        )
        await page.screenshot(path=tmp_path / "3d.png")
        hosts = {urlsplit(url).netloc for url in viewer.asked if url.startswith(("http", "ws"))}
        assert hosts == {urlsplit(viewer.server.url).netloc}


async def test_viewer_tries_sunglasses_on_and_they_sit_on_the_nose(tmp_path: Path, shop: Open) -> None:
    async with visiting(shop) as viewer:
        page = viewer.page
        await viewer.open_product(viewer.sunglasses)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        await expect(page.get_by_text("Pictures never leave your device")).to_be_visible()
        asked_before = len(viewer.requests)
        look = viewer.sunglasses["variants"][0]["label"]["en"]
        await viewer.mirror_shows(look)
        seen = await viewer.frame()
        await page.screenshot(path=tmp_path / "sunglasses.png")

        sunglasses_are_on_the_nose(seen)
        # no picture has left: nothing was sent anywhere but for the files that were fetched
        sent = {request.method for request in viewer.requests[asked_before:] if "/whep" not in request.url}
        assert sent == {"GET"}


async def test_viewer_compares_two_shades_of_lipstick_on_their_lips(tmp_path: Path, shop: Open) -> None:
    async with visiting(shop) as viewer:
        page = viewer.page
        await viewer.open_product(viewer.lipstick)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        names = [variant["label"]["en"] for variant in viewer.lipstick["variants"]]
        await page.locator(".mirror__chip", has_text=names[0]).click()
        await viewer.mirror_shows(names[0])
        seen = await viewer.frame()
        await page.screenshot(path=tmp_path / "lipstick.png")
        lips_have(SHADES[0], seen)

        await page.get_by_role("button", name="Compare", exact=True).click()
        await expect(
            page.get_by_role("slider", name=f"{names[0]} on the left, {names[1]} on the right")
        ).to_be_visible()
        await page.wait_for_function("from => window.mirror.frames > from + 2", arg=await _frames(viewer))
        split = await viewer.frame()
        await page.screenshot(path=tmp_path / "compare.png")
        # people see themselves mirrored: what is left on the screen is right in the camera's picture
        x, y = on_lower_lip(split)
        assert hue(split.colour((x + 20, y))) == pytest.approx(hue(rgb(SHADES[0])), abs=0.15)
        assert hue(split.colour((x - 20, y))) == pytest.approx(hue(rgb(SHADES[1])), abs=0.15)


async def test_viewer_without_camera_is_told_what_to_do(tmp_path: Path, shop: Open) -> None:
    async with visiting(shop, permissions=()) as viewer:
        page = viewer.page
        await page.evaluate(
            """() => {
                navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotFoundError"); };
            }"""
        )
        await viewer.open_product(viewer.sunglasses)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        await page.get_by_role("button", name="Turn on the camera").click()
        await expect(page.get_by_role("alert")).to_have_text("No camera was found")
        await page.screenshot(path=tmp_path / "no-camera.png")
        await page.get_by_role("button", name="See it in 3D instead").click()
        await page.locator(".model[data-loaded]").wait_for(timeout=60_000)


async def test_the_ai_host_invites_to_what_it_demonstrates_and_an_invitation_opens_in_3d(
    shop: Open,
) -> None:
    async with visiting(shop) as viewer:
        page = viewer.page
        product_id = viewer.sunglasses["product_id"]
        await page.locator(".player[data-picture]").wait_for(timeout=20_000)
        await viewer.ai_host_demonstrates(product_id)
        invitation = page.locator(".invite")
        await expect(invitation).to_contain_text("Try this on now", timeout=10_000)
        await invitation.get_by_role("button", name="Not now").click()
        await viewer.command(InviteToTryOn(ref="turn-it", product_id=product_id, way="model"))
        await expect(invitation).to_contain_text("Turn it in your hand", timeout=10_000)
        await invitation.get_by_role("button", name="See in 3D").click()
        await page.locator(".model[data-loaded] model-viewer").wait_for(timeout=60_000)


async def test_host_invites_everyone_to_try_and_viewer_picks_the_product_out_of_the_video(
    tmp_path: Path, shop: Open
) -> None:
    async with visiting(shop) as viewer:
        page = viewer.page
        product_id = viewer.sunglasses["product_id"]
        await page.locator(".player[data-picture]").wait_for(timeout=20_000)
        await viewer.command(Pin(ref="pin", product_id=product_id), InviteToTryOn(ref="invite", product_id=product_id))
        invitation = page.locator(".invite")
        await expect(invitation).to_contain_text("Try this on now", timeout=10_000)
        await page.screenshot(path=tmp_path / "invitation.png")
        await invitation.get_by_role("button", name="Not now").click()
        await expect(invitation).to_be_hidden()

        card = page.locator(f'article.pin[data-product="{product_id}"] .pin__open')
        box = await card.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x + 60, y - 120, steps=4)
        await page.mouse.move(195, 380, steps=4)
        await page.mouse.up()
        await page.locator(".held[data-loaded]").wait_for(timeout=60_000)
        await page.screenshot(path=tmp_path / "held.png")
        await expect(page.locator(".v-sheet")).to_be_hidden()
        await page.get_by_role("button", name="Put it back").click()
        await expect(page.locator(".held")).to_have_count(0)


async def _frames(viewer: Shop) -> int:
    return int(await viewer.page.evaluate("() => window.mirror.frames"))
