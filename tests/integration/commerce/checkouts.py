"""Checkouts and payments made by hand, for the stores' tests."""

from __future__ import annotations

from datetime import timedelta

from stream_server.clock import ManualClock
from stream_server.commerce.cart import price_line
from stream_server.commerce.catalogue import Product
from stream_server.commerce.checkout import Checkout, CheckoutLimits
from stream_server.commerce.delivery import Totals
from stream_server.commerce.payment import Payment
from stream_server.ids import CheckoutId, PersonId, new_id
from tests.fakes.commerce import BUYER, SHOW

LIMITS = CheckoutLimits()


def checkout_of(product: Product, quantity: int, buyer_id: PersonId = BUYER) -> Checkout:
    now = ManualClock().now()
    line = price_line(product, product.variants[0].variant_id, quantity, "USD", now)
    return Checkout(
        checkout_id=CheckoutId(new_id("checkout")),
        show_id=SHOW,
        buyer_id=buyer_id,
        buyer_name="Ada",
        state="open",
        currency="USD",
        lines=(line,),
        totals=Totals(line.total_minor, 0, 0),
        expires_at=now + timedelta(seconds=LIMITS.reservation_s),
        created_at=now,
    )


def payment_of(checkout: Checkout) -> Payment:
    now = ManualClock().now()
    return Payment(
        payment_id=new_id("payment"),
        checkout_id=checkout.checkout_id,
        method="pm_test_ok",
        status="creating",
        amount_minor=checkout.totals.total_minor,
        currency=checkout.currency,
        created_at=now,
        updated_at=now,
    )
