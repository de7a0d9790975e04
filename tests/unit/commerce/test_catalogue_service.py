from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stream_server.commerce.catalogue import Product, ProductDraft
from stream_server.commerce.errors import InvalidProduct, NotYourProduct, SlugTaken, StockReserved
from stream_server.errors import NotFound
from stream_server.ids import BrandId, ProductId, VariantId
from tests.fakes.commerce import draft, open_trial_shop


async def test_a_brand_adds_and_rewrites_its_product() -> None:
    async with open_trial_shop() as trial:
        catalogue = trial.shop.catalogue
        brand = await catalogue.put_brand("acme", "Acme")
        assert await catalogue.put_brand("acme", "Acme") == brand
        assert await catalogue.brands() == [brand]
        assert await catalogue.brand(brand.brand_id) == brand
        made = await catalogue.create(brand.brand_id, draft())
        rewritten = await catalogue.replace(made.product_id, draft("new-lamp"), brand.brand_id)
        assert (rewritten.product_id, rewritten.slug) == (made.product_id, "new-lamp")
        assert await catalogue.product(made.product_id) == rewritten
        assert await catalogue.products([made.product_id, made.product_id]) == [rewritten]
        assert await catalogue.list_products() == [rewritten]
        assert await catalogue.list_products(BrandId("other")) == []
        await trial.shop.announcer.settle()
        assert trial.events.products == [made.product_id, made.product_id]


async def test_a_brand_touches_only_its_own_products() -> None:
    async with open_trial_shop() as trial:
        catalogue = trial.shop.catalogue
        product = await trial.product()
        other = await catalogue.put_brand("other", "Other")
        with pytest.raises(NotYourProduct) as refused:
            await catalogue.replace(product.product_id, draft(), other.brand_id)
        assert "another brand" in str(refused.value)
        with pytest.raises(NotYourProduct):
            await catalogue.change_stock(product.variants[0].variant_id, 1, other.brand_id)
        # The shop's admin may.
        assert (await catalogue.replace(product.product_id, draft("x"), None)).brand_id == product.brand_id
        assert (await catalogue.change_stock(product.variants[0].variant_id, 1, None)).left == 11


async def test_importing_the_same_catalogue_again_changes_nothing() -> None:
    async with open_trial_shop() as trial:
        catalogue = trial.shop.catalogue
        brand = await catalogue.put_brand("acme", "Acme")
        since = trial.clock.now() - timedelta(days=60)
        first = await catalogue.put_product(brand.brand_id, draft(), since)
        await catalogue.change_stock(first.variants[0].variant_id, -4, brand.brand_id)
        trial.clock.advance(3600)
        again = await catalogue.put_product(brand.brand_id, draft(), since)
        assert again.variants[0].rules == first.variants[0].rules
        assert again.variants[0].rules[0].starts_at == since
        assert (again.product_id, again.variants[0].left) == (first.product_id, 6)


async def test_two_imports_at_once_make_one_product(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        catalogue = trial.shop.catalogue
        known = await trial.product()
        find, answers = trial.stores.catalogue.find, [None]

        async def find_too_early(brand_id: BrandId, slug: str) -> ProductId | None:
            return answers.pop() if answers else await find(brand_id, slug)

        monkeypatch.setattr(trial.stores.catalogue, "find", find_too_early)
        assert (await catalogue.put_product(known.brand_id, draft())).product_id == known.product_id


async def test_a_slug_taken_by_nobody_we_find_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_trial_shop() as trial:
        known = await trial.product()

        async def find_nothing(brand_id: BrandId, slug: str) -> None:
            return None

        async def refuse(
            product_id: ProductId, brand_id: BrandId, what: ProductDraft, at: datetime, priced_from: datetime
        ) -> Product:
            raise SlugTaken(what.slug)

        monkeypatch.setattr(trial.stores.catalogue, "find", find_nothing)
        monkeypatch.setattr(trial.stores.catalogue, "save", refuse)
        with pytest.raises(SlugTaken) as refused:
            await trial.shop.catalogue.put_product(known.brand_id, draft())
        assert "lamp" in str(refused.value)


async def test_what_does_not_exist_is_not_found() -> None:
    async with open_trial_shop() as trial:
        catalogue = trial.shop.catalogue
        nowhere = BrandId("nowhere")
        for wrong in (
            catalogue.product(ProductId("x")),
            catalogue.brand(nowhere),
            catalogue.create(nowhere, draft()),
            catalogue.put_product(nowhere, draft()),
            catalogue.replace(ProductId("x"), draft(), None),
            catalogue.change_stock(VariantId("x"), 1, None),
        ):
            with pytest.raises(NotFound):
                await wrong


async def test_a_bad_product_is_refused_before_anything_is_written() -> None:
    async with open_trial_shop() as trial:
        brand = await trial.shop.catalogue.put_brand("acme", "Acme")
        for write in (trial.shop.catalogue.create, trial.shop.catalogue.put_product):
            with pytest.raises(InvalidProduct):
                await write(brand.brand_id, draft("BAD SLUG"))
        assert await trial.shop.catalogue.list_products() == []


async def test_changed_stock_is_announced_as_what_is_left() -> None:
    async with open_trial_shop() as trial:
        variant = await trial.variant()
        await trial.reserve(variant.variant_id, 4)
        await trial.shop.announcer.settle()
        with pytest.raises(StockReserved) as refused:
            await trial.shop.catalogue.change_stock(variant.variant_id, -7, None)
        assert "6" in str(refused.value)
        await trial.shop.catalogue.change_stock(variant.variant_id, -6, None)
        await trial.shop.announcer.settle()
        assert [variants for _, variants in trial.events.stock] == [{variant.variant_id: 6}, {variant.variant_id: 0}]
