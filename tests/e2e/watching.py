"""How well a viewer's picture ran over a while, from the browser's own statistics."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page


@dataclass(frozen=True)
class Watched:
    """One stretch of watching."""

    seconds: float
    frames: int
    freezes: int
    height_px: int
    lost: int

    @property
    def fps(self) -> float:
        """Decoded frames per second."""
        return self.frames / self.seconds


async def video_statistics(page: Page) -> dict[str, Any]:
    """The newest connection's incoming video (recorder.js); fails when there is none."""
    found: dict[str, Any] | None = await page.evaluate("() => recorder.video()")
    assert found is not None, "the page receives no video"
    return found


async def watch(page: Page, seconds: float) -> Watched:
    """Watch for a while."""
    before = await video_statistics(page)
    await asyncio.sleep(seconds)
    after = await video_statistics(page)
    return Watched(
        seconds=(after["at_ms"] - before["at_ms"]) / 1000,
        frames=after["frames"] - before["frames"],
        freezes=after["freezes"] - before["freezes"],
        height_px=after["height_px"],
        lost=after["lost"] - before["lost"],
    )


async def picture_is_full_size(page: Page, height_px: int = 720, timeout_s: float = 30.0) -> None:
    """Until the encoder has ramped up and this viewer decodes the full height."""
    await page.wait_for_function(
        "async height => ((await recorder.video())?.height_px ?? 0) >= height",
        arg=height_px,
        timeout=timeout_s * 1000,
        polling=200,
    )


async def keep_an_eye(page: Page) -> None:
    """Note when each frame is shown from now on; `longest_stop_s` reads it."""
    await page.evaluate(
        """() => {
            const video = videoOf(document);
            window.shownAt = [performance.now()];
            const look = (now) => { window.shownAt.push(now); video.requestVideoFrameCallback(look); };
            video.requestVideoFrameCallback(look);
        }"""
    )


async def longest_stop_s(page: Page) -> float:
    """The longest time between two pictures since `keep_an_eye`."""
    longest = "(longest, at, n, all) => Math.max(longest, n ? at - all[n - 1] : 0)"
    return float(await page.evaluate(f"() => window.shownAt.reduce({longest}, 0) / 1000"))
