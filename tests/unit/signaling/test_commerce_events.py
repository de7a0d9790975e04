from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from stream_server.commerce.order import Order
from stream_server.ids import OrderId, ShowId, VariantId
from stream_server.shows.events import Event
from stream_server.signaling.commerce_events import CommerceEventOptions, ShowCommerceEvents
from stream_server.signaling.messages import event_adapter
from tests.unit.shows.making import BOWL, CUP, SHOW, House, until

SMALL, LARGE = VariantId("var_small"), VariantId("var_large")
SLOW = CommerceEventOptions(flush_s=3600, retry_s=0)


class _Line:
    def __init__(self, product_id: str) -> None:
        self.product_id = product_id


class _Totals:
    total_minor = 4200


class _Order:
    """As much of an order as is told."""

    def __init__(self, show_id: ShowId = SHOW) -> None:
        self.order_id = OrderId("order_1")
        self.show_id = show_id
        self.lines = [_Line(CUP), _Line(BOWL), _Line(CUP)]
        self.totals = _Totals()
        self.currency = "EUR"
        self.buyer_name = "Ann"


def order(show_id: ShowId = SHOW) -> Order:
    return cast(Order, _Order(show_id))


@asynccontextmanager
async def shop(options: CommerceEventOptions = SLOW) -> AsyncIterator[tuple[ShowCommerceEvents, House]]:
    async with House().open() as house:
        events = ShowCommerceEvents(house.shows, options)
        async with events.run():
            yield events, house


async def told(house: House) -> list[Event]:
    events = await house.store.read(SHOW, 0, 100)
    for event in events:
        event_adapter.validate_python({"seq": event.seq, "at_ms": event.at_ms, "type": event.type, **event.payload})
    return events


def payloads(events: list[Event]) -> list[Any]:
    return [event.payload for event in events]


async def test_numbers_of_a_rush_are_put_together() -> None:
    async with shop() as (events, house):
        for left in range(50, 0, -1):
            await events.stock_changed(CUP, {SMALL: left})
        await events.stock_changed(CUP, {LARGE: 7})
        await events.flush()
        await events.flush()
        (event,) = await told(house)
        assert (event.type, event.audience) == ("stock", "all")
        assert event.payload["variants"] == [{"variant_id": SMALL, "left": 1}, {"variant_id": LARGE, "left": 7}]


async def test_changed_products_are_told_to_shows_that_present_them() -> None:
    async with shop() as (events, house):
        await events.product_changed(CUP)
        await events.product_changed(cast(Any, "prod_elsewhere"))
        await events.flush()
        assert payloads(await told(house)) == [{"product_id": CUP}]
        await house.shows.end(SHOW)
        await events.product_changed(CUP)
        await events.flush()
        assert len(await told(house)) == 2  # with the end itself


async def test_order_is_told_to_the_staff() -> None:
    async with shop() as (events, house):
        await events.order_placed(order(ShowId("show_nowhere")))
        await events.order_placed(order())
        await until(lambda: bool(house.store._events[SHOW]))
        (event,) = await told(house)
        assert (event.type, event.audience) == ("order", "staff")
        assert event.payload["product_ids"] == [CUP, BOWL]
        assert event.payload["total_minor"] == 4200


async def test_news_wait_for_a_database_that_is_away() -> None:
    async with shop() as (events, house):
        house.store.is_down = True
        await events.stock_changed(CUP, {SMALL: 3, LARGE: 9})
        await events.product_changed(CUP)
        await events.order_placed(order())
        await events.flush()
        await events.stock_changed(CUP, {SMALL: 2})
        house.store.is_down = False
        await events.flush()
        await until(lambda: len(house.store._events[SHOW]) == 3)
        stock = next(event for event in await told(house) if event.type == "stock")
        assert stock.payload["variants"] == [{"variant_id": SMALL, "left": 2}, {"variant_id": LARGE, "left": 9}]


async def test_order_that_cannot_be_told_is_given_up() -> None:
    async with shop(CommerceEventOptions(flush_s=3600, retry_s=0, attempts=2)) as (events, house):
        house.store.is_down = True
        await events.order_placed(order())
        await until(events._orders.empty)
        for _ in range(20):
            await asyncio.sleep(0)
        house.store.is_down = False
        await events.order_placed(order())
        await until(lambda: len(house.store._events[SHOW]) == 1)


async def test_buying_is_never_held_up() -> None:
    async with House().open() as house:
        events = ShowCommerceEvents(house.shows, CommerceEventOptions(orders=1))
        await events.order_placed(order())
        await events.order_placed(order())
        assert events._orders.qsize() == 1


async def test_news_are_told_by_themselves_and_a_last_time_when_leaving() -> None:
    async with shop(CommerceEventOptions(flush_s=0)) as (events, house):
        await events.product_changed(CUP)
        await until(lambda: len(house.store._events[SHOW]) == 1)
    async with House().open() as house:
        events = ShowCommerceEvents(house.shows, SLOW)
        async with events.run():
            await events.product_changed(CUP)
        assert len(await told(house)) == 1
