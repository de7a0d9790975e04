"""Between the features' own types and the bodies on the wire, both ways. No rules here."""

from __future__ import annotations

from datetime import UTC, datetime

from stream_server.commerce import cart, catalogue, checkout, delivery, order, payment
from stream_server.commerce.errors import InvalidProduct
from stream_server.ids import ProductId, VariantId
from stream_server.shows.ai_host import AiHost
from stream_server.shows.errors import BadShow
from stream_server.shows.model import ShowPlan, ShowRecord
from stream_server.shows.offers import Offer
from stream_server.shows.tickets import Ticket
from stream_server.signaling import resources as wire


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment_or_none(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


# ---- shows


def show_body(record: ShowRecord, viewers: int) -> wire.Show:
    """A show as everybody sees it."""
    return wire.Show(
        show_id=record.show_id,
        title=record.plan.title,
        host_id=record.host.id,
        host_name=record.host.name,
        host_picture_url=record.host.picture_url,
        poster_url=record.plan.poster_url,
        status=record.status,
        starts_at=_moment_or_none(record.plan.starts_at),
        started_at=_moment_or_none(record.started_at),
        rundown=list(record.plan.rundown),
        currency=record.plan.currency,
        ai_host=wire.AiHostSettings(**record.plan.ai_host.plain()),
        offers=[wire.ShowOffer(**offer.plain()) for offer in record.plan.offers],
        viewers=viewers,
    )


def show_plan(body: wire.ShowInput, known: ShowPlan | None) -> ShowPlan:
    """The plan a host wrote; what it does not say stays as ``known``. Raises: BadShow."""
    starts_at = None
    if body.starts_at is not None:
        try:
            starts_at = datetime.fromisoformat(body.starts_at)
        except ValueError as error:
            raise BadShow("the start is not an ISO 8601 time") from error
    return ShowPlan(
        title=dict(body.title),
        starts_at=starts_at,
        rundown=tuple(ProductId(product_id) for product_id in body.rundown),
        currency=body.currency,
        poster_url=known.poster_url if known else None,
        ai_host=_ai_host(body.ai_host, known),
        offers=_offers(body.offers, known),
    )


def _ai_host(body: wire.AiHostSettings | None, known: ShowPlan | None) -> AiHost:
    if body is not None:
        return AiHost.read(body.model_dump())
    return known.ai_host if known else AiHost()


def _offers(body: list[wire.ShowOffer] | None, known: ShowPlan | None) -> tuple[Offer, ...]:
    if body is not None:
        return tuple(Offer.read(offer.model_dump()) for offer in body)
    return known.offers if known else ()


def ticket_body(ticket: Ticket) -> wire.KeptTicket:
    """A question that the AI host left to a person."""
    return wire.KeptTicket(
        ticket=wire.AiTicket.model_validate(ticket.content),
        state=ticket.state,
        answer=ticket.answer,
        opened_at=moment(ticket.opened_at),
        closed_at=_moment_or_none(ticket.closed_at),
    )


# ---- catalogue


def product_body(product: catalogue.Product, now: datetime, model: wire.ProductModel | None) -> wire.Product:
    """A product with its prices and stock of the moment, and what it shows in 3D."""
    return wire.Product(
        product_id=product.product_id,
        brand_id=product.brand_id,
        brand_name=product.brand_name,
        slug=product.slug,
        category=product.category,
        title=dict(product.title),
        summary=dict(product.summary),
        pictures=[
            wire.Picture(url=found.url, alt=dict(found.alt), width_px=found.width_px, height_px=found.height_px)
            for found in product.pictures
        ],
        facts=[wire.Fact(key=fact.key, label=dict(fact.label), value=dict(fact.value)) for fact in product.facts],
        variants=[_variant_body(variant, now) for variant in product.variants],
        delivery=dict(product.delivery),
        returns=dict(product.returns),
        provenance=dict(product.provenance),
        has_3d=model is not None,
        model=model,
        updated_at=moment(product.updated_at),
    )


def _variant_body(variant: catalogue.Variant, now: datetime) -> wire.Variant:
    return wire.Variant(
        variant_id=variant.variant_id,
        sku=variant.sku,
        label=dict(variant.label),
        swatch=variant.swatch,
        picture_index=variant.picture_index,
        prices=[
            wire.Price(
                currency=price.currency, amount_minor=price.amount_minor, lowest_30d_minor=price.lowest_30d_minor
            )
            for price in variant.prices(now)
        ],
        left=variant.left,
    )


def product_draft(body: wire.ProductInput) -> catalogue.ProductDraft:
    """The product a brand wrote. The 30-day low is ours to compute: one that is sent is ignored."""
    return catalogue.ProductDraft(
        slug=body.slug,
        category=body.category,
        title=dict(body.title),
        variants=tuple(_variant_draft(variant) for variant in body.variants),
        summary=dict(body.summary),
        pictures=tuple(
            catalogue.Picture(found.url, dict(found.alt), found.width_px, found.height_px) for found in body.pictures
        ),
        facts=tuple(catalogue.Fact(fact.key, dict(fact.label), dict(fact.value)) for fact in body.facts),
        delivery=dict(body.delivery),
        returns=dict(body.returns),
        provenance=dict(body.provenance),
    )


def _variant_draft(body: wire.VariantInput) -> catalogue.VariantDraft:
    prices = {price.currency: price.amount_minor for price in body.prices}
    if len(prices) < len(body.prices):
        raise InvalidProduct("prices", "each currency once")
    return catalogue.VariantDraft(
        sku=body.sku,
        label=dict(body.label),
        prices=prices,
        stock=body.stock,
        variant_id=None if body.variant_id is None else VariantId(body.variant_id),
        swatch=body.swatch,
        picture_index=body.picture_index,
    )


# ---- buying


def _line_body(line: cart.CartLine) -> wire.CartLine:
    return wire.CartLine(
        variant_id=line.variant_id,
        product_id=line.product_id,
        title=dict(line.title),
        label=dict(line.label),
        picture_url=line.picture_url,
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        total_minor=line.total_minor,
        left=line.left,
    )


def cart_body(content: cart.Cart) -> wire.Cart:
    """The buyer's cart."""
    lines = [_line_body(line) for line in content.lines]
    return wire.Cart(currency=content.currency, lines=lines, items_minor=content.items_minor)


def _totals_body(totals: delivery.Totals) -> wire.Totals:
    return wire.Totals(
        items_minor=totals.items_minor,
        delivery_minor=totals.delivery_minor,
        tax_included_minor=totals.tax_included_minor,
        total_minor=totals.total_minor,
    )


def checkout_body(
    found: checkout.Checkout, options: tuple[delivery.DeliveryOption, ...], now: datetime
) -> wire.Checkout:
    """The buyer's checkout."""
    return wire.Checkout(
        checkout_id=found.checkout_id,
        show_id=found.show_id,
        state=found.state,
        expires_at=moment(found.expires_at),
        seconds_left=found.seconds_left(now),
        currency=found.currency,
        lines=[_line_body(line) for line in found.lines],
        delivery_options=[
            wire.DeliveryOption(
                id=option.delivery_option_id,
                label=dict(option.label),
                price_minor=option.price_minor,
                days_min=option.days_min,
                days_max=option.days_max,
            )
            for option in options
        ],
        totals=_totals_body(found.totals),
        order_id=found.order_id,
    )


def payment_body(state: payment.PaymentView) -> wire.PaymentState:
    """How the payment stands."""
    return wire.PaymentState(
        status=state.status,
        action_url=state.action_url,
        decline_code=state.decline_code,
        order_id=state.order_id,
    )


def delivery_address(body: wire.Address) -> delivery.Address:
    """Where it goes."""
    return delivery.Address(**body.model_dump())


def order_body(found: order.Order, *, with_address: bool) -> wire.Order:
    """An order; the address only for those who deliver or receive it."""
    address = found.address
    return wire.Order(
        order_id=found.order_id,
        show_id=found.show_id,
        show_ms=found.show_ms,
        placed_at=moment(found.placed_at),
        state=found.state,
        buyer_name=found.buyer_name,
        currency=found.currency,
        lines=[_line_body(line) for line in found.lines],
        totals=_totals_body(found.totals),
        address=wire.Address(
            name=address.name,
            email=address.email,
            street_address=address.street_address,
            postal_code=address.postal_code,
            city=address.city,
            country=address.country,
        )
        if with_address
        else None,
    )
