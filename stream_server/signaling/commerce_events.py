"""Turns what happens in the shop into events of the shows that it concerns (`commerce.ports.CommerceEvents`).

Stock changes with every reservation, up to hundreds of times a second in a rush; viewers are told the newest numbers
a few times a second. Orders are told one by one. None of it holds up the purchase it comes from.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import structlog

from stream_server.commerce.order import Order
from stream_server.errors import Unavailable
from stream_server.ids import ProductId, VariantId
from stream_server.shows.events import ALL, STAFF, Change
from stream_server.shows.model import UnknownShow
from stream_server.shows.service import ShowService

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CommerceEventOptions:
    """How fast shows hear of the shop."""

    flush_s: float = 0.25
    """How long numbers of the same product are put together."""
    orders: int = 10_000
    """Orders waiting to be told. Beyond it they are only in the list of orders."""
    attempts: int = 10
    retry_s: float = 1.0


class ShowCommerceEvents:
    """Owner of the way from the shop to the shows; works inside ``async with events.run()``."""

    def __init__(self, shows: ShowService, options: CommerceEventOptions | None = None) -> None:
        self._shows = shows
        self._options = options or CommerceEventOptions()
        self._stock: dict[ProductId, dict[VariantId, int]] = {}
        self._changed: dict[ProductId, None] = {}
        self._orders: asyncio.Queue[Order] = asyncio.Queue(self._options.orders)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Self]:
        """Tell the shows for as long as the block lasts, and what is left when leaving."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._flush_forever(), name="commerce flush"),
                group.create_task(self._tell_orders(), name="commerce orders"),
            ]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()
                await self.flush()

    # ---- `commerce.ports.CommerceEvents`

    async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
        """True stock (variant → left) of a product."""
        self._stock.setdefault(product_id, {}).update(variants)

    async def order_placed(self, order: Order) -> None:
        """Somebody bought."""
        try:
            self._orders.put_nowait(order)
        except asyncio.QueueFull:
            log.warning("order not told to the host", order_id=order.order_id)

    async def product_changed(self, product_id: ProductId) -> None:
        """Texts, pictures or prices changed."""
        self._changed[product_id] = None

    # ---- telling

    async def flush(self) -> None:
        """Tell the newest numbers and changes since the last time."""
        stock, self._stock = self._stock, {}
        changed, self._changed = self._changed, {}
        for product_id in changed:
            if not await self._tell(product_id, Change("product", {"product_id": product_id}, ALL)):
                self._changed[product_id] = None
        for product_id, variants in stock.items():
            if not await self._tell(product_id, Change("stock", _stock_payload(product_id, variants), ALL)):
                # Tried again next time; what came meanwhile is newer.
                self._stock[product_id] = variants | self._stock.get(product_id, {})

    async def _tell(self, product_id: ProductId, change: Change) -> bool:
        """Tell every show that presents the product; False when it should be tried again."""
        try:
            for show_id in await self._shows.with_product(product_id):
                await self._shows.tell(show_id, change)
        except Unavailable as error:
            log.warning("shop event not told yet", product_id=product_id, error=str(error))
            return False
        return True

    async def _tell_orders(self) -> None:
        while True:
            order = await self._orders.get()
            change = Change("order", _order_payload(order), STAFF)
            for _ in range(self._options.attempts):
                if await self._told(order, change):
                    break
                await asyncio.sleep(self._options.retry_s)

    async def _told(self, order: Order, change: Change) -> bool:
        try:
            await self._shows.tell(order.show_id, change)
        except Unavailable as error:
            log.warning("order not told yet", order_id=order.order_id, error=str(error))
            return False
        except UnknownShow:
            log.warning("order of an unknown show", order_id=order.order_id, show_id=order.show_id)
        return True

    async def _flush_forever(self) -> None:
        while True:
            await asyncio.sleep(self._options.flush_s)
            await self.flush()


def _stock_payload(product_id: ProductId, variants: Mapping[VariantId, int]) -> dict[str, Any]:
    levels = [{"variant_id": variant_id, "left": left} for variant_id, left in variants.items()]
    return {"product_id": product_id, "variants": levels}


def _order_payload(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "product_ids": list(dict.fromkeys(line.product_id for line in order.lines)),
        "total_minor": order.totals.total_minor,
        "currency": order.currency,
        "buyer_name": order.buyer_name,
    }
