"""A host that sends one picture in three sizes and a viewer of it, both made by hand: every packet is known."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

from benchmarks.light_viewer import CHECK_S, VIDEO_TYPE, LightPeer
from stream_server.media.rtp import read_remb, write_remb, write_sender_report
from stream_server.media.sdp import RID_EXTENSION
from stream_server.media.seams import PayloadFeedback, SrtpKeys, SrtpReceiver, parse_rtcp
from tests.unit.media.sealed_link import H264_DELTA, H264_KEYFRAME

RIDS = ("q", "h", "f")
BYTES = (100, 400, 1200)
"""A frame's size on each layer: 24, 96 and 288 kbit/s at 30 frames a second."""
FPS = 30
_RID_ID = 10
_FIRST_TICK = (0xFFFF_F000, 7_000, 123_456_789)
"""Every layer counts from somewhere else; the first wraps on the way."""


def simulcast_offer(offer: str) -> str:
    """A light peer's offer, its picture in layers."""
    lines = [f"a=extmap:{_RID_ID} {RID_EXTENSION}", *(f"a=rid:{rid} send" for rid in RIDS)]
    lines.append(f"a=simulcast:send {';'.join(RIDS)}")
    return offer + "\r\n".join(lines) + "\r\n"


class OpeningPeer(LightPeer):
    """Opens what it gets instead of only counting it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._receiver: SrtpReceiver | None = None

    def _connected(self, keys: SrtpKeys) -> None:
        super()._connected(keys)
        self._receiver = SrtpReceiver(keys)

    def take(self, data: bytes) -> None:
        """Take one datagram."""
        if not 127 < data[0] < 192 or self._receiver is None:
            super().take(data)
        elif 191 < data[1] < 209:
            self.on_rtcp(self._receiver.open_rtcp(data))
        else:
            self.on_rtp(self._receiver.open_rtp(data))

    def on_rtcp(self, compound: bytes) -> None:
        """An authentic compound."""

    def on_rtp(self, packet: bytes) -> None:
        """An authentic packet."""


class LayeredHost(OpeningPeer):
    """Sends each frame on all layers, and a keyframe on the one for which it is asked."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._wanted = [True, True, True]
        self.keyframes_sent = [0, 0, 0]
        self.limit_bps: int | None = None

    def on_rtcp(self, compound: bytes) -> None:
        """Take PLI and REMB."""
        for report in parse_rtcp(compound):
            if isinstance(report, PayloadFeedback) and report.fmt == 1:
                self._wanted[report.media_ssrc - 1000] = True
            elif isinstance(report, PayloadFeedback) and (limit := read_remb(report.fci)) is not None:
                self.limit_bps = limit

    async def broadcast(self) -> None:
        """In real time, for ever."""
        loop = asyncio.get_running_loop()
        start_s, number, checked_s = loop.time(), 0, 0.0
        while True:
            self.read()
            if loop.time() - checked_s > CHECK_S:
                checked_s = loop.time()
                self.check()
            for layer in range(len(RIDS)):
                self._frame(layer, number)
                if number % FPS == 0:
                    self._report(layer, number)
            number += 1
            await asyncio.sleep(max(0.0, start_s + number / FPS - loop.time()))

    def _timestamp(self, layer: int, number: int) -> int:
        return (_FIRST_TICK[layer] + number * 90_000 // FPS) & 0xFFFFFFFF

    def _frame(self, layer: int, number: int) -> None:
        assert self.sender is not None
        is_key, self._wanted[layer] = self._wanted[layer], False
        self.keyframes_sent[layer] += is_key
        body = (H264_KEYFRAME if is_key else H264_DELTA) + bytes([layer]) + struct.pack("!I", number)
        head = struct.pack(
            "!BBHII", 0x90, 0x80 | VIDEO_TYPE, number & 0xFFFF, self._timestamp(layer, number), 1000 + layer
        )
        extension = b"\xbe\xde\x00\x01" + bytes([_RID_ID << 4]) + RIDS[layer].encode() + bytes(2)
        packet = head + extension + body + bytes(BYTES[layer] - len(body))
        self.send(self.sender.seal_rtp(packet))

    def _report(self, layer: int, number: int) -> None:
        assert self.sender is not None
        ntp = int((4_000_000_000 + number / FPS) * 2**32)
        report = write_sender_report(1000 + layer, ntp, self._timestamp(layer, number), 0, 0)
        self.send(self.sender.seal_rtcp(report))


@dataclass(frozen=True)
class Seen:
    """One frame as it came to the viewer."""

    sequence: int
    timestamp: int
    layer: int
    number: int
    """The host's number of the frame."""
    is_key: bool


class LayeredViewer(OpeningPeer):
    """Keeps what it saw, and tells what its network carries."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen: list[Seen] = []

    @property
    def layer(self) -> int | None:
        """Of the newest frame."""
        return self.seen[-1].layer if self.seen else None

    def on_rtp(self, packet: bytes) -> None:
        """Keep one frame."""
        if packet[1] & 0x7F != VIDEO_TYPE:
            return
        sequence, timestamp = struct.unpack_from("!HI", packet, 2)
        payload = packet[12:]
        is_key = payload.startswith(H264_KEYFRAME)
        at = len(H264_KEYFRAME) if is_key else len(H264_DELTA)
        layer, number = struct.unpack_from("!BI", payload, at)
        self.seen.append(Seen(sequence, timestamp, layer, number, is_key))

    def estimate(self, bps: int) -> None:
        """Say what the network carries."""
        assert self.sender is not None
        self.send(self.sender.seal_rtcp(write_remb(77, bps, [1])))
