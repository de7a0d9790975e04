"""A show's sound for a process of ours that listens: fetched by WHEP like any viewer's, decoded, on the show clock.

Unlike a viewer it has no picture, sends nothing and asks for nothing again: what a network within one house loses is
silence. aiortc decodes; for one listener its cost does not matter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import NamedTuple

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, AudioResampler
from numpy.typing import NDArray

from stream_server.media.seams import loopback_gathered, rtp_timestamp

SILENT_S = 5.0
"""Without a packet for so long the session may be dead: the media process was started again, or nobody broadcasts."""
RTP_PER_MS = 48


class StampedSound(NamedTuple):
    """Some sound and its place on the show clock."""

    rtp: int
    """Outgoing audio timestamp of the first sample (32 bits, wraps): show ms × 48."""
    pcm: NDArray[np.int16]
    """Mono; shape (samples,)."""


Join = Callable[[str], Awaitable[str]]
"""Takes an offer to the WHEP endpoint and brings the answer. Raises: OSError."""


async def sound_of(join: Join, rate: int, *, is_near: bool) -> AsyncGenerator[StampedSound, None]:
    """The sound at ``rate`` samples a second until the session is over. Close it when done (`aclosing`).

    ``is_near``: the server is this machine, so that loopback is the way. Raises: OSError from ``join``.
    """
    pc = RTCPeerConnection()
    try:
        receiver = pc.addTransceiver("audio", direction="recvonly").receiver
        if is_near:
            with loopback_gathered():
                await pc.setLocalDescription(await pc.createOffer())
        else:
            await pc.setLocalDescription(await pc.createOffer())
        answer = await join(pc.localDescription.sdp)
        await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        resampler = AudioResampler(format="s16", layout="mono", rate=rate)
        while (frame := await _next(receiver.track)) is not None:
            rtp = rtp_timestamp(receiver, frame.pts or 0)
            parts = [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
            if parts:
                yield StampedSound(rtp, np.concatenate(parts))
    finally:
        await pc.close()


async def _next(track: MediaStreamTrack) -> AudioFrame | None:
    try:
        async with asyncio.timeout(SILENT_S):
            frame = await track.recv()
    except (TimeoutError, MediaStreamError):
        return None
    return frame if isinstance(frame, AudioFrame) else None


def show_ms(rtp: int, near_ms: float) -> float:
    """The show clock of an outgoing audio timestamp; ``near_ms`` is where the show is about now."""
    expected = round(near_ms * RTP_PER_MS)
    ahead = (rtp - expected + 2**31) % 2**32 - 2**31
    return (expected + ahead) / RTP_PER_MS
