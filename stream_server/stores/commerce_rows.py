"""How the dataclasses of selling are written in rows and JSON columns, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from stream_server.commerce.cart import CartLine
from stream_server.commerce.catalogue import Brand, Fact, Picture, Product, ProductDraft, Variant
from stream_server.commerce.checkout import Checkout
from stream_server.commerce.delivery import Address, Totals
from stream_server.commerce.order import Order
from stream_server.commerce.payment import Payment
from stream_server.commerce.price import PriceRule
from stream_server.commerce.stock import StockLevel
from stream_server.ids import BrandId, CheckoutId, OrderId, PersonId, ProductId, ShowId, VariantId

AnyRow = Row[*tuple[Any, ...]]


def brand(row: AnyRow) -> Brand:
    """A row of ``brands``."""
    return Brand(BrandId(row.id), row.name, row.slug)


def product_values(draft: ProductDraft) -> dict[str, Any]:
    """The columns of ``products`` that a brand writes."""
    return {
        "slug": draft.slug,
        "category": draft.category,
        "title": dict(draft.title),
        "summary": dict(draft.summary),
        "pictures": [asdict(picture) for picture in draft.pictures],
        "facts": [asdict(fact) for fact in draft.facts],
        "delivery": dict(draft.delivery),
        "returns": dict(draft.returns),
        "provenance": dict(draft.provenance),
        "has_3d": draft.has_3d,
    }


def product(row: AnyRow, variants: Sequence[Variant]) -> Product:
    """A row of ``products`` joined with the brand's name."""
    return Product(
        product_id=ProductId(row.id),
        brand_id=BrandId(row.brand_id),
        brand_name=row.brand_name,
        slug=row.slug,
        category=row.category,
        title=row.title,
        summary=row.summary,
        pictures=tuple(Picture(**picture) for picture in row.pictures),
        facts=tuple(Fact(**fact) for fact in row.facts),
        variants=tuple(variants),
        delivery=row.delivery,
        returns=row.returns,
        provenance=row.provenance,
        has_3d=row.has_3d,
        updated_at=row.updated_at,
    )


def variant(row: AnyRow, rules: Sequence[PriceRule]) -> Variant:
    """A row of ``variants`` joined with its stock."""
    return Variant(
        variant_id=VariantId(row.id),
        sku=row.sku,
        label=row.label,
        swatch=row.swatch,
        picture_index=row.picture_index,
        rules=tuple(rules),
        stock=StockLevel(row.on_hand, row.reserved),
    )


def price_rule(row: AnyRow) -> PriceRule:
    """A row of ``price_rules``."""
    return PriceRule(row.id, row.currency, row.kind, row.amount_minor, row.starts_at, row.ends_at)


def _lines(value: Sequence[dict[str, Any]]) -> tuple[CartLine, ...]:
    return tuple(CartLine(**line) for line in value)


def checkout_values(checkout: Checkout) -> dict[str, Any]:
    """All columns of ``checkouts`` but the id."""
    return {
        "show_id": checkout.show_id,
        "buyer_id": checkout.buyer_id,
        "buyer_name": checkout.buyer_name,
        "state": checkout.state,
        "currency": checkout.currency,
        "lines": [asdict(line) for line in checkout.lines],
        "totals": asdict(checkout.totals),
        "address": asdict(checkout.address) if checkout.address else None,
        "delivery_option_id": checkout.delivery_option_id,
        "attempts": checkout.attempts,
        "payment_id": checkout.payment_id,
        "order_id": checkout.order_id,
        "expires_at": checkout.expires_at,
        "version": checkout.version,
        "created_at": checkout.created_at,
    }


def checkout(row: AnyRow) -> Checkout:
    """A row of ``checkouts``."""
    return Checkout(
        checkout_id=CheckoutId(row.id),
        show_id=ShowId(row.show_id),
        buyer_id=PersonId(row.buyer_id),
        buyer_name=row.buyer_name,
        state=row.state,
        currency=row.currency,
        lines=_lines(row.lines),
        totals=Totals(**row.totals),
        expires_at=row.expires_at,
        created_at=row.created_at,
        address=Address(**row.address) if row.address else None,
        delivery_option_id=row.delivery_option_id,
        attempts=row.attempts,
        payment_id=row.payment_id,
        order_id=OrderId(row.order_id) if row.order_id else None,
        version=row.version,
    )


def payment_values(payment: Payment) -> dict[str, Any]:
    """What a payment learns on its way: the columns of ``payments`` that change, but the outcome."""
    return {
        "intent_id": payment.intent_id,
        "status": payment.status,
        "action_url": payment.action_url,
        "decline_code": payment.decline_code,
        "updated_at": payment.updated_at,
    }


def new_payment_values(payment: Payment) -> dict[str, Any]:
    """All columns of ``payments``."""
    return {
        "id": payment.payment_id,
        "checkout_id": payment.checkout_id,
        "method": payment.method,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "outcome": payment.outcome,
        "created_at": payment.created_at,
        **payment_values(payment),
    }


def payment(row: AnyRow) -> Payment:
    """A row of ``payments``."""
    return Payment(
        payment_id=row.id,
        checkout_id=CheckoutId(row.checkout_id),
        method=row.method,
        status=row.status,
        amount_minor=row.amount_minor,
        currency=row.currency,
        created_at=row.created_at,
        updated_at=row.updated_at,
        intent_id=row.intent_id,
        action_url=row.action_url,
        decline_code=row.decline_code,
        outcome=row.outcome,
    )


def order_values(order: Order) -> dict[str, Any]:
    """All columns of ``orders``."""
    return {
        "id": order.order_id,
        "checkout_id": order.checkout_id,
        "payment_id": order.payment_id,
        "show_id": order.show_id,
        "show_ms": order.show_ms,
        "buyer_id": order.buyer_id,
        "buyer_name": order.buyer_name,
        "state": order.state,
        "currency": order.currency,
        "lines": [asdict(line) for line in order.lines],
        "totals": asdict(order.totals),
        "address": asdict(order.address),
        "placed_at": order.placed_at,
        "updated_at": order.updated_at,
    }


def order(row: AnyRow) -> Order:
    """A row of ``orders``."""
    return Order(
        order_id=OrderId(row.id),
        checkout_id=CheckoutId(row.checkout_id),
        payment_id=row.payment_id,
        show_id=ShowId(row.show_id),
        show_ms=row.show_ms,
        buyer_id=PersonId(row.buyer_id),
        buyer_name=row.buyer_name,
        state=row.state,
        currency=row.currency,
        lines=_lines(row.lines),
        totals=Totals(**row.totals),
        address=Address(**row.address),
        placed_at=row.placed_at,
        updated_at=row.updated_at,
    )
