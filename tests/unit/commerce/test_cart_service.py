from __future__ import annotations

import pytest

from stream_server.commerce.cart import Cart
from stream_server.commerce.errors import CurrencyMismatch, InvalidQuantity, NotSoldIn, OutOfStock
from stream_server.errors import NotFound
from stream_server.ids import VariantId
from tests.fakes.commerce import BUYER, OTHER, SHOW, draft, open_trial_shop


async def test_an_empty_cart_is_in_the_currency_of_the_show() -> None:
    async with open_trial_shop() as trial:
        carts = trial.shop.carts
        variant = await trial.variant()
        assert await carts.cart(SHOW, BUYER, "USD") == Cart("USD", ())
        assert await carts.remove_line(SHOW, BUYER, variant.variant_id, "USD") == Cart("USD", ())
        await carts.set_line(SHOW, BUYER, variant.variant_id, 1, "EUR")
        assert (await carts.cart(SHOW, BUYER, "USD")).currency == "EUR"
        assert await carts.remove_line(SHOW, BUYER, variant.variant_id, "USD") == Cart("USD", ())
        assert await carts.cart(SHOW, BUYER, "CNY") == Cart("CNY", ())


async def test_lines_are_priced_each_time_and_reserve_nothing() -> None:
    async with open_trial_shop() as trial:
        product = await trial.product()
        variant_id = product.variants[0].variant_id
        chair = (await trial.product(draft("chair"))).variants[0].variant_id
        await trial.shop.carts.set_line(SHOW, BUYER, variant_id, 3, "USD")
        cart = await trial.shop.carts.set_line(SHOW, BUYER, chair, 1, "USD")
        assert cart.items_minor == 8000
        assert await trial.left(variant_id) == 10
        await trial.shop.catalogue.replace(product.product_id, draft(prices={"USD": 1500}), None)
        assert (await trial.shop.carts.cart(SHOW, BUYER, "USD")).items_minor == 6500
        assert (await trial.shop.carts.cart(SHOW, OTHER, "USD")).lines == ()
        left = await trial.shop.carts.remove_line(SHOW, BUYER, chair, "USD")
        assert [line.variant_id for line in left.lines] == [variant_id]


async def test_what_cannot_be_bought_does_not_get_in() -> None:
    async with open_trial_shop() as trial:
        set_line = trial.shop.carts.set_line
        variant_id = (await trial.variant(3)).variant_id
        with pytest.raises(InvalidQuantity):
            await set_line(SHOW, BUYER, variant_id, 0, "USD")
        with pytest.raises(InvalidQuantity):
            await set_line(SHOW, BUYER, variant_id, 10**9, "USD")
        with pytest.raises(NotFound):
            await set_line(SHOW, BUYER, VariantId("nothing"), 1, "USD")
        with pytest.raises(NotSoldIn):
            await set_line(SHOW, BUYER, variant_id, 1, "JPY")
        with pytest.raises(OutOfStock) as refused:
            await set_line(SHOW, BUYER, variant_id, 4, "USD")
        assert (refused.value.left, str(refused.value)) == (3, "Only 3 left.")
        await set_line(SHOW, BUYER, variant_id, 1, "USD")
        with pytest.raises(CurrencyMismatch):
            await set_line(SHOW, BUYER, variant_id, 1, "EUR")
