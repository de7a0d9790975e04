"""One outgoing track of a show: continuous numbers and time across sources, a cache, and who watches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stream_server.media.cache import PacketCache
from stream_server.media.codecs import Encoding
from stream_server.media.egress import Egress
from stream_server.media.picture import starts_keyframe
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.timeline import Timeline, TrackTimeline

if TYPE_CHECKING:
    from stream_server.media.feed import Feed

FRESH_KEYFRAME_S = 0.6
"""A keyframe this young is replayed to a new viewer; asking for another would not be faster (one per 0.5 s)."""
WAIT_FOR_KEYFRAME_S = 3.0
"""A viewer gets the stream as it is when no keyframe was recognised for so long."""


class Track:
    """Takes a source's packets in, sends them to all feeds."""

    def __init__(
        self,
        kind: Kind,
        timeline: Timeline,
        egress: Egress,
        capacity: int,
        want_keyframe: Callable[[], None],
        beside: Track | None = None,
    ) -> None:
        """``beside`` is the track whose picture this one carries in another size: they share the clock."""
        self.kind = kind
        self._owns_timeline = beside is None
        self.timeline: TrackTimeline = TrackTimeline(timeline, kind) if beside is None else beside.timeline
        self.cache = PacketCache(capacity)
        self.encoding: Encoding | None = None
        """Of the last source; None before the first."""
        self.egress = egress
        self.id = egress.open_track(kind)
        self._want_keyframe = want_keyframe
        self._answers_keyframe_requests = False
        self._offset: int | None = None
        self._source_start = 0
        self._pending: list[MediaPacket] = []
        self._taken_s = 0.0
        self.pipe: Callable[[float, list[MediaPacket]], None] | None = None
        """Also gets what the viewers get, and when."""
        self._waiting: dict[Feed, float] = {}

    # ------------------------------------------------------------ the source

    def begin_source(self, encoding: Encoding, *, answers_keyframe_requests: bool) -> None:
        """Packets come from somewhere else from now on."""
        self.encoding = encoding
        self._answers_keyframe_requests = answers_keyframe_requests
        self.end_source()

    def end_source(self) -> None:
        """Nothing comes any more; joining viewers wait for the next source."""
        self.flush()
        self._offset = None
        if self._owns_timeline:
            self.timeline.begin_source()
        self.cache.forget_keyframe()

    def push(
        self,
        sequence: int,
        timestamp: int,
        marker: bool,
        has_padding: bool,
        payload: bytes,
        now_s: float,
        *,
        is_newest: bool,
    ) -> None:
        """Take one packet of the source; ``sequence`` unwrapped. It goes out with the next `flush`."""
        if self._offset is None:
            if not is_newest:
                return
            self._source_start = self.cache.newest_index + 1
            self._offset = self._source_start - sequence
        index = sequence + self._offset
        if index < self._source_start:
            return
        out = self.timeline.map(timestamp, now_s, is_newest=is_newest)
        self._take(MediaPacket(index, out & 0xFFFFFFFF, marker, has_padding, payload), now_s)

    def relay(self, packet: MediaPacket, at_s: float) -> None:
        """Take one packet of the same track in another process. It keeps its timestamp, and its place among others.

        ``at_s`` is when it was sent there. It goes out with the next `flush`; ``packet`` is ours from now on.
        """
        if self._offset is None:
            self._source_start = self.cache.newest_index + 1
            self._offset = self._source_start - packet.index
        packet.index += self._offset
        if packet.index < self._source_start:
            return
        self.timeline.adopt(packet.timestamp, at_s)
        self._take(packet, at_s)

    def flush(self) -> None:
        """Send what was pushed: to the viewers here, then to other processes."""
        if self._pending:
            self.egress.send(self.id, self._pending)
            if self.pipe is not None:
                self.pipe(self._taken_s, self._pending)
            self._pending = []

    def backlog(self, now_s: float) -> tuple[float, list[MediaPacket]] | None:
        """Everything since the keyframe from which a new viewer could begin at once, and when that one came."""
        keyframe = self._useful_keyframe(now_s)
        if keyframe is None:
            return None
        index, arrived_s = keyframe
        return arrived_s, self.cache.from_index(index, self.cache.newest_index + 1 - index)

    # ------------------------------------------------------------ the feeds

    def join(self, feed: Feed, now_s: float) -> None:
        """Let ``feed`` begin where it can be decoded: now, at a young keyframe, or at the next one."""
        self.flush()
        if self.kind == "audio":
            feed.go_live(self.cache.newest_index + 1)
            return
        keyframe = self._useful_keyframe(now_s)
        if keyframe is not None:
            feed.replay(keyframe[0])
            return
        self._waiting[feed] = now_s
        self._want_keyframe()

    def want_keyframe(self) -> None:
        """Somebody cannot decode what it has."""
        self._want_keyframe()

    def await_keyframe(self, feed: Feed) -> None:
        """Let ``feed``, which has another track so far, change here with the next keyframe (of sound: packet)."""
        self._waiting[feed] = float("inf")  # it has a picture: no reason to go on without
        if self.kind == "video":
            self._want_keyframe()

    def leave(self, feed: Feed) -> None:
        """Forget ``feed``."""
        self._waiting.pop(feed, None)

    def tick(self, now_s: float) -> None:
        """Look after those who wait for a keyframe while a source is there."""
        if self._offset is None or not self._waiting or self.kind == "audio":
            return
        self._want_keyframe()
        for feed, since_s in list(self._waiting.items()):
            if now_s - since_s > WAIT_FOR_KEYFRAME_S and not feed.is_sending:
                del self._waiting[feed]
                feed.go_live(self.cache.newest_index + 1)

    def restart_waiting(self, now_s: float) -> None:
        """A source came back: the patience of those who wait begins now."""
        self._waiting = dict.fromkeys(self._waiting, now_s)

    def close(self) -> None:
        """Nothing is sent any more."""
        self._pending.clear()
        self._waiting.clear()
        self.egress.close_track(self.id)

    def _take(self, packet: MediaPacket, now_s: float) -> None:
        is_video = self.kind == "video" and self.encoding is not None
        opens = is_video and starts_keyframe(self.encoding.codec, packet.payload)  # type: ignore[union-attr]
        if not self.cache.put(packet, now_s, opens_keyframe=opens):
            return
        if (opens or self.kind == "audio") and self._waiting:
            self.flush()  # what came before the keyframe is not for those who wait
            self._release(packet.index)
        self._taken_s = now_s
        self._pending.append(packet)

    def _useful_keyframe(self, now_s: float) -> tuple[int, float] | None:
        keyframe = self.cache.keyframe()
        # A source that ignores requests (FFmpeg) makes keyframes only when it likes: any one we still have.
        if keyframe is not None and self._answers_keyframe_requests and now_s - keyframe[1] > FRESH_KEYFRAME_S:
            return None
        return keyframe

    def _release(self, index: int) -> None:
        waiting, self._waiting = self._waiting, {}
        for feed in waiting:
            feed.go_live(index)
