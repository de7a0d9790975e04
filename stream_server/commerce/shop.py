"""Puts the services of selling together and keeps what runs in the background: announcements and the sweeper."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stream_server.clock import Clock
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.cart_service import CartService
from stream_server.commerce.catalogue_service import CatalogueService
from stream_server.commerce.checkout import CheckoutLimits
from stream_server.commerce.checkout_service import CheckoutService
from stream_server.commerce.delivery import Terms
from stream_server.commerce.order_service import OrderService
from stream_server.commerce.ports import (
    CartStore,
    CatalogueStore,
    CheckoutStore,
    CommerceEvents,
    OrderStore,
    PaymentProvider,
    ShowTime,
    StockStore,
)
from stream_server.commerce.settlement import Settlement

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CommerceStores:
    """Where the shop keeps its facts; made by `stream_server.stores.commerce.commerce_stores`."""

    catalogue: CatalogueStore
    stock: StockStore
    carts: CartStore
    checkouts: CheckoutStore
    orders: OrderStore


@dataclass(frozen=True)
class Shop:
    """The services of selling."""

    catalogue: CatalogueService
    carts: CartService
    checkouts: CheckoutService
    orders: OrderService
    settlement: Settlement
    """For webhooks: ``await shop.settlement.notice(intent_id)``."""
    payments: PaymentProvider
    announcer: Announcer

    async def receive_webhook(self, body: bytes, signature: str) -> None:
        """Hear the payment provider. Answer 200 only after this. Raises: WebhookRefused, Unavailable."""
        intent_id = self.payments.read_webhook(body, signature)
        if intent_id is not None:
            await self.settlement.notice(intent_id)


@asynccontextmanager
async def open_shop(
    stores: CommerceStores,
    payments: PaymentProvider,
    events: CommerceEvents,
    show_time: ShowTime,
    clock: Clock,
    terms: Terms,
    limits: CheckoutLimits | None = None,
    sweep_every_s: float = 1.0,
) -> AsyncIterator[Shop]:
    """Open the shop; what ran out while it was closed is ended at once. Leaving the block closes it."""
    limits = limits or CheckoutLimits()
    async with Announcer(stores.stock, events) as announcer, asyncio.TaskGroup() as group:
        settlement = Settlement(stores.checkouts, payments, announcer, show_time, clock, limits)
        checkouts = CheckoutService(
            stores.catalogue, stores.carts, stores.checkouts, settlement, announcer, terms, clock, limits
        )
        shop = Shop(
            catalogue=CatalogueService(stores.catalogue, stores.stock, announcer, clock),
            carts=CartService(stores.catalogue, stores.carts, clock),
            checkouts=checkouts,
            orders=OrderService(stores.orders, settlement, announcer, clock),
            settlement=settlement,
            payments=payments,
            announcer=announcer,
        )
        # Two, so that a payment provider that does not answer never keeps reservations from ending.
        sweepers = [
            group.create_task(repeat(checkouts.end_reservations, sweep_every_s), name="end-reservations"),
            group.create_task(repeat(checkouts.end_payments, sweep_every_s), name="end-payments"),
        ]
        try:
            yield shop
        finally:
            for sweeper in sweepers:
                sweeper.cancel()


async def repeat(sweep: Callable[[], Awaitable[int]], every_s: float) -> None:
    """Sweep again and again, whatever goes wrong."""
    while True:
        try:
            await sweep()
        except Exception:
            # A fault boundary: the next round tries again; a shop without sweeper would sell out by itself.
            logger.exception("sweeping checkouts failed")
        await asyncio.sleep(every_s)
