"""Orders in SQL."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, select, update

from stream_server.commerce.order import Order, OrderFilter, gives_goods_back, gives_money_back
from stream_server.commerce.ports import Superseded
from stream_server.ids import OrderId, VariantId
from stream_server.stores import commerce_rows
from stream_server.stores.commerce_stock import put_back
from stream_server.stores.sql.commerce_schema import order_brands, orders, payments
from stream_server.stores.sql.database import Database


class SqlOrderStore:
    """Orders, in SQL. See `OrderStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, order_id: OrderId) -> Order | None:
        """One order."""
        return await self._database.read(_load, order_id)

    async def list_orders(self, wanted: OrderFilter, limit: int) -> list[Order]:
        """Newest first."""
        return await self._database.read(_list, wanted, limit)

    async def move(self, before: Order, after: Order) -> None:
        """Go to the next state; goods and money go back as the state says."""
        await self._database.write(_move, before, after)


def _load(connection: Connection, order_id: OrderId) -> Order | None:
    row = connection.execute(select(orders).where(orders.c.id == order_id)).first()
    return commerce_rows.order(row) if row else None


def _list(connection: Connection, wanted: OrderFilter, limit: int) -> list[Order]:
    statement = select(orders).order_by(orders.c.placed_at.desc(), orders.c.id).limit(limit)
    if wanted.buyer_id is not None:
        statement = statement.where(orders.c.buyer_id == wanted.buyer_id)
    if wanted.show_ids is not None:
        statement = statement.where(orders.c.show_id.in_(wanted.show_ids))
    if wanted.brand_id is not None:
        concerned = select(order_brands.c.order_id).where(order_brands.c.brand_id == wanted.brand_id)
        statement = statement.where(orders.c.id.in_(concerned))
    return [commerce_rows.order(row) for row in connection.execute(statement)]


def _move(connection: Connection, before: Order, after: Order) -> None:
    done = connection.execute(
        update(orders)
        .where(orders.c.id == before.order_id, orders.c.state == before.state)
        .values(state=after.state, updated_at=after.updated_at)
    )
    if done.rowcount == 0:
        raise Superseded
    if gives_money_back(after.state):
        connection.execute(
            update(payments)
            .where(payments.c.id == after.payment_id, payments.c.outcome == "order")
            .values(outcome="refund_due", updated_at=after.updated_at)
        )
    if gives_goods_back(after.state):
        counts: Counter[VariantId] = Counter()
        for line in after.lines:
            counts[line.variant_id] += line.quantity
        put_back(connection, counts)
