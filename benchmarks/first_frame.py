"""How long a viewer waits for the picture: from the WHEP POST to the first decoded frame, in Chromium on loopback.

The show runs all the time, published by another browser; the viewer joins again and again at random moments.
"""

from __future__ import annotations

import argparse
import asyncio
import random

from playwright.async_api import Page

from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.harness.stage import Stage, stage_open

_JOIN = """async url => {
    const video = document.querySelector("video");
    video.srcObject = null;
    const frame = new Promise((resolve) => {
        video.requestVideoFrameCallback((now, metadata) => resolve(metadata.presentationTime));
    });
    const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error("no frame within 10 s")), 10_000));
    window.view = await webrtc.view(url, video);
    const shown_ms = await Promise.race([frame, timeout]);
    return shown_ms - window.view.posted_ms;
}"""


async def join(page: Page, stage: Stage) -> float:
    """Join once and leave; milliseconds from the POST to the first frame."""
    waited_ms = await page.evaluate(_JOIN, stage.whep_url)
    await page.evaluate("() => webrtc.leave(window.view)")
    return float(waited_ms)


async def run(joins: int, quick: bool) -> None:
    """Publish, join many times, print."""
    phases = random.Random(7)
    waits: list[float] = []
    async with stage_open() as stage:
        publisher = await stage.page()
        await stage.publish(publisher)
        # One viewer stays, as in any show: it also tells when the encoder has ramped up.
        audience = await stage.page()
        await audience.evaluate(
            "async url => { window.view = await webrtc.view(url, document.querySelector('video')); }", stage.whep_url
        )
        await stage.viewer_waits_for_picture(audience)
        page = await stage.page()
        await join(page, stage)  # the page's first connection also loads code; a player has done that already
        for _ in range(joins):
            waits.append(await join(page, stage))
            await asyncio.sleep(phases.uniform(0.3, 0.9))
        version = stage.browser_version
    figures = {
        "p50_ms": percentile(waits, 0.5),
        "p95_ms": percentile(waits, 0.95),
        "max_ms": max(waits),
    }
    show_table("First frame", ("joins", "p50 ms", "p95 ms", "max ms"), [(len(waits), *figures.values())])
    conclude("first_frame", figures, {"chromium": version, "joins": joins, "quick": quick})


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a dozen joins")
    arguments = parser.parse_args()
    asyncio.run(run(12 if arguments.quick else 100, arguments.quick))


if __name__ == "__main__":
    main()
