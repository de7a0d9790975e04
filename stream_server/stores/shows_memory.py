"""The fake beside `stores.shows`: the same port in memory, tested by the same contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from stream_server.errors import Unavailable
from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.shows.events import Event
from stream_server.shows.model import ShowRecord, ShowStatus, UnknownShow
from stream_server.shows.ports import SeqTaken

_ORDER = {"live": 0, "away": 1, "scheduled": 2, "ended": 3}
_NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryShowStore:
    """`shows.ports.ShowStore` and `audience.ports.LikeArchive`. `is_down` makes it answer like a lost database."""

    def __init__(self) -> None:
        self.is_down = False
        self._records: dict[ShowId, ShowRecord] = {}
        self._events: dict[ShowId, list[Event]] = defaultdict(list)

    async def add(self, record: ShowRecord) -> None:
        """See `ShowStore.add`."""
        self._check()
        self._records[record.show_id] = record

    async def change(self, record: ShowRecord) -> None:
        """See `ShowStore.change`."""
        kept = await self.get(record.show_id)
        self._records[record.show_id] = replace(kept, plan=record.plan, host=record.host)

    async def get(self, show_id: ShowId) -> ShowRecord:
        """See `ShowStore.get`."""
        self._check()
        try:
            return self._records[show_id]
        except KeyError:
            raise UnknownShow(show_id) from None

    async def find(
        self, *, host_id: PersonId | None = None, statuses: Sequence[ShowStatus] = (), limit: int = 50
    ) -> list[ShowRecord]:
        """See `ShowStore.find`."""
        self._check()
        found = [
            record
            for record in self._records.values()
            if (host_id is None or record.host_id == host_id) and (not statuses or record.status in statuses)
        ]
        return sorted(found, key=_place)[:limit]

    async def with_product(self, product_id: ProductId) -> list[ShowId]:
        """See `ShowStore.with_product`."""
        self._check()
        found = [record for record in self._records.values() if product_id in record.plan.rundown]
        return sorted(record.show_id for record in found if record.status != "ended")

    async def with_ai_host(self, limit: int = 1000) -> list[ShowRecord]:
        """See `ShowStore.with_ai_host`."""
        self._check()
        found = [r for r in self._records.values() if r.ai_host.mode != "off" and r.status != "ended"]
        return sorted(found, key=_place)[:limit]

    async def newest(self, show_id: ShowId, event_type: str) -> Event | None:
        """See `EventStore.newest`."""
        self._check()
        return next((event for event in reversed(self._events[show_id]) if event.type == event_type), None)

    async def append(self, events: Sequence[Event]) -> None:
        """See `EventStore.append`."""
        self._check()
        show_id, seq = events[0].show_id, events[0].seq
        log = self._events[show_id]
        if seq != len(log) + 1:
            raise SeqTaken(show_id, seq)
        log.extend(events)
        for event in events:
            if event.type == "status":
                self._records[show_id] = _moved(self._records[show_id], event)

    async def read(self, show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
        """See `EventStore.read`."""
        self._check()
        return self._events[show_id][after_seq : after_seq + limit]

    async def likes(self, show_id: ShowId) -> int:
        """See `LikeArchive.likes`."""
        return (await self.get(show_id)).likes

    async def keep_likes(self, show_id: ShowId, likes: int) -> None:
        """See `LikeArchive.keep_likes`."""
        record = await self.get(show_id)
        self._records[show_id] = replace(record, likes=max(record.likes, likes))

    def _check(self) -> None:
        if self.is_down:
            raise Unavailable(retry_after_s=1)


def _place(record: ShowRecord) -> tuple[int, float, datetime, datetime]:
    ended = -record.ended_at.timestamp() if record.ended_at else 0.0
    return _ORDER[record.status], ended, record.plan.starts_at or _NEVER, record.created_at


def _moved(record: ShowRecord, event: Event) -> ShowRecord:
    status: ShowStatus = event.payload["status"]
    started_at = record.started_at or (event.created_at if status == "live" else None)
    ended_at = event.created_at if status == "ended" else record.ended_at
    return replace(record, status=status, started_at=started_at, ended_at=ended_at)
