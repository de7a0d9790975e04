"""An `Egress` that remembers what it was asked to send."""

from __future__ import annotations

from collections.abc import Sequence

from stream_server.media.egress import Sent, Target
from stream_server.media.link import Path
from stream_server.media.rtp import Kind, MediaPacket


class RecordingEgress:
    """Fake of the `Egress` port: sockets and keys play no part in it."""

    def __init__(self) -> None:
        self.targets: dict[int, Target] = {}
        self.got: dict[int, list[MediaPacket]] = {}
        self.attached: dict[int, int] = {}
        self.payload_types: dict[int, int] = {}
        self.moves: dict[int, Path] = {}
        self.retargets: list[tuple[int, int, int]] = []
        self._next = 0

    def open_track(self, kind: Kind) -> int:
        self._next += 1
        return self._next

    def close_track(self, track: int) -> None:
        pass

    def add(self, target: Target) -> int:
        self._next += 1
        self.targets[self._next] = target
        self.got[self._next] = []
        return self._next

    def attach(self, handle: int, track: int) -> None:
        self.attached[handle] = track

    def retarget(
        self, handle: int, track: int, first_index: int, next_sequence: int, timestamp_offset: int = 0
    ) -> None:
        self.attached[handle] = track
        self.retargets.append((first_index, next_sequence, timestamp_offset))

    def detach(self, handle: int) -> None:
        self.attached.pop(handle, None)

    def remove(self, handle: int) -> None:
        self.targets.pop(handle, None)
        self.attached.pop(handle, None)

    def move(self, handle: int, path: Path) -> None:
        self.moves[handle] = path

    def set_payload_type(self, handle: int, payload_type: int) -> None:
        self.payload_types[handle] = payload_type

    def send(self, track: int, packets: Sequence[MediaPacket]) -> None:
        for handle, attached in self.attached.items():
            if attached == track:
                self.got[handle] += packets

    def send_to(self, handle: int, packets: Sequence[MediaPacket]) -> None:
        self.got[handle] += packets

    def sent(self, handle: int) -> Sent:
        packets = self.got[handle]
        return Sent(len(packets), sum(len(packet.payload) for packet in packets))

    def close(self) -> None:
        self.attached.clear()

    def indexes(self, handle: int) -> list[int]:
        """What a target got, by index."""
        return [packet.index for packet in self.got[handle]]
