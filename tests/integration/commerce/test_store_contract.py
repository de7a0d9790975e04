"""What every store of the shop promises: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stream_server.clock import ManualClock
from stream_server.commerce.cart import CartContent
from stream_server.commerce.catalogue import Brand, Fact, Picture, Product, VariantDraft
from stream_server.commerce.checkout import CheckoutLimits, cancel, complete, expire, start_paying
from stream_server.commerce.errors import (
    CurrencyMismatch,
    IdempotencyConflict,
    InvalidProduct,
    OutOfStock,
    SlugTaken,
    StockReserved,
)
from stream_server.commerce.idempotency import idempotency_key
from stream_server.commerce.order import OrderFilter, move, place
from stream_server.commerce.payment import Payment
from stream_server.commerce.ports import Superseded
from stream_server.commerce.shop import CommerceStores
from stream_server.errors import NotFound
from stream_server.ids import BrandId, OrderId, PersonId, ProductId, ShowId, VariantId, new_id
from tests.fakes.commerce import ADDRESS, BUYER, OTHER, SHOW, draft
from tests.integration.commerce.checkouts import LIMITS, checkout_of, payment_of
from tests.integration.commerce.conftest import Opener

CLOCK = ManualClock()
NOW = CLOCK.now()


async def add_product(stores: CommerceStores, slug: str = "lamp", stock: int = 10) -> Product:
    brand = await stores.catalogue.put_brand(Brand(BrandId("brand_a"), "Acme", "acme"), NOW)
    product_id = ProductId(new_id("product"))
    return await stores.catalogue.save(product_id, brand.brand_id, draft(slug, stock), NOW, NOW)


async def test_a_brand_keeps_its_id_when_renamed(open_stores: Opener) -> None:
    async with open_stores() as stores:
        catalogue = stores.shop.catalogue
        first = await catalogue.put_brand(Brand(BrandId("brand_a"), "Acme", "acme"), NOW)
        again = await catalogue.put_brand(Brand(BrandId("brand_b"), "Acme Inc", "acme"), NOW)
        assert again == Brand(first.brand_id, "Acme Inc", "acme")
        assert await catalogue.brand(first.brand_id) == again
        assert await catalogue.brand(BrandId("brand_b")) is None
        assert await catalogue.brands() == [again]


async def test_a_product_comes_back_as_it_was_written(open_stores: Opener) -> None:
    async with open_stores() as stores:
        catalogue = stores.shop.catalogue
        brand = await catalogue.put_brand(Brand(BrandId("brand_a"), "Acme", "acme"), NOW)
        written = replace(
            draft(),
            summary={"en": "Bright", "zh-CN": "明亮"},
            pictures=(Picture("/pictures/a.png", {"en": "A lamp"}, 640, 480),),
            facts=(Fact("weight", {"en": "Weight"}, {"en": "180 g"}),),
            delivery={"en": "Soon"},
            returns={"en": "30 days"},
            provenance={"en": "Made here"},
            has_3d=True,
        )
        product_id = ProductId("product_a")
        saved = await catalogue.save(product_id, brand.brand_id, written, NOW, NOW)
        assert await catalogue.products([product_id]) == [saved]
        assert (saved.brand_name, saved.title, saved.summary) == ("Acme", written.title, written.summary)
        assert (saved.pictures, saved.facts, saved.has_3d) == (written.pictures, written.facts, True)
        assert (saved.delivery, saved.returns, saved.provenance) == (
            written.delivery,
            written.returns,
            written.provenance,
        )
        assert [(p.currency, p.amount_minor) for p in saved.variants[0].prices(NOW)] == [("EUR", 1900), ("USD", 2000)]
        assert (saved.variants[0].left, saved.updated_at) == (10, NOW)


async def test_writing_the_same_again_changes_neither_stock_nor_prices(open_stores: Opener) -> None:
    async with open_stores() as stores:
        first = await add_product(stores.shop)
        await stores.shop.stock.change(first.variants[0].variant_id, -3)
        later = NOW + timedelta(days=1)
        again = await stores.shop.catalogue.save(first.product_id, first.brand_id, draft(stock=500), later, later)
        assert again.variants[0].variant_id == first.variants[0].variant_id
        assert again.variants[0].rules == first.variants[0].rules
        assert again.variants[0].left == 7


async def test_a_new_price_ends_the_old_one(open_stores: Opener) -> None:
    async with open_stores() as stores:
        first = await add_product(stores.shop)
        later = NOW + timedelta(days=40)
        cheaper = draft(prices={"USD": 1500})
        await stores.shop.catalogue.save(first.product_id, first.brand_id, cheaper, later, later)
        (product,) = await stores.shop.catalogue.products([first.product_id])
        (price,) = product.variants[0].prices(later)
        assert (price.currency, price.amount_minor, price.lowest_30d_minor) == ("USD", 1500, 2000)


async def test_variants_swap_skus_and_the_left_out_retire(open_stores: Opener) -> None:
    async with open_stores() as stores:
        catalogue = stores.shop.catalogue
        first = await add_product(stores.shop)
        one = first.variants[0]
        two_drafts = (
            VariantDraft("L-2", {"en": "Blue"}, {"USD": 100}, 5),
            VariantDraft("L-1", {"en": "Red"}, {"USD": 100}),
        )
        second = await catalogue.save(first.product_id, first.brand_id, replace(draft(), variants=two_drafts), NOW, NOW)
        assert [variant.sku for variant in second.variants] == ["L-2", "L-1"]
        assert second.variants[1].variant_id == one.variant_id
        swapped = (
            VariantDraft("L-1", {"en": "Blue"}, {"USD": 100}, variant_id=second.variants[0].variant_id),
            VariantDraft("L-2", {"en": "Red"}, {"USD": 100}, variant_id=one.variant_id),
        )
        third = await catalogue.save(first.product_id, first.brand_id, replace(draft(), variants=swapped), NOW, NOW)
        assert [(v.variant_id, v.sku) for v in third.variants] == [
            (second.variants[0].variant_id, "L-1"),
            (one.variant_id, "L-2"),
        ]
        fourth = await catalogue.save(first.product_id, first.brand_id, draft(sku="L-1"), NOW, NOW)
        assert [v.variant_id for v in fourth.variants] == [second.variants[0].variant_id]
        assert await catalogue.of_variants([one.variant_id]) == {}
        revived = await catalogue.save(first.product_id, first.brand_id, draft(sku="L-2"), NOW, NOW)
        assert [v.variant_id for v in revived.variants] == [one.variant_id]
        # A new variant takes the SKU of a retired one that keeps existing under its own id.
        named = VariantDraft("L-1", {}, {"USD": 1}, variant_id=one.variant_id)
        last = await catalogue.save(first.product_id, first.brand_id, replace(draft(), variants=(named,)), NOW, NOW)
        assert [(v.variant_id, v.sku) for v in last.variants] == [(one.variant_id, "L-1")]


async def test_a_variant_of_another_product_is_refused(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp, chair = await add_product(stores.shop), await add_product(stores.shop, "chair")
        stolen = VariantDraft("L-9", {}, {"USD": 1}, variant_id=lamp.variants[0].variant_id)
        with pytest.raises(InvalidProduct):
            await stores.shop.catalogue.save(
                chair.product_id, chair.brand_id, replace(draft("chair"), variants=(stolen,)), NOW, NOW
            )
        assert await stores.shop.catalogue.products([chair.product_id]) == [chair]


async def test_a_slug_is_used_once_by_a_brand(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop)
        with pytest.raises(SlugTaken):
            await add_product(stores.shop)
        catalogue = stores.shop.catalogue
        other = await catalogue.put_brand(Brand(BrandId("brand_b"), "Other", "other"), NOW)
        await catalogue.save(ProductId("product_b"), other.brand_id, draft(), NOW, NOW)
        assert await catalogue.find(lamp.brand_id, "lamp") == lamp.product_id
        assert await catalogue.find(other.brand_id, "lamp") == "product_b"
        assert await catalogue.find(other.brand_id, "chair") is None


async def test_products_are_listed_and_picked(open_stores: Opener) -> None:
    async with open_stores() as stores:
        catalogue = stores.shop.catalogue
        lamp = await add_product(stores.shop)
        brand = await catalogue.put_brand(Brand(BrandId("brand_b"), "Other", "other"), NOW)
        later = NOW + timedelta(seconds=1)
        chair = await catalogue.save(ProductId("product_b"), brand.brand_id, draft("chair"), later, later)
        assert await catalogue.list_products(None, 10) == [lamp, chair]
        assert await catalogue.list_products(None, 1) == [lamp]
        assert await catalogue.list_products(brand.brand_id, 10) == [chair]
        picked = await catalogue.products([chair.product_id, ProductId("nothing"), lamp.product_id])
        assert picked == [chair, lamp]
        variant_ids = [lamp.variants[0].variant_id, VariantId("nothing")]
        assert await catalogue.of_variants(variant_ids) == {variant_ids[0]: lamp}
        assert await catalogue.products([]) == []


async def test_stock_is_changed_but_never_below_what_is_reserved(open_stores: Opener) -> None:
    async with open_stores() as stores:
        product = await add_product(stores.shop)
        variant_id = product.variants[0].variant_id
        await stores.shop.checkouts.open(checkout_of(product, 4), idempotency_key("a", "1", None))
        assert (await stores.shop.stock.change(variant_id, -6)).left == 0
        with pytest.raises(StockReserved) as refused:
            await stores.shop.stock.change(variant_id, -1)
        assert refused.value.left == 0
        assert (await stores.shop.stock.change(variant_id, 3)).left == 3
        with pytest.raises(StockReserved):
            await stores.shop.stock.change(variant_id, 1_000_000)
        with pytest.raises(NotFound):
            await stores.shop.stock.change(VariantId("nothing"), 1)
        levels = await stores.shop.stock.levels([product.product_id, ProductId("nothing")])
        assert [(level.variant_id, level.left) for level in levels] == [(variant_id, 3)]


async def test_a_cart_keeps_its_lines_in_order_and_one_currency(open_stores: Opener) -> None:
    async with open_stores() as stores:
        carts = stores.shop.carts
        lamp = (await add_product(stores.shop)).variants[0].variant_id
        chair = (await add_product(stores.shop, "chair")).variants[0].variant_id
        later = NOW + timedelta(seconds=1)
        assert await carts.load(SHOW, BUYER) is None
        assert await carts.remove_line(SHOW, BUYER, lamp, NOW) is None
        await carts.set_line(SHOW, BUYER, chair, 1, "USD", NOW)
        await carts.set_line(SHOW, BUYER, lamp, 2, "USD", later)
        await carts.set_line(SHOW, BUYER, chair, 3, "USD", later)
        loaded = await carts.load(SHOW, BUYER)
        assert loaded == CartContent("USD", {chair: 3, lamp: 2})
        assert list(loaded.quantities) == [chair, lamp]
        with pytest.raises(CurrencyMismatch):
            await carts.set_line(SHOW, BUYER, lamp, 1, "EUR", later)
        assert await carts.load(SHOW, OTHER) is None
        assert await carts.remove_line(SHOW, BUYER, chair, later) == CartContent("USD", {lamp: 2})
        await carts.remove_line(SHOW, BUYER, lamp, later)
        assert await carts.set_line(SHOW, BUYER, lamp, 1, "EUR", later) == CartContent("EUR", {lamp: 1})
        assert await carts.load(SHOW, BUYER) == CartContent("EUR", {lamp: 1})


async def test_a_checkout_reserves_all_or_nothing(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop, stock=5)
        chair = await add_product(stores.shop, "chair", stock=1)
        both = replace(checkout_of(lamp, 2), lines=(*checkout_of(lamp, 2).lines, *checkout_of(chair, 2).lines))
        with pytest.raises(OutOfStock) as refused:
            await stores.shop.checkouts.open(both, idempotency_key("a", "1", None))
        assert (refused.value.product_id, refused.value.left) == (chair.product_id, 1)
        levels = await stores.shop.stock.levels([lamp.product_id, chair.product_id])
        assert sorted(level.left for level in levels) == [1, 5]
        assert await stores.shop.checkouts.load(both.checkout_id) is None
        # The key made nothing, so it may be used again.
        opened = await stores.shop.checkouts.open(checkout_of(lamp, 5), idempotency_key("a", "1", None))
        assert await stores.shop.checkouts.load(opened.checkout_id) == opened


async def test_a_key_opens_one_checkout(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop, stock=5)
        key = idempotency_key("a", "1", "body")
        assert await stores.shop.checkouts.recall(key) is None
        first = await stores.shop.checkouts.open(checkout_of(lamp, 2), key)
        assert await stores.shop.checkouts.open(checkout_of(lamp, 2), key) == first
        assert await stores.shop.checkouts.recall(key) == first
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 3
        with pytest.raises(IdempotencyConflict):
            await stores.shop.checkouts.open(checkout_of(lamp, 2), idempotency_key("a", "1", "other"))
        with pytest.raises(IdempotencyConflict):
            await stores.shop.checkouts.recall(idempotency_key("a", "1", "other"))


async def test_a_second_checkout_takes_the_place_of_the_first(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop, stock=5)
        first = await stores.shop.checkouts.open(checkout_of(lamp, 4), idempotency_key("a", "1", None))
        second = await stores.shop.checkouts.open(checkout_of(lamp, 5), idempotency_key("a", "2", None))
        replaced = await stores.shop.checkouts.load(first.checkout_id)
        assert replaced is not None
        assert replaced.state == "cancelled"
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 0
        with pytest.raises(OutOfStock):
            await stores.shop.checkouts.open(checkout_of(lamp, 6), idempotency_key("a", "3", None))
        assert await stores.shop.checkouts.load(second.checkout_id) == second
        in_other_show = replace(checkout_of(lamp, 1), show_id=ShowId("show_two"))
        with pytest.raises(OutOfStock):
            await stores.shop.checkouts.open(in_other_show, idempotency_key("a", "4", None))


async def test_due_checkouts_are_found_longest_first(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop)
        first = replace(checkout_of(lamp, 1), expires_at=NOW + timedelta(seconds=20))
        second = replace(checkout_of(lamp, 1, OTHER), expires_at=NOW + timedelta(seconds=10))
        for number, checkout in enumerate((first, second)):
            await stores.shop.checkouts.open(checkout, idempotency_key("a", str(number), None))
        due = stores.shop.checkouts.due
        assert await due(NOW + timedelta(seconds=9), "open", 10) == []
        assert await due(NOW + timedelta(seconds=10), "open", 10) == [second]
        assert await due(NOW + timedelta(seconds=60), "open", 10) == [second, first]
        assert await due(NOW + timedelta(seconds=60), "open", 1) == [second]
        assert await due(NOW + timedelta(seconds=60), "paying", 10) == []


async def test_steps_move_stock_and_happen_once(open_stores: Opener) -> None:
    async with open_stores() as stores:
        checkouts = stores.shop.checkouts
        lamp = await add_product(stores.shop)
        opened = await checkouts.open(checkout_of(lamp, 4), idempotency_key("a", "1", None))
        gone = cancel(opened)
        await checkouts.step(opened, gone)
        assert await checkouts.load(opened.checkout_id) == gone
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 10
        with pytest.raises(Superseded):
            await checkouts.step(opened, expire(replace(opened, expires_at=NOW), NOW))
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 10


async def test_a_paid_checkout_becomes_an_order(open_stores: Opener) -> None:
    async with open_stores() as stores:
        checkouts = stores.shop.checkouts
        lamp = await add_product(stores.shop)
        variant_id = lamp.variants[0].variant_id
        await stores.shop.carts.set_line(SHOW, BUYER, variant_id, 4, "USD", NOW)
        opened = await checkouts.open(checkout_of(lamp, 4), idempotency_key("a", "1", None))
        payment = payment_of(opened)
        paying = start_paying(opened, payment.payment_id, ADDRESS, "standard", opened.totals, LIMITS, NOW)
        key = idempotency_key("pay", "1", None)
        assert await checkouts.recall_payment(key) is None
        assert await checkouts.start_payment(opened, paying, payment, key) == payment
        assert await checkouts.start_payment(opened, paying, payment_of(opened), key) == payment
        assert await checkouts.recall_payment(key) == payment
        with pytest.raises(IdempotencyConflict):
            await checkouts.recall_payment(idempotency_key("pay", "1", "other"))
        with pytest.raises(Superseded):
            await checkouts.start_payment(opened, paying, payment_of(opened), idempotency_key("pay", "2", None))
        assert await checkouts.load(opened.checkout_id) == paying

        order = place(paying, OrderId("order_a"), 1234, NOW)
        paid = replace(payment, status="succeeded", intent_id="pi_1")
        await checkouts.step(paying, complete(paying, order.order_id), paid, order)
        stored = await checkouts.payment(payment.payment_id)
        assert stored == replace(paid, outcome="order")
        assert await checkouts.payment_of_intent("pi_1") == stored
        assert await checkouts.payment_of_intent("pi_2") is None
        assert await stores.shop.orders.load(order.order_id) == order
        (level,) = await stores.shop.stock.levels([lamp.product_id])
        assert level.left == 6
        assert (await stores.shop.stock.change(variant_id, -6)).left == 0  # nothing is still reserved
        assert await stores.shop.carts.load(SHOW, BUYER) == CartContent("USD", {})
        # What succeeded stays so, and the money is spent.
        await checkouts.save_payment(replace(paid, status="declined"))
        assert await checkouts.payment(payment.payment_id) == stored
        assert not await checkouts.owe_refund(paid)


async def test_late_money_takes_what_is_left_or_nothing(open_stores: Opener) -> None:
    async with open_stores() as stores:
        checkouts = stores.shop.checkouts
        lamp = await add_product(stores.shop, stock=4)
        opened = await checkouts.open(checkout_of(lamp, 4), idempotency_key("a", "1", None))
        payment = payment_of(opened)
        paying = start_paying(opened, payment.payment_id, ADDRESS, "standard", opened.totals, LIMITS, NOW)
        await checkouts.start_payment(opened, paying, payment, idempotency_key("pay", "1", None))
        over = paying.expires_at
        expired = expire(paying, over)
        await checkouts.step(paying, expired, replace(payment, status="cancelled"))
        await stores.shop.stock.change(lamp.variants[0].variant_id, -1)
        order = place(expired, OrderId("order_a"), 0, over)
        with pytest.raises(OutOfStock):
            await checkouts.step(expired, complete(expired, order.order_id), payment, order)
        assert await stores.shop.orders.load(order.order_id) is None
        await stores.shop.stock.change(lamp.variants[0].variant_id, 2)
        await checkouts.step(expired, complete(expired, order.order_id), payment, order)
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 1


async def test_money_goes_back_once_and_never_becomes_an_order_then(open_stores: Opener) -> None:
    async with open_stores() as stores:
        checkouts = stores.shop.checkouts
        lamp = await add_product(stores.shop)
        opened = await checkouts.open(checkout_of(lamp, 1), idempotency_key("a", "1", None))
        payment = payment_of(opened)
        paying = start_paying(opened, payment.payment_id, ADDRESS, "standard", opened.totals, LIMITS, NOW)
        await checkouts.start_payment(opened, paying, payment, idempotency_key("pay", "1", None))
        paid = replace(payment, status="succeeded", intent_id="pi_1")
        assert await checkouts.refunds_due(10) == []
        assert await checkouts.owe_refund(paid)
        assert not await checkouts.owe_refund(paid)
        assert await checkouts.refunds_due(10) == [replace(paid, outcome="refund_due")]
        order = place(paying, OrderId("order_a"), 0, NOW)
        with pytest.raises(Superseded):
            await checkouts.step(paying, complete(paying, order.order_id), paid, order)
        assert await checkouts.load(opened.checkout_id) == paying
        await checkouts.mark_refunded(payment.payment_id, NOW)
        assert await checkouts.refunds_due(10) == []
        known = await checkouts.payment(payment.payment_id)
        assert known is not None
        assert known.outcome == "refunded"
        assert await checkouts.payment("nothing") is None


async def test_orders_are_found_by_buyer_brand_and_show(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop)
        first = await _bought(stores.shop, lamp, BUYER, "1", 0)
        second = await _bought(stores.shop, lamp, OTHER, "2", 5)
        find = stores.shop.orders.list_orders
        assert [order.order_id for order in await find(OrderFilter(), 10)] == [second, first]
        assert [order.order_id for order in await find(OrderFilter(), 1)] == [second]
        assert [order.order_id for order in await find(OrderFilter(buyer_id=BUYER), 10)] == [first]
        assert [o.order_id for o in await find(OrderFilter(brand_id=lamp.brand_id), 10)] == [second, first]
        assert await find(OrderFilter(brand_id=BrandId("brand_z")), 10) == []
        assert [o.order_id for o in await find(OrderFilter(show_ids=frozenset({SHOW})), 10)] == [second, first]
        assert await find(OrderFilter(show_ids=frozenset()), 10) == []
        assert await stores.shop.orders.load(OrderId("nothing")) is None


async def test_a_cancelled_order_gives_goods_and_money_back_once(open_stores: Opener) -> None:
    async with open_stores() as stores:
        lamp = await add_product(stores.shop)
        order_id = await _bought(stores.shop, lamp, BUYER, "1", 0)
        before = await stores.shop.orders.load(order_id)
        assert before is not None
        packed = move(before, "packed", NOW)
        await stores.shop.orders.move(before, packed)
        assert await stores.shop.checkouts.refunds_due(10) == []
        with pytest.raises(Superseded):
            await stores.shop.orders.move(before, move(before, "cancelled", NOW))
        await stores.shop.orders.move(packed, move(packed, "cancelled", NOW))
        assert len(await stores.shop.checkouts.refunds_due(10)) == 1
        assert (await stores.shop.stock.levels([lamp.product_id]))[0].left == 10


async def _bought(stores: CommerceStores, product: Product, buyer_id: PersonId, number: str, later_s: int) -> OrderId:
    at = NOW + timedelta(seconds=later_s)
    opened = await stores.checkouts.open(checkout_of(product, 2, buyer_id), idempotency_key("a", number, None))
    payment: Payment = payment_of(opened)
    paying = start_paying(opened, payment.payment_id, ADDRESS, "standard", opened.totals, CheckoutLimits(), at)
    await stores.checkouts.start_payment(opened, paying, payment, idempotency_key("pay", number, None))
    order = place(paying, OrderId(f"order_{number}"), 0, at)
    await stores.checkouts.step(paying, complete(paying, order.order_id), payment, order)
    return order.order_id
