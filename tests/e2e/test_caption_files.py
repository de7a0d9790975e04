"""A show's WebVTT file beside a recording of the same length, in a real browser: each cue stands there in its time."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np

from stream_server.captions.cutting import cut, spread
from stream_server.captions.model import CaptionLine
from stream_server.captions.webvtt import webvtt
from tests.browser import chromium, playwright_running
from tests.page_serving import pages_served

SECONDS = 8
LINES = (("Pesa 350 g & cuesta <24> €.", 1000, 2500), ("手工制作，包邮到家。", 4000, 6500))
PAGE = """<!doctype html><meta charset="utf-8"><video muted></video>"""
ACTIVE_AT = """async ([vtt, moments]) => {
    const video = document.querySelector("video");
    const film = await (await fetch("/film.webm")).blob();
    video.src = URL.createObjectURL(film);
    const track = document.createElement("track");
    track.kind = "captions";
    track.srclang = "es";
    track.src = URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
    track.track.mode = "hidden";
    const loaded = new Promise((resolve, reject) => {
        track.onload = resolve;
        track.onerror = () => reject(new Error("the file was not read"));
    });
    video.append(track);
    await loaded;
    if (video.readyState < 1) await new Promise((resolve) => video.addEventListener("loadedmetadata", resolve));
    const texts = [];
    for (const moment of moments) {
        const seeked = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
        video.currentTime = moment;
        await seeked;
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
        texts.push([...track.track.activeCues].map((cue) => cue.getCueAsHTML().textContent));
    }
    return texts;
}"""


def film() -> bytes:
    """A grey picture for `SECONDS`."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("vp8", rate=10)
        stream.width = stream.height = 64
        for number in range(SECONDS * 10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 128, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


async def test_cues_are_active_in_their_time() -> None:
    said = [
        CaptionLine(f"u{n}", "es", False, "model", tuple(cut(text, spread(text, start, end), end)))
        for n, (text, start, end) in enumerate(LINES)
    ]
    with pages_served({"/": PAGE, "/film.webm": film()}) as url:
        async with playwright_running() as playwright, chromium(playwright) as browser:
            page = await browser.new_page()
            await page.goto(f"{url}/")
            moments = [0.5, 1.1, 2.4, 3.5, 4.1, 6.4, 7.5]
            active = await page.evaluate(ACTIVE_AT, [webvtt(said, "es"), moments])
    first, second = LINES[0][0], LINES[1][0]
    assert active == [[], [first], [first], [], [second], [second], []]
