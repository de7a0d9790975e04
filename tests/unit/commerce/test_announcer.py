from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from stream_server.commerce import announcer as announcer_module
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.shop import repeat
from stream_server.ids import ProductId, VariantId
from stream_server.stores.commerce_memory import memory_commerce_stores
from tests.fakes.commerce import HeardEvents, draft, open_trial_shop


async def test_a_burst_of_changes_is_told_as_the_last_truth() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        variant_id = product.variants[0].variant_id
        for left in range(9, -1, -1):
            await trial.stores.stock.change(variant_id, -1)
            trial.shop.announcer.stock_moved([product.product_id])
            assert left == await trial.left(variant_id)
        await trial.shop.announcer.settle()
        assert trial.events.stock == [(product.product_id, {variant_id: 0})]


async def test_products_are_told_one_by_one() -> None:
    async with open_trial_shop() as trial:
        lamp, chair = await trial.product(), await trial.product(draft("chair", 3))
        trial.shop.announcer.stock_moved([lamp.product_id, chair.product_id])
        await trial.shop.announcer.settle()
        assert dict(trial.events.stock) == {
            lamp.product_id: {lamp.variants[0].variant_id: 10},
            chair.product_id: {chair.variants[0].variant_id: 3},
        }


async def test_a_listener_that_fails_does_not_stop_the_shop(caplog: pytest.LogCaptureFixture) -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        trial.events.fails = True
        trial.shop.announcer.stock_moved([product.product_id])
        await trial.shop.announcer.settle()
        trial.events.fails = False
        trial.shop.announcer.stock_moved([product.product_id])
        await trial.shop.announcer.settle()
        assert len(trial.events.stock) == 1
        assert "an announcement failed" in caplog.text


async def test_closing_tells_the_rest_first() -> None:
    events = HeardEvents()
    async with Announcer(memory_commerce_stores().stock, events) as announcer:
        announcer.product_changed(ProductId("p"))
    assert events.products == ["p"]


async def test_closing_does_not_wait_for_a_listener_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcer_module, "TIMEOUT_S", 0.01)

    class Hanging(HeardEvents):
        async def product_changed(self, product_id: ProductId) -> None:
            await asyncio.Event().wait()

        async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
            raise AssertionError

    async with Announcer(memory_commerce_stores().stock, Hanging()) as announcer:
        announcer.product_changed(ProductId("p"))


async def test_a_sweep_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    swept = asyncio.Event()
    failures = [RuntimeError("a bug")]

    async def sweep() -> int:
        if failures:
            raise failures.pop()
        swept.set()
        return 0

    async with asyncio.TaskGroup() as group:
        task = group.create_task(repeat(sweep, 0))
        await swept.wait()
        task.cancel()
    assert "sweeping checkouts failed" in caplog.text
