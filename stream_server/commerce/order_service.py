"""Orders after they are paid."""

from __future__ import annotations

from stream_server.clock import Clock
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.errors import NotYourOrder
from stream_server.commerce.order import Order, OrderFilter, OrderState, gives_goods_back, gives_money_back, move
from stream_server.commerce.ports import OrderStore, Superseded
from stream_server.commerce.settlement import MAX_TRIES, Settlement
from stream_server.errors import NotFound, Unavailable
from stream_server.ids import BrandId, OrderId

MAX_LISTED = 200


class OrderService:
    """Looks orders up and moves them on. Who may see which is said by an `OrderFilter`."""

    def __init__(self, orders: OrderStore, settlement: Settlement, announcer: Announcer, clock: Clock) -> None:
        self._orders = orders
        self._settlement = settlement
        self._announcer = announcer
        self._clock = clock

    async def order(self, order_id: OrderId, seen_by: OrderFilter) -> Order:
        """One order. Raises: NotFound (also when it is not theirs to see)."""
        order = await self._orders.load(order_id)
        if order is None or not seen_by.fits(order):
            raise NotFound("order", order_id)
        return order

    async def orders(self, wanted: OrderFilter) -> list[Order]:
        """Newest first, at most 200."""
        return await self._orders.list_orders(wanted, MAX_LISTED)

    async def move(self, order_id: OrderId, state: OrderState, brand_id: BrandId | None) -> Order:
        """Move an order to its next state; ``brand_id`` None is the shop's admin.

        Cancelling gives the goods back to stock and the money to the buyer; refunding the money. Money that the
        provider does not take back now is sent again by the sweeper.

        Raises: NotFound, NotYourOrder (not all of it is the brand's), OrderStateRefused.
        """
        for _ in range(MAX_TRIES):
            before = await self.order(order_id, OrderFilter(brand_id=brand_id))
            if brand_id is not None and before.brand_ids != {brand_id}:
                raise NotYourOrder
            after = move(before, state, self._clock.now())
            try:
                await self._orders.move(before, after)
            except Superseded:
                continue
            if gives_goods_back(state):
                self._announcer.stock_moved(line.product_id for line in after.lines)
            if gives_money_back(state):
                await self._settlement.send_refunds()
            return after
        raise Unavailable(retry_after_s=1)
