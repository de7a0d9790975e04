"""A real publisher for tests: aiortc sends a small moving picture, and silence or speech, over loopback by WHIP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from unittest.mock import patch

import aioice.ice
import httpx2
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from av import VideoFrame


class SmallPicture(VideoStreamTrack):
    """160×120 at 10 frames a second: cheap to encode, and a picture all the same.

    Its timestamps are a camera's: on a busy machine frames are left out, and the picture keeps up with the sound.
    """

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self._began_s: float | None = None

    async def recv(self) -> VideoFrame:
        now_s = asyncio.get_running_loop().time()
        self._began_s = now_s if self._began_s is None else self._began_s
        self._number = max(self._number, int((now_s - self._began_s) * 10))
        await asyncio.sleep(self._began_s + (self._number + 1) / 10 - now_s)
        frame = VideoFrame(160, 120, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([self._number % 256]) * plane.buffer_size)
        frame.pts, frame.time_base = self._number * 9000, Fraction(1, 90_000)
        self._number += 1
        return frame


@asynccontextmanager
async def publishing(
    http: httpx2.AsyncClient, path: str, token: str, sound: MediaStreamTrack | None = None
) -> AsyncIterator[str]:
    """Broadcast for as long as the block lasts; gives the session's path. ``sound`` instead of silence."""
    connection = RTCPeerConnection()
    # aioice leaves loopback out; there is nothing else that every machine has
    with patch.object(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"]):
        connection.addTrack(SmallPicture())
        connection.addTrack(sound or AudioStreamTrack())
        await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp
    # aiortc gives each track a stream of its own
    streams = {line.split()[0] for line in offer.splitlines() if line.startswith("a=msid:")}
    for stream in streams:
        offer = offer.replace(stream, "a=msid:stream")
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"}
    response = await http.post(path, content=offer, headers=headers)
    assert response.status_code == 201, response.text
    await connection.setRemoteDescription(RTCSessionDescription(response.text, "answer"))
    try:
        async with asyncio.timeout(10):
            while connection.connectionState != "connected":
                await asyncio.sleep(0.02)
        yield response.headers["location"]
    finally:
        await connection.close()
