"""Read what the shop knows of a product (the JSON of GET /api/products/{id}) into facts the host may tell.

Each sentence of the brand becomes one fact with an id that stays the same as long as the product does. The brand's
own keys decide what a fact is about; an unknown key is a ``feature``, found by its words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from avatar.errors import BadRundown
from avatar.model import Fact, FactKind, Price, ProductFacts, Texts, Variant, text_in

MAX_TEXT_CHARS = 2000
MAX_FACTS = 50
MAX_VARIANTS = 100

_KINDS: dict[str, FactKind] = {
    "balance": "feature",
    "brim": "size",
    "care": "care",
    "case": "material",
    "capacity": "size",
    "coupon": "coupon",
    "cover": "material",
    "depth": "size",
    "dimensions": "size",
    "dishwasher": "care",
    "fabric": "material",
    "filling": "material",
    "fit": "size",
    "frame": "material",
    "grip": "size",
    "head_size": "size",
    "height": "size",
    "ingredients": "material",
    "length": "size",
    "material": "material",
    "metal": "material",
    "net_content": "size",
    "origin": "origin",
    "pearl": "material",
    "returns": "return",
    "safety": "safety",
    "seat_height": "size",
    "shipping": "shipping",
    "size": "size",
    "sole": "material",
    "strap": "usage",
    "upper": "material",
    "usage": "usage",
    "warranty": "warranty",
    "guarantee": "warranty",
    "washing": "care",
    "weight": "weight",
    "width": "size",
}
"""What a brand's key is about."""

_QUANTITY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-zA-Z%°]+)")

_Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
_Texts = Annotated[dict[Annotated[str, Field(min_length=1, max_length=20)], _Text], Field(max_length=20)]
_Amount = Annotated[int, Field(ge=0, le=10**12)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Price(_Part):
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    amount_minor: _Amount
    lowest_30d_minor: _Amount | None = None


class _Fact(_Part):
    key: Annotated[str, Field(min_length=1, max_length=40)]
    label: _Texts = Field(default_factory=dict)
    value: _Texts = Field(default_factory=dict)


class _Variant(_Part):
    variant_id: Annotated[str, Field(max_length=80)] | None = None
    label: _Texts = Field(default_factory=dict)
    prices: Annotated[list[_Price], Field(max_length=20)] = Field(default_factory=list)
    left: Annotated[int, Field(ge=0, le=10**9)] | None = None
    stock: Annotated[int, Field(ge=0, le=10**9)] | None = None


class _Product(_Part):
    product_id: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    slug: Annotated[str, Field(max_length=80)] | None = None
    title: _Texts
    brand_name: Annotated[str, Field(max_length=200)] | None = None
    category: Annotated[str, Field(max_length=40)] | None = None
    summary: _Texts = Field(default_factory=dict)
    facts: Annotated[list[_Fact], Field(max_length=MAX_FACTS)] = Field(default_factory=list)
    variants: Annotated[list[_Variant], Field(max_length=MAX_VARIANTS)] = Field(default_factory=list)
    delivery: _Texts = Field(default_factory=dict)
    returns: _Texts = Field(default_factory=dict)
    provenance: _Texts = Field(default_factory=dict)
    warranty: _Texts = Field(default_factory=dict)


def read_product(resource: Mapping[str, Any], currency: str) -> ProductFacts:
    """A product as the shop's API gives it, seen in one currency.

    Args:
        resource: The parsed JSON; from outside, so it is checked and bounded.
        currency: ISO 4217; a product that is not sold in it has no price.

    Raises: BadRundown naming the first field that is wrong.
    """
    try:
        product = _Product.model_validate(resource)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRundown(f"product: {place}: {first['msg']}") from error
    product_id = product.product_id or product.slug
    if product_id is None:
        raise BadRundown("product: product_id is missing")
    if not any(text.strip() for text in product.title.values()):
        raise BadRundown(f"product {product_id}: title is empty")
    variants = tuple(_variant(variant, currency) for variant in product.variants)
    stocks = [variant.stock for variant in variants if variant.stock is not None]
    prices = [variant.price for variant in variants if variant.price is not None]
    return ProductFacts(
        product_id=product_id,
        name=_kept(product.title),
        facts=tuple(_facts(product_id, product)),
        price=min(prices, key=lambda price: price.amount_minor, default=None),
        stock=sum(stocks) if stocks else None,
        variants=variants,
        brand=product.brand_name,
        category=product.category,
    )


def _facts(product_id: str, product: _Product) -> list[Fact]:
    general: tuple[tuple[FactKind, Texts], ...] = (
        ("summary", product.summary),
        ("shipping", product.delivery),
        ("return", product.returns),
        ("origin", product.provenance),
        ("warranty", product.warranty),
    )
    facts = [Fact(f"{product_id}/{kind}", kind, _kept(texts)) for kind, texts in general if _kept(texts)]
    taken = {fact.id for fact in facts}
    for entry in product.facts:
        if not (texts := _kept(entry.value)):
            continue
        number = 2
        fact_id = f"{product_id}/{entry.key}"
        while fact_id in taken:
            fact_id, number = f"{product_id}/{entry.key}-{number}", number + 1
        taken.add(fact_id)
        value, unit = _quantity(texts)
        kind = _KINDS.get(entry.key.lower(), "feature")
        facts.append(Fact(fact_id, kind, texts, value, unit, _kept(entry.label)))
    return facts


def _quantity(texts: Texts) -> tuple[str | None, str | None]:
    """Number and unit when the English text is nothing else."""
    near = text_in(texts, "en")
    found = _QUANTITY.fullmatch(near[0].strip()) if near else None
    return (found.group(1).replace(",", "."), found.group(2)) if found else (None, None)


def _variant(variant: _Variant, currency: str) -> Variant:
    entry = next((price for price in variant.prices if price.currency == currency), None)
    price = Price(entry.amount_minor, currency, _reduced_from(entry)) if entry else None
    left = variant.left if variant.left is not None else variant.stock
    return Variant(_kept(variant.label), price, left, variant.variant_id)


def _reduced_from(price: _Price) -> int | None:
    lowest = price.lowest_30d_minor
    return lowest if lowest is not None and lowest > price.amount_minor else None


def _kept(texts: Mapping[str, str]) -> dict[str, str]:
    """Without languages that have no text."""
    return {tag: text.strip() for tag, text in texts.items() if text.strip()}
