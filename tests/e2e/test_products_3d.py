"""A viewer sees a product in 3D, in another look, and on their own face; the pictures tell whether it is true."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.async_api import expect

from stream_server.signaling.messages import InviteToTryOn, Pin
from tests.e2e.mirror_camera import Step, write_y4m
from tests.e2e.shop_3d import SHADES, SUNGLASSES_SIZE_M, Seen, Shop, shop_open

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

HEAVY = ("viewer-", "mirror-", "KTX2Loader-", "face-mesh-", "draco-", "basis-")
LEFT_EYE, RIGHT_EYE = 386, 159
MOUTH_CORNERS = (291, 61)
CHIN, LEFT_CHEEK, RIGHT_CHEEK = 152, 425, 205
LEFT_EAR, RIGHT_EAR = 454, 234
LOWER_LIP, UPPER_LIP = 17, 0
NOSE_BRIDGE = 168


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera with a face that keeps still."""
    return write_y4m(tmp_path_factory.mktemp("face") / "face.y4m", [Step()] * 8)


def loaded(shop: Shop) -> list[str]:
    """What of 3D and try-on the page has loaded so far."""
    return [url for url in shop.asked if any(part in url for part in HEAVY)]


def eye_px(seen: Seen) -> int:
    """A third of the distance between the eyes: about an eye's size."""
    (left, _), (right, _) = seen.at(LEFT_EYE), seen.at(RIGHT_EYE)
    return abs(left - right) // 3


async def test_viewer_turns_sunglasses_in_3d_and_changes_their_look(tmp_path: Path, face: Path) -> None:
    async with shop_open(tmp_path / "shop", face) as shop:
        page = shop.page
        await shop.open_product(shop.sunglasses)
        assert loaded(shop) == []

        await page.get_by_role("button", name="3D", exact=True).click()
        viewer = page.locator(".model[data-loaded] model-viewer")
        await viewer.wait_for(timeout=60_000)
        await expect(page.get_by_text("Real size: 15.1 × 5.8 × 16.1 cm")).to_be_visible()
        measured = await viewer.evaluate("viewer => { const s = viewer.getDimensions(); return [s.x, s.y, s.z]; }")
        assert measured == pytest.approx(SUNGLASSES_SIZE_M, rel=0.02)

        # the viewer's own styles have passed the policy: what it shows only in a room is not seen
        await expect(viewer.locator("#default-exit-webxr-ar-button")).to_be_hidden()
        before = await viewer.evaluate("viewer => viewer.variantName")
        other = shop.sunglasses["variants"][1]
        await page.locator(f'.variant[data-variant="{other["variant_id"]}"]').click()
        await page.wait_for_function(
            "() => document.querySelector('vitrine-player').shadowRoot"
            ".querySelector('model-viewer').variantName === 'Red'"
        )
        assert before == "Silver"

        orbit = "viewer => viewer.getCameraOrbit().theta"
        turned_from = await viewer.evaluate(orbit)
        await viewer.locator(".userInput").focus()
        for _ in range(3):
            await page.keyboard.press("ArrowLeft")
        await page.wait_for_function(
            "from => Math.abs(document.querySelector('vitrine-player').shadowRoot"
            ".querySelector('model-viewer').getCameraOrbit().theta - from) > 0.1",
            arg=turned_from,
        )
        await page.screenshot(path=tmp_path / "3d.png")
        hosts = {urlsplit(url).netloc for url in shop.asked if url.startswith(("http", "ws"))}
        assert hosts == {urlsplit(shop.server.url).netloc}


async def test_viewer_tries_sunglasses_on_and_they_sit_on_the_nose(tmp_path: Path, face: Path) -> None:
    async with shop_open(tmp_path / "shop", face) as shop:
        page = shop.page
        await shop.open_product(shop.sunglasses)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        await expect(page.get_by_text("Pictures never leave your device")).to_be_visible()
        asked_before = len(shop.requests)
        look = shop.sunglasses["variants"][0]["label"]["en"]
        await shop.mirror_shows(look)
        seen = await shop.frame()
        await page.screenshot(path=tmp_path / "sunglasses.png")

        eye = eye_px(seen)
        for place in (LEFT_EYE, RIGHT_EYE):
            assert seen.change(seen.at(place), eye // 2) > 35, "dark glass in front of the eye"
        for place in (CHIN, *MOUTH_CORNERS):
            assert seen.change(seen.at(place), 5) < 4, "nothing hangs below the glasses"
        # hair covers the ears: the arms end at the temples, beside the head there is nothing
        for place, side in ((LEFT_EAR, 1), (RIGHT_EAR, -1)):
            x, y = seen.at(place)
            assert seen.change((x + side * 2 * eye, y), eye // 2) < 4
        # level with the eyes and as wide as the real thing on a face of this size
        changed = np.abs(seen.shown - seen.camera).mean(axis=2) > 25
        rows, columns = np.nonzero(changed)
        wide_px = np.percentile(columns, 99.5) - np.percentile(columns, 0.5)
        span_px = float(np.hypot(*(seen.points[263] - seen.points[33])[:2]))
        assert 0.1505 / 0.099 < wide_px / span_px < 0.1505 / 0.078
        middle_y = (seen.at(LEFT_EYE)[1] + seen.at(RIGHT_EYE)[1]) / 2
        assert np.percentile(rows, 1) < middle_y < np.percentile(rows, 99)
        assert np.percentile(rows, 99) < seen.at(UPPER_LIP)[1]

        # no picture has left: nothing was sent anywhere but for the files that were fetched
        sent = {request.method for request in shop.requests[asked_before:] if "/whep" not in request.url}
        assert sent == {"GET"}


async def test_viewer_compares_two_shades_of_lipstick_on_their_lips(tmp_path: Path, face: Path) -> None:
    async with shop_open(tmp_path / "shop", face) as shop:
        page = shop.page
        await shop.open_product(shop.lipstick)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        names = [variant["label"]["en"] for variant in shop.lipstick["variants"]]
        await page.locator(".mirror__chip", has_text=names[0]).click()
        await shop.mirror_shows(names[0])
        seen = await shop.frame()
        await page.screenshot(path=tmp_path / "lipstick.png")
        lip = _on_lower_lip(seen)
        assert seen.change(lip, 2) > 20
        assert _hue(seen.colour(lip)) == pytest.approx(_hue(_shade(SHADES[0])), abs=0.12)
        # the lips' own light and shadow are still there
        assert _contrast(seen.shown, lip) > 0.3 * _contrast(seen.camera, lip)
        for place in (LEFT_EYE, RIGHT_EYE, CHIN, LEFT_CHEEK, RIGHT_CHEEK, NOSE_BRIDGE):
            assert seen.change(seen.at(place), 4) < 3, "skin and eyes are left alone"

        await page.get_by_role("button", name="Compare", exact=True).click()
        await expect(
            page.get_by_role("slider", name=f"{names[0]} on the left, {names[1]} on the right")
        ).to_be_visible()
        await page.wait_for_function("from => window.mirror.frames > from + 2", arg=await _frames(shop))
        split = await shop.frame()
        await page.screenshot(path=tmp_path / "compare.png")
        # people see themselves mirrored: what is left on the screen is right in the camera's picture
        x, y = _on_lower_lip(split)
        assert _hue(split.colour((x + 20, y))) == pytest.approx(_hue(_shade(SHADES[0])), abs=0.15)
        assert _hue(split.colour((x - 20, y))) == pytest.approx(_hue(_shade(SHADES[1])), abs=0.15)


async def test_viewer_without_camera_is_told_what_to_do(tmp_path: Path, face: Path) -> None:
    async with shop_open(tmp_path / "shop", face, permissions=()) as shop:
        page = shop.page
        await page.evaluate(
            """() => {
                navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotFoundError"); };
            }"""
        )
        await shop.open_product(shop.sunglasses)
        await page.get_by_role("button", name="Try on", exact=True).last.click()
        await page.get_by_role("button", name="Turn on the camera").click()
        await expect(page.get_by_role("alert")).to_have_text("No camera was found")
        await page.screenshot(path=tmp_path / "no-camera.png")
        await page.get_by_role("button", name="See it in 3D instead").click()
        await page.locator(".model[data-loaded]").wait_for(timeout=60_000)


async def test_host_invites_everyone_to_try_and_viewer_picks_the_product_out_of_the_video(
    tmp_path: Path, face: Path
) -> None:
    async with shop_open(tmp_path / "shop", face) as shop:
        page = shop.page
        product_id = shop.sunglasses["product_id"]
        await page.locator(".player[data-picture]").wait_for(timeout=20_000)
        await shop.command(Pin(ref="pin", product_id=product_id), InviteToTryOn(ref="invite", product_id=product_id))
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


async def _frames(shop: Shop) -> int:
    return int(await shop.page.evaluate("() => window.mirror.frames"))


def _on_lower_lip(seen: Seen) -> tuple[int, int]:
    """The middle of the lower lip, between its outer edge and its inner one."""
    (x, outer), (_, inner) = seen.at(LOWER_LIP), seen.at(14)
    return x, (outer + inner) // 2


def _shade(code: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def _hue(colour: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    """A colour without its brightness: the shares of green and blue in it."""
    total = float(colour.sum()) or 1.0
    return float(colour[1]) / total, float(colour[2]) / total


def _contrast(picture: np.ndarray[tuple[int, ...], np.dtype[np.int16]], centre: tuple[int, int]) -> float:
    x, y = centre
    return float(picture[y - 4 : y + 5, x - 16 : x + 17].mean(axis=2).std())
