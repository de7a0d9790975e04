"""The cart: what somebody wants in one show, in one currency, priced by the server each time it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stream_server.commerce.catalogue import Product, Texts
from stream_server.commerce.errors import CartFull, CurrencyMismatch, InvalidQuantity, NotSoldIn
from stream_server.errors import NotFound
from stream_server.ids import BrandId, ProductId, VariantId

MAX_QUANTITY = 99
MAX_LINES = 50


@dataclass(frozen=True)
class CartContent:
    """What is stored of a cart: no prices, for only the server's current ones count."""

    currency: str
    quantities: Mapping[VariantId, int] = field(default_factory=dict)
    """In the order in which things were put in."""


@dataclass(frozen=True)
class CartLine:
    """One variant and how many, at the price of the moment."""

    variant_id: VariantId
    product_id: ProductId
    brand_id: BrandId
    title: Texts
    label: Texts
    picture_url: str | None
    quantity: int
    unit_minor: int
    left: int

    @property
    def total_minor(self) -> int:
        """Price of the whole line."""
        return self.quantity * self.unit_minor


@dataclass(frozen=True)
class Cart:
    """A priced cart."""

    currency: str
    lines: tuple[CartLine, ...]

    @property
    def items_minor(self) -> int:
        """Price of all goods, without delivery."""
        return sum(line.total_minor for line in self.lines)


def check_quantity(quantity: int) -> None:
    """See that a quantity can be bought. Raises: InvalidQuantity."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidQuantity(quantity, MAX_QUANTITY)


def with_line(content: CartContent | None, variant_id: VariantId, quantity: int, currency: str) -> CartContent:
    """The cart after setting (not adding) a quantity. An empty cart takes on the currency.

    Raises: InvalidQuantity, CurrencyMismatch, CartFull.
    """
    check_quantity(quantity)
    if content is None or not content.quantities:
        return CartContent(currency, {variant_id: quantity})
    if content.currency != currency:
        raise CurrencyMismatch(currency, content.currency)
    quantities = {**content.quantities, variant_id: quantity}
    if len(quantities) > MAX_LINES:
        raise CartFull(MAX_LINES)
    return CartContent(currency, quantities)


def without_line(content: CartContent, variant_id: VariantId) -> CartContent:
    """The cart without one variant; nothing happens when it is not in."""
    kept = {known: quantity for known, quantity in content.quantities.items() if known != variant_id}
    return CartContent(content.currency, kept)


def price_line(product: Product, variant_id: VariantId, quantity: int, currency: str, at: datetime) -> CartLine:
    """One line at the prices of a moment. Raises: NotFound when no longer on sale, NotSoldIn."""
    variant = product.variant(variant_id)
    if variant is None:
        raise NotFound("variant", variant_id)
    price = variant.price(currency, at)
    if price is None:
        raise NotSoldIn(variant_id, currency)
    return CartLine(
        variant_id=variant_id,
        product_id=product.product_id,
        brand_id=product.brand_id,
        title=product.title,
        label=variant.label,
        picture_url=product.picture_url(variant),
        quantity=quantity,
        unit_minor=price.amount_minor,
        left=variant.left,
    )


def price_cart(content: CartContent, products: Mapping[VariantId, Product], at: datetime) -> Cart:
    """The whole cart at the prices of a moment; what is no longer sold (in this currency) drops out."""
    lines = []
    for variant_id, quantity in content.quantities.items():
        product = products.get(variant_id)
        if product is None:
            continue
        try:
            lines.append(price_line(product, variant_id, quantity, content.currency, at))
        except (NotFound, NotSoldIn):
            continue
    return Cart(content.currency, tuple(lines))
