"""Catalogue, stock and carts in memory, and the facts that `commerce_memory` shares with them.

No method awaits anything between reading and writing, so each is a transaction by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from stream_server.commerce.cart import CartContent, CartLine, with_line, without_line
from stream_server.commerce.catalogue import (
    Brand,
    KnownVariant,
    Product,
    ProductDraft,
    Variant,
    match_variants,
    plan_variant_prices,
)
from stream_server.commerce.checkout import Checkout
from stream_server.commerce.errors import OutOfStock, SlugTaken, StockReserved
from stream_server.commerce.idempotency import IdempotencyKey
from stream_server.commerce.order import Order
from stream_server.commerce.payment import Payment
from stream_server.commerce.price import changed
from stream_server.commerce.stock import NotEnough, StockLevel, VariantLeft
from stream_server.errors import NotFound
from stream_server.ids import BrandId, CheckoutId, OrderId, PersonId, ProductId, ShowId, VariantId, new_id


@dataclass
class MemoryFacts:
    """Everything that is stored, and the movements of stock."""

    brands: dict[BrandId, Brand] = field(default_factory=dict)
    products: dict[ProductId, Product] = field(default_factory=dict)
    variants: dict[VariantId, tuple[ProductId, Variant]] = field(default_factory=dict)
    """Retired ones too; the newest truth about stock and rules is here, not in ``products``."""
    on_sale: dict[ProductId, tuple[VariantId, ...]] = field(default_factory=dict)
    carts: dict[tuple[ShowId, PersonId], CartContent] = field(default_factory=dict)
    checkouts: dict[CheckoutId, Checkout] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    orders: dict[OrderId, Order] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def product(self, product_id: ProductId) -> Product:
        """A product with the variants that are on sale."""
        known = self.products[product_id]
        return replace(
            known,
            brand_name=self.brands[known.brand_id].name,
            variants=tuple(self.variants[variant_id][1] for variant_id in self.on_sale[product_id]),
        )

    def left(self, variant_id: VariantId) -> VariantLeft:
        """What is left of a variant. Raises: NotFound."""
        if variant_id not in self.variants:
            raise NotFound("variant", variant_id)
        product_id, variant = self.variants[variant_id]
        return VariantLeft(product_id, variant_id, variant.left)

    def set_level(self, variant_id: VariantId, level: StockLevel) -> None:
        """Write the stock of a variant."""
        product_id, variant = self.variants[variant_id]
        self.variants[variant_id] = (product_id, replace(variant, stock=level))

    def levels_after(self, counts: Mapping[VariantId, int], step: str) -> dict[VariantId, StockLevel]:
        """The levels after a movement of all or none. Raises: OutOfStock."""
        levels = {}
        for variant_id, count in counts.items():
            level = self.variants[variant_id][1].stock
            try:
                match step:
                    case "reserve":
                        levels[variant_id] = level.reserve(count)
                    case "sell":
                        levels[variant_id] = level.sell(count)
                    case _:
                        levels[variant_id] = level.change(-count)
            except NotEnough as error:
                left = self.left(variant_id)
                raise OutOfStock(left.product_id, variant_id, left.left) from error
        return levels

    def apply(self, levels: Mapping[VariantId, StockLevel]) -> None:
        """Write several levels."""
        for variant_id, level in levels.items():
            self.set_level(variant_id, level)

    def recall(self, key: IdempotencyKey) -> str | None:
        """What a key made. Raises: IdempotencyConflict."""
        known = self.keys.get((key.scope, key.key))
        if known is None:
            return None
        key.check(known[0])
        return known[1]

    def claim(self, key: IdempotencyKey, reference: str) -> None:
        """Remember what a key made."""
        self.keys[key.scope, key.key] = (key.fingerprint, reference)


def line_counts(lines: Sequence[CartLine]) -> Counter[VariantId]:
    """How many of each variant."""
    counts: Counter[VariantId] = Counter()
    for line in lines:
        counts[line.variant_id] += line.quantity
    return counts


class MemoryCatalogueStore:
    """See `CatalogueStore`."""

    def __init__(self, facts: MemoryFacts) -> None:
        self._facts = facts

    async def put_brand(self, brand: Brand, at: datetime) -> Brand:
        """Add a brand, or rename the one with the same slug."""
        known = next((other for other in self._facts.brands.values() if other.slug == brand.slug), brand)
        saved = replace(known, name=brand.name)
        self._facts.brands[saved.brand_id] = saved
        return saved

    async def brand(self, brand_id: BrandId) -> Brand | None:
        """One brand."""
        return self._facts.brands.get(brand_id)

    async def brands(self) -> list[Brand]:
        """All brands by name."""
        return sorted(self._facts.brands.values(), key=lambda brand: (brand.name, brand.brand_id))

    async def products(self, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those that exist, in the order asked."""
        return [self._facts.product(known) for known in product_ids if known in self._facts.products]

    async def of_variants(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, Product]:
        """Variant → its product."""
        owners = {known: self._facts.variants[known][0] for known in variant_ids if known in self._facts.variants}
        return {
            variant_id: self._facts.product(product_id)
            for variant_id, product_id in owners.items()
            if variant_id in self._facts.on_sale[product_id]
        }

    async def list_products(self, brand_id: BrandId | None, limit: int) -> list[Product]:
        """Products (of a brand), oldest first."""
        known = [
            product_id for product_id, product in self._facts.products.items() if brand_id in (None, product.brand_id)
        ]
        return [self._facts.product(product_id) for product_id in known[:limit]]

    async def find(self, brand_id: BrandId, slug: str) -> ProductId | None:
        """The product of a brand with this slug."""
        return next(
            (
                product_id
                for product_id, product in self._facts.products.items()
                if (product.brand_id, product.slug) == (brand_id, slug)
            ),
            None,
        )

    async def save(
        self, product_id: ProductId, brand_id: BrandId, draft: ProductDraft, at: datetime, priced_from: datetime
    ) -> Product:
        """Add a product or replace all of it except stock."""
        known = self._facts.products.get(product_id)
        owner = known.brand_id if known else brand_id
        if await self.find(owner, draft.slug) not in (None, product_id):
            raise SlugTaken(draft.slug)
        stored = [
            KnownVariant(variant_id, variant.sku)
            for variant_id, (owner_id, variant) in self._facts.variants.items()
            if owner_id == product_id
        ]
        matched = match_variants(stored, draft.variants)
        ids = []
        for variant_draft, known_id in zip(draft.variants, matched, strict=True):
            variant_id = known_id or VariantId(new_id("variant"))
            before = self._facts.variants[variant_id][1] if known_id else None
            rules = before.rules if before else ()
            variant = Variant(
                variant_id=variant_id,
                sku=variant_draft.sku,
                label=variant_draft.label,
                swatch=variant_draft.swatch,
                picture_index=variant_draft.picture_index,
                rules=changed(rules, plan_variant_prices(rules, variant_draft, at, priced_from)),
                stock=before.stock if before else StockLevel(variant_draft.stock),
            )
            self._facts.variants[variant_id] = (product_id, variant)
            ids.append(variant_id)
        self._facts.on_sale[product_id] = tuple(ids)
        taken = {variant_draft.sku for variant_draft in draft.variants}
        for retired in stored:
            if retired.variant_id not in ids and retired.sku in taken:
                variant = replace(self._facts.variants[retired.variant_id][1], sku=retired.variant_id)
                self._facts.variants[retired.variant_id] = (product_id, variant)
        self._facts.products[product_id] = Product(
            product_id=product_id,
            brand_id=owner,
            brand_name="",
            slug=draft.slug,
            category=draft.category,
            title=draft.title,
            summary=draft.summary,
            pictures=draft.pictures,
            facts=draft.facts,
            variants=(),
            delivery=draft.delivery,
            returns=draft.returns,
            provenance=draft.provenance,
            has_3d=draft.has_3d,
            updated_at=at,
        )
        return self._facts.product(product_id)


class MemoryStockStore:
    """See `StockStore`."""

    def __init__(self, facts: MemoryFacts) -> None:
        self._facts = facts

    async def change(self, variant_id: VariantId, count: int) -> VariantLeft:
        """Add pieces or (negative) take away unreserved ones."""
        left = self._facts.left(variant_id)
        try:
            self._facts.set_level(variant_id, self._facts.variants[variant_id][1].stock.change(count))
        except NotEnough as error:
            raise StockReserved(variant_id, left.left) from error
        return self._facts.left(variant_id)

    async def levels(self, product_ids: Sequence[ProductId]) -> list[VariantLeft]:
        """What is left of all variants on sale of these products."""
        return [
            self._facts.left(variant_id)
            for product_id in sorted(product_ids)
            for variant_id in self._facts.on_sale.get(product_id, ())
        ]


class MemoryCartStore:
    """See `CartStore`."""

    def __init__(self, facts: MemoryFacts) -> None:
        self._facts = facts

    async def load(self, show_id: ShowId, buyer_id: PersonId) -> CartContent | None:
        """The cart, None when nothing was ever put in."""
        return self._facts.carts.get((show_id, buyer_id))

    async def set_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, quantity: int, currency: str, at: datetime
    ) -> CartContent:
        """Apply `cart.with_line`."""
        content = with_line(self._facts.carts.get((show_id, buyer_id)), variant_id, quantity, currency)
        self._facts.carts[show_id, buyer_id] = content
        return content

    async def remove_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, at: datetime
    ) -> CartContent | None:
        """Apply `cart.without_line`."""
        content = self._facts.carts.get((show_id, buyer_id))
        if content is None:
            return None
        self._facts.carts[show_id, buyer_id] = without_line(content, variant_id)
        return self._facts.carts[show_id, buyer_id]
