"""Tells the shows what happens in the shop, outside the buyer's way.

Stock is announced as what is *left*, read again just before it is told: two hundred buyers at once become a few
announcements, the last of which is true, whatever the order in which their transactions ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from stream_server.commerce.order import Order
from stream_server.commerce.ports import CommerceEvents, StockStore
from stream_server.ids import ProductId, VariantId

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000
"""Orders and products waiting to be announced; beyond, the oldest is dropped (it stays in the database)."""
TIMEOUT_S = 5.0


class Announcer:
    """Announces one thing after the other while its block is open; leaving it tells the rest first."""

    def __init__(self, stock: StockStore, events: CommerceEvents) -> None:
        self._stock = stock
        self._events = events
        self._stale: dict[ProductId, None] = {}
        self._orders: deque[Order] = deque(maxlen=MAX_WAITING)
        self._products: deque[ProductId] = deque(maxlen=MAX_WAITING)
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def __aenter__(self) -> Self:
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._task = self._group.create_task(self._run(), name="commerce-announcer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT_S):
                await self.settle()
        self._task.cancel()
        await self._group.__aexit__(kind, error, trace)

    def stock_moved(self, product_ids: Iterable[ProductId]) -> None:
        """The stock of these products is not what was last announced."""
        self._stale.update(dict.fromkeys(product_ids))
        self._start()

    def order_placed(self, order: Order) -> None:
        """Somebody bought."""
        self._orders.append(order)
        self._start()

    def product_changed(self, product_id: ProductId) -> None:
        """A product is not what it was."""
        self._products.append(product_id)
        self._start()

    async def settle(self) -> None:
        """Wait until everything so far has been announced."""
        await self._idle.wait()

    def _start(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._orders or self._products or self._stale:
                await self._announce_next()
            self._idle.set()

    async def _announce_next(self) -> None:
        if self._orders:
            await self._tell(self._events.order_placed(self._orders.popleft()))
        elif self._products:
            await self._tell(self._events.product_changed(self._products.popleft()))
        else:
            stale, self._stale = self._stale, {}
            await self._tell(self._announce_stock(list(stale)))

    async def _announce_stock(self, product_ids: list[ProductId]) -> None:
        left: dict[ProductId, dict[VariantId, int]] = {}
        for level in await self._stock.levels(product_ids):
            left.setdefault(level.product_id, {})[level.variant_id] = level.left
        for product_id, variants in left.items():
            await self._tell(self._events.stock_changed(product_id, variants))

    async def _tell(self, announcement: Awaitable[None]) -> None:
        # A fault boundary: a listener that fails must not stop the shop.
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await announcement
        except Exception:
            logger.exception("an announcement failed")
