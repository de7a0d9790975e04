"""Who hears what: turns the words of the trunk into what the shows of this process do, and back."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import structlog

from stream_server.ids import ShowId
from stream_server.media.directory import Directory, Known
from stream_server.media.metrics import Counters
from stream_server.media.outlet import Outlet, Piped
from stream_server.media.sister import SisterSource, Word
from stream_server.media.trunk import Trunk, TrunkConnection
from stream_server.media.trunk_wire import (
    Announcement,
    Batch,
    Farewell,
    Interest,
    KeyframeWish,
    Message,
    Standing,
    Withdrawal,
    write_message,
)

log = structlog.get_logger(__name__)


class Following(Protocol):
    """A show of this process, as far as it may get its media from another one."""

    show_id: ShowId
    outlet: Outlet
    sister: SisterSource | None

    @property
    def is_watched(self) -> bool:
        """Somebody is here to see it."""

    def follow(self, source: SisterSource, now_s: float) -> None:
        """Take media from there from now on."""

    def unfollow(self) -> None:
        """Nothing comes from the sister any more; viewers stay and wait."""

    def take(self, batch: Batch) -> None:
        """Packets that the sister piped."""


class House(Protocol):
    """The relay, as the exchange sees it."""

    def following(self, show_id: ShowId) -> Following | None:
        """A show that lives here."""

    def yield_to_sister(self, show_id: ShowId) -> None:
        """The show's host is in another process now: end the publisher that we still have."""

    def send_stand_in_away(self, show_id: ShowId) -> None:
        """The show is on air in another process: a stand-in that waits here can come back there."""

    def fail(self, show_id: ShowId) -> None:
        """The show cannot go on here: end it, without a word to the other processes."""

    def flush(self) -> None:
        """Send what was taken."""


class Exchange:
    """`TrunkHandler` of one process, and what the relay asks about the others."""

    def __init__(
        self, index: int, paths: Sequence[Path], house: House, counters: Counters, clock_s: Callable[[], float]
    ) -> None:
        self._index = index
        self._house = house
        self._counters = counters
        self._clock_s = clock_s
        self._trunk = Trunk(index, paths, self)
        self._streams = itertools.count(1)
        self._outlets: dict[ShowId, Outlet] = {}
        self._listeners: set[TrunkConnection] = set()
        self._lines: dict[int, TrunkConnection] = {}
        self._by_stream: dict[tuple[int, int], ShowId] = {}
        self._directory = Directory()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Be connected for as long as the block lasts. Raises: OSError."""
        async with self._trunk.run():
            yield

    @property
    def sisters(self) -> int:
        """Other processes that can be heard now."""
        return len(self._lines)

    # ------------------------------------------------------------ for the relay

    def open_outlet(self, show_id: ShowId, piped: Piped) -> Outlet:
        """For a show that opens here."""
        outlet = Outlet(show_id, next(self._streams), piped, self._listeners, self._counters)
        self._outlets[show_id] = outlet
        return outlet

    def close_outlet(self, show_id: ShowId) -> None:
        """The show is not here any more."""
        outlet = self._outlets.pop(show_id, None)
        if outlet is not None:
            outlet.withdraw()

    def find(self, show_id: ShowId) -> Known | None:
        """What the other processes told about a show."""
        return self._directory.find(show_id)

    def source_of(self, show_id: ShowId) -> Announcement | None:
        """The source that another process has of a show now."""
        known = self._directory.find(show_id)
        source = None if known is None else known.source()
        return None if source is None else source[1]

    def forget(self, show_id: ShowId) -> None:
        """The show ended, everywhere."""
        self._directory.forget(show_id)
        for key in [key for key, known in self._by_stream.items() if known == show_id]:
            del self._by_stream[key]

    def connect(self, show: Following) -> None:
        """Let a show that is watched follow the process that has its publisher, if another one has."""
        known = self._directory.find(show.show_id)
        source = None if known is None else known.source()
        own = show.outlet.announced
        if source is None or (own is not None and (own.started_s, self._index) > (source[1].started_s, source[0])):
            if show.sister is not None:
                show.unfollow()
            return
        process, announcement = source
        line = self._lines.get(process)
        if line is None or (show.sister is None and not show.is_watched):
            return
        if show.sister is not None:
            if show.sister.announcement is announcement:
                return
            if show.sister.process != process:
                show.sister.leave()

        def say(word: Word) -> None:
            line.tell(write_message(word))

        show.follow(SisterSource(process, announcement, say, self._clock_s), self._clock_s())

    # ------------------------------------------------------------ TrunkHandler

    def on_open(self, connection: TrunkConnection) -> None:
        """See `TrunkHandler`."""
        if connection.process is not None:
            self._lines[connection.process] = connection
            return
        for outlet in self._outlets.values():
            if outlet.announced is not None:
                connection.tell(write_message(outlet.announced))
        self._listeners.add(connection)

    def on_message(self, connection: TrunkConnection, message: Message) -> None:
        """See `TrunkHandler`."""
        try:
            if connection.process is None:
                self._on_word_of_listener(connection, message)
            else:
                self._on_word_of_source(connection.process, message)
        except Exception:  # fault boundary of one show
            log.exception("a sister's message could not be handled", message=type(message).__name__)
            self._house.fail(self._show_of(connection, message))

    def on_burst(self) -> None:
        """See `TrunkHandler`."""
        self._house.flush()

    def on_lost(self, connection: TrunkConnection) -> None:
        """See `TrunkHandler`."""
        process = connection.process
        if process is None:
            self._listeners.discard(connection)
            for outlet in self._outlets.values():
                outlet.on_farewell(connection)
            return
        if self._lines.get(process) is not connection:
            return
        del self._lines[process]
        for key in [key for key in self._by_stream if key[0] == process]:
            del self._by_stream[key]
        lost = self._directory.lose(process)
        log.info("a sister is gone", process=process, shows=len(lost))
        for show_id in lost:
            self._reconnect(show_id)

    # ------------------------------------------------------------ inside

    def _on_word_of_listener(self, listener: TrunkConnection, message: Message) -> None:
        match message:
            case Interest(show_id=show_id):
                outlet = self._outlets.get(show_id)
                if outlet is not None:
                    outlet.on_interest(listener, message, self._clock_s())
            case Farewell(show_id=show_id):
                outlet = self._outlets.get(show_id)
                if outlet is not None:
                    outlet.on_farewell(listener)
            case KeyframeWish(show_id=show_id, layer=layer):
                outlet = self._outlets.get(show_id)
                if outlet is not None:
                    outlet.on_wish(layer)

    def _on_word_of_source(self, process: int, message: Message) -> None:
        match message:
            case Batch(stream=stream, packets=packets):
                show = self._house.following(self._by_stream.get((process, stream), ShowId("")))
                if show is not None and show.sister is not None and show.sister.process == process:
                    self._counters.packets_from_sisters += len(packets)
                    show.take(message)
            case Standing(show_id=show_id):
                counts = self._directory.stand(process, message)
                show = self._house.following(show_id)
                if counts and show is not None and show.sister is not None:
                    show.sister.on_standing(message)
            case Announcement():
                self._on_announced(process, message)
            case Withdrawal(show_id=show_id):
                self._directory.withdraw(process, show_id)
                self._reconnect(show_id)

    def _on_announced(self, process: int, announcement: Announcement) -> None:
        show_id = announcement.show_id
        before = self._directory.find(show_id)
        if before is not None and process in before.living:
            self._by_stream.pop((process, before.living[process].stream), None)
        self._directory.announce(process, announcement)
        self._by_stream[process, announcement.stream] = show_id
        show = self._house.following(show_id)
        if show is None:
            return
        own = show.outlet.announced
        if own is not None and (own.started_s, self._index) < (announcement.started_s, process):
            self._house.yield_to_sister(show_id)
        elif own is None and not announcement.is_slate:
            self._house.send_stand_in_away(show_id)
        self.connect(show)

    def _show_of(self, connection: TrunkConnection, message: Message) -> ShowId:
        if isinstance(message, Batch):
            return self._by_stream.get((connection.process or 0, message.stream), ShowId(""))
        return message.show_id

    def _reconnect(self, show_id: ShowId) -> None:
        show = self._house.following(show_id)
        if show is not None:
            self.connect(show)
