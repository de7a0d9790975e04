"""The tables of catalogue, stock, cart, checkout, payment and order."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from stream_server.stores.sql.columns import Json, UtcDateTime, id_column, metadata

brands = Table(
    "brands",
    metadata,
    id_column("id", primary_key=True),
    Column("name", String(100), nullable=False),
    Column("slug", String(80), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
)

products = Table(
    "products",
    metadata,
    id_column("id", primary_key=True),
    id_column("brand_id", ForeignKey("brands.id"), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("category", String(40), nullable=False),
    Column("title", Json, nullable=False),
    Column("summary", Json, nullable=False),
    Column("pictures", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("delivery", Json, nullable=False),
    Column("returns", Json, nullable=False),
    Column("provenance", Json, nullable=False),
    Column("has_3d", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "slug"),
)

variants = Table(
    "variants",
    metadata,
    id_column("id", primary_key=True),
    id_column("product_id", ForeignKey("products.id"), nullable=False),
    Column("sku", String(60), nullable=False),
    Column("label", Json, nullable=False),
    Column("swatch", String(7)),
    Column("picture_index", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),  # orders refer to variants, so one is retired, never deleted
    UniqueConstraint("product_id", "sku"),
)

price_rules = Table(
    "price_rules",
    metadata,
    id_column("id", primary_key=True),
    id_column("variant_id", ForeignKey("variants.id"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime),
    # Rules are ended, never changed or deleted: the price history is what was truly asked.
    CheckConstraint("amount_minor >= 0", "amount"),
    Index(None, "variant_id", "currency", "starts_at"),
)

stock = Table(
    "stock",
    metadata,
    id_column("variant_id", ForeignKey("variants.id"), primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    # Belt and braces: the guarded updates never get here.
    CheckConstraint("on_hand >= 0", "on_hand"),
    CheckConstraint("reserved >= 0", "reserved"),
    CheckConstraint("reserved <= on_hand", "not_oversold"),
)

carts = Table(
    "carts",
    metadata,
    id_column("show_id", nullable=False),
    id_column("buyer_id", nullable=False),
    Column("currency", String(3), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("show_id", "buyer_id"),
)

cart_lines = Table(
    "cart_lines",
    metadata,
    id_column("show_id", nullable=False),
    id_column("buyer_id", nullable=False),
    id_column("variant_id", ForeignKey("variants.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("show_id", "buyer_id", "variant_id"),
    CheckConstraint("quantity BETWEEN 1 AND 99", "quantity"),
)

checkouts = Table(
    "checkouts",
    metadata,
    id_column("id", primary_key=True),
    id_column("show_id", nullable=False),
    id_column("buyer_id", nullable=False),
    Column("buyer_name", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("lines", Json, nullable=False),
    Column("totals", Json, nullable=False),
    Column("address", Json),
    Column("delivery_option_id", String(40)),
    Column("attempts", Integer, nullable=False),
    id_column("payment_id", nullable=True),
    id_column("order_id", nullable=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "state", "expires_at"),
    Index(None, "buyer_id", "show_id"),
)

payments = Table(
    "payments",
    metadata,
    id_column("id", primary_key=True),
    id_column("checkout_id", ForeignKey("checkouts.id"), nullable=False, index=True),
    Column("intent_id", String(255), unique=True),
    Column("method", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("action_url", Text),
    Column("decline_code", String(100)),
    Column("outcome", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "outcome"),
)

orders = Table(
    "orders",
    metadata,
    id_column("id", primary_key=True),
    id_column("checkout_id", ForeignKey("checkouts.id"), nullable=False, unique=True),
    id_column("payment_id", ForeignKey("payments.id"), nullable=False),
    id_column("show_id", nullable=False, index=True),
    Column("show_ms", BigInteger, nullable=False),
    id_column("buyer_id", nullable=False, index=True),
    Column("buyer_name", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("lines", Json, nullable=False),
    Column("totals", Json, nullable=False),
    Column("address", Json, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False, index=True),
    Column("updated_at", UtcDateTime, nullable=False),
)

order_brands = Table(
    "order_brands",
    metadata,
    id_column("order_id", ForeignKey("orders.id"), nullable=False),
    id_column("brand_id", ForeignKey("brands.id"), nullable=False),
    PrimaryKeyConstraint("order_id", "brand_id"),
    Index(None, "brand_id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", String(100), nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    id_column("reference", nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    PrimaryKeyConstraint("scope", "key"),
)

builtin_intents = Table(
    "builtin_intents",
    metadata,
    id_column("id", primary_key=True),
    id_column("payment_id", nullable=False, unique=True),
    id_column("checkout_id", nullable=False),
    Column("method", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("decline_code", String(100)),
    Column("refunded", Boolean, nullable=False),
    Column("settles_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)

builtin_webhooks = Table(
    "builtin_webhooks",
    metadata,
    id_column("id", primary_key=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)
