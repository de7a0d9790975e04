"""Media out to viewers by the C extension: its own threads, no GIL, whole frames by one system call (UDP GSO).

Same interface and guarantees as `PythonEgress`, and the same contract tests; see `native/egress.c` for the inside.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from stream_server.media.egress import Egress, PythonEgress, Sent, Target
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.seams import Address
from stream_server.media.split_egress import SplitEgress
from stream_server.media.tcp import TcpConnection

try:
    from stream_server.media import _native
except ImportError:  # no compiler or no OpenSSL headers when it was installed
    _native = None  # type: ignore[assignment]

log = structlog.get_logger(__name__)

MAX_STREAMS = 4096
MAX_THREADS = 2
"""What a thread sends goes out one viewer after the other, 10 µs for a frame of five packets: the last of a hundred
waits 1 ms. Two threads halve that; a third would only take a core from the others' work."""
_GCM, _CM_SHA1 = 7, 1


def is_built() -> bool:
    """Whether the extension is there."""
    return _native is not None


def choose_egress(counters: Counters) -> Egress:
    """The native egress where it was built, beside the Python one for TCP; else only the Python one."""
    return with_streams(counters) if is_built() else PythonEgress(counters)


def with_streams(counters: Counters) -> Egress:
    """The native egress, on two threads where there are two cores, and the Python one for TCP."""
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    return SplitEgress(NativeEgress(counters, threads=threads), PythonEgress(counters))


def derive(master_key: bytes, master_salt: bytes, label: int, size: int) -> bytes:
    """A session key or salt (RFC 3711 §4.3.1 with a key derivation rate of 0; RFC 7714 §11 for 12 byte salts)."""
    start = bytearray(master_salt.ljust(14, b"\0") + b"\0\0")
    start[7] ^= label
    return Cipher(algorithms.AES(master_key), modes.CTR(bytes(start))).encryptor().update(bytes(size))


def socket_address(family: socket.AddressFamily, address: Address) -> bytes:
    """``address`` as the kernel's struct sockaddr_in or sockaddr_in6."""
    # The BSDs have a length byte and one byte of family where Linux has two of family.
    head = struct.pack("=BB", 0, family) if sys.platform == "darwin" else struct.pack("=H", family)
    port = struct.pack("!H", address[1])
    host = socket.inet_pton(family, address[0].partition("%")[0])
    if family == socket.AF_INET6:
        return head + port + struct.pack("!I", address[2]) + host + struct.pack("=I", address[3])
    return head + port + host + bytes(8)


@dataclass(frozen=True)
class Place:
    """Which thread serves a target of which kind."""

    kind: Kind
    thread: int


class Places:
    """Spreads targets evenly over threads; each stays where it is for good.

    Pictures and sounds are counted apart: viewers begin with both at once, and by one count for both all pictures could
    end up on one thread.
    """

    def __init__(self, threads: int) -> None:
        self._taken: dict[Kind, list[int]] = {"audio": [0] * threads, "video": [0] * threads}

    def take(self, kind: Kind) -> Place:
        """A place on the thread that has the fewest of this kind."""
        taken = self._taken[kind]
        thread = taken.index(min(taken))
        taken[thread] += 1
        return Place(kind, thread)

    def give_back(self, place: Place) -> None:
        """The target is gone."""
        self._taken[place.kind][place.thread] -= 1


class NativeEgress:
    """`Egress` on native threads: 2 to 3 µs per delivered packet. For UDP only; see `SplitEgress`."""

    def __init__(self, counters: Counters, *, threads: int = 1, gso: bool = True) -> None:
        self._counters = counters
        self._engine: Any = _native.Egress(MAX_STREAMS, threads, gso)
        self._places = Places(threads)
        self._free_tracks = deque(range(_native.MAX_TRACKS))
        self._gathering: set[int] = set()
        """Tracks whose packets wait for the end of their frame, 1 ms at most."""
        self._served: dict[int, Place] = {}
        self._sent: dict[int, Sent] = {}

    def open_track(self, kind: Kind) -> int:
        """See `Egress`. Raises: RuntimeError when a thousand tracks are open."""
        if not self._free_tracks:
            raise RuntimeError("too many tracks")
        track = self._free_tracks.popleft()
        if kind == "video":
            self._gathering.add(track)
        return track

    def close_track(self, track: int) -> None:
        """See `Egress`."""
        self._gathering.discard(track)
        self._free_tracks.append(track)

    def add(self, target: Target) -> int:
        """See `Egress`. Raises: BufferError when there are too many."""
        place = self._places.take(target.kind)
        try:
            handle = self._add(target, place.thread)
        except BaseException:
            self._places.give_back(place)
            raise
        self._served[handle], self._sent[handle] = place, Sent()
        if target.timestamp_offset:
            offset = target.first_sequence - target.first_index
            self._engine.retarget(handle, _native.MAX_TRACKS, offset, target.timestamp_offset & 0xFFFFFFFF)
        return handle

    def _add(self, target: Target, thread: int) -> int:
        keys = target.keys
        is_gcm = keys.profile.salt_bytes == 12
        master_key, master_salt = keys.send_key[: keys.profile.key_bytes], keys.send_key[keys.profile.key_bytes :]
        handle: int = self._engine.add(
            thread,
            _native.MAX_TRACKS,
            *self._destination(target.path),
            _GCM if is_gcm else _CM_SHA1,
            derive(master_key, master_salt, 0, 16),
            derive(master_key, master_salt, 2, keys.profile.salt_bytes),
            b"" if is_gcm else derive(master_key, master_salt, 1, 20),
            target.ssrc,
            target.payload_type,
            target.first_sequence - target.first_index,
        )
        return handle

    def attach(self, handle: int, track: int) -> None:
        """See `Egress`."""
        self._engine.attach(handle, track)

    def retarget(
        self, handle: int, track: int, first_index: int, next_sequence: int, timestamp_offset: int = 0
    ) -> None:
        """See `Egress`."""
        self._engine.retarget(handle, track, next_sequence - first_index, timestamp_offset & 0xFFFFFFFF)

    def detach(self, handle: int) -> None:
        """See `Egress`."""
        self._engine.attach(handle, _native.MAX_TRACKS)

    def remove(self, handle: int) -> None:
        """See `Egress`."""
        if self._sent.pop(handle, None) is not None:
            self._places.give_back(self._served.pop(handle))
            self._engine.remove(handle)

    def move(self, handle: int, path: Path) -> None:
        """See `Egress`."""
        self._engine.move(handle, *self._destination(path))

    def set_payload_type(self, handle: int, payload_type: int) -> None:
        """See `Egress`."""
        self._engine.set_payload_type(handle, payload_type)

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`."""
        push, at_once = self._engine.push, track not in self._gathering
        left = len(packets)
        for packet in packets:
            left -= 1
            marker, flush = packet.marker, packet.marker or at_once
            if not push(
                track, packet.payload, packet.index, packet.timestamp, marker, packet.has_padding, flush, left > 0
            ):
                self._counters.packets_dropped += 1

    def send_to(self, handle: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`."""
        push_to = self._engine.push_to
        for packet in packets:
            if not push_to(handle, packet.payload, packet.index, packet.timestamp, packet.marker, packet.has_padding):
                self._counters.packets_dropped += 1

    def sent(self, handle: int) -> Sent:
        """See `Egress`; also where the process's totals are brought up to date."""
        counted, before = self._engine.counters(handle), self._sent[handle]
        now = Sent(counted["packets"], counted["octets"], counted["drops"])
        self._counters.packets_sent += now.packets - before.packets
        self._counters.octets_sent += now.octets - before.octets
        self._counters.packets_dropped += now.dropped - before.dropped
        self._sent[handle] = now
        return now

    def close(self) -> None:
        """See `Egress`."""
        self._engine.close()

    @staticmethod
    def _destination(path: Path) -> tuple[int, bytes]:
        if isinstance(path.socket, TcpConnection):
            raise TypeError("the native egress knows no TCP")
        return path.socket.fileno(), socket_address(path.socket.family, path.address)
