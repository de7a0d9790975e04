"""Words and packets as they travel between media processes, for tests."""

from __future__ import annotations

from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import Encoding
from stream_server.media.rtp import MediaPacket
from stream_server.media.trunk_wire import Announcement, FrameReader, Message

SHOW, HOST = ShowId("show_1"), SessionId("wses_1")


def announcement(started_s: float = 10.0, *, show_id: ShowId = SHOW, stream: int = 7, layers: int = 1) -> Announcement:
    return Announcement(
        show_id=show_id,
        stream=stream,
        session_id=HOST,
        started_s=started_s,
        encodings={"audio": Encoding("opus"), "video": Encoding("H264", "constrained_baseline")},
        layers=layers,
        answers_keyframe_requests=True,
        position_ms=started_s * 100,
        at_s=started_s,
    )


def packet(index: int, payload: bytes = b"\x41abc", timestamp: int | None = None) -> MediaPacket:
    return MediaPacket(index, index * 3000 if timestamp is None else timestamp, True, False, payload)


class RememberingListener:
    """Fake of `TrunkConnection`'s sending half: reads back what it was given."""

    def __init__(self) -> None:
        self.is_behind = False
        self.missed = 0
        self.heard: list[Message] = []
        self._reader = FrameReader()

    def tell(self, frame: bytes) -> None:
        self.heard += self._reader.feed(frame)

    def pipe(self, frame: bytes, packets: int) -> bool:
        if self.is_behind:
            self.missed += packets
            return False
        self.heard += self._reader.feed(frame)
        return True

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]
