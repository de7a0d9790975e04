"""Cart, checkout, payment, orders. Prices and stock are always the server's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from stream_server.audience.people import Person
from stream_server.commerce.checkout import Checkout as FoundCheckout
from stream_server.commerce.order import Order as FoundOrder
from stream_server.commerce.order import OrderFilter
from stream_server.errors import Forbidden, NotFound
from stream_server.ids import CheckoutId, OrderId, ShowId, VariantId
from stream_server.signaling.resources import (
    Cart,
    CartLineInput,
    Checkout,
    CheckoutInput,
    Order,
    OrderMove,
    PaymentInput,
    PaymentState,
)
from stream_server.web.api.bodies import cart_body, checkout_body, delivery_address, order_body, payment_body
from stream_server.web.api.services import ApiServices, Idempotency, Reader, Services, Writer

router = APIRouter(tags=["buying"])

_MAX_HOSTED = 200


@router.get("/shows/{show_id}/cart")
async def cart(show_id: str, person: Reader, services: Services) -> Cart:
    """My cart of a show."""
    show = await services.shows.get(ShowId(show_id))
    return cart_body(await services.shop.carts.cart(show.show_id, person.id, show.plan.currency))


@router.put("/shows/{show_id}/cart/{variant_id}")
async def set_cart_line(show_id: str, variant_id: str, body: CartLineInput, person: Writer, services: Services) -> Cart:
    """Set how many of a variant I want. Nothing is reserved yet."""
    show = await services.shows.get(ShowId(show_id))
    return cart_body(
        await services.shop.carts.set_line(show.show_id, person.id, VariantId(variant_id), body.quantity, body.currency)
    )


@router.delete("/shows/{show_id}/cart/{variant_id}")
async def remove_cart_line(show_id: str, variant_id: str, person: Writer, services: Services) -> Cart:
    """Take a variant out of my cart."""
    show = await services.shows.get(ShowId(show_id))
    return cart_body(
        await services.shop.carts.remove_line(show.show_id, person.id, VariantId(variant_id), show.plan.currency)
    )


@router.post("/shows/{show_id}/checkouts", status_code=201)
async def open_checkout(
    show_id: str, body: CheckoutInput, person: Writer, key: Idempotency, services: Services
) -> Checkout:
    """Reserve what is in my cart for a while."""
    show = await services.shows.get(ShowId(show_id))
    opened = await services.shop.checkouts.open(show.show_id, person.id, person.name, body.currency, key)
    return _checkout(opened, services)


@router.get("/checkouts/{checkout_id}")
async def checkout(checkout_id: str, person: Reader, services: Services) -> Checkout:
    """My checkout as it stands."""
    return _checkout(await services.shop.checkouts.checkout(CheckoutId(checkout_id), person.id), services)


@router.delete("/checkouts/{checkout_id}")
async def cancel_checkout(checkout_id: str, person: Writer, services: Services) -> Checkout:
    """Give the goods back at once."""
    return _checkout(await services.shop.checkouts.cancel(CheckoutId(checkout_id), person.id), services)


@router.post("/checkouts/{checkout_id}/payment")
async def pay(
    checkout_id: str, body: PaymentInput, person: Writer, key: Idempotency, services: Services
) -> PaymentState:
    """Pay with a token of the payment provider."""
    state = await services.shop.checkouts.pay(
        CheckoutId(checkout_id),
        person.id,
        delivery_address(body.address),
        body.delivery_option_id,
        body.payment_method,
        key,
    )
    return payment_body(state)


@router.get("/checkouts/{checkout_id}/payment")
async def payment(checkout_id: str, person: Reader, services: Services) -> PaymentState:
    """How my payment stands."""
    return payment_body(await services.shop.checkouts.payment(CheckoutId(checkout_id), person.id))


@router.get("/orders")
async def orders(
    person: Reader, services: Services, show_id: Annotated[str | None, Query(max_length=40)] = None
) -> list[Order]:
    """Orders, newest first: a viewer's own, a brand's, those of a host's shows; admins see all."""
    wanted = await _seen_by(person, services)
    if show_id is not None:
        shows = frozenset({ShowId(show_id)})
        wanted = OrderFilter(
            wanted.buyer_id, wanted.brand_id, shows if wanted.show_ids is None else shows & wanted.show_ids
        )
    return [_order(found, person) for found in await services.shop.orders.orders(wanted)]


@router.get("/orders/{order_id}")
async def order(order_id: str, person: Reader, services: Services) -> Order:
    """One order: its buyer, a brand in it, the show's host, admins."""
    wanted = OrderId(order_id)
    try:
        return _order(await services.shop.orders.order(wanted, OrderFilter(buyer_id=person.id)), person)
    except NotFound:
        return _order(await services.shop.orders.order(wanted, await _seen_by(person, services)), person)


@router.post("/orders/{order_id}/state")
async def move_order(order_id: str, body: OrderMove, person: Writer, services: Services) -> Order:
    """Move an order to its next state."""
    if person.role == "admin":
        brand_id = None
    elif person.role == "brand" and person.brand_id is not None:
        brand_id = person.brand_id
    else:
        raise Forbidden
    return _order(await services.shop.orders.move(OrderId(order_id), body.state, brand_id), person)


def _checkout(found: FoundCheckout, services: ApiServices) -> Checkout:
    return checkout_body(found, services.shop.checkouts.delivery_options(found), services.clock.now())


def _order(found: FoundOrder, person: Person) -> Order:
    delivers = person.role == "admin" or (person.role == "brand" and person.brand_id in found.brand_ids)
    return order_body(found, with_address=delivers or found.buyer_id == person.id)


async def _seen_by(person: Person, services: ApiServices) -> OrderFilter:
    if person.role == "admin":
        return OrderFilter()
    if person.role == "brand" and person.brand_id is not None:
        return OrderFilter(brand_id=person.brand_id)
    if person.role == "host":
        hosted = await services.shows.find(host_id=person.id, limit=_MAX_HOSTED)
        return OrderFilter(show_ids=frozenset(record.show_id for record in hosted))
    return OrderFilter(buyer_id=person.id)
