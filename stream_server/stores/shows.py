"""Shows and their logs in SQL (`shows.ports.ShowStore`, `audience.ports.LikeArchive`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, String, case, cast, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError

from stream_server.ids import PersonId, ProductId, ShowId
from stream_server.shows.ai_host import AiHost
from stream_server.shows.events import Event
from stream_server.shows.model import Host, ShowPlan, ShowRecord, ShowStatus, UnknownShow
from stream_server.shows.offers import Offer
from stream_server.shows.ports import SeqTaken
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.schema import show_events, shows

_ORDER = (
    case({"live": 0, "away": 1, "scheduled": 2}, value=shows.c.status, else_=3),
    shows.c.ended_at.desc().nulls_last(),
    shows.c.starts_at.nulls_last(),
    shows.c.created_at,
)


class SqlShowStore:
    """The shows, their logs and their kept likes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, record: ShowRecord) -> None:
        """See `ShowStore.add`."""
        await self._database.write(_add, record)

    async def change(self, record: ShowRecord) -> None:
        """See `ShowStore.change`."""
        await self._database.write(_change, record)

    async def get(self, show_id: ShowId) -> ShowRecord:
        """See `ShowStore.get`."""
        return await self._database.read(_get, show_id)

    async def find(
        self, *, host_id: PersonId | None = None, statuses: Sequence[ShowStatus] = (), limit: int = 50
    ) -> list[ShowRecord]:
        """See `ShowStore.find`."""
        query = select(shows).order_by(*_ORDER)
        if host_id is not None:
            query = query.where(shows.c.host_id == host_id)
        if statuses:
            query = query.where(shows.c.status.in_(statuses))
        return await self._database.read(_records, query.limit(limit))

    async def with_product(self, product_id: ProductId) -> list[ShowId]:
        """See `ShowStore.with_product`."""
        return await self._database.read(_with_product, product_id)

    async def with_ai_host(self, limit: int = 1000) -> list[ShowRecord]:
        """See `ShowStore.with_ai_host`."""
        query = select(shows).where(shows.c.ai_mode != "off", shows.c.status != "ended").order_by(*_ORDER)
        return await self._database.read(_records, query.limit(limit))

    async def newest(self, show_id: ShowId, event_type: str) -> Event | None:
        """See `EventStore.newest`."""
        return await self._database.read(_newest, show_id, event_type)

    async def append(self, events: Sequence[Event]) -> None:
        """See `EventStore.append`."""
        try:
            await self._database.write(_append, events)
        except IntegrityError as error:
            raise SeqTaken(events[0].show_id, events[0].seq) from error

    async def read(self, show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
        """See `EventStore.read`."""
        return await self._database.read(_read, show_id, after_seq, limit)

    async def likes(self, show_id: ShowId) -> int:
        """See `LikeArchive.likes`."""
        return (await self.get(show_id)).likes

    async def keep_likes(self, show_id: ShowId, likes: int) -> None:
        """See `LikeArchive.keep_likes`."""
        await self._database.write(_keep_likes, show_id, likes)


def _add(connection: Connection, record: ShowRecord) -> None:
    connection.execute(
        insert(shows).values(
            id=record.show_id,
            **_plan_columns(record),
            status=record.status,
            started_at=record.started_at,
            ended_at=record.ended_at,
            epoch=record.epoch,
            likes=record.likes,
            created_at=record.created_at,
        )
    )


def _change(connection: Connection, record: ShowRecord) -> None:
    statement = update(shows).where(shows.c.id == record.show_id).values(**_plan_columns(record))
    if connection.execute(statement).rowcount == 0:
        raise UnknownShow(record.show_id)


def _plan_columns(record: ShowRecord) -> dict[str, Any]:
    return {
        "host_id": record.host.id,
        "host_name": record.host.name,
        "host_picture_url": record.host.picture_url,
        "title": record.plan.title,
        "starts_at": record.plan.starts_at,
        "rundown": list(record.plan.rundown),
        "currency": record.plan.currency,
        "poster_url": record.plan.poster_url,
        "ai_mode": record.plan.ai_host.mode,
        "ai_language": record.plan.ai_host.language,
        "ai_patience_s": record.plan.ai_host.patience_s,
        "ai_voice": record.plan.ai_host.voice,
        "ai_outfit": record.plan.ai_host.outfit,
        "ai_turn_s": record.plan.ai_host.turn_s,
        "ai_time_zone": record.plan.ai_host.time_zone,
        "ai_blocks": record.plan.ai_host.plain()["blocks"],
        "offers": [offer.plain() for offer in record.plan.offers],
    }


def _get(connection: Connection, show_id: ShowId) -> ShowRecord:
    row = connection.execute(select(shows).where(shows.c.id == show_id)).one_or_none()
    if row is None:
        raise UnknownShow(show_id)
    return _record(row)


def _records(connection: Connection, query: Select[Any]) -> list[ShowRecord]:
    return [_record(row) for row in connection.execute(query)]


def _record(row: Row[Any]) -> ShowRecord:
    ai_host = AiHost.read(
        {
            "mode": row.ai_mode,
            "language": row.ai_language,
            "patience_s": row.ai_patience_s,
            "voice": row.ai_voice,
            "outfit": row.ai_outfit,
            "turn_s": row.ai_turn_s,
            "time_zone": row.ai_time_zone,
            "blocks": row.ai_blocks,
        }
    )
    offers = tuple(Offer.read(offer) for offer in row.offers)
    return ShowRecord(
        show_id=row.id,
        host=Host(row.host_id, row.host_name, row.host_picture_url),
        plan=ShowPlan(row.title, row.starts_at, tuple(row.rundown), row.currency, row.poster_url, ai_host, offers),
        status=row.status,
        started_at=row.started_at,
        ended_at=row.ended_at,
        epoch=row.epoch,
        likes=row.likes,
        created_at=row.created_at,
    )


def _with_product(connection: Connection, product_id: ProductId) -> list[ShowId]:
    # Both engines write a JSON list of texts as ["a", "b"]; ids contain neither quotes nor backslashes.
    rundown = type_coerce(cast(shows.c.rundown, String), String)
    query = select(shows.c.id).where(shows.c.status != "ended", rundown.contains(f'"{product_id}"', autoescape=True))
    return [row.id for row in connection.execute(query.order_by(shows.c.id))]


def _append(connection: Connection, events: Sequence[Event]) -> None:
    connection.execute(
        insert(show_events),
        [
            {
                "show_id": event.show_id,
                "seq": event.seq,
                "at_ms": event.at_ms,
                "type": event.type,
                "audience": event.audience,
                "payload": dict(event.payload),
                "created_at": event.created_at,
            }
            for event in events
        ],
    )
    for event in events:
        if event.type == "status":
            _move_status(connection, event)


def _move_status(connection: Connection, event: Event) -> None:
    status = event.payload["status"]
    values: dict[str, Any] = {"status": status}
    if status == "live":
        values["started_at"] = case(
            (shows.c.started_at.is_(None), type_coerce(event.created_at, shows.c.started_at.type)),
            else_=shows.c.started_at,
        )
    elif status == "ended":
        values["ended_at"] = event.created_at
    connection.execute(update(shows).where(shows.c.id == event.show_id).values(**values))


def _read(connection: Connection, show_id: ShowId, after_seq: int, limit: int) -> list[Event]:
    query = (
        select(show_events)
        .where(show_events.c.show_id == show_id, show_events.c.seq > after_seq)
        .order_by(show_events.c.seq)
        .limit(limit)
    )
    return [_event(row) for row in connection.execute(query)]


def _newest(connection: Connection, show_id: ShowId, event_type: str) -> Event | None:
    query = (
        select(show_events)
        .where(show_events.c.show_id == show_id, show_events.c.type == event_type)
        .order_by(show_events.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _event(row)


def _event(row: Row[Any]) -> Event:
    return Event(row.show_id, row.seq, row.at_ms, row.type, row.audience, row.payload, row.created_at)


def _keep_likes(connection: Connection, show_id: ShowId, likes: int) -> None:
    connection.execute(update(shows).where(shows.c.id == show_id, shows.c.likes < likes).values(likes=likes))
