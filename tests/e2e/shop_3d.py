"""The demo shop with two products that a viewer can try on: sunglasses with a model in two looks, and a lipstick.

The models here are added to the server's answers by the browser's own request interception, so that the player's
stories do not wait for an upload to be worked on; the brand's story is told apart.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.async_api import Browser, Page, Request, Route, ViewportSize
from pygltflib import GLTF2
from websockets.sync.client import connect

from stream_server.signaling.messages import PROTOCOL_VERSION, DirectAi, Hello, InviteToTryOn, Pin
from tests.browser import chromium, playwright_running
from tests.e2e.pages import PHONE
from tests.serving import ROOT, Server, serving

SUNGLASSES = ROOT / "stream_server" / "demo" / "models" / "SunglassesKhronos.glb"
SUNGLASSES_SIZE_M = [0.151, 0.058, 0.161]
LOOKS = ("Silver", "Red")
"""The file's own look, and one with red temples and frame."""
RED = [0.6, 0.02, 0.03, 1.0]
SHADES = ("#7a1f3d", "#e0593f", "#9e4a52", "#b9806a")

WITHOUT_GPU = ("--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""Let WebGL be drawn in software."""

_WATCH_MIRROR = """() => {
    const canvas = document.querySelector("vitrine-player").shadowRoot.querySelector(".mirror__canvas");
    const copy = (source) => {
        const kept = new OffscreenCanvas(source.width, source.height);
        kept.getContext("2d", {willReadFrequently: true}).drawImage(source, 0, 0);
        return kept;
    };
    window.mirror = {frames: 0};
    canvas.addEventListener("mirror-frame", ({detail}) => {
        window.mirror.frames += 1;
        window.mirror.newest = detail;
        if (!window.mirror.wanted || detail.points === null) return;
        const wanted = window.mirror.wanted;
        window.mirror.wanted = null;
        // in the task that drew them: a drawing buffer is gone after it
        wanted({camera: copy(detail.frame), shown: copy(canvas), points: Array.from(detail.points.values)});
    });
}"""

_ONE_FRAME = """async () => {
    const {camera, shown, points} = await new Promise((resolve) => { window.mirror.wanted = resolve; });
    const png = async (canvas) => {
        const bytes = new Uint8Array(await (await canvas.convertToBlob({type: "image/png"})).arrayBuffer());
        let text = "";
        for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
        return btoa(text);
    };
    return {camera: await png(camera), shown: await png(shown), points};
}"""


@dataclass(frozen=True)
class Seen:
    """One frame of the mirror: what the camera saw, what was shown, and where the face was."""

    camera: npt.NDArray[np.int16]
    shown: npt.NDArray[np.int16]
    points: npt.NDArray[np.float64]
    """478 rows of x, y (pixels), z."""

    def at(self, index: int) -> tuple[int, int]:
        """Where a landmark is, in whole pixels."""
        x, y, _ = self.points[index]
        return round(x), round(y)

    def change(self, centre: tuple[int, int], radius: int) -> float:
        """Mean difference of what is shown from what the camera saw, around a place, 0 to 255."""
        x, y = centre
        rows, columns = slice(max(0, y - radius), y + radius + 1), slice(max(0, x - radius), x + radius + 1)
        return float(np.abs(self.shown[rows, columns] - self.camera[rows, columns]).mean())

    def colour(self, centre: tuple[int, int], radius: int = 1) -> npt.NDArray[np.float64]:
        """Mean colour shown around a place."""
        x, y = centre
        patch = self.shown[y - radius : y + radius + 1, x - radius : x + radius + 1]
        mean: npt.NDArray[np.float64] = patch.reshape(-1, 3).mean(axis=0)
        return mean


@dataclass(frozen=True)
class Shop:
    """The shop and a viewer in it."""

    server: Server
    show_id: str
    page: Page
    sunglasses: dict[str, Any]
    lipstick: dict[str, Any]
    requests: list[Request]
    """Every request that the page has made."""

    @property
    def asked(self) -> list[str]:
        """The addresses of these requests."""
        return [request.url for request in self.requests]

    async def command(self, *commands: Pin | InviteToTryOn) -> None:
        """What the show's team does in the studio."""
        token = self.server.token("admin", "admin_story", "Ada")
        hello = Hello(version=PROTOCOL_VERSION, show_id=self.show_id, token=token)

        def send() -> None:
            url = f"{self.server.url.replace('http', 'ws')}/live"
            with connect(url, open_timeout=10, close_timeout=1, proxy=None) as connection:
                connection.send(hello.model_dump_json())
                for command in commands:
                    connection.send(command.model_dump_json())
                    while True:
                        answer = json.loads(connection.recv(timeout=10))
                        assert answer["type"] != "problem", answer
                        if answer["type"] == "ack" and answer["ref"] == command.ref:
                            break

        await asyncio.to_thread(send)

    async def ai_host_demonstrates(self, product_id: str) -> None:
        """Have the AI host turn to a product and leave out all it would say before it invites viewers to it."""
        token = self.server.token("admin", "admin_story", "Ada")
        hello = Hello(version=PROTOCOL_VERSION, show_id=self.show_id, token=token)
        pin = Pin(ref=f"pin-{product_id}", product_id=product_id)

        def direct() -> None:
            url = f"{self.server.url.replace('http', 'ws')}/live"
            with connect(url, open_timeout=10, close_timeout=1, proxy=None) as connection:
                for message in (hello, pin):
                    connection.send(message.model_dump_json())
                refs, left_out = itertools.count(), set[int]()
                while True:
                    told = json.loads(connection.recv(timeout=30))
                    if told["type"] == "try_on" and told["product_id"] == product_id:
                        return
                    if told["type"] != "ai_state":
                        continue
                    now, coming = told["desk"]["now"], told["desk"]["next"]
                    for line in [*([now] if now else []), *coming]:
                        if line["beat"] == "demonstrate":
                            break
                        if line["line_id"] not in left_out:
                            left_out.add(line["line_id"])
                            skip = DirectAi(ref=f"skip-{next(refs)}", act="skip", line_id=line["line_id"])
                            connection.send(skip.model_dump_json())

        await asyncio.to_thread(direct)

    async def open_product(self, product: dict[str, Any]) -> None:
        """The product's sheet, as a tap on its card opens it."""
        title = product["title"]["en"]
        await self.page.get_by_role("button", name="Products", exact=True).click()
        await self.page.locator(".product-row", has_text=title).click()
        await self.page.locator(".product__title", has_text=title).wait_for()

    async def mirror_shows(self, look: str) -> None:
        """The mirror is up, has found the face, and the look is on."""
        await self.page.locator(f'.mirror[data-state="showing"][data-look="{look}"]').wait_for(timeout=90_000)
        await self.page.evaluate(_WATCH_MIRROR)

    async def frame(self) -> Seen:
        """The next frame with a face in it."""
        found = await self.page.evaluate(_ONE_FRAME)
        points = np.array(found["points"], dtype=np.float64).reshape(-1, 3)
        return Seen(_picture(found["camera"]), _picture(found["shown"]), points)


def _picture(encoded: str) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB"), dtype=np.int16)


def sunglasses_with_looks() -> bytes:
    """The sample sunglasses with a second look by KHR_materials_variants: frame and temples in red."""
    model = GLTF2.load(str(SUNGLASSES))
    assert model is not None
    frame = next(i for i, material in enumerate(model.materials) if material.name == "temples")
    red = model.materials[frame]
    copied = type(red).from_json(red.to_json())
    copied.pbrMetallicRoughness.baseColorFactor = RED
    copied.name = "red"
    model.materials.append(copied)
    model.extensions["KHR_materials_variants"] = {"variants": [{"name": name} for name in LOOKS]}
    model.extensionsUsed.append("KHR_materials_variants")
    for mesh in model.meshes:
        for part in mesh.primitives:
            if part.material == frame:
                mappings = [
                    {"material": frame, "variants": [0]},
                    {"material": len(model.materials) - 1, "variants": [1]},
                ]
                part.extensions["KHR_materials_variants"] = {"mappings": mappings}
    return b"".join(model.save_to_bytes())


def _glasses_model(product: dict[str, Any]) -> dict[str, Any]:
    looks = [
        {"name": name, "slug": name.lower(), "usdz_url": None, "variant_id": variant["variant_id"]}
        for name, variant in zip(LOOKS, product["variants"], strict=False)
    ]
    files = {"glb_url": "/models/test/web.glb", "try_on_url": "/models/test/try_on.glb"}
    return {**_NO_MODEL, **files, "category": "glasses", "size_m": SUNGLASSES_SIZE_M, "variants": looks}


def _lipstick_model(product: dict[str, Any]) -> dict[str, Any]:
    shades = [
        {"name": variant["label"]["en"], "shade": shade, "variant_id": variant["variant_id"]}
        for shade, variant in zip(SHADES, product["variants"], strict=False)
    ]
    return {**_NO_MODEL, "category": "lipstick", "lipstick": {"finish": "satin", "shades": shades}}


_NO_MODEL: dict[str, Any] = {
    "size_m": None,
    "placement": None,
    "variants": [],
    "anchors": [],
    "lipstick": None,
    "glb_url": None,
    "glb_bytes": None,
    "try_on_url": None,
    "lod_urls": [],
    "usdz_url": None,
    "poster_url": None,
    "thumbnail_url": None,
    "turntable_url": None,
    "published_at": "2026-11-22T00:00:00Z",
}


@dataclass(frozen=True)
class Open:
    """The demo shop on the air, and a browser to see it with."""

    server: Server
    browser: Browser
    show_id: str


@asynccontextmanager
async def shop_open(folder: Path, camera: Path) -> AsyncIterator[Open]:
    """The demo shop, and a browser whose camera shows the file ``camera``."""
    async with (
        serving(folder, "demo") as server,
        playwright_running() as playwright,
        chromium(playwright, camera=camera, flags=WITHOUT_GPU) as browser,
    ):
        yield Open(server, browser, await live_show(server))


@asynccontextmanager
async def visiting(
    shop: Open, *, viewport: ViewportSize = PHONE, permissions: Sequence[str] = ("camera",)
) -> AsyncIterator[Shop]:
    """A viewer of the show, with a profile of their own."""
    glb = sunglasses_with_looks()
    server = shop.server
    products = await server.get("/api/products")
    sunglasses = next(each for each in products if "sunglasses" in each["slug"])
    lipstick = next(each for each in products if "lipstick" in each["slug"])
    models = {
        sunglasses["product_id"]: _glasses_model(sunglasses),
        lipstick["product_id"]: _lipstick_model(lipstick),
    }
    context = await shop.browser.new_context(viewport=viewport, locale="en-US", permissions=list(permissions))
    page = await context.new_page()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))

    async def with_models(route: Route) -> None:
        answer = await route.fetch()
        found = json.loads(await answer.text())
        for product in found:
            product["model"] = models.get(product["product_id"])
        await route.fulfill(response=answer, json=found)

    async def with_file(route: Route) -> None:
        await route.fulfill(body=glb, content_type="model/gltf-binary")

    await page.route("**/api/products?*", with_models)
    await page.route("**/models/test/*", with_file)
    await page.goto(f"{server.url}/watch/{shop.show_id}")
    await page.locator("vitrine-player .rail").wait_for()
    try:
        yield Shop(server, shop.show_id, page, sunglasses, lipstick, requests)
    finally:
        await context.close()


async def live_show(server: Server) -> str:
    """The demo's show, once its host is on the air."""
    async with asyncio.timeout(30):
        while True:
            shows = await server.get("/api/shows")
            if live := [str(show["show_id"]) for show in shows if show["status"] == "live"]:
                return live[0]
            await asyncio.sleep(0.2)
