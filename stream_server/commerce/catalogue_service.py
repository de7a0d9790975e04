"""What brands do with their products, and what everybody can look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stream_server.clock import Clock
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.catalogue import Brand, Product, ProductDraft, check_draft
from stream_server.commerce.errors import NotYourProduct, SlugTaken
from stream_server.commerce.ports import CatalogueStore, StockStore
from stream_server.commerce.stock import VariantLeft
from stream_server.errors import NotFound
from stream_server.ids import BrandId, ProductId, VariantId, new_id

MAX_LISTED = 200
MAX_ASKED = 200


class CatalogueService:
    """Brands and products. Where ``brand_id`` says who acts, None is the shop's admin, who may touch all."""

    def __init__(self, store: CatalogueStore, stock: StockStore, announcer: Announcer, clock: Clock) -> None:
        self._store = store
        self._stock = stock
        self._announcer = announcer
        self._clock = clock

    async def product(self, product_id: ProductId) -> Product:
        """One product. Raises: NotFound."""
        found = await self._store.products([product_id])
        if not found:
            raise NotFound("product", product_id)
        return found[0]

    async def products(self, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those that exist, in the order asked; the first 200 ids count."""
        return await self._store.products(list(dict.fromkeys(product_ids))[:MAX_ASKED])

    async def list_products(self, brand_id: BrandId | None = None) -> list[Product]:
        """Products (of one brand), oldest first, at most 200."""
        return await self._store.list_products(brand_id, MAX_LISTED)

    async def brand(self, brand_id: BrandId) -> Brand:
        """One brand. Raises: NotFound."""
        brand = await self._store.brand(brand_id)
        if brand is None:
            raise NotFound("brand", brand_id)
        return brand

    async def brands(self) -> list[Brand]:
        """All brands by name."""
        return await self._store.brands()

    async def put_brand(self, slug: str, name: str) -> Brand:
        """Add a brand, or rename the one with this slug; the same again changes nothing."""
        return await self._store.put_brand(Brand(BrandId(new_id("brand")), name, slug), self._clock.now())

    async def create(self, brand_id: BrandId, draft: ProductDraft) -> Product:
        """Add a product of a brand. Raises: InvalidProduct, SlugTaken, NotFound (no such brand)."""
        check_draft(draft)
        await self.brand(brand_id)
        return await self._save(ProductId(new_id("product")), brand_id, draft, None)

    async def replace(self, product_id: ProductId, draft: ProductDraft, brand_id: BrandId | None) -> Product:
        """Write a product again, all but its stock. Raises: InvalidProduct, NotFound, NotYourProduct, SlugTaken."""
        check_draft(draft)
        known = await self.product(product_id)
        if brand_id is not None and known.brand_id != brand_id:
            raise NotYourProduct
        return await self._save(product_id, known.brand_id, draft, None)

    async def put_product(self, brand_id: BrandId, draft: ProductDraft, priced_from: datetime | None = None) -> Product:
        """Add the product, or write the brand's product with the same slug again; variants are matched by SKU.

        Doing the same again changes nothing (stock of known variants included), so a catalogue can be imported over
        and over. ``priced_from``: since when the prices have been asked, for a shop that brings its history along.

        Raises: InvalidProduct, NotFound (no such brand).
        """
        check_draft(draft)
        await self.brand(brand_id)
        known = await self._store.find(brand_id, draft.slug)
        if known is None:
            try:
                return await self._save(ProductId(new_id("product")), brand_id, draft, priced_from)
            except SlugTaken:
                # Two imports at once: the other one was first.
                known = await self._store.find(brand_id, draft.slug)
                if known is None:
                    raise
        return await self._save(known, brand_id, draft, priced_from)

    async def change_stock(self, variant_id: VariantId, count: int, brand_id: BrandId | None) -> VariantLeft:
        """Add pieces or (negative) take some away. Raises: NotFound, NotYourProduct, StockReserved."""
        product = (await self._store.of_variants([variant_id])).get(variant_id)
        if product is None:
            raise NotFound("variant", variant_id)
        if brand_id is not None and product.brand_id != brand_id:
            raise NotYourProduct
        level = await self._stock.change(variant_id, count)
        self._announcer.stock_moved([product.product_id])
        return level

    async def _save(
        self, product_id: ProductId, brand_id: BrandId, draft: ProductDraft, priced_from: datetime | None
    ) -> Product:
        now = self._clock.now()
        product = await self._store.save(product_id, brand_id, draft, now, min(priced_from or now, now))
        self._announcer.product_changed(product_id)
        return product
