"""How long a picture takes from the source to the viewer's screen, directly and through the relay.

One page draws numbered frames, another reads the numbers back from its screen. The pages are connected directly
(browser to browser) and through the server in turn, several times in one run, with the same codec and bit rate; what
the relay adds is the difference of the medians. The time of a frame is when the compositor expects it on the screen.
"""

from __future__ import annotations

import argparse
import asyncio

from playwright.async_api import Page

from benchmarks.harness.figures import conclude, percentile, show_table
from benchmarks.harness.stage import Stage, stage_open

SETTLE_S = 3.0
"""From the first picture in full size until the viewer's jitter buffer is calm."""


async def connect_directly(publisher: Page, viewer: Page) -> None:
    """Connect the two pages without any server."""
    offer = await publisher.evaluate(
        """async () => {
            window.source ??= barcode.source();
            const peer = (window.direct = new RTCPeerConnection());
            const sender = peer.addTransceiver(source.track, { direction: "sendonly", streams: [source.stream] });
            webrtc.h264First(sender, RTCRtpSender.getCapabilities("video"));
            await peer.setLocalDescription();
            while (peer.iceGatheringState !== "complete") await new Promise((r) => setTimeout(r, 10));
            return peer.localDescription.sdp;
        }"""
    )
    answer = await viewer.evaluate(
        """async (sdp) => {
            const peer = (window.direct = new RTCPeerConnection());
            peer.addEventListener("track", ({ track }) => {
                document.querySelector("video").srcObject = new MediaStream([track]);
            });
            await peer.setRemoteDescription({ type: "offer", sdp });
            await peer.setLocalDescription();
            while (peer.iceGatheringState !== "complete") await new Promise((r) => setTimeout(r, 10));
            return peer.localDescription.sdp;
        }""",
        offer,
    )
    await publisher.evaluate(
        """async (sdp) => {
            await window.direct.setRemoteDescription({ type: "answer", sdp });
            await webrtc.limit(window.direct, 2_500_000);
        }""",
        answer,
    )


async def disconnect(*pages: Page) -> None:
    """End the direct connection."""
    for page in pages:
        await page.evaluate("() => window.direct.close()")


async def watch(viewer: Page, publisher: Page, seconds: float) -> list[float]:
    """Milliseconds from drawn to shown of each frame seen in ``seconds``."""
    await viewer.evaluate("() => { window.eye = screenOf(document.querySelector('video')); }")
    await asyncio.sleep(seconds)
    taken = await viewer.evaluate("() => window.eye.take()")
    numbers = [frame["number"] for frame in taken["seen"]]
    drawn = await publisher.evaluate("numbers => numbers.map((n) => window.source.drawnAt(n) ?? null)", numbers)
    return [frame["shown_ms"] - at for frame, at in zip(taken["seen"], drawn, strict=True) if at is not None]


async def direct_round(stage: Stage, publisher: Page, seconds: float) -> list[float]:
    """One turn browser to browser."""
    viewer = await stage.page()
    await connect_directly(publisher, viewer)
    await stage.viewer_waits_for_picture(viewer)
    await asyncio.sleep(SETTLE_S)
    delays = await watch(viewer, publisher, seconds)
    await disconnect(viewer, publisher)
    await viewer.context.close()
    return delays


async def relayed_round(stage: Stage, publisher: Page, seconds: float) -> list[float]:
    """One turn through the server."""
    await stage.publish(publisher)
    viewer = await stage.page()
    await viewer.evaluate(
        "async url => { window.view = await webrtc.view(url, document.querySelector('video')); }", stage.whep_url
    )
    await stage.viewer_waits_for_picture(viewer)
    await asyncio.sleep(SETTLE_S)
    delays = await watch(viewer, publisher, seconds)
    await viewer.evaluate("() => webrtc.leave(window.view)")
    await viewer.context.close()
    await stage.unpublish(publisher)
    return delays


async def run(rounds: int, seconds: float, quick: bool) -> None:
    """Take turns and print."""
    direct: list[float] = []
    relayed: list[float] = []
    async with stage_open() as stage:
        publisher = await stage.page()
        for _ in range(rounds):
            direct += await direct_round(stage, publisher, seconds)
            relayed += await relayed_round(stage, publisher, seconds)
        version = stage.browser_version
    rows = [
        (name, len(values), percentile(values, 0.5), percentile(values, 0.95))
        for name, values in (("direct", direct), ("relayed", relayed))
    ]
    show_table("Glass to glass", ("path", "frames", "p50 ms", "p95 ms"), rows)
    figures = {
        "direct_p50_ms": percentile(direct, 0.5),
        "relayed_p50_ms": percentile(relayed, 0.5),
        "added_p50_ms": percentile(relayed, 0.5) - percentile(direct, 0.5),
        "direct_p95_ms": percentile(direct, 0.95),
        "relayed_p95_ms": percentile(relayed, 0.95),
    }
    conditions = {"chromium": version, "frames": len(direct) + len(relayed), "quick": quick}
    conclude("glass_to_glass", figures, conditions)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short turn each")
    arguments = parser.parse_args()
    rounds, seconds = (1, 6.0) if arguments.quick else (4, 15.0)
    asyncio.run(run(rounds, seconds, arguments.quick))


if __name__ == "__main__":
    main()
