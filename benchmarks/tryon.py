"""How near the landmarks of the mirror are to where the face is, and how many pictures a second a processor draws.

The camera shows scikit-image's astronaut moved along a known path (a calm sway with tilt and zoom); each frame carries
its number. The truth for a frame is the landmarks of the still picture moved as the picture was: the error is that of
tracking, at the points that are drawn with (after smoothing) and as they were found (raw). A bias that the face mesh
has on the still picture itself is not seen by it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.harness.figures import conclude, percentile, show_table
from tests.e2e.mirror_camera import CODE_BITS, CODE_PX, FPS, HEIGHT, Step, path, write_y4m
from tests.e2e.shop_3d import Shop, shop_open, visiting

FRAMES = 90
_WATCH_MS = """async ([ms, bits, side, height]) => {
    const canvas = document.querySelector("vitrine-player").shadowRoot.querySelector(".mirror__canvas");
    const found = [];
    const look = ({detail}) => {
        const strip = detail.frame.getContext("2d").getImageData(0, height - side / 2, bits * side, 1).data;
        let number = 0;
        for (let bit = 0; bit < bits; bit += 1) {
            if (strip[(bit * side + side / 2) * 4] > 128) number |= 1 << bit;
        }
        found.push({
            number, at: performance.now(), ms: detail.ms, onCpu: detail.onCpu,
            raw: detail.raw && Array.from(detail.raw.values), points: detail.points && Array.from(detail.points.values),
        });
    };
    canvas.addEventListener("mirror-frame", look);
    await new Promise((resolve) => setTimeout(resolve, ms));
    canvas.removeEventListener("mirror-frame", look);
    return found;
}"""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Distances from the truth in pixels of a 640 x 480 frame, over all landmarks of all frames."""

    mean_px: float
    p95_px: float
    still_px: float
    """Mean over the frames in which the picture does not move: trembling alone."""
    moving_px: float


def _xy(values: list[float]) -> Points:
    return np.array(values, dtype=np.float64).reshape(-1, 3)[:, :2]


def errors(frames: list[dict[str, Any]], steps: list[Step], key: str) -> Errors:
    """Compare the landmarks under ``key`` with the still picture's, moved as each frame was."""
    known = [frame for frame in frames if frame[key] is not None and frame["number"] < len(steps)]
    still = [_xy(frame["raw"]) for frame in known if steps[frame["number"]] == Step()]
    reference: Points = np.median(np.stack(still), axis=0)
    rest: list[float] = []
    moving: list[float] = []
    for frame in known:
        step = steps[frame["number"]]
        matrix = step.matrix()
        truth = reference @ matrix[:2, :2].T + matrix[:2, 2]
        distance = np.hypot(*(_xy(frame[key]) - truth).T)
        (rest if step == Step() else moving).extend(distance.tolist())
    every = rest + moving
    return Errors(float(np.mean(every)), percentile(every, 0.95), float(np.mean(rest)), float(np.mean(moving)))


async def watch(shop: Shop, look: str, seconds: float) -> list[dict[str, Any]]:
    """What the mirror found in each frame for a while."""
    await shop.mirror_shows(look)
    await asyncio.sleep(1)
    found: list[dict[str, Any]] = await shop.page.evaluate(_WATCH_MS, [seconds * 1000, CODE_BITS, CODE_PX, HEIGHT])
    return found


async def run(seconds: float, quick: bool) -> None:
    """Try sunglasses on, then lipstick, with the same face."""
    steps = path(FRAMES)
    with tempfile.TemporaryDirectory() as folder:
        camera = write_y4m(Path(folder) / "face.y4m", steps, numbered=True)
        async with shop_open(Path(folder) / "shop", camera) as opened, visiting(opened) as shop:
            found: dict[str, list[dict[str, Any]]] = {}
            for name, product in (("sunglasses", shop.sunglasses), ("lipstick", shop.lipstick)):
                await shop.open_product(product)
                await shop.page.get_by_role("button", name="Try on", exact=True).last.click()
                label = product["variants"][0]["label"]["en"]
                await shop.page.locator(".mirror__chip", has_text=label).click()
                found[name] = await watch(shop, label, seconds)
                # each begins as for a newcomer
                await shop.page.reload()
                await shop.page.locator("vitrine-player .rail").wait_for()
            browser = shop.page.context.browser
            version = browser.version if browser is not None else ""
    every = found["sunglasses"] + found["lipstick"]
    drawn, raw = errors(every, steps, "points"), errors(every, steps, "raw")
    fps = {name: (len(frames) - 1) / (frames[-1]["at"] - frames[0]["at"]) * 1000 for name, frames in found.items()}
    inference = [frame["ms"] for frame in every]
    show_table(
        f"Try-on: error in pixels of 640 x 480, {len(every)} frames",
        ("landmarks", "mean", "p95", "still", "moving"),
        [
            ("as found", raw.mean_px, raw.p95_px, raw.still_px, raw.moving_px),
            ("as drawn (smoothed)", drawn.mean_px, drawn.p95_px, drawn.still_px, drawn.moving_px),
        ],
    )
    show_table(
        "Speed without a graphics card, inference on the processor",
        ("worn", "pictures a second", "ms a face (median)"),
        [(name, value, percentile([frame["ms"] for frame in found[name]], 0.5)) for name, value in fps.items()],
    )
    figures = {
        "mean_error_px": drawn.mean_px,
        "fps": fps["sunglasses"],
        "fps_lipstick": fps["lipstick"],
        "p95_error_px": drawn.p95_px,
        "raw_mean_error_px": raw.mean_px,
        "still_error_px": drawn.still_px,
        "face_found_share": sum(frame["raw"] is not None for frame in every) / len(every),
        "inference_p50_ms": percentile(inference, 0.5),
    }
    conditions = {
        "chromium": version,
        "inference": "cpu" if all(frame["onCpu"] for frame in every) else "gpu",
        "camera_fps": FPS,
        "frames": len(every),
        "quick": quick,
    }
    conclude("tryon", figures, conditions)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="six seconds of each")
    arguments = parser.parse_args()
    asyncio.run(run(6 if arguments.quick else 20, arguments.quick))


if __name__ == "__main__":
    main()
