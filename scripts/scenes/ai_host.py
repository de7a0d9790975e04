"""The AI host on air as its operator directs it: desk, settings that it takes over, an offer that viewers see."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.player import has_picture
from scripts.scenes.shop import Shop

ROOM = (
    "I don't understand, is it one or two?",
    "huh? which size?",
    "confused, what is included",
    "what do you mean?",
    "can you explain again please",
    "??? I am lost",
    "love the colour though",
)


async def directed(camera: Camera, shop: Shop) -> None:
    """The demo's own show, which the AI host presents."""
    show_id = shop.show_id
    # A studio that opens while somebody is on air directs instead of filming.
    watching = await camera.open(f"{shop.server.url}/watch/{show_id}")
    await expect(watching.get_by_text("AI host", exact=True)).to_be_visible(timeout=40_000)
    await has_picture(watching)
    await watching.context.close()
    # One line a name: people have a limit, a room has none.
    for n, text in enumerate(ROOM):
        await shop.say(f"Viewer {n + 1}", text)
    page = await camera.open(f"{shop.server.url}/studio#token={shop.host_token}&show={show_id}")
    strip = page.get_by_test_id("ai-strip")
    await expect(strip).to_be_visible(timeout=40_000)
    await expect(page.get_by_text("The AI host is on air")).to_be_visible(timeout=20_000)
    await camera.shoot(page, "studio-ai-strip")

    record = await shop.server.get(f"/api/shows/{show_id}")
    title = (await shop.server.get(f"/api/products/{record['rundown'][0]}"))["title"]["en"]
    await page.get_by_role("button", name=f"Price and stock of {title}").click()
    await page.get_by_role("button", name="Offer").click()
    await page.get_by_label("What viewers get").fill("A saucer of your choice with every cup")
    await page.get_by_role("radio", name="30 min").check(force=True)
    await camera.shoot(page, "studio-offer")
    viewer = await camera.open(f"{shop.server.url}/watch/{show_id}")
    await has_picture(viewer)
    await page.get_by_role("button", name="Save and show").click()
    await expect(viewer.get_by_text("A saucer of your choice with every cup")).to_be_visible(timeout=15_000)
    await viewer.wait_for_timeout(800)
    await camera.shoot(viewer, "player-offer")
    await page.keyboard.press("Escape")

    await strip.get_by_role("button").first.click()
    settings = page.get_by_test_id("ai-settings-open")
    await expect(page.get_by_role("heading", name="The room")).to_be_visible(timeout=75_000)
    await camera.shoot(page, "studio-ai-desk")
    await page.get_by_role("heading", name="The room").scroll_into_view_if_needed()
    await settings.scroll_into_view_if_needed()
    await camera.shoot(page, "studio-ai-room")
    await settings.click()
    form = page.get_by_test_id("ai-settings")
    await expect(form).to_be_visible()
    await camera.shoot(page, "studio-ai-settings")
    await form.get_by_role("radio", name="Ink").check(force=True)
    save = form.get_by_role("button", name="Save")
    await save.scroll_into_view_if_needed()
    await camera.shoot(page, "studio-ai-settings-more")
    await save.click()
    await asyncio.sleep(12)  # to the end of its line
    await camera.shoot(viewer, "player-ai-outfit")
    await viewer.context.close()
    await page.context.close()
    await shop.server.call(
        "PUT",
        f"/api/shows/{show_id}",
        {
            **{key: record[key] for key in ("title", "starts_at", "rundown", "currency")},
            "ai_host": {**record["ai_host"], "outfit": ""},
            "offers": [],
        },
        token=shop.host_token,
    )


async def as_a_figure(camera: Camera, shop: Shop) -> None:
    """The host drawn on the viewer's device: the choice, she at rest and speaking, and in another outfit."""
    show_id = shop.show_id
    record = await shop.server.get(f"/api/shows/{show_id}")
    page = await camera.open(f"{shop.server.url}/watch/{show_id}")
    await has_picture(page)
    await expect(page.get_by_text("AI host", exact=True)).to_be_visible(timeout=40_000)
    await page.get_by_role("button", name="Language", exact=True).click()
    choice = page.get_by_role("checkbox", name="The host as a 3D figure")
    await choice.check()
    await choice.scroll_into_view_if_needed()
    await camera.shoot(page, "player-figure-choice")
    await _sharp(camera, page, "player-figure")
    settings = {key: record[key] for key in ("title", "starts_at", "rundown", "currency")}

    async def wear(outfit: str) -> None:
        body = {**settings, "ai_host": {**record["ai_host"], "outfit": outfit}}
        await shop.server.call("PUT", f"/api/shows/{show_id}", body, token=shop.host_token)

    await wear("ink")
    await page.wait_for_timeout(12_000)  # to the end of her line
    await _sharp(camera, page, "player-figure-outfit")
    await wear("")
    await page.context.close()


async def _sharp(camera: Camera, page: Page, name: str) -> None:
    """The figure as a device with graphics shows it; in software it would be drawn with fewer pixels."""
    await page.evaluate("() => localStorage.setItem('vitrine:host3d', 'sharp')")
    await page.reload()
    await expect(page.locator(".host3d")).to_have_attribute("data-state", "on", timeout=30_000)
    await page.wait_for_timeout(2500)
    await camera.shoot(page, name)


SCENES = (directed,)
DRAWN_HERE = (as_a_figure,)
"""For a browser with WebGL."""
