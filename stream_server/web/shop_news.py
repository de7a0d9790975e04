"""What happens in the shop, told to the shows that present the goods; and the shows' clock, told to the shop."""

from __future__ import annotations

from collections.abc import Mapping

from stream_server.commerce.order import Order
from stream_server.ids import ProductId, ShowId, VariantId
from stream_server.shows.events import ALL, STAFF, Change
from stream_server.shows.model import UnknownShow
from stream_server.shows.service import ShowService
from stream_server.web.metrics import Metrics


class ShopNews:
    """`commerce.ports.CommerceEvents`: each piece of news becomes an event of every show it concerns."""

    def __init__(self, shows: ShowService, metrics: Metrics) -> None:
        self._shows = shows
        self._metrics = metrics

    async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
        """True stock after a reservation, release, sale or change."""
        left = [{"variant_id": variant_id, "left": count} for variant_id, count in variants.items()]
        await self._tell_all(product_id, Change("stock", {"product_id": product_id, "variants": left}, ALL))

    async def product_changed(self, product_id: ProductId) -> None:
        """Texts, pictures or prices changed."""
        await self._tell_all(product_id, Change("product", {"product_id": product_id}, ALL))

    async def order_placed(self, order: Order) -> None:
        """Somebody bought: the host sees it rise."""
        self._metrics.orders.inc()
        payload = {
            "order_id": order.order_id,
            "product_ids": list(dict.fromkeys(line.product_id for line in order.lines)),
            "total_minor": order.totals.total_minor,
            "currency": order.currency,
            "buyer_name": order.buyer_name,
        }
        await self._shows.tell(order.show_id, Change("order", payload, STAFF))

    async def _tell_all(self, product_id: ProductId, change: Change) -> None:
        for show_id in await self._shows.with_product(product_id):
            await self._shows.tell(show_id, change)


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
