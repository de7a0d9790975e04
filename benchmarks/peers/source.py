"""The measured source: frames of equal packets at an even pace, over plain RTP or a WebRTC publisher.

It runs in the process of the benchmark, apart from the server and from the crowd.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from benchmarks.peers import crowd
from benchmarks.peers.janus import VIDEO_PT
from benchmarks.peers.signalling import publish_offer
from benchmarks.peers.traffic import Traffic

Feed = Callable[[Sequence[int]], Awaitable[None]]
"""Sends one frame of packets of these sizes."""


class Source:
    """Sends frames for as long as `run`'s block lasts."""

    def __init__(self, feed: Feed, traffic: Traffic) -> None:
        self._feed = feed
        self._traffic = traffic
        self.packets = 0
        """Sent so far."""

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Source]:
        """See the class."""
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send())
            try:
                yield self
            finally:
                sending.cancel()

    async def _send(self) -> None:
        due_s = time.monotonic()
        for frame in itertools.cycle(self._traffic.frames):
            await self._feed(frame)
            self.packets += len(frame)
            due_s += 1 / self._traffic.frames_per_s
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))


@asynccontextmanager
async def rtp_over_udp(port: int) -> AsyncIterator[Feed]:
    """Plain RTP to a port of this machine, as Janus' streaming plugin takes it."""
    header = struct.Struct("!BBHII")
    sent = frames = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:

        async def feed(sizes: Sequence[int]) -> None:
            nonlocal sent, frames
            frames += 1
            packets = len(sizes)
            for i, size in enumerate(sizes):
                last = i == packets - 1
                marker = 0x80 if last else 0
                head = header.pack(0x80, VIDEO_PT | marker, sent & 0xFFFF, frames * 3000 & 0xFFFFFFFF, 77)
                sent += 1
                out.sendto(head + crowd.idr_packet(i, last, packets, size), ("127.0.0.1", port))

        yield feed


@asynccontextmanager
async def rtp_over_webrtc(kind: str, where: str, address: str) -> AsyncIterator[Feed]:
    """A WebRTC publisher of hand-made packets."""
    crowd.prepare(address)
    if kind == "videoroom":  # its publisher lives as long as its session
        async with publish_offer(kind, where) as ask:
            yield (await crowd.RawPublisher.publish(ask)).send_frame
        return
    async with publish_offer(kind, where) as ask:
        publisher = await crowd.RawPublisher.publish(ask)
    await publisher.send_frame((1200,) * 5)  # a show can be watched once it had a picture
    await asyncio.sleep(0.3)
    yield publisher.send_frame
