"""Brands, products and variants, and the rules for what a brand may write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from stream_server.commerce.errors import InvalidProduct
from stream_server.commerce.price import (
    MAX_AMOUNT_MINOR,
    Price,
    PriceChanges,
    PriceRule,
    is_currency,
    plan_prices,
    quote,
    quotes,
)
from stream_server.commerce.stock import MAX_ON_HAND, StockLevel
from stream_server.ids import BrandId, ProductId, VariantId, new_id

MAX_VARIANTS = 100
MAX_PICTURES = 20
MAX_FACTS = 50
MAX_CURRENCIES = 20
MAX_LANGUAGES = 20
MAX_TEXT_CHARS = 2000

Texts = Mapping[str, str]
"""Language tag → text; never holds a language without a text."""

_SLUG = re.compile(r"[a-z0-9\-]{1,80}")
_SWATCH = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Brand:
    """Who sells."""

    brand_id: BrandId
    name: str
    slug: str


@dataclass(frozen=True)
class Picture:
    """One picture of a product; the first is the main one."""

    url: str
    alt: Texts
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Fact:
    """One checkable statement about a product."""

    key: str
    label: Texts
    value: Texts


@dataclass(frozen=True)
class Variant:
    """One thing that can be bought, with its price rules and stock."""

    variant_id: VariantId
    sku: str
    label: Texts
    swatch: str | None
    picture_index: int
    rules: tuple[PriceRule, ...]
    stock: StockLevel

    @property
    def left(self) -> int:
        """How many can be reserved right now."""
        return self.stock.left

    def prices(self, at: datetime) -> tuple[Price, ...]:
        """The prices at a moment, one per currency."""
        return quotes(self.rules, at)

    def price(self, currency: str, at: datetime) -> Price | None:
        """The price in one currency, None when it is not sold in it."""
        return quote(self.rules, currency, at)


@dataclass(frozen=True)
class Product:
    """A product with the variants that are on sale."""

    product_id: ProductId
    brand_id: BrandId
    brand_name: str
    slug: str
    category: str
    title: Texts
    summary: Texts
    pictures: tuple[Picture, ...]
    facts: tuple[Fact, ...]
    variants: tuple[Variant, ...]
    delivery: Texts
    returns: Texts
    provenance: Texts
    has_3d: bool
    updated_at: datetime

    def variant(self, variant_id: VariantId) -> Variant | None:
        """One of the variants, None when it is not (or no longer) on sale."""
        return next((variant for variant in self.variants if variant.variant_id == variant_id), None)

    def picture_url(self, variant: Variant) -> str | None:
        """The picture to show for a variant."""
        if not self.pictures:
            return None
        return self.pictures[min(variant.picture_index, len(self.pictures) - 1)].url


@dataclass(frozen=True)
class VariantDraft:
    """A variant as a brand writes it; without ``variant_id`` it is matched by SKU, else new."""

    sku: str
    label: Texts
    prices: Mapping[str, int]
    """Currency → regular price in minor units."""
    stock: int = 0
    """Starting stock of a new variant; ignored for one that exists."""
    variant_id: VariantId | None = None
    swatch: str | None = None
    picture_index: int = 0
    reduced: Mapping[str, int] = field(default_factory=dict)
    """Currency → reduced price, until further notice."""


@dataclass(frozen=True)
class ProductDraft:
    """A product as a brand writes it."""

    slug: str
    category: str
    title: Texts
    variants: tuple[VariantDraft, ...]
    summary: Texts = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    facts: tuple[Fact, ...] = ()
    delivery: Texts = field(default_factory=dict)
    returns: Texts = field(default_factory=dict)
    provenance: Texts = field(default_factory=dict)
    has_3d: bool = False


def check_draft(draft: ProductDraft) -> None:
    """See that a brand's product can be stored and sold. Raises: InvalidProduct."""
    _require(_SLUG.fullmatch(draft.slug) is not None, "slug", "1 to 80 of a-z, 0-9 and -")
    _require(len(draft.category) <= 40, "category", "at most 40 characters")
    _require(any(draft.title.values()), "title", "needs a text in at least one language")
    for name in ("title", "summary", "delivery", "returns", "provenance"):
        check_texts(name, getattr(draft, name))
    _require(len(draft.pictures) <= MAX_PICTURES, "pictures", f"at most {MAX_PICTURES}")
    for picture in draft.pictures:
        check_texts("pictures", picture.alt)
        _require(is_picture_url(picture.url), "pictures", "an address on this server or https")
    _require(len(draft.facts) <= MAX_FACTS, "facts", f"at most {MAX_FACTS}")
    for fact in draft.facts:
        check_texts("facts", fact.label)
        check_texts("facts", fact.value)
    _require(0 < len(draft.variants) <= MAX_VARIANTS, "variants", f"1 to {MAX_VARIANTS}")
    skus = [variant.sku for variant in draft.variants]
    _require(len(set(skus)) == len(skus), "variants", "each SKU once")
    known = [variant.variant_id for variant in draft.variants if variant.variant_id is not None]
    _require(len(set(known)) == len(known), "variants", "each variant once")
    for variant in draft.variants:
        _check_variant(variant, len(draft.pictures))


@dataclass(frozen=True)
class KnownVariant:
    """What matching needs to know of a stored variant, retired ones included."""

    variant_id: VariantId
    sku: str


def match_variants(known: Sequence[KnownVariant], drafts: Sequence[VariantDraft]) -> list[VariantId | None]:
    """For each draft the stored variant that it writes, by id, then by SKU; None makes a new one.

    Raises: InvalidProduct for an id that is not of this product.
    """
    ids = {variant.variant_id for variant in known}
    named = {draft.variant_id for draft in drafts if draft.variant_id is not None}
    _require(named <= ids, "variants", "no such variant in this product")
    free = {variant.sku: variant.variant_id for variant in known if variant.variant_id not in named}
    return [draft.variant_id or free.get(draft.sku) for draft in drafts]


def plan_variant_prices(
    rules: Sequence[PriceRule], draft: VariantDraft, at: datetime, priced_from: datetime
) -> PriceChanges:
    """How a variant's rules become what its draft says. Regular prices of a new variant count from ``priced_from``."""
    base = plan_prices(rules, "base", draft.prices, at if rules else priced_from, _new_rule_id)
    reduced = plan_prices(rules, "reduced", draft.reduced, at, _new_rule_id)
    return PriceChanges({**base.ended, **reduced.ended}, (*base.added, *reduced.added))


def _new_rule_id() -> str:
    return new_id("price")


def check_texts(name: str, texts: Texts) -> None:
    """See that texts are not too many and not too long. Raises: InvalidProduct."""
    _require(len(texts) <= MAX_LANGUAGES, name, f"at most {MAX_LANGUAGES} languages")
    for language, text in texts.items():
        _require(0 < len(language) <= 20, name, "a language tag has 1 to 20 characters")
        _require(len(text) <= MAX_TEXT_CHARS, name, f"at most {MAX_TEXT_CHARS} characters")


def is_picture_url(url: str) -> bool:
    """True for an address on this server or on an https one: pages put it into ``src``."""
    is_own = url.startswith("/") and not url.startswith("//") and "\\" not in url
    return len(url) <= 500 and (is_own or url.startswith("https://"))


def _check_variant(variant: VariantDraft, pictures: int) -> None:
    _require(0 < len(variant.sku) <= 60, "sku", "1 to 60 characters")
    check_texts("label", variant.label)
    swatch_fits = variant.swatch is None or _SWATCH.fullmatch(variant.swatch) is not None
    _require(swatch_fits, "swatch", "a colour like #A1B2C3")
    _require(0 <= variant.picture_index < max(pictures, 1), "picture_index", "no such picture")
    _require(0 < len(variant.prices) <= MAX_CURRENCIES, "prices", f"1 to {MAX_CURRENCIES}")
    for currency, amount_minor in (*variant.prices.items(), *variant.reduced.items()):
        _require(is_currency(currency), "prices", "an ISO 4217 currency")
        _require(0 <= amount_minor <= MAX_AMOUNT_MINOR, "prices", f"0 to {MAX_AMOUNT_MINOR}")
    for currency, amount_minor in variant.reduced.items():
        lower = amount_minor < variant.prices.get(currency, 0)
        _require(lower, "reduced", "lower than the regular price in the same currency")
    _require(0 <= variant.stock <= MAX_ON_HAND, "stock", f"0 to {MAX_ON_HAND}")


def _require(fits: bool, field_name: str, reason: str) -> None:
    if not fits:
        raise InvalidProduct(field_name, reason)
