"""The player in all its states."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from scripts.scenes.camera import Camera
from scripts.scenes.shop import Shop
from tests.e2e.pages import Player

LONG_TITLE = "Wetterfeste Allzweckjackenträgerhalterung aus rückverfolgbarem Donaueschinger Eichenholz, groß"


async def has_picture(page: Page) -> None:
    """The show's picture is there in a good size."""
    await page.wait_for_function("() => (videoOf(document)?.videoWidth ?? 0) > 300", timeout=20_000)
    await page.wait_for_timeout(700)


async def watching(camera: Camera, shop: Shop, language: str = "en-US") -> Player:
    """A new viewer who sees the picture."""
    page = await camera.open(shop.watch_url, language)
    await has_picture(page)
    return Player(page)


async def show_cards(viewer: Player, shop: Shop, *product_ids: str) -> None:
    """Pin exactly these, the last one open. The demo's host pins as the film goes on: then once more."""
    for _ in range(4):
        await shop.unpin_all()
        await shop.pin(*product_ids)
        try:
            await expect(viewer.card(product_ids[-1])).to_be_visible(timeout=3000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{product_ids[-1]} is not the open card")


async def live_and_pins(camera: Camera, shop: Shop) -> None:
    """Nothing pinned, one card, three cards, sold out, an announcement, chat."""
    await shop.unpin_all()
    viewer = await watching(camera, shop)
    await camera.shoot(viewer.page, "player-live")
    ids = [product["product_id"] for product in shop.products]
    await show_cards(viewer, shop, ids[0])
    await camera.shoot(viewer.page, "player-pinned")
    for name, text in (
        ("Ana", "Does the lamp come with a bulb?"),
        ("Jun", "The colour looks great on camera"),
        ("Sofía Hernández", "¿Enviáis a Canarias?"),
        ("小林", "这个杯子可以进洗碗机吗？"),
    ):
        await shop.say(name, text)
    await shop.command(shop.host_token, {"type": "announce", "text": "Free delivery until the end of the show"})
    await show_cards(viewer, shop, ids[0], ids[1], ids[2])
    await camera.shoot(viewer.page, "player-three-pins-chat")
    await shop.command(shop.host_token, {"type": "sold_out", "product_id": ids[2], "sold_out": True})
    await expect(viewer.page.get_by_text("Sold out").first).to_be_visible()
    await camera.shoot(viewer.page, "player-sold-out")
    await shop.command(
        shop.host_token,
        {"type": "sold_out", "product_id": ids[2], "sold_out": False},
        {"type": "announce", "text": ""},
    )
    await viewer.page.context.close()


async def buying(camera: Camera, shop: Shop) -> None:
    """From the card to the order."""
    product = shop.brand_product  # its order is seen in the console later
    viewer = await watching(camera, shop)
    page = viewer.page
    await show_cards(viewer, shop, product["product_id"])
    await page.get_by_role("button", name=f"Buy: {product['title']['en']}").click()
    await camera.shoot(page, "product-sheet")
    await page.get_by_text("Where it comes from").scroll_into_view_if_needed()
    await camera.shoot(page, "product-sheet-facts")
    await page.get_by_role("button", name="Add to cart").click()
    await page.get_by_role("button", name="Cart", exact=True).last.click()
    await camera.shoot(page, "cart")
    await page.get_by_role("button", name="Check out").click()
    await expect(page.get_by_label("Email")).to_be_visible()
    await camera.shoot(page, "checkout")
    pay = page.get_by_role("button", name=re.compile(r"^Pay "))
    await pay.click()
    await camera.shoot(page, "checkout-missing-fields")
    await viewer.fill_address("Kim Example")
    await page.get_by_text("Test card that is declined").click()
    await camera.shoot(page, "checkout-payment")
    await pay.click()
    await expect(page.get_by_text("was declined")).to_be_visible()
    await camera.shoot(page, "checkout-declined")
    await page.get_by_text("Test card that asks its bank").click()
    await pay.click()
    bank = page.frame_locator("iframe.bank__frame")
    await expect(bank.get_by_role("button", name="Complete")).to_be_visible()
    await camera.shoot(page, "authentication")
    await bank.get_by_role("button", name="Complete").click()
    await viewer.order_is_placed()
    await camera.shoot(page, "order")
    await page.context.close()


async def languages(camera: Camera, shop: Shop) -> None:
    """The same moment in Chinese and Spanish, and the choice of language."""
    for language in ("zh-CN", "es-ES"):
        viewer = await watching(camera, shop, language)
        await show_cards(viewer, shop, shop.products[0]["product_id"])
        await camera.shoot(viewer.page, f"player-{language[:2]}")
        await viewer.page.locator("article.pin .pin__open").first.click()
        await camera.shoot(viewer.page, f"product-sheet-{language[:2]}")
        await viewer.page.context.close()
    viewer = await watching(camera, shop)
    await viewer.page.get_by_role("button", name="Language").click()
    await camera.shoot(viewer.page, "languages")
    await viewer.page.context.close()


async def states(camera: Camera, shop: Shop) -> None:
    """Scheduled, connecting, ended, unknown; an empty cart and the products."""
    server = shop.server
    for name, url in (
        ("player-scheduled", f"{server.url}/watch/{shop.show('scheduled')['show_id']}"),
        ("player-ended", f"{server.url}/watch/{shop.show('ended')['show_id']}"),
        ("player-unknown", f"{server.url}/watch/show_unknown"),
    ):
        page = await camera.open(url)
        await page.wait_for_timeout(1500)
        await camera.shoot(page, name)
        await page.context.close()
    await connecting(camera, shop)
    viewer = await watching(camera, shop)
    await viewer.page.get_by_role("button", name=re.compile("^Cart")).first.click()
    await camera.shoot(viewer.page, "cart-empty")
    await viewer.page.context.close()
    if camera.size == "phone":
        viewer = await watching(camera, shop)
        await viewer.page.get_by_role("button", name="Products", exact=True).click()
        await camera.shoot(viewer.page, "products")
        await viewer.page.context.close()


async def connecting(camera: Camera, shop: Shop) -> None:
    """The picture is on its way, and stays there: the server's answer never comes."""
    context = await camera.context()
    await context.add_init_script(
        """const real = window.fetch;
        const never = new Promise(() => {});
        window.fetch = (to, ...more) => (String(to.url ?? to).includes("/whep/") ? never : real(to, ...more));"""
    )
    page = await context.new_page()
    await page.goto(shop.watch_url)
    await page.wait_for_timeout(1200)
    await camera.shoot(page, "player-connecting")
    await context.close()


_LOSING = """{
    const real = RTCPeerConnection.prototype.getStats;
    let lost = 0;
    RTCPeerConnection.prototype.getStats = async function (...given) {
        const report = await real.apply(this, given);
        const worse = new Map();
        lost += 60;
        for (const [id, stats] of report) {
            const isPicture = stats.type === "inbound-rtp" && stats.kind === "video";
            worse.set(id, isPicture ? { ...stats, packetsLost: lost } : stats);
        }
        return worse;
    };
}"""


async def weak_network(camera: Camera, shop: Shop) -> None:
    """Packets are lost: the loopback loses none, so the browser's statistics are made to say so."""
    context = await camera.context()
    await context.add_init_script(_LOSING)
    page = await context.new_page()
    await page.goto(shop.watch_url)
    await has_picture(page)
    weak = page.get_by_text(re.compile("Picture reduced|connection is weak"))
    await expect(weak).to_be_visible(timeout=30_000)
    await camera.shoot(page, "player-weak-network")
    await context.close()


async def overfull(camera: Camera, shop: Shop) -> None:
    """A long title, a price of seven digits, hardly any stock."""
    product = {
        "slug": f"long-{camera.size}",
        "category": "home",
        "title": {"en": LONG_TITLE},
        "summary": {"en": "A product whose words take more room than anybody planned for."},
        "pictures": shop.products[0]["pictures"][:1],
        "variants": [
            {
                "sku": "LONG-1",
                "label": {"en": "Eiche, dunkel geräuchert, extralang"},
                "prices": [{"currency": "USD", "amount_minor": 123_456_789}],
                "stock": 2,
            }
        ],
    }
    made = await shop.server.call("POST", "/api/products", product, token=shop.brand_token)
    await shop.plan_too(made["product_id"])
    await shop.say(
        "Maximiliane von Hohenstein-Waldeck", "Könnten Sie bitte die Rückseite noch einmal ganz langsam " * 2
    )
    viewer = await watching(camera, shop)
    await show_cards(viewer, shop, made["product_id"])
    await camera.shoot(viewer.page, "player-overfull")
    await viewer.page.get_by_role("button", name=f"Buy: {LONG_TITLE}").click()
    await camera.shoot(viewer.page, "product-sheet-overfull")
    await viewer.page.context.close()
    await shop.command(shop.host_token, {"type": "unpin", "product_id": made["product_id"]})


SCENES = (live_and_pins, buying, languages, states, weak_network, overfull)
