"""A brand brings models into the console, reads what was done to them, publishes them, and viewers use them.

What the asset worker makes of one model takes a minute of a core, so the usual run tells what can go wrong and the way
from a finished model to the viewer; the whole way, with three models and a face, is told by ``make e2e-long``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, expect

from ar_assets.node_worker import BUNDLE
from tests.browser import chromium, playwright_running
from tests.e2e.brand_console import BrandConsole, open_console
from tests.e2e.mirror_camera import Step, write_y4m
from tests.e2e.on_the_face import lips_have, sunglasses_are_on_the_nose
from tests.e2e.pages import PHONE
from tests.e2e.shop_3d import SUNGLASSES, WITHOUT_GPU, Shop, live_show
from tests.sample_models import packed, samples
from tests.serving import Server, serving
from tests.unit.ar_assets.box import box

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not BUNDLE.exists(), reason="the asset worker is not built: make test does"),
]
STARTED_MS, ALL_MADE_MS = 90_000, 900_000
"""Jobs run behind the live show: on a small machine they get what it leaves."""
DRAWN_MS = 200_000
"""WebGL in software makes its first picture in eight seconds on two quiet cores, in sixty on busy ones."""


@dataclass(frozen=True)
class Brought:
    """A model that a brand uploads, and the product that it is of."""

    file: Path
    category: str
    slug: str
    looks: Mapping[str, str] = field(default_factory=dict)
    """Look of the model → label of the product's variant."""


def brought(folder: Path) -> list[Brought]:
    """A shoe as a zip, sunglasses and a chair: the sample models where they are, else what we have ourselves."""
    found = samples()
    if {"MaterialsVariantsShoe", "SunglassesKhronos", "SheenChair"} <= set(found):
        shoe = {"beach": "White and green", "midnight": "Navy", "street": "Sand"}
        chair = {"Mango Velvet": "Rust", "Peacock Velvet": "Forest"}
        return [
            Brought(packed(found["MaterialsVariantsShoe"], folder), "shoe", "court-sneaker", shoe),
            Brought(found["SunglassesKhronos"], "glasses", "solano-sunglasses"),
            Brought(found["SheenChair"], "furniture", "harbour-lounge-chair", chair),
        ]
    stool, colours = folder / "stool.glb", {"Rosso Été": "Rust", "青": "Forest"}
    stool.write_bytes(box(0.45, 0.9, 0.5).to_bytes())
    return [
        Brought(SUNGLASSES, "glasses", "solano-sunglasses"),
        Brought(stool, "furniture", "harbour-lounge-chair", colours),
    ]


@pytest.mark.timeout(400)
async def test_brand_learns_what_is_wrong_with_a_file_and_shows_a_finished_model(tmp_path: Path) -> None:
    broken, stool = tmp_path / "broken chair with a long name from the studio.glb", tmp_path / "stool.glb"
    broken.write_bytes(b"glTF" + bytes(200))
    stool.write_bytes(box(0.45, 0.9, 0.5).to_bytes())
    async with (
        serving(tmp_path / "shop", "demo") as server,
        playwright_running() as playwright,
        chromium(playwright, flags=WITHOUT_GPU) as browser,
    ):
        show_id = await live_show(server)
        hat = await product_of(server, "vela-felt-hat")
        title, sneaker = hat["title"]["en"], (await product_of(server, "court-sneaker"))["title"]["en"]
        console = await open_console(browser, server, hat["brand_id"], tmp_path)
        page = console.page

        await console.upload(broken, stool)
        await console.make(broken, "furniture", sneaker)
        refused = console.job(broken)
        await expect(refused).to_contain_text("Cannot be used as it is", timeout=STARTED_MS)
        await console.make(stool, "furniture", sneaker)
        await expect(console.job(stool)).not_to_contain_text("Next in line", timeout=STARTED_MS)
        await console.shoot("jobs")
        assert "Uploaded" in await console.told()
        await page.get_by_role("button", name=f"Cancel {stool.name}").click()
        await expect(console.job(stool)).to_have_count(0)

        await console.open_model("felt_hat.glb")
        await console.shoot("model")
        assert await console.compare() == 3
        await console.shoot("compare")
        await page.get_by_role("button", name="Take it away").click()
        await expect(page.get_by_text(f"{title} is not shown in 3D any more").first).to_be_visible()
        assert (await product_of(server, "vela-felt-hat"))["model"] is None
        await console.publish(title, {})
        await page.context.close()

        shop = await enter(browser, server, show_id)
        await sees_in_3d(shop, hat, {})


@pytest.mark.timeout(1500)
@pytest.mark.skipif(os.environ.get("VITRINE_LONG") != "1", reason="a minute of a core for each model: make e2e-long")
async def test_brands_upload_three_models_and_a_viewer_turns_them_and_tries_the_sunglasses_on(tmp_path: Path) -> None:
    face = write_y4m(tmp_path / "face.y4m", [Step()] * 8)
    models = brought(tmp_path)
    async with (
        serving(tmp_path / "shop", "demo") as server,
        playwright_running() as playwright,
        chromium(playwright, camera=face, flags=WITHOUT_GPU) as browser,
    ):
        show_id = await live_show(server)
        products = {each.slug: await product_of(server, each.slug) for each in models}
        brands = list(dict.fromkeys(product["brand_id"] for product in products.values()))
        consoles = {brand: await open_console(browser, server, brand, tmp_path) for brand in brands}
        for brand, console in consoles.items():
            own = [each for each in models if products[each.slug]["brand_id"] == brand]
            await console.upload(*(each.file for each in own))
            for each in own:
                await expect(console.card(each.file)).to_contain_text("Uploaded", timeout=30_000)
            await console.shoot(f"upload-{own[0].slug}")
            for each in own:
                await console.make(each.file, each.category, products[each.slug]["title"]["en"])

        for each in models:
            product = products[each.slug]
            console = consoles[product["brand_id"]]
            await is_made(console, each.file)
            await console.open_model(each.file.name)
            await console.shoot(f"model-{each.slug}")
            assert await console.compare() == 3
            await console.shoot(f"compare-{each.slug}")
            await console.publish(product["title"]["en"], each.looks)
        for console in consoles.values():
            assert {"Making it small", "Rendering pictures"} <= await console.told()
        lipstick = await product_of(server, "satin-lipstick")
        await publishes_shades(consoles[lipstick["brand_id"]], lipstick)
        for console in consoles.values():
            await console.page.context.close()

        shop = await enter(browser, server, show_id)
        for each in models:
            await sees_in_3d(shop, await product_of(server, each.slug), each.looks)
            await shop.page.screenshot(path=tmp_path / f"viewer-{each.slug}.png")
            await shop.page.keyboard.press("Escape")
        await tries_on(shop, shop.sunglasses, None, tmp_path / "viewer-sunglasses-on.png")
        sunglasses_are_on_the_nose(await shop.frame())
        await shop.page.keyboard.press("Escape")
        await shop.page.keyboard.press("Escape")
        shade = lipstick["variants"][0]
        await tries_on(shop, shop.lipstick, shade["label"]["en"], tmp_path / "viewer-lipstick-on.png")
        lips_have(shade["swatch"], await shop.frame())


async def product_of(server: Server, slug: str) -> dict[str, Any]:
    """A product of the shop as anybody gets it now."""
    products: list[dict[str, Any]] = await server.get("/api/products")
    return next(each for each in products if each["slug"] == slug)


async def is_made(console: BrandConsole, file: Path) -> None:
    """Its job is done, and did not end without a model."""
    if not await console.page.get_by_role("button", name="Choose a file").is_visible():
        await console.page.get_by_role("link", name="3D models").first.click()
    ended = console.page.locator('.job-row:is([data-state="failed"], [data-state="refused"])', has_text=file.name)
    await console.finished(file.name).or_(ended).first.wait_for(timeout=ALL_MADE_MS)
    if await ended.count() > 0:
        pytest.fail(f"{file.name}: {await ended.inner_text()}")


async def publishes_shades(console: BrandConsole, lipstick: dict[str, Any]) -> None:
    """A lipstick needs no model: the brand chooses its finish and shades."""
    page, title = console.page, lipstick["title"]["en"]
    await page.get_by_role("link", name="3D models").first.click()
    await page.get_by_role("link", name="Lipstick shades").click()
    await page.get_by_label("For the product").select_option(label=title)
    await page.get_by_role("radio", name="Satin").check()
    await console.shoot("lipstick")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text(f"{title} can be tried on").first).to_be_visible()


async def enter(browser: Browser, server: Server, show_id: str) -> Shop:
    """A viewer of the live show, with a camera."""
    context = await browser.new_context(viewport=PHONE, locale="en-US", permissions=["camera"])
    page = await context.new_page()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    await page.goto(f"{server.url}/watch/{show_id}")
    await page.locator("vitrine-player .rail").wait_for()
    sunglasses = await product_of(server, "solano-sunglasses")
    lipstick = await product_of(server, "satin-lipstick")
    return Shop(server, show_id, page, sunglasses, lipstick, requests)


async def sees_in_3d(shop: Shop, product: dict[str, Any], looks: Mapping[str, str]) -> None:
    """The viewer opens the product, turns to 3D, and every variant that is bought shows its look."""
    page = shop.page
    await shop.open_product(product)
    await page.get_by_role("button", name="3D", exact=True).click()
    viewer = page.locator(".model[data-loaded] model-viewer")
    await viewer.wait_for(timeout=DRAWN_MS)
    variants = {variant["label"]["en"]: variant["variant_id"] for variant in product["variants"]}
    for look, label in looks.items():
        await page.locator(f'.variant[data-variant="{variants[label]}"]').click()
        await expect(viewer).to_have_js_property("variantName", look)


async def tries_on(shop: Shop, product: dict[str, Any], look: str | None, picture: Path) -> None:
    """The viewer puts a look on in the mirror; without a name the product's only one."""
    page: Page = shop.page
    await shop.open_product(product)
    await page.get_by_role("button", name="Try on", exact=True).last.click()
    if look is not None:
        await page.locator(".mirror__chip", has_text=look).click()
    await shop.mirror_shows(look or product["title"]["en"])
    await shop.frame()
    await page.screenshot(path=picture)
