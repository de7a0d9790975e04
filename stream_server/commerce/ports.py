"""What selling needs from outside: stores, a payment provider, the show's clock, somebody to tell.

Every fake (``stream_server/stores/commerce_memory.py``) passes the same contract tests as the SQL store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from stream_server.commerce.cart import CartContent
from stream_server.commerce.catalogue import Brand, Product, ProductDraft
from stream_server.commerce.checkout import Checkout, State
from stream_server.commerce.idempotency import IdempotencyKey
from stream_server.commerce.order import Order, OrderFilter
from stream_server.commerce.payment import Intent, IntentRequest, Payment
from stream_server.commerce.stock import VariantLeft
from stream_server.ids import BrandId, CheckoutId, OrderId, PersonId, ProductId, ShowId, VariantId


class Superseded(Exception):
    """Somebody else took a step on the same thing first: load it again and decide anew. Never leaves a service."""


class CatalogueStore(Protocol):
    """Brands, products, variants, price rules. Retired variants are not part of a loaded product."""

    async def put_brand(self, brand: Brand, at: datetime) -> Brand:
        """Add a brand, or rename the one with the same slug (its id stays)."""

    async def brand(self, brand_id: BrandId) -> Brand | None:
        """One brand."""

    async def brands(self) -> list[Brand]:
        """All brands by name (at most 1000)."""

    async def products(self, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those that exist, in the order asked."""

    async def of_variants(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, Product]:
        """Variant → its product, for variants that are on sale."""

    async def list_products(self, brand_id: BrandId | None, limit: int) -> list[Product]:
        """Products (of a brand), oldest first."""

    async def find(self, brand_id: BrandId, slug: str) -> ProductId | None:
        """The product of a brand with this slug."""

    async def save(
        self, product_id: ProductId, brand_id: BrandId, draft: ProductDraft, at: datetime, priced_from: datetime
    ) -> Product:
        """Add a product or replace all of it except stock, in one transaction.

        Variants are matched by id, then by SKU; those left out are retired. Price rules are ended and added by
        `catalogue.plan_variant_prices`; ``priced_from`` is when the prices of new variants begin.

        Raises: SlugTaken, InvalidProduct (a variant id of another product).
        """


class StockStore(Protocol):
    """Pieces of every variant."""

    async def change(self, variant_id: VariantId, count: int) -> VariantLeft:
        """Add pieces or (negative) take away unreserved ones. Raises: StockReserved, NotFound."""

    async def levels(self, product_ids: Sequence[ProductId]) -> list[VariantLeft]:
        """What is left of all variants on sale of these products."""


class CartStore(Protocol):
    """One cart per show and buyer."""

    async def load(self, show_id: ShowId, buyer_id: PersonId) -> CartContent | None:
        """The cart, None when nothing was ever put in."""

    async def set_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, quantity: int, currency: str, at: datetime
    ) -> CartContent:
        """Apply `cart.with_line` in one transaction. Raises: what it raises."""

    async def remove_line(
        self, show_id: ShowId, buyer_id: PersonId, variant_id: VariantId, at: datetime
    ) -> CartContent | None:
        """Apply `cart.without_line` in one transaction."""


class CheckoutStore(Protocol):
    """Checkouts with the stock they hold, and their payments; each method is one transaction."""

    async def open(self, checkout: Checkout, key: IdempotencyKey) -> Checkout:
        """Reserve all lines or none, and remember the checkout.

        The buyer's earlier open checkout of the same show is cancelled first and gives its goods back. A known key
        returns the checkout that it made.

        Raises: OutOfStock, IdempotencyConflict.
        """

    async def recall(self, key: IdempotencyKey) -> Checkout | None:
        """The checkout that an earlier request with this key made. Raises: IdempotencyConflict."""

    async def load(self, checkout_id: CheckoutId) -> Checkout | None:
        """One checkout."""

    async def due(self, at: datetime, state: State, limit: int) -> list[Checkout]:
        """Those in this state that hold goods longer than they may, longest first."""

    async def step(
        self, before: Checkout, after: Checkout, payment: Payment | None = None, order: Order | None = None
    ) -> None:
        """Go from one state to the next, moving stock as `checkout.movement` says.

        Writes the payment, when given. With an order, the payment's outcome becomes that order and the bought lines
        leave the buyer's cart.

        Raises: Superseded when ``before`` is not the newest version or the money is already going back; OutOfStock
        when goods have to be taken again and are not there.
        """

    async def start_payment(self, before: Checkout, after: Checkout, payment: Payment, key: IdempotencyKey) -> Payment:
        """Like `step` with a new payment, unless the key is known: then return the payment that it made.

        Raises: Superseded, IdempotencyConflict.
        """

    async def recall_payment(self, key: IdempotencyKey) -> Payment | None:
        """The payment that an earlier request with this key made. Raises: IdempotencyConflict."""

    async def payment(self, payment_id: str) -> Payment | None:
        """One payment."""

    async def payment_of_intent(self, intent_id: str) -> Payment | None:
        """The payment that an intent of the provider belongs to."""

    async def save_payment(self, payment: Payment) -> None:
        """Write what was learned about a payment, except its outcome. A status ``succeeded`` is never undone."""

    async def owe_refund(self, payment: Payment) -> bool:
        """Let undecided money go back; False when it has become an order or is going back already."""

    async def mark_refunded(self, payment_id: str, at: datetime) -> None:
        """The provider has the refund."""

    async def refunds_due(self, limit: int) -> list[Payment]:
        """Payments whose money still has to go back, oldest first."""


class OrderStore(Protocol):
    """Orders."""

    async def load(self, order_id: OrderId) -> Order | None:
        """One order."""

    async def list_orders(self, wanted: OrderFilter, limit: int) -> list[Order]:
        """Newest first."""

    async def move(self, before: Order, after: Order) -> None:
        """Go to the next state; goods and money go back as the state says (the refund becomes due).

        Raises: Superseded.
        """


class PaymentProvider(Protocol):
    """Takes and gives back money. Every method may raise Unavailable; then the outcome is unknown: ask again."""

    async def create(self, request: IntentRequest) -> Intent:
        """Take the money (or begin to). The same ``payment_id`` again returns the same intent."""

    async def retrieve(self, intent_id: str) -> Intent:
        """How it stands now."""

    async def cancel(self, intent_id: str) -> Intent:
        """Give up, unless it is too late: read the status of what is returned."""

    async def refund(self, intent_id: str, payment_id: str) -> None:
        """Give all the money back; the same again does nothing."""

    def read_webhook(self, body: bytes, signature: str) -> str | None:
        """The intent id that a webhook is about, None when it is about something else.

        Only a hint to look: the order and number of webhooks mean nothing. Raises: WebhookRefused.
        """


class CommerceEvents(Protocol):
    """Who wants to hear what happens. Called after the fact is durable; what it raises is logged and lost."""

    async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
        """True stock (variant → left) of a product after a reservation, release, sale or change."""

    async def order_placed(self, order: Order) -> None:
        """Somebody bought."""

    async def product_changed(self, product_id: ProductId) -> None:
        """Texts, pictures or prices changed."""


class ShowTime(Protocol):
    """Tells the show clock, with which orders are stamped."""

    async def show_ms(self, show_id: ShowId) -> int:
        """Milliseconds on the show clock; 0 for a show that never was on."""
