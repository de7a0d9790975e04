"""Media out by two egresses: one for datagrams (the native one, which speaks UDP only), one for TCP connections.

A viewer that changes from one to the other keeps its numbers; still only one of the two seals for it at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stream_server.media.egress import Egress, PythonEgress, Sent, Target
from stream_server.media.link import Path
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.tcp import TcpConnection


@dataclass
class _Track:
    """One track's ids in both."""

    datagrams: int
    streams: int
    next_index: int = 0


@dataclass
class _Route:
    """One target: what it is now, and who serves it."""

    target: Target
    egress: Egress
    handle: int
    next_index: int
    began: int
    """Sequence number of its first packet ever."""
    track: int | None = None
    before: Sent = field(default_factory=Sent)
    """What went out by earlier egresses."""


class SplitEgress:
    """`Egress` that picks per target; a target that moves changes hands where it must.

    The one for datagrams must know a packet's place from its index alone, as the native one does; the Python one
    counts rollovers and has to be told (`PythonEgress.resume`).
    """

    def __init__(self, datagrams: Egress, streams: PythonEgress) -> None:
        self._datagrams = datagrams
        self._streams = streams
        self._tracks: dict[int, _Track] = {}
        self._routes: dict[int, _Route] = {}
        self._streaming: dict[int, set[int]] = {}
        """Handles on a track that are served over TCP: most tracks have none."""
        self._next = 0

    def open_track(self, kind: Kind) -> int:
        """See `Egress`. Raises: RuntimeError when the native egress has no more."""
        self._next += 1
        self._tracks[self._next] = _Track(self._datagrams.open_track(kind), self._streams.open_track(kind))
        self._streaming[self._next] = set()
        return self._next

    def close_track(self, track: int) -> None:
        """See `Egress`."""
        closed = self._tracks.pop(track)
        del self._streaming[track]
        self._datagrams.close_track(closed.datagrams)
        self._streams.close_track(closed.streams)

    def add(self, target: Target) -> int:
        """See `Egress`. Raises: BufferError when there are too many."""
        egress = self._egress_for(target.path)
        route = _Route(target, egress, egress.add(target), target.first_index, target.first_sequence)
        self._next += 1
        self._routes[self._next] = route
        return self._next

    def attach(self, handle: int, track: int) -> None:
        """See `Egress`."""
        route = self._routes[handle]
        route.track = track
        self._attach(handle, route)

    def retarget(
        self, handle: int, track: int, first_index: int, next_sequence: int, timestamp_offset: int = 0
    ) -> None:
        """See `Egress`."""
        self.detach(handle)
        route = self._routes[handle]
        route.target = replace(
            route.target, first_index=first_index, first_sequence=next_sequence, timestamp_offset=timestamp_offset
        )
        route.next_index, route.track = first_index, track
        ids, is_stream = self._tracks[track], route.egress is self._streams
        inner = ids.streams if is_stream else ids.datagrams
        route.egress.retarget(route.handle, inner, first_index, next_sequence, timestamp_offset)
        if is_stream:
            self._streaming[track].add(handle)

    def detach(self, handle: int) -> None:
        """See `Egress`."""
        route = self._routes[handle]
        if route.track in self._tracks:
            route.next_index = max(route.next_index, self._tracks[route.track].next_index)
            self._streaming[route.track].discard(handle)
        route.track = None
        route.egress.detach(route.handle)

    def remove(self, handle: int) -> None:
        """See `Egress`."""
        route = self._routes.pop(handle, None)
        if route is not None:
            route.egress.remove(route.handle)
            if route.track in self._streaming:
                self._streaming[route.track].discard(handle)

    def move(self, handle: int, path: Path) -> None:
        """See `Egress`."""
        route = self._routes[handle]
        route.target = replace(route.target, path=path)
        egress = self._egress_for(path)
        if egress is route.egress:
            egress.move(route.handle, path)
            return
        # a burst whose sending thread has yet to count it is missed: these are statistics
        route.before = self.sent(handle)
        route.egress.remove(route.handle)
        route.egress = egress
        if egress is self._streams:
            live = self._tracks[route.track].next_index if route.track in self._tracks else 0
            route.handle = self._streams.resume(route.target, max(route.next_index, live), route.began)
        else:
            route.handle = egress.add(route.target)
        if route.track in self._tracks:
            self._attach(handle, route)

    def set_payload_type(self, handle: int, payload_type: int) -> None:
        """See `Egress`."""
        route = self._routes[handle]
        route.target = replace(route.target, payload_type=payload_type)
        route.egress.set_payload_type(route.handle, payload_type)

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`."""
        ids = self._tracks[track]
        if packets:
            ids.next_index = packets[-1].index + 1
        self._datagrams.send(ids.datagrams, packets)
        if self._streaming[track]:
            self._streams.send(ids.streams, packets)

    def send_to(self, handle: int, packets: Sequence[MediaPacket]) -> None:
        """See `Egress`."""
        route = self._routes[handle]
        if packets:
            route.next_index = packets[-1].index + 1
        route.egress.send_to(route.handle, packets)

    def sent(self, handle: int) -> Sent:
        """See `Egress`."""
        route = self._routes[handle]
        now, before = route.egress.sent(route.handle), route.before
        return Sent(before.packets + now.packets, before.octets + now.octets, before.dropped + now.dropped)

    def close(self) -> None:
        """See `Egress`."""
        self._datagrams.close()
        self._streams.close()

    def _egress_for(self, path: Path) -> Egress:
        return self._streams if isinstance(path.socket, TcpConnection) else self._datagrams

    def _attach(self, handle: int, route: _Route) -> None:
        assert route.track is not None
        ids, served = self._tracks[route.track], self._streaming[route.track]
        if route.egress is self._streams:
            self._streams.attach(route.handle, ids.streams)
            served.add(handle)
        else:
            self._datagrams.attach(route.handle, ids.datagrams)
            served.discard(handle)
