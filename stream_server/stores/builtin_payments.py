"""The memory of the built-in payment provider, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from stream_server.commerce.payment import IntentStatus
from stream_server.ids import CheckoutId
from stream_server.payments.ports import BuiltinIntent, BuiltinWebhook
from stream_server.stores.commerce_rows import AnyRow
from stream_server.stores.sql.commerce_schema import builtin_intents, builtin_webhooks
from stream_server.stores.sql.database import Database, insert


class SqlBuiltinPaymentStore:
    """Intents and webhooks of the built-in provider, in SQL. See `BuiltinPaymentStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, intent: BuiltinIntent, webhook: BuiltinWebhook) -> BuiltinIntent:
        """Remember an intent and its first webhook."""
        return await self._database.write(_add, intent, webhook)

    async def intent(self, intent_id: str) -> BuiltinIntent | None:
        """One intent."""
        return await self._database.read(_load, builtin_intents.c.id == intent_id)

    async def change(
        self, after: BuiltinIntent, was: Collection[IntentStatus], webhook: BuiltinWebhook
    ) -> BuiltinIntent:
        """Write an intent and its webhook, if its status is still one of ``was``."""
        return await self._database.write(_change, after, was, webhook)

    async def settling(self, at: datetime, limit: int) -> list[BuiltinIntent]:
        """Slow payments whose time has come."""
        return await self._database.read(_settling, at, limit)

    async def claim(self, at: datetime, until: datetime, limit: int) -> list[BuiltinWebhook]:
        """Webhooks to send now, oldest first."""
        # Most rounds find nothing: a read does not trouble the one writer of SQLite.
        if not await self._database.read(_is_any_due, at):
            return []
        return await self._database.write(_claim, at, until, limit)

    async def delivered(self, webhook_id: str) -> None:
        """The shop has taken it."""
        await self._database.write(_delivered, webhook_id)

    async def put_off(self, webhook_id: str, until: datetime) -> None:
        """Count the attempt and try again later."""
        await self._database.write(_put_off, webhook_id, until)


def _values(intent: BuiltinIntent) -> dict[str, Any]:
    values = asdict(intent)
    values["id"] = values.pop("intent_id")
    return values


def _intent(row: AnyRow) -> BuiltinIntent:
    return BuiltinIntent(
        intent_id=row.id,
        payment_id=row.payment_id,
        checkout_id=CheckoutId(row.checkout_id),
        method=row.method,
        status=row.status,
        amount_minor=row.amount_minor,
        currency=row.currency,
        created_at=row.created_at,
        decline_code=row.decline_code,
        refunded=row.refunded,
        settles_at=row.settles_at,
    )


def _load(connection: Connection, condition: Any) -> BuiltinIntent | None:
    row = connection.execute(select(builtin_intents).where(condition)).first()
    return _intent(row) if row else None


def _add(connection: Connection, intent: BuiltinIntent, webhook: BuiltinWebhook) -> BuiltinIntent:
    done = connection.execute(
        insert(connection, builtin_intents)
        .values(_values(intent))
        .on_conflict_do_nothing(index_elements=["payment_id"])
    )
    if done.rowcount:
        _enqueue(connection, webhook)
    return _load(connection, builtin_intents.c.payment_id == intent.payment_id) or intent


def _change(
    connection: Connection, after: BuiltinIntent, was: Collection[IntentStatus], webhook: BuiltinWebhook
) -> BuiltinIntent:
    done = connection.execute(
        update(builtin_intents)
        .where(builtin_intents.c.id == after.intent_id, builtin_intents.c.status.in_(was))
        .values(_values(after))
    )
    if done.rowcount:
        _enqueue(connection, webhook)
    return _load(connection, builtin_intents.c.id == after.intent_id) or after


def _settling(connection: Connection, at: datetime, limit: int) -> list[BuiltinIntent]:
    rows = connection.execute(
        select(builtin_intents)
        .where(builtin_intents.c.settles_at <= at)
        .order_by(builtin_intents.c.settles_at)
        .limit(limit)
    )
    return [_intent(row) for row in rows]


def _enqueue(connection: Connection, webhook: BuiltinWebhook) -> None:
    connection.execute(
        insert(connection, builtin_webhooks).values(
            id=webhook.webhook_id,
            body=webhook.body,
            attempts=webhook.attempts,
            next_at=webhook.created_at,
            created_at=webhook.created_at,
        )
    )


def _is_any_due(connection: Connection, at: datetime) -> bool:
    due = select(builtin_webhooks.c.id).where(builtin_webhooks.c.next_at <= at).limit(1)
    return connection.execute(due).first() is not None


def _claim(connection: Connection, at: datetime, until: datetime, limit: int) -> list[BuiltinWebhook]:
    rows = connection.execute(
        select(builtin_webhooks)
        .where(builtin_webhooks.c.next_at <= at)
        .order_by(builtin_webhooks.c.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    connection.execute(
        update(builtin_webhooks).where(builtin_webhooks.c.id.in_([row.id for row in rows])).values(next_at=until)
    )
    return [BuiltinWebhook(row.id, row.body, row.created_at, row.attempts) for row in rows]


def _delivered(connection: Connection, webhook_id: str) -> None:
    connection.execute(delete(builtin_webhooks).where(builtin_webhooks.c.id == webhook_id))


def _put_off(connection: Connection, webhook_id: str, until: datetime) -> None:
    connection.execute(
        update(builtin_webhooks)
        .where(builtin_webhooks.c.id == webhook_id)
        .values(next_at=until, attempts=builtin_webhooks.c.attempts + 1)
    )
