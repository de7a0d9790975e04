"""What the shop says right now, as facts like the brand's own: price, former price, stock, choices.

They have ids of their own (``prod_mug/price``), so what the host says about them is cited and checked like everything
else. They are made at the moment of speaking and never kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from avatar.model import Fact, FactKind, Offer, Price, ProductFacts, Texts, Variant

ENDS_LABEL = "x-ends"
"""Key among an offer's labels that holds when it ends; without it nobody may be hurried."""


class ShopReader(Protocol):
    """Looks up what a product costs and how many there are, at this moment."""

    async def on_sale(self, product_id: str) -> OnSale | None:
        """Price, stock and variants now; None when it is not sold (any more). May be slow or fail with OSError."""


class OnSale(Protocol):
    """What counts at this moment."""

    @property
    def price(self) -> Price | None:
        """The lowest price of the variants."""

    @property
    def stock(self) -> int | None:
        """How many can be bought, None when unknown."""

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The choices."""


class RehearsalShop:
    """A shop that never changes: the products as they were read. For rehearsals, and the fake in tests."""

    def __init__(self, products: dict[str, ProductFacts]) -> None:
        """``products`` may be changed by its owner at any time; every look sees the newest."""
        self.products = products

    async def on_sale(self, product_id: str) -> ProductFacts | None:
        """The product itself holds price, stock and variants."""
        return self.products.get(product_id)


def as_sold_now(product: ProductFacts, now: OnSale | None) -> ProductFacts:
    """The product with price, stock and variants of this moment; without them when it is not known to be sold."""
    if now is None:
        return replace(product, price=None, stock=None, variants=())
    return replace(product, price=now.price, stock=now.stock, variants=now.variants)


def live_facts(product: ProductFacts) -> Iterator[Fact]:
    """Facts of the moment: ``/name``, ``/price``, ``/original_price``, ``/stock``, ``/variant-N`` with its price."""
    product_id = product.product_id
    yield Fact(f"{product_id}/name", "name", product.name)
    if product.price is not None:
        yield _money(f"{product_id}/price", "price", product.price.amount_minor, product.price.currency)
        if product.price.original_minor is not None:
            original = product.price.original_minor
            yield _money(f"{product_id}/original_price", "original_price", original, product.price.currency)
    if product.stock is not None:
        yield Fact(f"{product_id}/stock", "stock", {}, str(product.stock), None)
    for number, variant in enumerate(product.variants):
        yield from _variant_facts(f"{product_id}/variant-{number + 1}", variant)


def offer_fact(offer: Offer) -> Fact:
    """An offer of the rundown as a fact."""
    texts: Texts = offer.text
    if offer.code:
        texts = {tag: f"{text} {offer.code}" for tag, text in offer.text.items()} or {"en": offer.code}
    percent = None if offer.percent is None else str(offer.percent)
    ends = {} if offer.ends_at is None else {ENDS_LABEL: offer.ends_at.isoformat()}
    return Fact(f"offer/{offer.id}", "coupon", texts, percent, None if percent is None else "%", ends)


def price_differs(product: ProductFacts) -> bool:
    """True when not every variant costs the same."""
    return len({variant.price.amount_minor for variant in product.variants if variant.price}) > 1


def _variant_facts(fact_id: str, variant: Variant) -> Iterator[Fact]:
    if variant.label:
        yield Fact(fact_id, "colour", variant.label)
    if variant.price is not None:
        yield _money(f"{fact_id}/price", "price", variant.price.amount_minor, variant.price.currency)
        if variant.price.original_minor is not None:
            original = variant.price.original_minor
            yield _money(f"{fact_id}/original_price", "original_price", original, variant.price.currency)


def _money(fact_id: str, kind: FactKind, amount_minor: int, currency: str) -> Fact:
    return Fact(fact_id, kind, {}, str(amount_minor), currency)
