"""The shop's stores in memory, for tests and trials: the same contract, no durability.

No method awaits anything between reading and writing, so each is a transaction by itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from stream_server.commerce.cart import CartContent, without_line
from stream_server.commerce.checkout import Checkout, State, cancel, movement
from stream_server.commerce.idempotency import IdempotencyKey
from stream_server.commerce.order import Order, OrderFilter, gives_goods_back, gives_money_back
from stream_server.commerce.payment import Outcome, Payment
from stream_server.commerce.ports import Superseded
from stream_server.commerce.shop import CommerceStores
from stream_server.ids import CheckoutId, OrderId
from stream_server.stores.commerce_memory_catalogue import (
    MemoryCartStore,
    MemoryCatalogueStore,
    MemoryFacts,
    MemoryStockStore,
    line_counts,
)


class MemoryCheckoutStore:
    """See `CheckoutStore`."""

    def __init__(self, facts: MemoryFacts) -> None:
        self._facts = facts

    async def open(self, checkout: Checkout, key: IdempotencyKey) -> Checkout:
        """Reserve all lines or none, and remember the checkout."""
        known = await self.recall(key)
        if known is not None:
            return known
        counts = line_counts(checkout.lines)
        earlier = [
            other
            for other in self._facts.checkouts.values()
            if (other.buyer_id, other.show_id, other.state) == (checkout.buyer_id, checkout.show_id, "open")
        ]
        for other in earlier:
            counts.subtract(line_counts(other.lines))
        self._facts.apply(self._facts.levels_after(counts, "reserve"))
        for other in earlier:
            self._facts.checkouts[other.checkout_id] = cancel(other)
        self._facts.checkouts[checkout.checkout_id] = checkout
        self._facts.claim(key, checkout.checkout_id)
        return checkout

    async def recall(self, key: IdempotencyKey) -> Checkout | None:
        """The checkout that an earlier request with this key made."""
        known = self._facts.recall(key)
        return self._facts.checkouts[CheckoutId(known)] if known else None

    async def load(self, checkout_id: CheckoutId) -> Checkout | None:
        """One checkout."""
        return self._facts.checkouts.get(checkout_id)

    async def due(self, at: datetime, state: State, limit: int) -> list[Checkout]:
        """Those in this state that hold goods longer than they may, longest first."""
        due = [other for other in self._facts.checkouts.values() if other.state == state and other.is_due(at)]
        return sorted(due, key=lambda checkout: checkout.expires_at)[:limit]

    async def step(
        self, before: Checkout, after: Checkout, payment: Payment | None = None, order: Order | None = None
    ) -> None:
        """Go from one state to the next, moving stock."""
        if self._facts.checkouts[before.checkout_id].version != before.version:
            raise Superseded
        if order is not None and (payment is None or self._facts.payments[payment.payment_id].outcome != "open"):
            raise Superseded
        counts = line_counts(before.lines)
        match movement(before, after):
            case "release":
                counts = Counter({variant_id: -count for variant_id, count in counts.items()})
                self._facts.apply(self._facts.levels_after(counts, "reserve"))
            case "sell":
                self._facts.apply(self._facts.levels_after(counts, "sell"))
            case "sell_unreserved":
                self._facts.apply(self._facts.levels_after(counts, "take"))
            case "keep":
                pass
        self._facts.checkouts[before.checkout_id] = after
        if order is not None and payment is not None:
            self._decide(payment, "order")
            self._facts.orders[order.order_id] = order
            cart = self._facts.carts.get((order.show_id, order.buyer_id), CartContent(order.currency))
            for line in order.lines:
                cart = without_line(cart, line.variant_id)
            self._facts.carts[order.show_id, order.buyer_id] = cart
        elif payment is not None:
            await self.save_payment(payment)

    async def start_payment(self, before: Checkout, after: Checkout, payment: Payment, key: IdempotencyKey) -> Payment:
        """Like `step` with a new payment, unless the key is known."""
        known = await self.recall_payment(key)
        if known is not None:
            return known
        await self.step(before, after)
        self._facts.payments[payment.payment_id] = payment
        self._facts.claim(key, payment.payment_id)
        return payment

    async def recall_payment(self, key: IdempotencyKey) -> Payment | None:
        """The payment that an earlier request with this key made."""
        known = self._facts.recall(key)
        return self._facts.payments[known] if known else None

    async def payment(self, payment_id: str) -> Payment | None:
        """One payment."""
        return self._facts.payments.get(payment_id)

    async def payment_of_intent(self, intent_id: str) -> Payment | None:
        """The payment that an intent of the provider belongs to."""
        known = self._facts.payments.values()
        return next((payment for payment in known if payment.intent_id == intent_id), None)

    async def save_payment(self, payment: Payment) -> None:
        """Write what was learned about a payment, except its outcome."""
        known = self._facts.payments[payment.payment_id]
        if known.status != "succeeded":
            self._facts.payments[payment.payment_id] = replace(payment, outcome=known.outcome)

    async def owe_refund(self, payment: Payment) -> bool:
        """Let undecided money go back."""
        return self._decide(payment, "refund_due")

    async def mark_refunded(self, payment_id: str, at: datetime) -> None:
        """The provider has the refund."""
        known = self._facts.payments[payment_id]
        if known.outcome == "refund_due":
            self._facts.payments[payment_id] = replace(known, outcome="refunded", updated_at=at)

    async def refunds_due(self, limit: int) -> list[Payment]:
        """Payments whose money still has to go back, oldest first."""
        due = [payment for payment in self._facts.payments.values() if payment.outcome == "refund_due"]
        return sorted(due, key=lambda payment: payment.updated_at)[:limit]

    def _decide(self, payment: Payment, outcome: Outcome) -> bool:
        if self._facts.payments[payment.payment_id].outcome != "open":
            return False
        self._facts.payments[payment.payment_id] = replace(payment, outcome=outcome)
        return True


class MemoryOrderStore:
    """See `OrderStore`."""

    def __init__(self, facts: MemoryFacts) -> None:
        self._facts = facts

    async def load(self, order_id: OrderId) -> Order | None:
        """One order."""
        return self._facts.orders.get(order_id)

    async def list_orders(self, wanted: OrderFilter, limit: int) -> list[Order]:
        """Newest first."""
        fitting = [order for order in self._facts.orders.values() if wanted.fits(order)]
        return sorted(sorted(fitting, key=lambda o: o.order_id), key=lambda o: o.placed_at, reverse=True)[:limit]

    async def move(self, before: Order, after: Order) -> None:
        """Go to the next state; goods and money go back as the state says."""
        if self._facts.orders[before.order_id].state != before.state:
            raise Superseded
        self._facts.orders[before.order_id] = after
        if gives_money_back(after.state):
            payment = self._facts.payments[after.payment_id]
            self._facts.payments[after.payment_id] = replace(payment, outcome="refund_due", updated_at=after.updated_at)
        if gives_goods_back(after.state):
            for variant_id, count in line_counts(after.lines).items():
                self._facts.set_level(variant_id, self._facts.variants[variant_id][1].stock.change(count))


def memory_commerce_stores() -> CommerceStores:
    """A shop that forgets everything."""
    facts = MemoryFacts()
    return CommerceStores(
        catalogue=MemoryCatalogueStore(facts),
        stock=MemoryStockStore(facts),
        carts=MemoryCartStore(facts),
        checkouts=MemoryCheckoutStore(facts),
        orders=MemoryOrderStore(facts),
    )
