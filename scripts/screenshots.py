"""Renders every page and state of the product into docs/screenshots: ``make screenshots``.

It starts the demo on free ports, opens each page at both sizes as the people of the demo would, brings it into each
state by the product's own controls, and writes WebP files. A scene that fails is named and the others go on; the
program then ends with 1. Look at each picture before calling a page done.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import traceback
from pathlib import Path

from playwright.async_api import Browser

sys.path.insert(0, str(Path(__file__).parent.parent))

from scripts.scenes import ai_host, interpreters, languages, pages, player, products_3d, studio
from scripts.scenes.camera import Camera, Size
from scripts.scenes.shop import Shop, open_shop
from tests.browser import chromium, playwright_running
from tests.e2e import mirror_camera
from tests.e2e.shop_3d import WITHOUT_GPU
from tests.footage import write_y4m
from tests.serving import ROOT, serving

TARGET = ROOT / "docs" / "screenshots"
OWN_FOOTAGE = ROOT / "stream_server" / "demo" / "host.mp4"
_3D = (*ai_host.DRAWN_HERE, *products_3d.SCENES)
IN_3D = {scene.__name__ for scene in _3D}
"""Scenes whose camera sees a face, in a browser that draws WebGL in software."""
_ALL = (*player.SCENES, *languages.SCENES, *studio.SCENES, *interpreters.SCENES, *ai_host.SCENES, *pages.SCENES, *_3D)
SCENES = {scene.__name__: scene for scene in _ALL}
SIZES: tuple[Size, ...] = ("phone", "desktop")


async def run(names: list[str], sizes: list[Size]) -> list[str]:
    """Render the named scenes; returns those that failed."""
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder) / "data", "demo") as server, playwright_running() as playwright:
            shop = await open_shop(server)
            if chosen := [name for name in names if name not in IN_3D]:
                film = await asyncio.to_thread(write_y4m, OWN_FOOTAGE, Path(folder) / "camera.y4m")
                async with chromium(playwright, camera=film) as browser:
                    failed += await _render(browser, shop, chosen, sizes)
            if chosen := [name for name in names if name in IN_3D]:
                film = mirror_camera.write_y4m(Path(folder) / "face.y4m", [mirror_camera.Step()] * 8)
                async with chromium(playwright, camera=film, flags=WITHOUT_GPU) as browser:
                    failed += await _render(browser, shop, chosen, sizes)
    return failed


async def _render(browser: Browser, shop: Shop, names: list[str], sizes: list[Size]) -> list[str]:
    failed: list[str] = []
    for size in sizes:
        camera = Camera(browser, size, TARGET)
        for name in names:
            print(f"{name} ({size})", flush=True)
            try:
                await SCENES[name](camera, shop)
            except Exception:  # noqa: BLE001  one scene's failure must not hide the others' pictures
                traceback.print_exc()
                failed.append(f"{name} ({size})")
    return failed


def main() -> int:
    """Read the arguments and render."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], help="only these scenes")
    parser.add_argument("--size", choices=SIZES, help="only this size")
    arguments = parser.parse_args()
    sizes = [arguments.size] if arguments.size else list(SIZES)
    failed = asyncio.run(run(arguments.scenes or list(SCENES), sizes))
    total = sum(path.stat().st_size for path in TARGET.rglob("*.webp"))
    print(f"{TARGET}: {total / 1e6:.1f} MB")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
