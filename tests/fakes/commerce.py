"""A shop for tests: things to sell, buyers with full carts, and a listener that remembers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from stream_server.clock import ManualClock
from stream_server.commerce.catalogue import Product, ProductDraft, Variant, VariantDraft
from stream_server.commerce.checkout import Checkout, CheckoutLimits
from stream_server.commerce.delivery import Address
from stream_server.commerce.order import Order
from stream_server.commerce.payment import PaymentView
from stream_server.commerce.shop import CommerceStores, Shop, open_shop
from stream_server.commerce.terms import usual_terms
from stream_server.ids import PersonId, ProductId, ShowId, VariantId
from stream_server.payments.builtin import BuiltinPayments
from stream_server.stores.builtin_payments_memory import MemoryBuiltinPaymentStore
from stream_server.stores.commerce_memory import memory_commerce_stores

SHOW = ShowId("show_one")
BUYER = PersonId("person_buyer")
OTHER = PersonId("person_other")
ADDRESS = Address("Ada", "ada@example.org", "Main Street 1", "10115", "Berlin", "DE")
SECRET = "whsec_test"


def draft(
    slug: str = "lamp", stock: int = 10, prices: Mapping[str, int] | None = None, sku: str = "L-1"
) -> ProductDraft:
    """A product with one variant."""
    variant = VariantDraft(sku=sku, label={"en": "Red"}, prices=prices or {"USD": 2000, "EUR": 1900}, stock=stock)
    return ProductDraft(slug=slug, category="home", title={"en": slug.title()}, variants=(variant,))


class HeardEvents:
    """Remembers what the shop announces; fails on demand."""

    def __init__(self) -> None:
        self.stock: list[tuple[ProductId, dict[VariantId, int]]] = []
        self.orders: list[Order] = []
        self.products: list[ProductId] = []
        self.fails = False

    async def stock_changed(self, product_id: ProductId, variants: Mapping[VariantId, int]) -> None:
        """Remember."""
        if self.fails:
            raise RuntimeError("nobody listens")
        self.stock.append((product_id, dict(variants)))

    async def order_placed(self, order: Order) -> None:
        """Remember."""
        self.orders.append(order)

    async def product_changed(self, product_id: ProductId) -> None:
        """Remember."""
        self.products.append(product_id)


class FixedShowTime:
    """A show clock that stands still."""

    def __init__(self, ms: int = 4200) -> None:
        self.ms = ms

    async def show_ms(self, show_id: ShowId) -> int:
        """The time it stands at."""
        return self.ms


class KeptWebhooks:
    """Keeps webhooks until a test hands them on, in the order it likes."""

    def __init__(self) -> None:
        self.kept: list[tuple[bytes, str]] = []
        self.takes = True

    async def send(self, body: bytes, signature: str) -> bool:
        """Keep it, or refuse it."""
        if self.takes:
            self.kept.append((body, signature))
        return self.takes


@dataclass
class TrialShop:
    """An open shop with its clock and listener, and shortcuts for what tests do all the time."""

    shop: Shop
    clock: ManualClock
    events: HeardEvents
    stores: CommerceStores
    provider: BuiltinPayments
    webhooks: KeptWebhooks
    keys: int = field(default=0)

    async def product(self, what: ProductDraft | None = None) -> Product:
        """Something to sell."""
        brand = await self.shop.catalogue.put_brand("acme", "Acme")
        return await self.shop.catalogue.put_product(brand.brand_id, what or draft())

    async def variant(self, stock: int = 10) -> Variant:
        """One variant of it."""
        return (await self.product(draft(stock=stock))).variants[0]

    async def left(self, variant_id: VariantId) -> int:
        """What is left of a variant, from the store."""
        product = (await self.stores.catalogue.of_variants([variant_id]))[variant_id]
        found = product.variant(variant_id)
        assert found is not None
        return found.left

    async def reserve(self, variant_id: VariantId, quantity: int = 1, buyer_id: PersonId = BUYER) -> Checkout:
        """Put something into the cart and check out."""
        await self.shop.carts.set_line(SHOW, buyer_id, variant_id, quantity, "USD")
        return await self.shop.checkouts.open(SHOW, buyer_id, "Ada", "USD", self.key())

    async def pay(self, checkout: Checkout, method: str = "pm_test_ok", key: str | None = None) -> PaymentView:
        """Pay a checkout."""
        return await self.shop.checkouts.pay(
            checkout.checkout_id, checkout.buyer_id, ADDRESS, "standard", method, key or self.key()
        )

    async def hand_over_webhooks(self) -> int:
        """Let the provider send what is due, and the shop hear it."""
        await self.provider.work()
        kept, self.webhooks.kept = self.webhooks.kept, []
        for body, signature in kept:
            await self.shop.receive_webhook(body, signature)
        return len(kept)

    def key(self) -> str:
        """A new idempotency key."""
        self.keys += 1
        return f"key-{self.keys}"


@asynccontextmanager
async def open_trial_shop(
    stores: CommerceStores | None = None,
    clock: ManualClock | None = None,
    limits: CheckoutLimits | None = None,
    provider: BuiltinPayments | None = None,
) -> AsyncIterator[TrialShop]:
    """A shop in memory (or on these stores). Its provider works, and its sweepers sweep, when the test says so."""
    clock = clock or ManualClock()
    stores = stores or memory_commerce_stores()
    events = HeardEvents()
    webhooks = KeptWebhooks()
    provider = provider or BuiltinPayments(MemoryBuiltinPaymentStore(), webhooks, SECRET, clock)
    async with open_shop(
        stores, provider, events, FixedShowTime(), clock, usual_terms(), limits, sweep_every_s=3600
    ) as shop:
        yield TrialShop(shop, clock, events, stores, provider, webhooks)
