"""What happens in the shop, told to the shows that present the goods; and the shows' clock, told to the shop."""

from __future__ import annotations

from collections.abc import Mapping

from stream_server.commerce.order import Order
from stream_server.ids import ProductId, ShowId, VariantId
from stream_server.shows.model import UnknownShow
from stream_server.shows.service import ShowService
from stream_server.signaling.commerce_events import ShowCommerceEvents
from stream_server.web.metrics import Metrics


class ShopNews:
    """`commerce.ports.CommerceEvents`: counts the orders and hands everything on to the shows."""

    def __init__(self, events: ShowCommerceEvents, metrics: Metrics) -> None:
        self._events = events
        self._metrics = metrics

    async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
        """True stock after a reservation, release, sale or change."""
        await self._events.stock_changed(product_id, variants)

    async def product_changed(self, product_id: ProductId) -> None:
        """Texts, pictures or prices changed."""
        await self._events.product_changed(product_id)

    async def order_placed(self, order: Order) -> None:
        """Somebody bought: the host sees it rise."""
        self._metrics.orders.inc()
        await self._events.order_placed(order)


class ShowsTime:
    """`commerce.ports.ShowTime` on the shows' clock."""

    def __init__(self, shows: ShowService) -> None:
        self._shows = shows

    async def show_ms(self, show_id: ShowId) -> int:
        """Milliseconds on the show clock; 0 for a show that is not there."""
        try:
            return await self._shows.position_ms(show_id)
        except UnknownShow:
            return 0
