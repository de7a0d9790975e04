from __future__ import annotations

import pytest

from stream_server.commerce.errors import NotYourOrder, OrderStateRefused
from stream_server.commerce.order import Order, OrderFilter
from stream_server.errors import NotFound, Unavailable
from stream_server.ids import BrandId, OrderId, VariantId
from tests.fakes.commerce import BUYER, OTHER, SHOW, TrialShop, draft, open_trial_shop
from tests.unit.commerce.faults import overtaken


async def buy(trial: TrialShop, *variant_ids: VariantId) -> Order:
    for variant_id in variant_ids:
        await trial.shop.carts.set_line(SHOW, BUYER, variant_id, 1, "USD")
    opened = await trial.shop.checkouts.open(SHOW, BUYER, "Ada", "USD", trial.key())
    view = await trial.pay(opened)
    assert view.order_id is not None
    return await trial.shop.orders.order(view.order_id, OrderFilter())


async def test_an_order_is_seen_by_its_buyer_and_the_brand_concerned() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        order = await buy(trial, product.variants[0].variant_id)
        find = trial.shop.orders.order
        assert await find(order.order_id, OrderFilter(buyer_id=BUYER)) == order
        assert await find(order.order_id, OrderFilter(brand_id=product.brand_id)) == order
        for stranger in (OrderFilter(buyer_id=OTHER), OrderFilter(brand_id=BrandId("other"))):
            with pytest.raises(NotFound):
                await find(order.order_id, stranger)
        with pytest.raises(NotFound):
            await find(OrderId("nothing"), OrderFilter())
        assert await trial.shop.orders.orders(OrderFilter(buyer_id=BUYER)) == [order]


async def test_a_brand_moves_its_order_on_step_by_step() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        order = await buy(trial, product.variants[0].variant_id)
        move = trial.shop.orders.move
        for state in ("packed", "shipped", "delivered"):
            assert (await move(order.order_id, state, product.brand_id)).state == state
        with pytest.raises(OrderStateRefused):
            await move(order.order_id, "packed", product.brand_id)
        with pytest.raises(NotFound):
            await move(order.order_id, "refunded", BrandId("other"))


async def test_a_cancelled_order_gives_goods_and_money_back() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        variant_id = product.variants[0].variant_id
        order = await buy(trial, variant_id)
        assert await trial.left(variant_id) == 9
        await trial.shop.orders.move(order.order_id, "cancelled", product.brand_id)
        assert await trial.left(variant_id) == 10
        payment = await trial.stores.checkouts.payment(order.payment_id)
        assert payment is not None
        assert payment.outcome == "refunded"
        await trial.shop.announcer.settle()
        assert trial.events.stock[-1][1] == {variant_id: 10}


async def test_a_refunded_order_gives_only_the_money_back() -> None:
    async with open_trial_shop() as trial:
        variant_id = (await trial.variant()).variant_id
        order = await buy(trial, variant_id)
        for state in ("packed", "shipped", "refunded"):
            await trial.shop.orders.move(order.order_id, state, None)
        assert await trial.left(variant_id) == 9
        payment = await trial.stores.checkouts.payment(order.payment_id)
        assert payment is not None
        assert payment.outcome == "refunded"


async def test_an_order_of_two_brands_is_moved_by_the_shop_only() -> None:
    async with open_trial_shop() as trial:
        lamp = await trial.product()
        other = await trial.shop.catalogue.put_brand("other", "Other")
        chair = await trial.shop.catalogue.put_product(other.brand_id, draft("chair"))
        order = await buy(trial, lamp.variants[0].variant_id, chair.variants[0].variant_id)
        for brand_id in (lamp.brand_id, other.brand_id):
            with pytest.raises(NotYourOrder) as refused:
                await trial.shop.orders.move(order.order_id, "packed", brand_id)
            assert "another brand" in str(refused.value)
        assert (await trial.shop.orders.move(order.order_id, "packed", None)).state == "packed"


async def test_a_move_that_is_always_overtaken_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        order = await buy(trial, (await trial.variant()).variant_id)
        monkeypatch.setattr(trial.stores.orders, "move", overtaken)
        with pytest.raises(Unavailable):
            await trial.shop.orders.move(order.order_id, "packed", None)
