"""Does a pinned product's card appear on the frame it belongs to? The error, in frames.

A page publishes frames with their numbers drawn in; the real ``<vitrine-player>`` shows them in another browser
page. The host pins and unpins a product many times at random moments. Each pin carries the show clock at which its
card belongs on the screen; the frame with that RTP timestamp is the one on which it *should* appear. The frame whose
number is on the screen in the rendering step that puts the card into the page is the one on which it *did*.
Positive errors are late, negative ones early.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.harness.host import Host, host_on_air
from benchmarks.harness.stage import HERE, Stage, stage_open
from tests.browser import PAGE_SCRIPTS

WRAP = 2**32
TICKS_PER_FRAME = 3000
CARD_S = 5.0
"""How long a card may take; a pin that takes longer is an error of the run, not a figure."""


@dataclass(frozen=True)
class PinShown:
    """One pin: where it belongs on the show clock, and which frame was on the screen when its card was there."""

    at_ms: int
    number: int


def ticks_between(earlier: int, later: int) -> int:
    """Signed distance of two RTP timestamps (RFC 3550 §5.1: they wrap at 2^32)."""
    return (later - earlier + WRAP // 2) % WRAP - WRAP // 2


def due_number(frames: Sequence[tuple[int, int]], at_ms: int) -> int | None:
    """Number of the first frame at or after ``at_ms``, from the frames seen around it.

    Some frames are shown without a callback; where the one before is missing, the due frame is counted back from
    the next one by its timestamp.
    """
    target = at_ms * 90 % WRAP
    placed = sorted((ticks_between(target, rtp), number) for rtp, number in frames)
    before = [number for ticks, number in placed if ticks < 0]
    after = [(ticks, number) for ticks, number in placed if ticks >= 0]
    if not after:
        return None
    ticks, number = after[0]
    counted_back = number - ticks // TICKS_PER_FRAME
    return max(counted_back, before[-1] + 1) if before else counted_back


def first_presented(frames: Sequence[tuple[int, int]], at_ms: int) -> int | None:
    """Number of the first frame at or after ``at_ms`` that really came to the screen with a callback."""
    target = at_ms * 90 % WRAP
    after = [(ticks_between(target, rtp), number) for rtp, number in frames if ticks_between(target, rtp) >= 0]
    return min(after)[1] if after else None


def exact_share(frames: Sequence[tuple[int, int]], pins: Sequence[PinShown]) -> float:
    """Share of pins whose card came with the first frame at or after its moment that came to the screen at all.

    The rest of the error belongs to frames that the browser never presented, which a busy machine makes many of.
    """
    return sum(pin.number == first_presented(frames, pin.at_ms) for pin in pins) / len(pins)


def presented_share(frames: Sequence[tuple[int, int]]) -> float:
    """Share of the source's frames that came to the screen with a callback."""
    numbers = {number for _, number in frames}
    return len(numbers) / (max(numbers) - min(numbers) + 1)


def errors(frames: Sequence[tuple[int, int]], pins: Sequence[PinShown]) -> list[int]:
    """Error of each pin in frames."""
    due = ((pin, due_number(frames, pin.at_ms)) for pin in pins)
    return [pin.number - number for pin, number in due if number is not None]


async def open_player(stage: Stage) -> Page:
    """The real player's page with the measuring scripts, playing at full size."""
    context = await stage.browser.new_context(viewport={"width": 390, "height": 844})
    for script in (PAGE_SCRIPTS / "recorder.js", HERE / "barcode.js", HERE / "cards.js"):
        await context.add_init_script(path=script)
    page = await context.new_page()
    await page.goto(f"{stage.server.url}/watch/{stage.show_id}")
    await page.wait_for_function("() => window.cards.ready()", timeout=40_000, polling=100)
    await page.evaluate("() => window.cards.start()")
    return page


async def pin_once(player: Page, host: Host, product_id: str, pause_s: float) -> dict[str, Any]:
    """Pin, wait for the card, unpin, wait until it is gone."""
    at_ms = await host.pin(product_id)
    await player.wait_for_function(
        "id => window.cards.shown() === id", arg=product_id, timeout=CARD_S * 1000, polling=20
    )
    await asyncio.sleep(pause_s)
    gone_ms = await host.unpin(product_id)
    await player.wait_for_function("() => window.cards.shown() === ''", timeout=CARD_S * 1000, polling=20)
    return {"at_ms": at_ms, "gone_ms": gone_ms, **await player.evaluate("() => window.cards.take()")}


async def run(pins: int, quick: bool) -> None:
    """Publish, pin many times, print."""
    moments = random.Random(11)
    frames: list[tuple[int, int]] = []
    shown: list[PinShown] = []
    gone: list[PinShown] = []
    async with stage_open("demo") as stage:
        show = await stage.server.get(f"/api/shows/{stage.show_id}")
        product_id = show["rundown"][0]
        publisher = await stage.page()
        await stage.publish(publisher)
        player = await open_player(stage)
        async with host_on_air(stage.server.url, stage.show_id, stage.host_token) as host:
            for _ in range(pins):
                seen = await pin_once(player, host, product_id, moments.uniform(0.1, 0.3))
                frames += [(rtp, number) for rtp, number in seen["frames"]]
                appeared, vanished = seen["changes"]
                shown.append(PinShown(seen["at_ms"], appeared["number"]))
                gone.append(PinShown(seen["gone_ms"], vanished["number"]))
                await asyncio.sleep(moments.uniform(0.05, 0.25))
            await asyncio.sleep(0.3)
        misread = (await player.evaluate("() => window.cards.take()"))["misread"]
        version = stage.browser_version
    conditions = {"chromium": version, "pins": pins, "misread_frames": misread, "quick": quick}
    report(frames, shown, gone, conditions)


def report(
    frames: Sequence[tuple[int, int]],
    pinned: Sequence[PinShown],
    unpinned: Sequence[PinShown],
    conditions: Mapping[str, object],
) -> None:
    """Table, CSV row and last line."""
    shown, gone = errors(frames, pinned), errors(frames, unpinned)
    distance = [abs(error) for error in shown]
    rows = [
        (name, len(values), percentile(sizes, 0.5), percentile(sizes, 0.95), min(values), max(values))
        for name, values, sizes in (("pin", shown, distance), ("unpin", gone, [abs(error) for error in gone]))
    ]
    show_table("Overlay error in frames", ("event", "count", "p50", "p95", "earliest", "latest"), rows)
    figures = {
        "p50_frames": percentile(distance, 0.5),
        "p95_frames": percentile(distance, 0.95),
        "max_frames": max(distance),
        "exact_share": sum(error == 0 for error in shown) / len(shown),
        "exact_share_of_presented": exact_share(frames, pinned),
        "presented_share": presented_share(frames),
    }
    conclude("overlay_sync", figures, conditions)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="30 pins")
    arguments = parser.parse_args()
    asyncio.run(run(30 if arguments.quick else 200, arguments.quick))


if __name__ == "__main__":
    main()
