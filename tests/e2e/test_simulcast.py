"""A host sends three sizes of its picture; a viewer whose network narrows gets a smaller one and is told so, and gets
the large one again when it widens. The real player in a real browser; every step waits for what is to happen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.e2e.narrow_path import narrow_path
from tests.e2e.pages import PHONE
from tests.interop.house import house_open
from tests.page_serving import pages_served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

_PAGE = '<!doctype html><meta charset="utf-8"><title>Host</title><script src="/webrtc.js"></script>'
_PUBLISH = """async ([url, token]) => {
    // the smallest picture that Chromium sends in three sizes; few frames, as they are encoded three times
    const video = { width: 960, height: 540, frameRate: 10 };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: true });
    // a busy machine may cost frames, not sizes
    stream.getVideoTracks()[0].contentHint = "detail";
    window.publishing = await webrtc.publish(url, token, stream, { layers: [
        { rid: "q", maxBitrate: 100_000, scaleResolutionDownBy: 4 },
        { rid: "h", maxBitrate: 250_000, scaleResolutionDownBy: 2 },
        { rid: "f", maxBitrate: 700_000, scaleResolutionDownBy: 1 },
    ] });
}"""
_SENT = """async () => {
    const report = await window.publishing.peer.getStats();
    const sent = [...report.values()].filter((s) => s.type === "outbound-rtp" && s.kind === "video");
    return Object.fromEntries(sent.map((s) => [s.rid, s.framesSent]));
}"""
_SEEN = "async () => await recorder.video() ?? { frames: 0, height_px: 0, key_frames: 0, plis: 0 }"

FULL_PX = 540
SOUND_BPS = 40_000
MEASURED_S = 3.0


def through(port: int) -> str:
    """A page script: every answer leads to ``port`` of loopback, and nowhere else."""
    return f"""
    const accept = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function (answer) {{
        const candidates = /a=candidate:.*\\r\\n/g;
        const only = "a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host generation 0\\r\\n";
        const sdp = answer.sdp.replace(candidates, "").replaceAll("a=end-of-candidates\\r\\n", only);
        return accept.call(this, {{ type: answer.type, sdp }});
    }};
    """


async def until(page: Page, look: str, holds: Callable[[Any], bool], timeout_s: float) -> Any:
    """What ``look`` gives in the page, once it ``holds``."""
    seen = None
    try:
        async with asyncio.timeout(timeout_s):
            while not holds(seen := await page.evaluate(look)):
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"it did not happen in {timeout_s:g} s; last seen: {seen}") from None
    return seen


async def test_a_viewer_whose_network_narrows_gets_a_smaller_picture_and_the_large_one_again(tmp_path: Path) -> None:
    with pages_served({"/": _PAGE, "/webrtc.js": (PAGE_SCRIPTS / "webrtc.js").read_text()}) as url:
        async with (
            house_open(tmp_path) as house,
            narrow_path(house.server.media_port) as path,
            chromium_alone() as browser,
        ):
            host = await browser.new_page()
            await host.goto(url)
            await host.evaluate(_PUBLISH, [house.whip_url, house.host_token])
            await until(host, _SENT, lambda sent: all(sent.get(rid, 0) > 30 for rid in "qhf"), 60)

            context = await browser.new_context(viewport=PHONE, locale="en-US")
            viewer = await context.new_page()
            await viewer.add_init_script(path=PAGE_SCRIPTS / "recorder.js")
            await viewer.add_init_script(through(path.port))
            await viewer.goto(f"{house.server.url}/watch/{house.show_id}")
            large = await until(viewer, _SEEN, lambda seen: seen["height_px"] == FULL_PX, 30)

            # half of what the large picture takes, whatever its content makes of it
            await asyncio.sleep(MEASURED_S)
            later = await viewer.evaluate(_SEEN)
            seconds = (later["at_ms"] - large["at_ms"]) / 1000
            path.bps = SOUND_BPS + 0.5 * 8 * (later["octets"] - large["octets"]) / seconds
            small = await until(viewer, _SEEN, lambda seen: 0 < seen["height_px"] < FULL_PX, 40)
            assert small["key_frames"] > large["key_frames"]
            why = viewer.get_by_text(re.compile(r"^Your network (is slow|loses data): \d+p$"))
            await expect(why).to_be_visible(timeout=20_000)
            after = await until(viewer, _SEEN, lambda seen: seen["frames"] > small["frames"] + 10, 20)

            path.bps = 1e9
            again = await until(viewer, _SEEN, lambda seen: seen["height_px"] == FULL_PX, 90)
            assert again["key_frames"] > after["key_frames"]
            # it decodes: the picture goes on, and no keyframe has to be asked for
            on = await until(viewer, _SEEN, lambda seen: seen["frames"] > again["frames"] + 20, 20)
            assert on["height_px"] == FULL_PX
            assert on["plis"] == again["plis"]

            await viewer.get_by_role("button", name=re.compile("Picture: 540p")).click()
            await expect(viewer.get_by_text(re.compile(r"^540p · [\d.]+ Mbit/s · full picture$"))).to_be_visible()
