"""Media out to viewers: the port, and its implementation in plain Python.

One writer per key and SSRC is what keeps AES-GCM safe: the egress seals the media SSRCs and nobody else does;
retransmissions and RTCP have SSRCs (and an index) of their own and go through the viewer's link.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.seams import MediaSealer, SealingBuffer, SrtpKeys


@dataclass(frozen=True)
class Target:
    """One track of one viewer."""

    path: Path
    keys: SrtpKeys
    kind: Kind
    ssrc: int
    payload_type: int
    first_index: int
    """Index of the packet that gets ``first_sequence``; earlier ones must not be sent to this target."""
    first_sequence: int
    """Below 32768, so that the receiver cannot mistake the first wrap (RFC 3711 §3.3.1). Never wraps itself."""
    timestamp_offset: int = 0
    """Added to every timestamp."""


@dataclass
class Sent:
    """What went out to one target."""

    packets: int = 0
    octets: int = 0
    """Of payload, as a sender report counts them."""
    dropped: int = 0


class Egress(Protocol):
    """Sends the packets of tracks to their targets. Never blocks: what the kernel does not take is dropped."""

    def open_track(self, kind: Kind) -> int:
        """A new track, without targets. Of video the packets of a frame may be held back to go out together."""

    def close_track(self, track: int) -> None:
        """Forget a track; its targets stay until removed."""

    def add(self, target: Target) -> int:
        """A new target, not attached to any track yet: only `send_to` reaches it."""

    def attach(self, handle: int, track: int) -> None:
        """From now on the target gets everything that is sent to ``track``."""

    def retarget(
        self, handle: int, track: int, first_index: int, next_sequence: int, timestamp_offset: int = 0
    ) -> None:
        """From now on the target gets ``track`` instead: the packet at ``first_index``, not sent yet, and what follows.

        ``next_sequence`` (not wrapped) is above that of every packet sent before: no number is used twice.
        """

    def detach(self, handle: int) -> None:
        """From now on the target gets nothing; `retarget` wakes it."""

    def remove(self, handle: int) -> None:
        """Forget a target. Unknown ones are fine."""

    def move(self, handle: int, path: Path) -> None:
        """The viewer is reached elsewhere."""

    def set_payload_type(self, handle: int, payload_type: int) -> None:
        """The track's codec changed."""

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        """Send a batch to every target of ``track``."""

    def send_to(self, handle: int, packets: Sequence[MediaPacket]) -> None:
        """Send a batch to one target."""

    def sent(self, handle: int) -> Sent:
        """What went out to a target so far."""

    def close(self) -> None:
        """Send nothing any more; the targets' sockets may be closed after it. May be called twice."""


_HEADER = struct.Struct("!BBHII")


class _Sink:
    """A target as the loop needs it."""

    __slots__ = ("address", "base", "payload_type", "sealer", "send", "sent", "ssrc", "timestamp_offset", "track")

    def __init__(self, target: Target, buffer: SealingBuffer) -> None:
        self.sealer = MediaSealer(target.keys, buffer)
        self.send = target.path.socket.sendto
        self.address = target.path.address
        self.ssrc = target.ssrc
        self.payload_type = target.payload_type
        self.base = target.first_index - target.first_sequence
        self.timestamp_offset = target.timestamp_offset
        self.track: int | None = None
        self.sent = Sent()


class PythonEgress:
    """`Egress` without native code: about 9 µs per delivered packet, everything on the caller's thread."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._buffer = SealingBuffer()
        self._sinks: dict[int, _Sink] = {}
        self._tracks: dict[int, list[_Sink]] = {}
        self._next = 0
        self._turn = 0

    def open_track(self, kind: Kind) -> int:
        """See `Egress`."""
        self._next += 1
        self._tracks[self._next] = []
        return self._next

    def close_track(self, track: int) -> None:
        """See `Egress`."""
        self._tracks.pop(track, None)

    def add(self, target: Target) -> int:
        """See `Egress`."""
        self._next += 1
        self._sinks[self._next] = _Sink(target, self._buffer)
        return self._next

    def resume(self, target: Target, next_index: int, began: int) -> int:
        """Like `add`, for a target whose packets from sequence ``began`` to ``next_index`` another egress has sent."""
        handle = self.add(target)
        header = _HEADER.pack(0x80, target.payload_type, 0, 0, target.ssrc)
        reached = target.first_sequence + next_index - target.first_index
        self._sinks[handle].sealer.advance(header, began, reached)
        return handle

    def attach(self, handle: int, track: int) -> None:
        """See `Egress`."""
        sink = self._sinks[handle]
        sink.track = track
        self._tracks[track].append(sink)

    def retarget(
        self, handle: int, track: int, first_index: int, next_sequence: int, timestamp_offset: int = 0
    ) -> None:
        """See `Egress`."""
        self.detach(handle)
        sink = self._sinks[handle]
        sink.base = first_index - next_sequence
        sink.timestamp_offset = timestamp_offset
        self.attach(handle, track)

    def detach(self, handle: int) -> None:
        """See `Egress`."""
        sink = self._sinks[handle]
        if sink.track in self._tracks:
            self._tracks[sink.track].remove(sink)
        sink.track = None

    def remove(self, handle: int) -> None:
        """See `Egress`."""
        sink = self._sinks.pop(handle, None)
        if sink is not None and sink.track in self._tracks:
            self._tracks[sink.track].remove(sink)

    def move(self, handle: int, path: Path) -> None:
        """See `Egress`."""
        sink = self._sinks[handle]
        sink.send, sink.address = path.socket.sendto, path.address

    def set_payload_type(self, handle: int, payload_type: int) -> None:
        """See `Egress`."""
        self._sinks[handle].payload_type = payload_type

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`. The first to be served changes, so that nobody is always last."""
        sinks = self._tracks[track]
        if not sinks:
            return
        self._turn += 1
        start = self._turn % len(sinks)
        for sink in sinks[start:]:
            self._deliver(sink, packets)
        for sink in sinks[:start]:
            self._deliver(sink, packets)

    def send_to(self, handle: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`."""
        self._deliver(self._sinks[handle], packets)

    def sent(self, handle: int) -> Sent:
        """See `Egress`."""
        return self._sinks[handle].sent

    def close(self) -> None:
        """See `Egress`."""
        self._sinks.clear()
        self._tracks.clear()

    def _deliver(self, sink: _Sink, packets: Sequence[MediaPacket]) -> None:
        view, pack_into, seal = self._buffer.view, _HEADER.pack_into, sink.sealer.seal
        sent = octets = dropped = 0
        for packet in packets:
            payload = packet.payload
            size = 12 + len(payload)
            view[12:size] = payload
            pack_into(
                view,
                0,
                0xA0 if packet.has_padding else 0x80,
                sink.payload_type | 0x80 if packet.marker else sink.payload_type,
                (packet.index - sink.base) & 0xFFFF,
                (packet.timestamp + sink.timestamp_offset) & 0xFFFFFFFF,
                sink.ssrc,
            )
            sealed = seal(size)
            try:
                if not sealed:
                    raise OSError
                sink.send(view[:sealed], sink.address)
            except OSError:
                dropped += 1
            else:
                sent += 1
                octets += len(payload)
        totals, counters = sink.sent, self._counters
        totals.packets += sent
        totals.octets += octets
        counters.packets_sent += sent
        counters.octets_sent += octets
        if dropped:
            totals.dropped += dropped
            counters.packets_dropped += dropped
