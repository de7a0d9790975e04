"""When frames leave a publisher and when the kernel has them for a viewer: the relay's own share of the delay.

The publisher notes the time just before a frame's last packet goes to the kernel; for a viewer the kernel notes when
each datagram arrived (SO_TIMESTAMPNS), so how late this program reads it is of no matter. Frames are told apart by
their RTP timestamps, which SRTP leaves in the clear and the relay moves by a constant.
"""

from __future__ import annotations

import socket
import struct
import time

from benchmarks.light_viewer import VIDEO_TYPE, LightPeer

SO_TIMESTAMPNS = getattr(socket, "SO_TIMESTAMPNS", 35)
_KEPT = 300
"""Frames whose departure is remembered: 10 s."""


class Departures:
    """When each frame left, by its RTP timestamp."""

    def __init__(self) -> None:
        self._left_ns: dict[int, int] = {}

    def note(self, timestamp: int) -> None:
        """The last packet of the frame is about to be sent."""
        self._left_ns[timestamp] = time.time_ns()
        if len(self._left_ns) > _KEPT:
            del self._left_ns[next(iter(self._left_ns))]

    def before(self, at_ns: int) -> int | None:
        """The frame that left last before ``at_ns``."""
        found = [timestamp for timestamp, left in self._left_ns.items() if left < at_ns]
        return found[-1] if found else None

    def left_ns(self, timestamp: int) -> int | None:
        """When a frame left, if that is still known."""
        return self._left_ns.get(timestamp)


class TimedPeer(LightPeer):
    """A viewer that knows when each frame was complete, once it was given `departures`."""

    departures: Departures | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.delays_ms: list[float] = []
        self._offset: int | None = None
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def read(self) -> None:
        """Take what has arrived, with its times."""
        while True:
            try:
                data, ancillary, _, _ = self.socket.recvmsg(2048, 64)
            except OSError:
                return
            self.take(data)
            if 127 < data[0] < 192 and data[1] == VIDEO_TYPE | 0x80:
                for level, kind, value in ancillary:
                    if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                        seconds, nanoseconds = struct.unpack("qq", value)
                        self._complete(int.from_bytes(data[4:8], "big"), seconds * 1_000_000_000 + nanoseconds)

    def _complete(self, timestamp: int, at_ns: int) -> None:
        if self.departures is None:
            return
        if self._offset is None:
            source = self.departures.before(at_ns)
            if source is None:
                return
            self._offset = timestamp - source
        left_ns = self.departures.left_ns((timestamp - self._offset) & 0xFFFFFFFF)
        if left_ns is not None:
            self.delays_ms.append((at_ns - left_ns) / 1e6)
