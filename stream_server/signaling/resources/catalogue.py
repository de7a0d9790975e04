"""What there is to buy: products, their variants, prices, facts, pictures and stock."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.base import Currency, Resource, Texts
from stream_server.signaling.resources.models import ProductModel
from stream_server.signaling.translations import TranslatedTexts


class Picture(Resource):
    """One picture of a product; the first is the main one."""

    url: str = Field(max_length=500)
    alt: Texts
    width_px: int = Field(ge=1, le=10000)
    height_px: int = Field(ge=1, le=10000)


class Price(Resource):
    """A price in one currency, with the lowest of the last 30 days when it is reduced."""

    currency: Currency
    amount_minor: int = Field(ge=0, le=10**12)
    lowest_30d_minor: int | None = Field(default=None, ge=0, le=10**12)
    """Set only when ``amount_minor`` is a reduction (EU Omnibus directive, 98/6/EC art. 6a)."""


class Fact(Resource):
    """One checkable statement about a product ("Weight": "180 g")."""

    key: str = Field(max_length=40, pattern=r"^[a-z0-9_]+$")
    label: Texts
    value: Texts


class Variant(Resource):
    """One thing that can be bought."""

    variant_id: str
    sku: str
    label: Texts
    swatch: str | None
    """CSS colour of the swatch, ``#RRGGBB``."""
    picture_index: int
    prices: list[Price]
    left: int
    """How many can be reserved right now."""


class Product(Resource):
    """GET /api/products/{product_id}; GET /api/products?ids=a,b or ?brand_id= gives a list."""

    product_id: str
    brand_id: str
    brand_name: str
    slug: str
    category: str
    title: Texts
    summary: Texts
    pictures: list[Picture]
    facts: list[Fact]
    variants: list[Variant]
    delivery: Texts
    returns: Texts
    provenance: Texts
    has_3d: bool = False
    """True when ``model`` is there."""
    model: ProductModel | None = None
    updated_at: str
    translation: TranslatedTexts | None = None
    """With ``?language=``: what the seller did not write in it."""


class VariantInput(Resource):
    """A variant as a brand writes it; ``variant_id`` null makes a new one."""

    variant_id: Id | None = None
    sku: str = Field(min_length=1, max_length=60)
    label: Texts
    swatch: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")
    picture_index: int = Field(default=0, ge=0, le=50)
    prices: Annotated[list[Price], Field(min_length=1, max_length=20)]
    stock: int = Field(ge=0, le=1_000_000)
    """Starting stock of a new variant; ignored for existing ones (use the stock call)."""


class ProductInput(Resource):
    """POST /api/products (brand) and PUT /api/products/{product_id}."""

    slug: str = Field(min_length=1, max_length=80, pattern=r"^[a-z0-9\-]+$")
    category: str = Field(max_length=40)
    title: Texts
    summary: Texts = Field(default_factory=dict)
    pictures: Annotated[list[Picture], Field(max_length=20)] = Field(default_factory=list)
    facts: Annotated[list[Fact], Field(max_length=50)] = Field(default_factory=list)
    variants: Annotated[list[VariantInput], Field(min_length=1, max_length=100)]
    delivery: Texts = Field(default_factory=dict)
    returns: Texts = Field(default_factory=dict)
    provenance: Texts = Field(default_factory=dict)


class StockChange(Resource):
    """POST /api/variants/{variant_id}/stock (brand): add (or take, when negative); never below what is reserved."""

    change: int = Field(ge=-1_000_000, le=1_000_000)


class PictureUploaded(Resource):
    """POST /api/pictures (brand, multipart field ``file``, PNG/JPEG/WebP ≤ 8 MB): where it is served now."""

    url: str
    width_px: int
    height_px: int
