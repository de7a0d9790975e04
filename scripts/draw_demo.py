"""Draws the demo shop's pictures and the demo host's film again: ``make demo-media``.

Everything is made here from formulas and fixed seeds: meshes, light, music. It takes an hour or two of processor
time, much less with LLVM (set DRJIT_LIBLLVM_PATH to a libLLVM of version 16 or later). Arguments choose a part:

    python scripts/draw_demo.py pictures [NAME…]   product pictures whose name contains one of the words
    python scripts/draw_demo.py posters
    python scripts/draw_demo.py film
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from scripts.drawing import film, home, music, posters, show, sneaker, sport, vanity, wear  # noqa: E402
from scripts.drawing.studio import Pixels, Set, shoot, use_renderer  # noqa: E402

DEMO = HERE.parent / "stream_server" / "demo"
CACHE = HERE.parent / "build" / "demo-media"
SAMPLES = 12
SHOTS: tuple[Callable[[], dict[str, Set]], ...] = (
    sneaker.sneaker_pictures,
    home.lamp_pictures,
    wear.sunglasses_pictures,
    home.mug_pictures,
    vanity.watch_pictures,
    home.chair_pictures,
    wear.earring_pictures,
    wear.hat_pictures,
    vanity.lipstick_pictures,
    sport.racquet_pictures,
)


def keep(name: str, pixels: Pixels, quality: int = 86) -> None:
    """Write a WebP among the demo's pictures."""
    file = DEMO / "pictures" / f"{name}.webp"
    random = np.random.default_rng(1)
    # A breath of grain, so that wide gradients do not band.
    dithered = pixels * 255 + random.triangular(-1, 0, 1, pixels.shape[:2])[..., None] * 0.9 + 0.5
    Image.fromarray(np.clip(dithered, 0, 255).astype(np.uint8)).save(file, quality=quality, method=6)
    print(f"{name}: {file.stat().st_size / 1000:.0f} kB", flush=True)


def draw_pictures(words: list[str]) -> None:
    for shots in SHOTS:
        for name, scene in shots().items():
            if not words or any(word in name for word in words):
                keep(name, shoot(scene, 1200, SAMPLES))


def draw_posters(words: list[str]) -> None:
    for name, make in posters.POSTERS.items():
        if not words or any(word in name for word in words):
            keep(name, shoot(make(), (720, 1280), SAMPLES), 82)
    for name, (look, turn, paper) in posters.FACES.items():
        if not words or any(word in name for word in words):
            scene, behind = posters.face(look, turn, paper)
            large = posters.on_paper(shoot(scene, 512, SAMPLES, cut_out=True), behind)
            keep(name, large.reshape(256, 2, 256, 2, 3).mean((1, 3)), 90)
    if not words or "autumn" in words:
        keep("poster-autumn-edit", show.open_theatre(CACHE).draw(110).astype(np.float32) / 255, 84)


def draw_film() -> None:
    theatre = show.open_theatre(CACHE)
    film.write_film(DEMO / "host.mp4", show.FRAMES, theatre.draw, music.compose())
    print(f"host.mp4: {(DEMO / 'host.mp4').stat().st_size / 1e6:.1f} MB")


def main(arguments: list[str]) -> None:
    what, words = (arguments[0], arguments[1:]) if arguments else ("all", [])
    if what not in ("all", "pictures", "posters", "film"):
        sys.exit(__doc__)
    print(f"Renderer: {use_renderer()}")
    CACHE.mkdir(parents=True, exist_ok=True)
    if what in ("all", "pictures"):
        draw_pictures(words)
    if what in ("all", "posters"):
        draw_posters(words)
    if what in ("all", "film"):
        draw_film()


if __name__ == "__main__":
    main(sys.argv[1:])
