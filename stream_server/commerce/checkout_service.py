"""From the cart to a paid order: hold the goods, take the money, never both twice and never one without the other."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from stream_server.clock import Clock
from stream_server.commerce.announcer import Announcer
from stream_server.commerce.cart import price_cart
from stream_server.commerce.checkout import Checkout, CheckoutLimits, State, cancel, expire, start_paying
from stream_server.commerce.delivery import Address, DeliveryOption, Terms
from stream_server.commerce.errors import CheckoutState, CurrencyMismatch, EmptyCart, OutOfStock
from stream_server.commerce.idempotency import IdempotencyKey, idempotency_key
from stream_server.commerce.payment import Payment, PaymentView, view
from stream_server.commerce.ports import CartStore, CatalogueStore, CheckoutStore, Superseded
from stream_server.commerce.settlement import MAX_TRIES, Settlement
from stream_server.errors import NotFound, Unavailable, VitrineError
from stream_server.ids import CheckoutId, PersonId, ShowId, new_id

logger = logging.getLogger(__name__)

SWEEP_BATCH = 100
PROVIDER_GRACE = timedelta(minutes=5)
"""How long a payment that ran out stays held because the provider does not answer whether it was too late."""
ASK_AGAIN_AFTER = timedelta(seconds=5)
"""A payment that is being processed is asked about at most this often; its webhook is usually faster."""
SWEEP_AGAIN_AFTER_S = 1.0


class CheckoutService:
    """Checkouts and their payments."""

    def __init__(
        self,
        catalogue: CatalogueStore,
        carts: CartStore,
        checkouts: CheckoutStore,
        settlement: Settlement,
        announcer: Announcer,
        terms: Terms,
        clock: Clock,
        limits: CheckoutLimits,
    ) -> None:
        self._catalogue = catalogue
        self._carts = carts
        self._checkouts = checkouts
        self._settlement = settlement
        self._announcer = announcer
        self._terms = terms
        self._clock = clock
        self._limits = limits
        self._swept_at_s = float("-inf")

    async def open(self, show_id: ShowId, buyer_id: PersonId, buyer_name: str, currency: str, key: str) -> Checkout:
        """Reserve what is in the cart for a while; an earlier open checkout of the buyer in this show is cancelled.

        Raises: EmptyCart, CurrencyMismatch, OutOfStock, IdempotencyConflict, InvalidIdempotencyKey.
        """
        claim = idempotency_key(f"checkout:{buyer_id}", key, [show_id, currency])
        known = await self._checkouts.recall(claim)
        if known is not None:
            return await self._current(known)
        content = await self._carts.load(show_id, buyer_id)
        if content is None or not content.quantities:
            raise EmptyCart
        if content.currency != currency:
            raise CurrencyMismatch(currency, content.currency)
        now = self._clock.now()
        cart = price_cart(content, await self._catalogue.of_variants(list(content.quantities)), now)
        if not cart.lines:
            raise EmptyCart
        options = self._terms.options(cart.items_minor, currency)
        checkout = Checkout(
            checkout_id=CheckoutId(new_id("checkout")),
            show_id=show_id,
            buyer_id=buyer_id,
            buyer_name=buyer_name,
            state="open",
            currency=currency,
            lines=cart.lines,
            totals=self._terms.totals(cart.items_minor, options[0] if options else None, None),
            expires_at=now + timedelta(seconds=self._limits.reservation_s),
            created_at=now,
        )
        opened = await self._reserve(checkout, claim)
        self._announcer.stock_moved(line.product_id for line in opened.lines)
        return opened

    async def checkout(self, checkout_id: CheckoutId, buyer_id: PersonId) -> Checkout:
        """The buyer's own checkout as it stands now. Raises: NotFound."""
        return await self._current(await self._own(checkout_id, buyer_id))

    def delivery_options(self, checkout: Checkout) -> tuple[DeliveryOption, ...]:
        """The ways to send it, cheapest first."""
        return self._terms.options(checkout.totals.items_minor, checkout.currency)

    async def cancel(self, checkout_id: CheckoutId, buyer_id: PersonId) -> Checkout:
        """Give the goods back at once; cancelling what is already cancelled or expired does nothing.

        Raises: NotFound, CheckoutState (it is bought), Unavailable.
        """
        for _ in range(MAX_TRIES):
            checkout = await self._own(checkout_id, buyer_id)
            if checkout.state == "completed":
                raise CheckoutState(checkout_id, checkout.state)
            if not checkout.holds_stock:
                return checkout
            if checkout.state == "paying":
                payment = await self._settlement.call_off(await self._payment_of(checkout))
                if not payment.is_final:
                    raise CheckoutState(checkout_id, checkout.state)
            elif await self._step(checkout, cancel(checkout)):
                return await self._own(checkout_id, buyer_id)
        raise Unavailable(retry_after_s=1)

    async def pay(
        self,
        checkout_id: CheckoutId,
        buyer_id: PersonId,
        address: Address,
        delivery_option_id: str,
        method: str,
        key: str,
    ) -> PaymentView:
        """Pay with a token of the provider. Repeating it with the same key asks how that payment stands.

        Raises: NotFound, CheckoutExpired, CheckoutState, UnknownDelivery, IdempotencyConflict, InvalidIdempotencyKey,
        Unavailable (repeat with the same key).
        """
        checkout = await self._own(checkout_id, buyer_id)
        claim = idempotency_key(f"pay:{checkout_id}", key, [asdict(address), delivery_option_id, method])
        payment = await self._checkouts.recall_payment(claim)
        for _ in range(MAX_TRIES):
            if payment is not None:
                break
            payment = await self._begin(checkout, address, delivery_option_id, method, claim)
            checkout = await self._own(checkout_id, buyer_id)
        else:
            raise Unavailable(retry_after_s=1)
        if payment.status == "creating":
            payment = await self._settlement.charge(payment)
        return await self._view(payment)

    async def payment(self, checkout_id: CheckoutId, buyer_id: PersonId) -> PaymentView:
        """How the latest payment of a checkout stands. Raises: NotFound, Unavailable."""
        payment = await self._payment_of(await self._current(await self._own(checkout_id, buyer_id)))
        if self._is_worth_asking(payment):
            payment = await self._settlement.refresh(payment)
        return await self._view(payment)

    async def end_reservations(self) -> int:
        """Give back what open checkouts have held for too long; how many ended."""
        return await self._end("open")

    async def end_payments(self) -> int:
        """End payments whose window is over, and send owed refunds; how many ended. Talks to the provider."""
        ended = await self._end("paying")
        await self._settlement.send_refunds()
        return ended

    async def _end(self, state: State) -> int:
        now = self._clock.now()
        ended = 0
        for checkout in await self._checkouts.due(now, state, SWEEP_BATCH):
            try:
                ended += not (await self._ended(checkout, now)).holds_stock
            except VitrineError:
                logger.exception("a checkout could not be ended")
        return ended

    async def _reserve(self, checkout: Checkout, claim: IdempotencyKey) -> Checkout:
        try:
            return await self._checkouts.open(checkout, claim)
        except OutOfStock:
            # Perhaps what is missing is held by checkouts whose time is over; looked at once a second at most.
            if self._clock.monotonic_s() < self._swept_at_s + SWEEP_AGAIN_AFTER_S:
                raise
            self._swept_at_s = self._clock.monotonic_s()
            if not await self.end_reservations():
                raise
        return await self._checkouts.open(checkout, claim)

    async def _begin(
        self, checkout: Checkout, address: Address, delivery_option_id: str, method: str, claim: IdempotencyKey
    ) -> Payment | None:
        """Start a payment; None when somebody else took a step on the checkout first."""
        now = self._clock.now()
        if checkout.state == "open" and checkout.is_due(now):
            checkout = await self._ended(checkout, now)
        items_minor = checkout.totals.items_minor
        option = self._terms.option(items_minor, checkout.currency, delivery_option_id)
        totals = self._terms.totals(items_minor, option, address.country)
        payment = Payment(
            payment_id=new_id("payment"),
            checkout_id=checkout.checkout_id,
            method=method,
            status="creating",
            amount_minor=totals.total_minor,
            currency=checkout.currency,
            created_at=now,
            updated_at=now,
        )
        after = start_paying(checkout, payment.payment_id, address, delivery_option_id, totals, self._limits, now)
        try:
            return await self._checkouts.start_payment(checkout, after, payment, claim)
        except Superseded:
            return None

    async def _current(self, checkout: Checkout) -> Checkout:
        now = self._clock.now()
        return await self._ended(checkout, now) if checkout.is_due(now) else checkout

    async def _ended(self, checkout: Checkout, now: datetime) -> Checkout:
        """A checkout whose time is over, ended; or still paying while the provider does not answer."""
        if checkout.state == "paying":
            try:
                await self._settlement.run_out(await self._payment_of(checkout))
            except VitrineError:
                # Away, or it does not know the payment (any more). Goods must not be held for ever because of that.
                logger.exception("the payment provider does not say whether it was too late")
            checkout = await self._checkouts.load(checkout.checkout_id) or checkout
        is_over = checkout.state == "open" or now >= checkout.expires_at + PROVIDER_GRACE
        if checkout.is_due(now) and is_over:
            await self._step(checkout, expire(checkout, now))
            checkout = await self._checkouts.load(checkout.checkout_id) or checkout
        return checkout

    async def _step(self, before: Checkout, after: Checkout) -> bool:
        """Take a step that gives goods back; False when somebody else was first."""
        try:
            await self._checkouts.step(before, after)
        except Superseded:
            return False
        self._announcer.stock_moved(line.product_id for line in before.lines)
        return True

    async def _own(self, checkout_id: CheckoutId, buyer_id: PersonId) -> Checkout:
        checkout = await self._checkouts.load(checkout_id)
        if checkout is None or checkout.buyer_id != buyer_id:
            raise NotFound("checkout", checkout_id)
        return checkout

    async def _payment_of(self, checkout: Checkout) -> Payment:
        payment = await self._checkouts.payment(checkout.payment_id) if checkout.payment_id else None
        if payment is None:
            raise NotFound("payment", checkout.checkout_id)
        return payment

    def _is_worth_asking(self, payment: Payment) -> bool:
        match payment.status:
            case "requires_action":
                return True
            case "processing" | "creating":
                return self._clock.now() >= payment.updated_at + ASK_AGAIN_AFTER
            case _:
                return False

    async def _view(self, payment: Payment) -> PaymentView:
        checkout = await self._checkouts.load(payment.checkout_id)
        is_bought = checkout is not None and checkout.payment_id == payment.payment_id
        return view(payment, checkout.order_id if checkout and is_bought else None)
