"""Checkouts and payments in SQL: every step is one transaction, guarded by the checkout's version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from stream_server.commerce.cart import CartLine
from stream_server.commerce.checkout import Checkout, State, cancel, movement
from stream_server.commerce.idempotency import IdempotencyKey
from stream_server.commerce.order import Order
from stream_server.commerce.payment import Payment
from stream_server.commerce.ports import Superseded
from stream_server.ids import CheckoutId, VariantId
from stream_server.stores import commerce_rows
from stream_server.stores.commerce_carts import take_out
from stream_server.stores.commerce_stock import sell, shift_reserved
from stream_server.stores.sql.commerce_schema import (
    checkouts,
    idempotency_keys,
    order_brands,
    orders,
    payments,
)
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.database import insert as upsert

# Built once: building a statement costs more than SQLite takes to run it.
_INSERT = insert(checkouts)
_UPDATE = update(checkouts).where(
    checkouts.c.id == bindparam("known_id"), checkouts.c.version == bindparam("known_version")
)
_OPEN_ONES = (
    select(checkouts)
    .where(
        checkouts.c.buyer_id == bindparam("buyer_id"),
        checkouts.c.show_id == bindparam("show_id"),
        checkouts.c.state == "open",
    )
    .with_for_update()
)


class SqlCheckoutStore:
    """Checkouts with the stock they hold, and their payments, in SQL. See `CheckoutStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, checkout: Checkout, key: IdempotencyKey) -> Checkout:
        """Reserve all lines or none, and remember the checkout."""
        return await self._database.write(_open, checkout, key)

    async def recall(self, key: IdempotencyKey) -> Checkout | None:
        """The checkout that an earlier request with this key made."""
        return await self._database.read(_recall_checkout, key)

    async def load(self, checkout_id: CheckoutId) -> Checkout | None:
        """One checkout."""
        return await self._database.read(_load, checkout_id)

    async def due(self, at: datetime, state: State, limit: int) -> list[Checkout]:
        """Those in this state that hold goods longer than they may, longest first."""
        return await self._database.read(_due, at, state, limit)

    async def step(
        self, before: Checkout, after: Checkout, payment: Payment | None = None, order: Order | None = None
    ) -> None:
        """Go from one state to the next, moving stock."""
        await self._database.write(_step, before, after, payment, order)

    async def start_payment(self, before: Checkout, after: Checkout, payment: Payment, key: IdempotencyKey) -> Payment:
        """Like `step` with a new payment, unless the key is known."""
        return await self._database.write(_start_payment, before, after, payment, key)

    async def recall_payment(self, key: IdempotencyKey) -> Payment | None:
        """The payment that an earlier request with this key made."""
        return await self._database.read(_recall_payment, key)

    async def payment(self, payment_id: str) -> Payment | None:
        """One payment."""
        return await self._database.read(_payment, payments.c.id == payment_id)

    async def payment_of_intent(self, intent_id: str) -> Payment | None:
        """The payment that an intent of the provider belongs to."""
        return await self._database.read(_payment, payments.c.intent_id == intent_id)

    async def save_payment(self, payment: Payment) -> None:
        """Write what was learned about a payment, except its outcome."""
        await self._database.write(_save_payment, payment)

    async def owe_refund(self, payment: Payment) -> bool:
        """Let undecided money go back."""
        return await self._database.write(_decide, payment, "refund_due")

    async def mark_refunded(self, payment_id: str, at: datetime) -> None:
        """The provider has the refund."""
        await self._database.write(_mark_refunded, payment_id, at)

    async def refunds_due(self, limit: int) -> list[Payment]:
        """Payments whose money still has to go back, oldest first."""
        return await self._database.read(_refunds_due, limit)


def _counts(lines: Sequence[CartLine]) -> Counter[VariantId]:
    counts: Counter[VariantId] = Counter()
    for line in lines:
        counts[line.variant_id] += line.quantity
    return counts


def _claim(connection: Connection, key: IdempotencyKey, reference: str, at: datetime) -> str | None:
    """Remember what a key made; the reference of the earlier request if there was one. Raises: IdempotencyConflict."""
    claimed = connection.execute(
        upsert(connection, idempotency_keys).on_conflict_do_nothing(),
        {
            "scope": key.scope,
            "key": key.key,
            "fingerprint": key.fingerprint,
            "reference": reference,
            "created_at": at,
        },
    )
    return _reference(connection, key) if claimed.rowcount == 0 else None


def _reference(connection: Connection, key: IdempotencyKey) -> str | None:
    row = connection.execute(
        select(idempotency_keys.c.fingerprint, idempotency_keys.c.reference).where(
            idempotency_keys.c.scope == key.scope, idempotency_keys.c.key == key.key
        )
    ).first()
    if row is None:
        return None
    key.check(row.fingerprint)
    return str(row.reference)


def _open(connection: Connection, checkout: Checkout, key: IdempotencyKey) -> Checkout:
    known_id = _claim(connection, key, checkout.checkout_id, checkout.created_at)
    if known_id is not None:
        return _known(connection, CheckoutId(known_id))
    counts = _counts(checkout.lines)
    for earlier in _open_ones(connection, checkout):
        _write(connection, earlier, cancel(earlier))
        counts.subtract(_counts(earlier.lines))
    connection.execute(_INSERT, {"id": checkout.checkout_id, **commerce_rows.checkout_values(checkout)})
    # Last, so that the rows everybody wants are locked for the shortest time.
    shift_reserved(connection, counts)
    return checkout


def _open_ones(connection: Connection, checkout: Checkout) -> list[Checkout]:
    rows = connection.execute(_OPEN_ONES, {"buyer_id": checkout.buyer_id, "show_id": checkout.show_id})
    return [commerce_rows.checkout(row) for row in rows]


def _known(connection: Connection, checkout_id: CheckoutId) -> Checkout:
    checkout = _load(connection, checkout_id)
    if checkout is None:
        raise AssertionError("an idempotency key refers to a checkout that is not there")
    return checkout


def _recall_checkout(connection: Connection, key: IdempotencyKey) -> Checkout | None:
    known_id = _reference(connection, key)
    return _known(connection, CheckoutId(known_id)) if known_id else None


def _load(connection: Connection, checkout_id: CheckoutId) -> Checkout | None:
    row = connection.execute(select(checkouts).where(checkouts.c.id == checkout_id)).first()
    return commerce_rows.checkout(row) if row else None


def _due(connection: Connection, at: datetime, state: State, limit: int) -> list[Checkout]:
    rows = connection.execute(
        select(checkouts)
        .where(checkouts.c.state == state, checkouts.c.expires_at <= at)
        .order_by(checkouts.c.expires_at)
        .limit(limit)
    )
    return [commerce_rows.checkout(row) for row in rows]


def _write(connection: Connection, before: Checkout, after: Checkout) -> None:
    known = {"known_id": before.checkout_id, "known_version": before.version}
    done = connection.execute(_UPDATE, {**known, **commerce_rows.checkout_values(after)})
    if done.rowcount == 0:
        raise Superseded


def _step(
    connection: Connection, before: Checkout, after: Checkout, payment: Payment | None, order: Order | None
) -> None:
    _write(connection, before, after)
    if order is not None:
        if payment is None or not _decide(connection, payment, "order"):
            raise Superseded
        connection.execute(insert(orders).values(commerce_rows.order_values(order)))
        connection.execute(
            insert(order_brands),
            [{"order_id": order.order_id, "brand_id": brand_id} for brand_id in sorted(order.brand_ids)],
        )
        take_out(connection, order.show_id, order.buyer_id, [line.variant_id for line in order.lines])
    elif payment is not None:
        _save_payment(connection, payment)
    counts = _counts(before.lines)
    match movement(before, after):
        case "release":
            shift_reserved(connection, {variant_id: -count for variant_id, count in counts.items()})
        case "sell":
            sell(connection, counts, reserved=True)
        case "sell_unreserved":
            sell(connection, counts, reserved=False)
        case "keep":
            pass


def _start_payment(
    connection: Connection, before: Checkout, after: Checkout, payment: Payment, key: IdempotencyKey
) -> Payment:
    known_id = _claim(connection, key, payment.payment_id, payment.created_at)
    if known_id is not None:
        known = _payment(connection, payments.c.id == known_id)
        if known is None:
            raise AssertionError("an idempotency key refers to a payment that is not there")
        return known
    connection.execute(insert(payments).values(commerce_rows.new_payment_values(payment)))
    _step(connection, before, after, None, None)
    return payment


def _recall_payment(connection: Connection, key: IdempotencyKey) -> Payment | None:
    known_id = _reference(connection, key)
    return _payment(connection, payments.c.id == known_id) if known_id else None


def _payment(connection: Connection, condition: Any) -> Payment | None:
    row = connection.execute(select(payments).where(condition)).first()
    return commerce_rows.payment(row) if row else None


def _save_payment(connection: Connection, payment: Payment) -> None:
    connection.execute(
        update(payments)
        .where(payments.c.id == payment.payment_id, payments.c.status != "succeeded")
        .values(commerce_rows.payment_values(payment))
    )


def _decide(connection: Connection, payment: Payment, outcome: str) -> bool:
    """Settle what becomes of the money; False when that is settled already. One guarded row decides every race."""
    done = connection.execute(
        update(payments)
        .where(payments.c.id == payment.payment_id, payments.c.outcome == "open")
        .values(outcome=outcome, **commerce_rows.payment_values(payment))
    )
    return done.rowcount > 0


def _mark_refunded(connection: Connection, payment_id: str, at: datetime) -> None:
    connection.execute(
        update(payments)
        .where(payments.c.id == payment_id, payments.c.outcome == "refund_due")
        .values(outcome="refunded", updated_at=at)
    )


def _refunds_due(connection: Connection, limit: int) -> list[Payment]:
    rows = connection.execute(
        select(payments).where(payments.c.outcome == "refund_due").order_by(payments.c.updated_at).limit(limit)
    )
    return [commerce_rows.payment(row) for row in rows]
