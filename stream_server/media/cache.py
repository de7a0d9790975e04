"""The last packets of one outgoing track, shared by all viewers: for retransmission and for late joiners. Pure."""

from __future__ import annotations

from stream_server.media.rtp import MediaPacket


class PacketCache:
    """A ring of packets by their index; the oldest go when it is full."""

    def __init__(self, capacity: int) -> None:
        self._slots: list[MediaPacket | None] = [None] * capacity
        self._capacity = capacity
        self._keyframe: tuple[int, int] | None = None
        self._keyframe_at_s = 0.0
        self.newest_index = -1

    def put(self, packet: MediaPacket, now_s: float, *, opens_keyframe: bool) -> bool:
        """Keep ``packet``; False when it is too old to be kept, or already here."""
        index = packet.index
        if index <= self.newest_index - self._capacity or self.get(index) is not None:
            return False
        self._slots[index % self._capacity] = packet
        self.newest_index = max(self.newest_index, index)
        if opens_keyframe:
            self._note_keyframe(packet, now_s)
        return True

    def get(self, index: int) -> MediaPacket | None:
        """The packet at ``index``, if it is still here."""
        packet = self._slots[index % self._capacity]
        return packet if packet is not None and packet.index == index else None

    def from_index(self, index: int, count: int) -> list[MediaPacket]:
        """Up to ``count`` packets from ``index`` on, in order; lost ones are left out."""
        end = min(index + count, self.newest_index + 1)
        return [packet for i in range(index, end) if (packet := self.get(i)) is not None]

    def keyframe(self) -> tuple[int, float] | None:
        """Index of the newest keyframe's first packet, and when it arrived; None when it is not all here."""
        if self._keyframe is None or self.get(self._keyframe[0]) is None:
            return None
        return self._keyframe[0], self._keyframe_at_s

    def forget_keyframe(self) -> None:
        """Nobody may start from what is here: its source is gone."""
        self._keyframe = None

    def _note_keyframe(self, packet: MediaPacket, now_s: float) -> None:
        # Parameter sets and the slices of one keyframe share a timestamp: the first of them opens it.
        if self._keyframe is not None:
            index, timestamp = self._keyframe
            if timestamp == packet.timestamp:
                self._keyframe = min(index, packet.index), timestamp
                return
            if packet.index < index:
                return
        self._keyframe = packet.index, packet.timestamp
        self._keyframe_at_s = now_s
