"""A viewer whose network lets no UDP through watches over TCP, on the same port."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.interop.house import ffmpeg_publishing, house_open, video_plays
from tests.page_serving import pages_served
from tests.serving import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>TCP</title>'
    '<script src="/recorder.js"></script><script src="/webrtc.js"></script>'
    '<video id="video" autoplay playsinline muted></video>'
)
_WITHOUT_UDP = """
const accept = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
    const sdp = answer.sdp.replace(/a=candidate:\\S+ 1 udp .*\\r\\n/g, "");
    return accept.call(this, { type: answer.type, sdp });
};
"""
_PAIR = """async () => {
    // The picture may play before the browser has nominated a pair: look for it for up to 10 s.
    for (let round = 0; round < 100; round++) {
        const report = await window.viewing.peer.getStats();
        const pair = [...report.values()].find((s) => s.type === "candidate-pair" && s.nominated);
        if (pair) return report.get(pair.remoteCandidateId).protocol;
        await new Promise((again) => setTimeout(again, 100));
    }
    return null;
}"""


def on_a_tcp_port() -> dict[str, str]:
    """A number that is free for TCP; one chosen for UDP alone may be taken there."""
    return {"VITRINE_MEDIA_PORT": str(free_port())}


async def test_a_browser_that_reaches_us_by_tcp_only_sees_the_show(tmp_path: Path) -> None:
    scripts = {f"/{name}": (PAGE_SCRIPTS / name).read_text() for name in ("recorder.js", "webrtc.js")}
    with pages_served({"/": _PAGE, **scripts}) as url:
        async with (
            house_open(tmp_path, on_a_tcp_port()) as house,
            chromium_alone() as browser,
            ffmpeg_publishing(house, 60),
        ):
            page = await browser.new_page()
            await page.add_init_script(_WITHOUT_UDP)
            await page.goto(url)
            await page.evaluate(
                "async url => { window.viewing = await webrtc.view(url, document.querySelector('video')); }",
                house.whep_url,
            )
            await video_plays(page)
            assert await page.evaluate(_PAIR) == "tcp"


async def test_a_browser_that_can_use_both_uses_udp(tmp_path: Path) -> None:
    scripts = {f"/{name}": (PAGE_SCRIPTS / name).read_text() for name in ("recorder.js", "webrtc.js")}
    with pages_served({"/": _PAGE, **scripts}) as url:
        async with (
            house_open(tmp_path, on_a_tcp_port()) as house,
            chromium_alone() as browser,
            ffmpeg_publishing(house, 60),
        ):
            page = await browser.new_page()
            await page.goto(url)
            await page.evaluate(
                "async url => { window.viewing = await webrtc.view(url, document.querySelector('video')); }",
                house.whep_url,
            )
            await video_plays(page)
            assert await page.evaluate(_PAIR) == "udp"
