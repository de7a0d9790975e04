"""What the other media processes get of one show that has its publisher here: each packet once per process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import Encoding
from stream_server.media.metrics import Counters
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.trunk_wire import (
    MAX_BATCH,
    Announcement,
    Interest,
    Standing,
    Withdrawal,
    write_batch,
    write_message,
)


class Listener(Protocol):
    """A sister at the other end of a `TrunkConnection`."""

    is_behind: bool
    missed: int

    def tell(self, frame: bytes) -> None:
        """See `TrunkConnection.tell`."""

    def pipe(self, frame: bytes, packets: int) -> bool:
        """See `TrunkConnection.pipe`."""


class Piped(Protocol):
    """The show, as its outlet sees it."""

    def want_keyframe(self, layer: int = 0) -> None:
        """Somebody cannot decode what it has."""

    def backlog(self) -> Iterable[tuple[int, float, Sequence[MediaPacket]]]:
        """What a new listener needs to let viewers begin at once: track, when it came, packets; nothing pending."""

    def standing(self, now_s: float) -> Standing | None:
        """Where the show stands; None while nothing flows."""


class Outlet:
    """All layers go to each process in which somebody watches, and nothing to the others.

    Sending only the layers that somebody there wants would save a third of the packets at most, and make every
    change of layer wait for a subscription.
    """

    def __init__(
        self, show_id: ShowId, stream: int, piped: Piped, listeners: Collection[Listener], counters: Counters
    ) -> None:
        """``listeners`` is the trunk's own collection: everybody who hears words, whether or not it subscribed."""
        self._show_id = show_id
        self.stream = stream
        self._piped = piped
        self._listeners = listeners
        self._counters = counters
        self._subscribers: dict[Listener, Interest] = {}
        self.announced: Announcement | None = None
        """What was said of the present source; None while there is none here."""

    @property
    def viewers(self) -> int:
        """Connected viewers in other processes."""
        return sum(interest.viewers for interest in self._subscribers.values())

    @property
    def best_bps(self) -> float | None:
        """The largest bandwidth estimate among viewers in other processes."""
        return max((i.best_bps for i in self._subscribers.values() if i.best_bps is not None), default=None)

    @property
    def dubs(self) -> Counter[str]:
        """Connected viewers in other processes by the dub that they chose."""
        total: Counter[str] = Counter()
        for interest in self._subscribers.values():
            total.update(interest.dubs)
        return total

    def begin(
        self,
        session_id: SessionId,
        encodings: dict[Kind, Encoding],
        layers: int,
        answers_keyframe_requests: bool,
        position_ms: float,
        now_s: float,
        *,
        is_slate: bool = False,
    ) -> None:
        """A source begins here; see `Announcement`."""
        announcement = Announcement(
            show_id=self._show_id,
            stream=self.stream,
            session_id=session_id,
            started_s=now_s,
            encodings=encodings,
            layers=layers,
            answers_keyframe_requests=answers_keyframe_requests,
            position_ms=position_ms,
            at_s=now_s,
            is_slate=is_slate,
        )
        self.announce(announcement)

    def announce(self, announcement: Announcement) -> None:
        """A source began here."""
        self.announced = announcement
        self._tell(write_message(announcement), self._listeners)

    def withdraw(self) -> None:
        """The source is gone; whoever wants the next one subscribes again."""
        if self.announced is not None:
            self.announced = None
            self._subscribers.clear()
            self._tell(write_message(Withdrawal(self._show_id)), self._listeners)

    def stand(self, now_s: float, *, to_all: bool) -> None:
        """Tell where the show stands, and look after those who had to miss packets."""
        if not self._listeners or self.announced is None:
            return
        standing = self._piped.standing(now_s)
        if standing is not None:
            self._tell(write_message(standing), self._listeners if to_all else self._subscribers)
        for listener in self._subscribers:
            if listener.missed and not listener.is_behind:
                listener.missed = 0
                for layer in range(self.announced.layers):
                    self._piped.want_keyframe(layer)

    def pipe(self, track: int, at_s: float, packets: Sequence[MediaPacket]) -> None:
        """Packets of a track were sent to the viewers here."""
        if not self._subscribers:
            return
        for start in range(0, len(packets), MAX_BATCH):
            some = packets[start : start + MAX_BATCH]
            frame = write_batch(self.stream, track, at_s, some)
            for listener in self._subscribers:
                self._pipe(listener, frame, len(some))

    def pipe_dub(self, name: str, track: int, at_s: float, packets: Sequence[MediaPacket]) -> None:
        """Packets of a dub were sent here: they go where somebody chose it."""
        listeners = [listener for listener, interest in self._subscribers.items() if name in interest.dubs]
        if listeners:
            frame = write_batch(self.stream, track, at_s, packets[-MAX_BATCH:])
            for listener in listeners:
                self._pipe(listener, frame, len(packets[-MAX_BATCH:]))

    def on_interest(self, listener: Listener, interest: Interest, now_s: float) -> None:
        """Somebody in another process watches; the first time, it gets what lets its viewers begin."""
        if self.announced is None:
            return  # it has not read our withdrawal yet
        if listener in self._subscribers:
            self._subscribers[listener] = interest
            return
        for track, at_s, packets in self._piped.backlog():
            for start in range(0, len(packets), MAX_BATCH):
                some = packets[start : start + MAX_BATCH]
                self._pipe(listener, write_batch(self.stream, track, at_s, some), len(some))
        self._subscribers[listener] = interest
        standing = self._piped.standing(now_s)
        if standing is not None:
            listener.tell(write_message(standing))

    def on_wish(self, layer: int) -> None:
        """Somebody in another process cannot decode what it has."""
        self._piped.want_keyframe(layer)

    def on_farewell(self, listener: Listener) -> None:
        """Nobody watches there any more, or the process is gone."""
        self._subscribers.pop(listener, None)

    def _pipe(self, listener: Listener, frame: bytes, packets: int) -> None:
        if listener.pipe(frame, packets):
            self._counters.packets_piped += packets
        else:
            self._counters.packets_not_piped += packets

    @staticmethod
    def _tell(frame: bytes, listeners: Iterable[Listener]) -> None:
        for listener in list(listeners):
            listener.tell(frame)
