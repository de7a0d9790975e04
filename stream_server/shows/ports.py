"""What shows need of the outside: a place for durable facts, a way to tell other processes, and the media plane."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from stream_server.errors import Conflict
from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.shows.events import Anchor, Aside, Event
from stream_server.shows.model import ShowRecord, ShowStatus


@dataclass(eq=False)
class SeqTaken(Conflict):
    """Another process has written this place of the log first: read what it wrote and decide again."""

    code: ClassVar[str] = "seq_taken"
    show_id: str
    seq: int

    def __str__(self) -> str:
        return "Something else happened in the show at the same time."


class EventStore(Protocol):
    """The logs of all shows, durable. Every call may raise `Unavailable`."""

    async def append(self, events: Sequence[Event]) -> None:
        """Write events of one show with consecutive ``seq``, all or none; durable when this returns.

        A ``status`` event moves the show's record along in the same transaction.
        Raises: SeqTaken.
        """

    async def read(self, show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
        """Up to ``limit`` events with a higher ``seq``, in order."""

    async def newest(self, show_id: ShowId, event_type: str) -> Event | None:
        """The last event of one type; None when there was none."""


class ShowStore(EventStore, Protocol):
    """The shows and their logs. Every call may raise `Unavailable`."""

    async def add(self, record: ShowRecord) -> None:
        """Keep a new show."""

    async def change(self, record: ShowRecord) -> None:
        """Keep a show's new plan and host. Status and times stay what the log made of them.

        Raises: UnknownShow.
        """

    async def get(self, show_id: ShowId) -> ShowRecord:
        """One show. Raises: UnknownShow."""

    async def find(
        self, *, host_id: PersonId | None = None, statuses: Sequence[ShowStatus] = (), limit: int = 50
    ) -> list[ShowRecord]:
        """Shows of a host, in one of ``statuses``: on air first, then by planned start, then the newest ended."""

    async def with_product(self, product_id: ProductId) -> list[ShowId]:
        """The shows that have the product in their rundown and have not ended."""

    async def with_ai_host(self, limit: int = 1000) -> list[ShowRecord]:
        """Shows whose plan has an AI host and that have not ended, in the order of `find`."""


@dataclass(frozen=True)
class MayHaveMissed:
    """The bus was away, or starts to listen only now: whoever wants all reads the log again."""

    show_id: ShowId | None = None
    """None: any show."""


class EventBus(Protocol):
    """Carries events to the other processes. It may lose some (the log is the truth); it never blocks for long."""

    async def publish(self, news: Event | Anchor | Aside) -> None:
        """Tell the processes that listen to the show, this one included. Raises: Unavailable."""

    async def subscribe(self, show_id: ShowId) -> None:
        """From now on (or from the next connection on), receive the show's events."""

    async def unsubscribe(self, show_id: ShowId) -> None:
        """No longer receive them."""

    def receive(self) -> AsyncIterator[Event | Anchor | Aside | MayHaveMissed]:
        """What arrives, without end; reconnects by itself. One reader."""


class Stage(Protocol):
    """Whoever holds the media of a show (`signaling.media_plane.MediaPlane` is one)."""

    async def end_show(self, show_id: ShowId) -> None:
        """Close every media session of a show. Unknown shows are fine. Raises: Unavailable."""
