"""A host sends three sizes of its picture; a viewer whose network narrows gets a smaller one, then the large one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.e2e.narrow_path import narrow_path
from tests.e2e.other_load import other_load
from tests.interop.house import house_open
from tests.page_serving import pages_served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(150), pytest.mark.alone]

AGAIN_S = 45.0

_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Simulcast</title>'
    '<script src="/recorder.js"></script><script src="/webrtc.js"></script>'
    '<video id="video" autoplay playsinline muted></video>'
)
_PUBLISH = """async ([url, token]) => {
    const video = { width: 960, height: 540, frameRate: 15 };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: true });
    window.publishing = await webrtc.publish(url, token, stream, { layers: [
        { rid: "q", maxBitrate: 100_000, scaleResolutionDownBy: 4 },
        { rid: "h", maxBitrate: 300_000, scaleResolutionDownBy: 2 },
        { rid: "f", maxBitrate: 900_000, scaleResolutionDownBy: 1 },
    ] });
}"""
_SENT = """async () => {
    const report = await window.publishing.peer.getStats();
    const sent = [...report.values()].filter((s) => s.type === "outbound-rtp" && s.kind === "video");
    return Object.fromEntries(sent.map((s) => [s.rid, s.framesSent]));
}"""
_VIEW = """async (url) => {
    const video = document.querySelector("video");
    window.viewing = await webrtc.view(url, video);
    window.longestGapMs = 0;
    let shownMs = null;
    const look = (nowMs) => {
        if (shownMs !== null) window.longestGapMs = Math.max(window.longestGapMs, nowMs - shownMs);
        shownMs = nowMs;
        video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
}"""
_SEEN = """async () => {
    const report = await window.viewing.peer.getStats();
    const found = [...report.values()].find((s) => s.type === "inbound-rtp" && s.kind === "video");
    return { height: found?.frameHeight ?? 0, frames: found?.framesDecoded ?? 0, gap_ms: window.longestGapMs,
        key_frames: found?.keyFramesDecoded ?? 0 };
}"""


def through(port: int) -> str:
    """A page script: every answer leads to ``port`` of loopback, and nowhere else."""
    return f"""
    const accept = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function (answer) {{
        const candidates = /a=candidate:.*\\r\\n/g;
        const only = "a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host generation 0\\r\\n";
        let written = false;
        const sdp = answer.sdp.replace(candidates, "").replaceAll("a=end-of-candidates\\r\\n", only);
        return accept.call(this, {{ type: answer.type, sdp }});
    }};
    """


async def until(page: Page, look: str, holds: Callable[[Any], bool], timeout_s: float) -> Any:
    """What ``look`` gives in the page, once it ``holds``."""
    async with asyncio.timeout(timeout_s):
        while not holds(seen := await page.evaluate(look)):
            await asyncio.sleep(0.2)
    return seen


async def test_a_viewer_whose_network_narrows_gets_a_smaller_picture_and_the_large_one_again(tmp_path: Path) -> None:
    scripts = {f"/{name}": (PAGE_SCRIPTS / name).read_text() for name in ("recorder.js", "webrtc.js")}
    with pages_served({"/": _PAGE, **scripts}) as url:
        async with (
            house_open(tmp_path) as house,
            narrow_path(house.server.media_port) as path,
            chromium_alone() as browser,
        ):
            host = await browser.new_page()
            await host.goto(url)
            await host.evaluate(_PUBLISH, [house.whip_url, house.host_token])
            await until(host, _SENT, lambda sent: all(sent.get(rid, 0) > 40 for rid in "qhf"), 40)
            viewer = await browser.new_page()
            await viewer.add_init_script(through(path.port))
            await viewer.goto(url)
            await viewer.evaluate(_VIEW, house.whep_url)
            large = await until(viewer, _SEEN, lambda seen: seen["height"] == 540, 20)
            path.bps = 450_000
            small = await until(viewer, _SEEN, lambda seen: seen["height"] < 540, 20)
            assert small["frames"] > large["frames"]
            assert small["height"] > 0
            path.bps = 1e9
            await viewer.evaluate("() => { window.longestGapMs = 0; }")
            again = None
            with other_load(AGAIN_S) as load:
                began_s = time.monotonic()
                with suppress(TimeoutError):
                    again = await until(viewer, _SEEN, lambda seen: seen["height"] == 540, AGAIN_S)
                passed_s = time.monotonic() - began_s
            is_ours = load.cores * AGAIN_S / passed_s < 0.5
            if again is None and not is_ours:
                pytest.skip("others kept the machine too busy for the large picture to come back")
            assert again is not None
            assert again["frames"] > small["frames"] + 20
            assert again["key_frames"] > small["key_frames"] > 0
            if is_ours:
                assert again["gap_ms"] < 1000
