"""When frames leave a publisher's kernel and when a viewer's has them: the relay's own share of the delay.

Both ends are stamped by the kernel (Linux): the publisher's when it hands a frame's last packet to the network
(SO_TIMESTAMPING), the viewer's when that packet comes in from it (SO_TIMESTAMPNS). So neither how long these programs
seal before they send nor how late they read is counted; everything in between is: the way to the relay's process, its
waiting for a processor, its work, and the turn of the viewers before this one. Frames are told apart by their RTP
timestamps, which SRTP leaves in the clear and the relay moves by a constant.

One thing of the viewers' is kept out: on the loopback interface a viewer's kernel does its half within the relay's
system call, for a frame of five packets 3.4 of 12.5 µs, and each viewer waits for that of all before it. On a network
it is done elsewhere and at the same time. A `FarPeer` takes a frame from its kernel in one piece (UDP_GRO).
"""

from __future__ import annotations

import socket
import struct

from benchmarks.light_viewer import VIDEO_TYPE, LightPeer

# Not in Python's socket module; from Linux' asm-generic/socket.h, net_tstamp.h and in.h.
SO_TIMESTAMPNS, SO_TIMESTAMPING = 35, 37
SOL_UDP, UDP_GRO = 17, 104
_TX_SOFTWARE, _REPORT_SOFTWARE, _WITHOUT_PACKET = 1 << 1, 1 << 4, 1 << 11
_MSG_ERRQUEUE = 0x2000
_KEPT = 300
"""Frames whose departure is remembered: 10 s."""


def _stamped(ancillary: list[tuple[int, int, bytes]], kind: int) -> int | None:
    """The kernel's time in a datagram's control messages, in ns."""
    for level, found, value in ancillary:
        if level == socket.SOL_SOCKET and found == kind:
            seconds, nanoseconds = struct.unpack_from("qq", value)
            return int(seconds) * 1_000_000_000 + int(nanoseconds)
    return None


def _datagrams(data: bytes, ancillary: list[tuple[int, int, bytes]]) -> list[bytes]:
    """What the kernel gave in one piece, cut again into what was sent."""
    for level, kind, value in ancillary:
        if level == SOL_UDP and kind == UDP_GRO:
            (size,) = struct.unpack_from("i", value)
            return [data[start : start + size] for start in range(0, len(data), size)]
    return [data]


def _ends_frame(data: bytes) -> bool:
    return 127 < data[0] < 192 and data[1] == VIDEO_TYPE | 0x80


class Departures:
    """When each frame left, by its RTP timestamp."""

    def __init__(self) -> None:
        self._left_ns: dict[int, int] = {}

    def note(self, timestamp: int, at_ns: int) -> None:
        """The last packet of the frame left."""
        self._left_ns[timestamp] = at_ns
        if len(self._left_ns) > _KEPT:
            del self._left_ns[next(iter(self._left_ns))]

    def before(self, at_ns: int) -> int | None:
        """The frame that left last before ``at_ns``."""
        found = [timestamp for timestamp, left in self._left_ns.items() if left < at_ns]
        return found[-1] if found else None

    def left_ns(self, timestamp: int) -> int | None:
        """When a frame left, if that is still known."""
        return self._left_ns.get(timestamp)


class TimedHost(LightPeer):
    """A publisher that notes when each frame's last packet left, once it was given `departures`."""

    departures: Departures | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, _REPORT_SOFTWARE | _WITHOUT_PACKET)

    def send(self, data: bytes) -> bool:
        """Send a datagram, with the kernel's time if it ends a frame."""
        if self.departures is None or not _ends_frame(data):
            return super().send(data)
        wanted = (socket.SOL_SOCKET, SO_TIMESTAMPING, struct.pack("I", _TX_SOFTWARE))
        try:
            self.socket.sendmsg([data], [wanted], 0, self.server)
            # On the loopback interface the packet has been handed over by now, and its time stands in the queue.
            left_ns = _stamped(self.socket.recvmsg(0, 256, _MSG_ERRQUEUE)[1], SO_TIMESTAMPING)
        except OSError:
            return False
        if left_ns is not None:
            self.departures.note(int.from_bytes(data[4:8], "big"), left_ns)
        return True


class FarPeer(LightPeer):
    """A viewer that takes frames from its kernel in one piece, and notes when they came once it has `departures`."""

    departures: Departures | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.delays_ms: list[float] = []
        self.offset: int | None = None
        """What the relay adds to RTP timestamps: guessed from the first frame, the same for all viewers of a show."""
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(SOL_UDP, UDP_GRO, 1)

    def read(self) -> None:
        """Take what has arrived, with its times."""
        while True:
            try:
                read, ancillary, _, _ = self.socket.recvmsg(65536, 128)
            except OSError:
                return
            for data in _datagrams(read, ancillary):
                self.take(data)
                if self.departures is not None and _ends_frame(data):
                    at_ns = _stamped(ancillary, SO_TIMESTAMPNS)
                    if at_ns is not None:
                        self._complete(self.departures, int.from_bytes(data[4:8], "big"), at_ns)

    def _complete(self, departures: Departures, timestamp: int, at_ns: int) -> None:
        if self.offset is None:
            source = departures.before(at_ns)
            if source is None:
                return
            self.offset = timestamp - source
        left_ns = departures.left_ns((timestamp - self.offset) & 0xFFFFFFFF)
        if left_ns is not None:
            self.delays_ms.append((at_ns - left_ns) / 1e6)
