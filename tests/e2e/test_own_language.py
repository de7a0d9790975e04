"""One show, two phones, two languages: pages, products, chat and captions are read, and the host is heard, in each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import chromium_alone
from tests.e2e.host_figure import (
    Told,
    choose_figure,
    figure_is_drawn,
    film_is_shown,
    graphics_are_lost,
    mark_is_in_front,
    mouth_follows,
)
from tests.e2e.interpreting import interpreting
from tests.e2e.pages import PHONE, open_recorded
from tests.e2e.shop_3d import WITHOUT_GPU
from tests.e2e.test_ai_host import ai_is_on_air, demo_show
from tests.e2e.watching import keep_an_eye, longest_stop_s
from tests.serving import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

READY_MS = 20_000
LONGEST_STOP_S = 3.0
PICTURES = os.environ.get("VITRINE_STORY_PICTURES")
"""A folder in which to leave what was seen on the way."""

_SOUND = """async () => {
    const report = [...(await recorder.opened.at(-1).getStats()).values()]
        .find((each) => each.type === "inbound-rtp" && each.kind === "audio");
    return { connections: recorder.opened.length, ssrc: report?.ssrc ?? null, energy: report?.totalAudioEnergy ?? 0 };
}"""
# "Buy" stays free while something is told (player.css, --cards-top).
_TOLD_ABOVE_CARDS = """() => {
    const player = document.querySelector("vitrine-player").shadowRoot;
    const [toast, card] = [".v-toast", ".pin"].map((name) => player.querySelector(name)?.getBoundingClientRect());
    return toast && card && toast.bottom <= card.top;
}"""


@dataclass(frozen=True)
class Viewer:
    """Somebody with a phone, and what they write."""

    page: Page
    language: str
    told: Told

    async def say(self, text: str, name: str) -> None:
        """Write a first line into the chat, which asks for a name."""
        words = self.page.locator(".composer input")
        await words.fill(text)
        await words.press("Enter")
        await self.page.locator("#v-name input").fill(name)
        await self.page.locator("#v-name input").press("Enter")

    def line_of(self, name: str) -> Locator:
        """What somebody has said in the chat."""
        return self.page.locator(".chat__line", has=self.page.locator(".chat__name", has_text=name))

    async def sound(self) -> dict[str, Any]:
        """Connections opened so far, the sound's SSRC, and how much was heard."""
        found: dict[str, Any] = await self.page.evaluate(_SOUND)
        return found

    async def is_dubbed(self) -> None:
        """The mark on the picture says that another voice is heard."""
        await expect(self.page.locator(".top__voice[data-state=dubbed]")).to_be_attached(timeout=READY_MS)

    async def seen(self, name: str) -> None:
        """Leave a picture where somebody wants to look at one."""
        if PICTURES:
            await self.page.screenshot(path=Path(PICTURES) / f"{name}-{self.language}.png")


@asynccontextmanager
async def watching(browser: Browser, server: Server, show_id: str, language: str) -> AsyncIterator[Viewer]:
    """A phone set to ``language`` that shows the picture and has its sound."""
    context = await browser.new_context(viewport=PHONE, locale=language, device_scale_factor=2)
    told = Told()
    told.listen(context)
    page = await open_recorded(context, f"{server.url}/watch/{show_id}")
    await page.locator(".player[data-picture]").wait_for(timeout=READY_MS)
    await page.wait_for_function(f"async () => (await ({_SOUND})()).ssrc !== null", polling=200, timeout=READY_MS)
    try:
        yield Viewer(page, language, told)
    finally:
        await context.close()


async def test_two_viewers_read_and_hear_one_show_each_in_their_own_language(tmp_path: Path) -> None:
    async with serving(tmp_path, "demo") as server, chromium_alone(flags=WITHOUT_GPU) as browser:
        show_id, host_token = demo_show(server)
        await ai_is_on_air(server, host_token, show_id)
        titles = {product["title"]["en"]: product["title"] for product in await server.get("/api/products")}
        async with (
            watching(browser, server, show_id, "es") as ana,
            watching(browser, server, show_id, "zh-CN") as lin,
        ):
            # Another voice on the same connection: offered by one tap, or chosen beside the page's language.
            first = [await ana.sound(), await lin.sound()]
            for viewer in (ana, lin):
                await keep_an_eye(viewer.page)
            await ana.page.wait_for_function(_TOLD_ABOVE_CARDS, timeout=READY_MS)
            await ana.page.get_by_role("button", name="Escuchar").click()
            await lin.page.get_by_role("button", name="语言").click()
            await lin.page.get_by_role("radio", name="中文").check()
            await lin.page.get_by_role("checkbox", name="保留较轻的原声").check()
            for viewer in (ana, lin):
                await viewer.is_dubbed()
                await viewer.seen("heard")
            listeners = {dub["name"] for dub in (await server.get(f"/whep/{show_id}/dubs"))["dubs"] if dub["listeners"]}
            assert listeners == {"es", "zh+original"}
            for viewer, before in zip((ana, lin), first, strict=True):
                now = await viewer.sound()
                await viewer.page.wait_for_function(
                    f"async (energy) => (await ({_SOUND})()).energy > energy + 0.001", arg=now["energy"], polling=200
                )
                assert (now["connections"], now["ssrc"]) == (before["connections"], before["ssrc"])
                # Nothing was connected again; shorter stops are two phones drawing without graphics on two cores.
                assert await longest_stop_s(viewer.page) < LONGEST_STOP_S

            await lin.page.keyboard.press("Escape")
            # A language that no machine speaks here: a person does, with a link of the host's.
            async with interpreting(browser, server, host_token, show_id, "it") as person:
                await person.speaks()
                await lin.page.get_by_role("button", name="语言").click()
                await lin.page.get_by_role("radio", name="Italiano").check()
                await person.has_listeners(1)
                await lin.is_dubbed()
                now = await lin.sound()
                await lin.page.wait_for_function(
                    f"async (energy) => (await ({_SOUND})()).energy > energy + 0.001", arg=now["energy"], polling=200
                )
                assert now["connections"] == first[1]["connections"]
                place = f"/api/shows/{show_id}/interpreters/{person.link['interpreter_id']}"
                await server.call("DELETE", place, token=host_token)
                await person.is_told("Link taken back")
                await lin.page.get_by_role("radio", name="中文").check()
                await lin.is_dubbed()
                await lin.page.keyboard.press("Escape")

            for viewer, products, typed in ((ana, "Productos", "lampara"), (lin, "商品", "台灯")):
                await expect(viewer.page.locator("html")).to_have_attribute("lang", viewer.language)
                await viewer.page.get_by_role("button", name=products, exact=True).click()
                rows = await viewer.page.locator(".product-row .v-strong").all_text_contents()
                assert set(rows) <= {title[viewer.language] for title in titles.values()}
                assert rows
                # In the reader's words; accents are for who has the keys.
                await viewer.page.get_by_role("searchbox").fill(typed)
                await expect(viewer.page.locator(".product-row .v-strong")).to_have_text(
                    [titles["Orb table lamp"][viewer.language]]
                )
                await viewer.page.keyboard.press("Escape")

            # What one writes the other reads, and sees what was written with a tap.
            await ana.say("¿Cuánto cuesta el envío?", "Ana")
            line = lin.line_of("Ana")
            await expect(line.locator(".chat__text")).to_have_attribute("lang", "zh", timeout=READY_MS)
            await expect(line.locator(".chat__text")).to_contain_text("运费")
            await line.locator(".chat__mark").click()
            await expect(line.locator(".chat__original")).to_have_text("¿Cuánto cuesta el envío?")
            await lin.say("有货吗？", "Lin")
            await expect(ana.line_of("Lin").locator(".chat__text")).to_have_attribute("lang", "es", timeout=READY_MS)

            # The host speaks English: captions come by themselves, translated.
            for viewer in (ana, lin):
                text = viewer.page.locator(f'.captions:not([hidden]) .captions__text[lang="{viewer.language[:2]}"]')
                await expect(text).to_be_visible(timeout=READY_MS)
                await viewer.seen("read")

            # The figure in the film's place, with the same mouth; the film is behind it whenever that cannot be.
            await lin.page.context.close()
            await choose_figure(ana.page, "Idioma", "La presentadora como figura 3D", wanted=True)
            await figure_is_drawn(ana.page)
            await mark_is_in_front(ana.page.locator(".top__facts").get_by_text("Presenta una IA"))
            await mouth_follows(ana.page, ana.told)
            await ana.seen("figure")
            await choose_figure(ana.page, "Idioma", "La presentadora como figura 3D", wanted=False)
            await film_is_shown(ana.page)
            await choose_figure(ana.page, "Idioma", "La presentadora como figura 3D", wanted=True)
            await figure_is_drawn(ana.page)
            await graphics_are_lost(ana.page)
            await film_is_shown(ana.page)
            assert (await ana.sound())["connections"] == first[0]["connections"]
