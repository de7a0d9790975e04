"""Brands, products, variants and price rules in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from stream_server.commerce.catalogue import (
    Brand,
    KnownVariant,
    Product,
    ProductDraft,
    Variant,
    VariantDraft,
    match_variants,
    plan_variant_prices,
)
from stream_server.commerce.errors import SlugTaken
from stream_server.commerce.price import PriceRule
from stream_server.ids import BrandId, ProductId, VariantId, new_id
from stream_server.stores import commerce_rows
from stream_server.stores.sql.commerce_schema import brands, price_rules, products, stock, variants
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.database import insert as upsert

MAX_BRANDS = 1000


class SqlCatalogueStore:
    """The catalogue, in SQL. See `CatalogueStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_brand(self, brand: Brand, at: datetime) -> Brand:
        """Add a brand, or rename the one with the same slug."""
        return await self._database.write(_put_brand, brand, at)

    async def brand(self, brand_id: BrandId) -> Brand | None:
        """One brand."""
        return await self._database.read(_brand, brand_id)

    async def brands(self) -> list[Brand]:
        """All brands by name."""
        return await self._database.read(_brands)

    async def products(self, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those that exist, in the order asked."""
        found = await self._database.read(_load, _PRODUCTS.where(products.c.id.in_(product_ids)))
        by_id = {product.product_id: product for product in found}
        return [by_id[product_id] for product_id in product_ids if product_id in by_id]

    async def of_variants(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, Product]:
        """Variant → its product."""
        owners = select(variants.c.product_id).where(variants.c.id.in_(variant_ids), ~variants.c.retired)
        found = await self._database.read(_load, _PRODUCTS.where(products.c.id.in_(owners)))
        wanted = set(variant_ids)
        return {
            variant.variant_id: product
            for product in found
            for variant in product.variants
            if variant.variant_id in wanted
        }

    async def list_products(self, brand_id: BrandId | None, limit: int) -> list[Product]:
        """Products (of a brand), oldest first."""
        wanted = _PRODUCTS.order_by(products.c.created_at, products.c.id).limit(limit)
        if brand_id is not None:
            wanted = wanted.where(products.c.brand_id == brand_id)
        return await self._database.read(_load, wanted)

    async def find(self, brand_id: BrandId, slug: str) -> ProductId | None:
        """The product of a brand with this slug."""
        return await self._database.read(_find, brand_id, slug)

    async def save(
        self, product_id: ProductId, brand_id: BrandId, draft: ProductDraft, at: datetime, priced_from: datetime
    ) -> Product:
        """Add a product or replace all of it except stock."""
        try:
            return await self._database.write(_save, product_id, brand_id, draft, at, priced_from)
        except IntegrityError as error:
            if await self.find(brand_id, draft.slug) in (None, product_id):
                raise
            raise SlugTaken(draft.slug) from error


_PRODUCTS: Select[*tuple[Any, ...]] = select(products, brands.c.name.label("brand_name")).join(
    brands, brands.c.id == products.c.brand_id
)


def _put_brand(connection: Connection, brand: Brand, at: datetime) -> Brand:
    statement = upsert(connection, brands).values(id=brand.brand_id, name=brand.name, slug=brand.slug, created_at=at)
    connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_={"name": brand.name}))
    return commerce_rows.brand(connection.execute(select(brands).where(brands.c.slug == brand.slug)).one())


def _brand(connection: Connection, brand_id: BrandId) -> Brand | None:
    row = connection.execute(select(brands).where(brands.c.id == brand_id)).first()
    return commerce_rows.brand(row) if row else None


def _brands(connection: Connection) -> list[Brand]:
    rows = connection.execute(select(brands).order_by(brands.c.name, brands.c.id).limit(MAX_BRANDS))
    return [commerce_rows.brand(row) for row in rows]


def _find(connection: Connection, brand_id: BrandId, slug: str) -> ProductId | None:
    found = connection.execute(
        select(products.c.id).where(products.c.brand_id == brand_id, products.c.slug == slug)
    ).scalar()
    return ProductId(found) if found else None


def _load(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> list[Product]:
    found = connection.execute(wanted).all()
    ids = [row.id for row in found]
    on_sale = connection.execute(
        select(variants, stock.c.on_hand, stock.c.reserved)
        .join(stock, stock.c.variant_id == variants.c.id)
        .where(variants.c.product_id.in_(ids), ~variants.c.retired)
        .order_by(variants.c.position)
    ).all()
    rules = _rules(connection, [VariantId(row.id) for row in on_sale])
    of_product: defaultdict[str, list[Variant]] = defaultdict(list)
    for row in on_sale:
        of_product[row.product_id].append(commerce_rows.variant(row, rules[row.id]))
    return [commerce_rows.product(row, of_product[row.id]) for row in found]


def _rules(connection: Connection, variant_ids: Sequence[VariantId]) -> defaultdict[str, list[PriceRule]]:
    rules: defaultdict[str, list[PriceRule]] = defaultdict(list)
    rows = connection.execute(
        select(price_rules)
        .where(price_rules.c.variant_id.in_(variant_ids))
        .order_by(price_rules.c.starts_at, price_rules.c.id)
    )
    for row in rows:
        rules[row.variant_id].append(commerce_rows.price_rule(row))
    return rules


def _save(
    connection: Connection,
    product_id: ProductId,
    brand_id: BrandId,
    draft: ProductDraft,
    at: datetime,
    priced_from: datetime,
) -> Product:
    values = {**commerce_rows.product_values(draft), "updated_at": at}
    # The update also locks the row: two who write the same product do it one after the other.
    done = connection.execute(update(products).where(products.c.id == product_id).values(values))
    if done.rowcount == 0:
        connection.execute(insert(products).values(id=product_id, brand_id=brand_id, created_at=at, **values))
    _save_variants(connection, product_id, draft.variants, at, priced_from)
    return _load(connection, _PRODUCTS.where(products.c.id == product_id))[0]


def _save_variants(
    connection: Connection,
    product_id: ProductId,
    drafts: Sequence[VariantDraft],
    at: datetime,
    priced_from: datetime,
) -> None:
    rows = connection.execute(select(variants.c.id, variants.c.sku).where(variants.c.product_id == product_id))
    known = [KnownVariant(VariantId(row.id), row.sku) for row in rows]
    matched = match_variants(known, drafts)
    rules = _rules(connection, [variant.variant_id for variant in known])
    taken = {draft.sku for draft in drafts}
    for variant in known:
        # SKUs are unique, so those that may change hands are set free first; a retired one keeps its own if it can.
        sku = variant.variant_id if variant.sku in taken else variant.sku
        connection.execute(update(variants).where(variants.c.id == variant.variant_id).values(retired=True, sku=sku))
    for position, (draft, known_id) in enumerate(zip(drafts, matched, strict=True)):
        variant_id = known_id or VariantId(new_id("variant"))
        values = {
            "sku": draft.sku,
            "label": dict(draft.label),
            "swatch": draft.swatch,
            "picture_index": draft.picture_index,
            "position": position,
            "retired": False,
        }
        if known_id is None:
            connection.execute(insert(variants).values(id=variant_id, product_id=product_id, **values))
            connection.execute(insert(stock).values(variant_id=variant_id, on_hand=draft.stock, reserved=0))
        else:
            connection.execute(update(variants).where(variants.c.id == variant_id).values(values))
        _save_prices(connection, variant_id, rules[variant_id], draft, at, priced_from)


def _save_prices(
    connection: Connection,
    variant_id: VariantId,
    rules: Sequence[PriceRule],
    draft: VariantDraft,
    at: datetime,
    priced_from: datetime,
) -> None:
    changes = plan_variant_prices(rules, draft, at, priced_from)
    for rule_id, ends_at in changes.ended.items():
        connection.execute(update(price_rules).where(price_rules.c.id == rule_id).values(ends_at=ends_at))
    for rule in changes.added:
        connection.execute(
            insert(price_rules).values(
                id=rule.rule_id,
                variant_id=variant_id,
                currency=rule.currency,
                kind=rule.kind,
                amount_minor=rule.amount_minor,
                starts_at=rule.starts_at,
                ends_at=rule.ends_at,
            )
        )
