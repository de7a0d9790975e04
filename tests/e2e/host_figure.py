"""The AI host as a figure on a viewer's page: what its face was told, and what was drawn of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, WebSocket, expect

from avatar.speech.ports import Viseme

READY_MS = 30_000
OPEN = 0.5
"""A mouth that is further open than this shows what is behind the lips."""
AROUND_MS = 60
"""A mouth is on its way from one shape to the next for about so long."""

_VOWELS = {n for n, viseme in enumerate(Viseme) if viseme.value in ("aa", "E", "I", "O", "U")}

# Each drawn frame: the show's time, how far the mouth is open, and how much round it is as dark as the inside of a
# mouth. The canvas is read in the frame that drew it: afterwards the drawing buffer is gone.
_WATCH = """([left, top, right, bottom]) => {
    const view = document.querySelector("vitrine-player").shadowRoot.querySelector(".host3d");
    const copy = new OffscreenCanvas(32, 32).getContext("2d", {willReadFrequently: true});
    window.drawn = [];
    const look = () => {
        requestAnimationFrame(look);
        const canvas = view.querySelector("canvas");
        if (view.dataset.state !== "on" || canvas === null) return;
        const [width, height] = [(right - left) * canvas.width, (bottom - top) * canvas.height];
        copy.drawImage(canvas, left * canvas.width, top * canvas.height, width, height, 0, 0, 32, 32);
        const {data} = copy.getImageData(0, 0, 32, 32);
        let dark = 0;
        for (let n = 0; n < data.length; n += 4) dark += data[n] < 90;
        window.drawn.push([Number(view.dataset.showMs), Number(view.dataset.mouth), dark]);
    };
    requestAnimationFrame(look);
}"""
# Until skin and hair are where a face is; asked from outside of a frame, to be told at the end of the next one.
_DRAWN = """async ([left, top, right, bottom]) => {
    const view = document.querySelector("vitrine-player").shadowRoot.querySelector(".host3d");
    const copy = new OffscreenCanvas(48, 48).getContext("2d", {willReadFrequently: true});
    const isDrawn = () => {
        const canvas = view.querySelector("canvas");
        if (view.dataset.state !== "on" || canvas === null) return false;
        const [width, height] = [(right - left) * canvas.width, (bottom - top) * canvas.height];
        copy.drawImage(canvas, left * canvas.width, top * canvas.height, width, height, 0, 0, 48, 48);
        const {data} = copy.getImageData(0, 0, 48, 48);
        let [skin, hair] = [0, 0];
        for (let n = 0; n < data.length; n += 4) {
            skin += data[n] > 150 && data[n] > data[n + 1] && data[n] - data[n + 2] > 40;
            hair += data[n + 3] === 255 && data[n] + data[n + 1] + data[n + 2] < 200;
        }
        return skin > 300 && hair > 100;
    };
    do {
        await new Promise((go) => setTimeout(go, 100));
    } while (!(await new Promise((tell) => requestAnimationFrame(() => tell(isDrawn())))));
}"""
_FACE_AT = [0.28, 0.22, 0.72, 0.47]
_MOUTH_AT = [0.44, 0.385, 0.56, 0.43]
"""Where on the canvas head and mouth are: left, top, right, bottom."""


@dataclass
class Told:
    """The scores that a page was told, from its live channel."""

    scores: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        """Hear every page of a context, from its first connection on."""
        context.on("page", lambda page: page.on("websocket", self._hear))

    def _hear(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._note)

    def _note(self, frame: str | bytes) -> None:
        if '"performance"' not in str(frame):
            return
        message = json.loads(frame)
        if message["type"] == "performance":
            self.scores.append(message["score"])

    def shapes_around(self, show_ms: float) -> set[int]:
        """The visemes that are due from `AROUND_MS` before that time until as long after it."""
        score = next((s for s in reversed(self.scores) if s["at_ms"] <= show_ms), None)
        if score is None or not score["shapes"]:
            return {0}
        since = show_ms - score["at_ms"]
        ends = [at for at, _, _ in score["shapes"][1:]] + [60_000]
        timed = zip(score["shapes"], ends, strict=True)
        return {viseme for (at, viseme, _), end in timed if at <= since + AROUND_MS and end >= since - AROUND_MS}


def figure_of(page: Page) -> Locator:
    """Where the figure is drawn."""
    return page.locator(".host3d")


async def choose_figure(page: Page, sheet: str, choice: str, *, wanted: bool) -> None:
    """Switch between film and figure, by the names that the page's language has for the sheet and the choice."""
    await page.get_by_role("button", name=sheet, exact=True).click()
    await page.get_by_role("checkbox", name=choice).set_checked(wanted)
    await page.keyboard.press("Escape")


async def figure_is_drawn(page: Page) -> None:
    """A face with its hair is on the canvas."""
    await expect(figure_of(page)).to_have_attribute("data-state", "on", timeout=READY_MS)
    async with asyncio.timeout(READY_MS / 1000):
        await page.evaluate(_DRAWN, _FACE_AT)


async def mark_is_in_front(mark: Locator) -> None:
    """Nothing lies before the words that say who presents, once a sheet has gone."""
    await mark.page.wait_for_function(
        """(mark) => {
            const {x, y, width, height} = mark.getBoundingClientRect();
            return width > 0 && mark.getRootNode().elementFromPoint(x + width / 2, y + height / 2) === mark;
        }""",
        arg=await mark.element_handle(),
        timeout=READY_MS,
    )


async def film_is_shown(page: Page) -> None:
    """Nothing lies before the film, and it plays."""
    await expect(figure_of(page)).to_have_attribute("data-state", "off", timeout=READY_MS)
    await expect(figure_of(page)).to_be_hidden()
    await page.wait_for_function(
        "(now) => videoOf(document).currentTime > now", arg=await page.evaluate("() => videoOf(document).currentTime")
    )


async def mouth_follows(page: Page, told: Told) -> None:
    """Open in the vowels that were told, shut in silence, and dark is seen between the lips when they are open."""
    await page.evaluate(_WATCH, _MOUTH_AT)
    spoken: list[float] = []
    silence: list[float] = []
    async with asyncio.timeout(READY_MS / 1000):
        while len(spoken) < 4 or len(silence) < 2:
            await asyncio.sleep(0.5)
            drawn = await page.evaluate("() => window.drawn")
            spoken = [at for at, mouth, _ in drawn if mouth > OPEN]
            silence = [mouth for at, mouth, _ in drawn if told.shapes_around(at) == {0}]
    assert all(told.shapes_around(at) & _VOWELS for at in spoken)
    assert max(silence) == 0
    dark_open = median(dark for _, mouth, dark in drawn if mouth > OPEN)
    dark_shut = median(dark for _, mouth, dark in drawn if mouth == 0)
    assert dark_open > 2 * dark_shut + 10, (dark_open, dark_shut)


async def graphics_are_lost(page: Page) -> None:
    """The browser takes the canvas' graphics away."""
    await page.evaluate(
        """() => {
            const canvas = document.querySelector("vitrine-player").shadowRoot.querySelector(".host3d__canvas");
            canvas.getContext("webgl2").getExtension("WEBGL_lose_context").loseContext();
        }"""
    )
