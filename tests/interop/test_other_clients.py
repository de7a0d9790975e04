"""Other people's clients publish to us and watch us: FFmpeg's WHIP muxer, whip-whep, @eyevinn/webrtc-player.

The page that runs the clients lives on another origin than the server, so cross-origin headers are at work too.
"""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from tests.browser import PAGE_SCRIPTS, chromium_alone
from tests.interop.clients_bundle import clients_bundle
from tests.interop.house import ffmpeg_publishing, house_open, video_plays
from tests.page_serving import pages_served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>Clients</title>'
    '<script src="/recorder.js"></script><script src="/webrtc.js"></script><script src="/clients.js"></script>'
    '<video id="video" autoplay playsinline muted></video>'
)
PUBLISH_WITH_WHIP_WHEP = """async ([url, token]) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } });
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    for (const track of stream.getTracks()) peer.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    window.client = new clients.WHIPClient();
    await window.client.publish(peer, url, token);
}"""
VIEW_WITH_WHIP_WHEP = """async url => {
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    const stream = new MediaStream();
    document.querySelector("video").srcObject = stream;
    peer.ontrack = ({ track }) => stream.addTrack(track);
    peer.addTransceiver("audio", { direction: "recvonly" });
    peer.addTransceiver("video", { direction: "recvonly" });
    window.client = new clients.WHEPClient();
    await window.client.view(peer, url);
}"""
VIEW_WITH_EYEVINN = """async url => {
    const video = document.querySelector("video");
    window.client = new clients.WebRTCPlayer({ video, type: "whep" });
    await window.client.load(new URL(url));
}"""


def pages() -> dict[str, str]:
    try:
        bundle = clients_bundle()
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"npm could not install the clients: {error}")
    scripts = {f"/{name}": (PAGE_SCRIPTS / name).read_text() for name in ("recorder.js", "webrtc.js")}
    return {"/": _PAGE, "/clients.js": bundle, **scripts}


async def test_ffmpeg_publishes_and_a_browser_watches(tmp_path: Path) -> None:
    with pages_served(pages()) as url:
        async with house_open(tmp_path) as house, chromium_alone() as browser, ffmpeg_publishing(house, 60):
            page = await browser.new_page()
            await page.goto(url)
            await page.evaluate("url => webrtc.view(url, document.querySelector('video'))", house.whep_url)
            seen = await video_plays(page)
            assert (seen["width_px"], seen["height_px"]) == (640, 360)


async def test_ffmpeg_that_ends_by_itself_leaves_the_show_waiting_for_its_host(tmp_path: Path) -> None:
    async with house_open(tmp_path) as house:
        async with ffmpeg_publishing(house, 2) as process:
            await asyncio.wait_for(process.wait(), 15)
            assert process.returncode == 0
        async with asyncio.timeout(5):
            while (await house.server.get(f"/api/shows/{house.show_id}"))["status"] != "away":
                await asyncio.sleep(0.1)


@pytest.mark.parametrize("view", [VIEW_WITH_WHIP_WHEP, VIEW_WITH_EYEVINN], ids=["whip-whep", "eyevinn"])
async def test_whip_whep_publishes_and_other_players_watch(tmp_path: Path, view: str) -> None:
    with pages_served(pages()) as url:
        async with house_open(tmp_path) as house, chromium_alone() as browser:
            publisher = await browser.new_page()
            await publisher.goto(url)
            await publisher.evaluate(PUBLISH_WITH_WHIP_WHEP, [house.whip_url, house.host_token])
            async with asyncio.timeout(10):
                while (await house.server.get(f"/api/shows/{house.show_id}"))["status"] != "live":
                    await asyncio.sleep(0.1)
            viewer = await browser.new_page()
            await viewer.goto(url)
            await viewer.evaluate(view, house.whep_url)
            await video_plays(viewer)
