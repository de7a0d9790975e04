"""Carts in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from stream_server.commerce.cart import CartContent, with_line, without_line
from stream_server.ids import PersonId, ShowId, VariantId
from stream_server.stores.sql.commerce_schema import cart_lines, carts
from stream_server.stores.sql.database import Database, insert


class SqlCartStore:
    """One cart per show and buyer, in SQL. See `CartStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, show_id: ShowId, buyer_id: PersonId) -> CartContent | None:
        """The cart, None when nothing was ever put in."""
        return await self._database.read(load_cart, show_id, buyer_id)

    async def set_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, quantity: int, currency: str, at: datetime
    ) -> CartContent:
        """Apply `cart.with_line`."""
        return await self._database.write(_set_line, show_id, buyer_id, variant_id, quantity, currency, at)

    async def remove_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, at: datetime
    ) -> CartContent | None:
        """Apply `cart.without_line`."""
        return await self._database.write(_remove_line, show_id, buyer_id, variant_id, at)


def load_cart(connection: Connection, show_id: ShowId, buyer_id: PersonId) -> CartContent | None:
    """A cart, None when nothing was ever put in."""
    currency = connection.execute(
        select(carts.c.currency).where(carts.c.show_id == show_id, carts.c.buyer_id == buyer_id)
    ).scalar()
    if currency is None:
        return None
    lines = connection.execute(
        select(cart_lines.c.variant_id, cart_lines.c.quantity)
        .where(cart_lines.c.show_id == show_id, cart_lines.c.buyer_id == buyer_id)
        .order_by(cart_lines.c.added_at, cart_lines.c.variant_id)
    )
    return CartContent(currency, {VariantId(line.variant_id): line.quantity for line in lines})


def take_out(connection: Connection, show_id: ShowId, buyer_id: PersonId, variant_ids: list[VariantId]) -> None:
    """Remove what was bought (or is not wanted any more)."""
    connection.execute(
        delete(cart_lines).where(
            cart_lines.c.show_id == show_id,
            cart_lines.c.buyer_id == buyer_id,
            cart_lines.c.variant_id.in_(variant_ids),
        )
    )


def _set_line(
    connection: Connection,
    show_id: ShowId,
    buyer_id: PersonId,
    variant_id: VariantId,
    quantity: int,
    currency: str,
    at: datetime,
) -> CartContent:
    owner = {"show_id": show_id, "buyer_id": buyer_id}
    # This first, for it locks the cart: two requests of one buyer are applied one after the other.
    connection.execute(
        insert(connection, carts)
        .values(**owner, currency=currency, updated_at=at)
        .on_conflict_do_update(index_elements=["show_id", "buyer_id"], set_={"updated_at": at})
    )
    content = with_line(load_cart(connection, show_id, buyer_id), variant_id, quantity, currency)
    connection.execute(
        update(carts).where(carts.c.show_id == show_id, carts.c.buyer_id == buyer_id).values(currency=content.currency)
    )
    connection.execute(
        insert(connection, cart_lines)
        .values(**owner, variant_id=variant_id, quantity=quantity, added_at=at)
        .on_conflict_do_update(index_elements=["show_id", "buyer_id", "variant_id"], set_={"quantity": quantity})
    )
    return content


def _remove_line(
    connection: Connection, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, at: datetime
) -> CartContent | None:
    content = load_cart(connection, show_id, buyer_id)
    if content is None:
        return None
    take_out(connection, show_id, buyer_id, [variant_id])
    return without_line(content, variant_id)
