"""Every table of the server, in SQLAlchemy Core. A change here needs a migration (`make check` runs `alembic check`).

Moments are `UtcDateTime`, texts in several languages are JSON objects (language tag → text), money is integer
minor units. The tables of buying have their own module, `commerce_schema`; those of 3D products `models_schema`, of
translation `translation_schema`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, PrimaryKeyConstraint, String, Table, Text

from stream_server.stores.sql import commerce_schema, models_schema, translation_schema
from stream_server.stores.sql.columns import Json, UtcDateTime, id_column, metadata

__all__ = [
    "ai_tickets",
    "brands",
    "chat_blocks",
    "commerce_schema",
    "interpreter_seats",
    "metadata",
    "models_schema",
    "people",
    "show_events",
    "show_moderators",
    "shows",
    "translation_schema",
]

brands = commerce_schema.brands

people = Table(
    "people",
    metadata,
    id_column("id", primary_key=True),
    Column("name", String(100), nullable=False),
    Column("role", String(20), nullable=False),
    id_column("brand_id", ForeignKey("brands.id"), nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
)

shows = Table(
    "shows",
    metadata,
    id_column("id", primary_key=True),
    # No foreign key to people: hosts may sign in with tokens made elsewhere, without a row of their own.
    id_column("host_id", nullable=False, index=True),
    Column("title", Json, nullable=False),
    Column("host_name", String(100), nullable=False),
    Column("host_picture_url", String(500)),
    Column("poster_url", String(500)),
    Column("status", String(20), nullable=False),
    Column("starts_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("rundown", Json, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("ai_mode", String(20), nullable=False, server_default="off"),
    Column("ai_language", String(35), nullable=False, server_default="en"),
    Column("ai_patience_s", Float, nullable=False, server_default="5"),
    Column("ai_voice", String(40), nullable=False, server_default=""),
    Column("ai_outfit", String(20), nullable=False, server_default=""),
    Column("ai_turn_s", Float, nullable=False, server_default="60"),
    Column("ai_time_zone", String(60), nullable=False, server_default="UTC"),
    Column("ai_blocks", Json, nullable=False, server_default="[]"),
    Column("offers", Json, nullable=False, server_default="[]"),
    Column("epoch", String(40), nullable=False),
    Column("likes", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "status", "starts_at"),
)

show_events = Table(
    "show_events",
    metadata,
    id_column("show_id", ForeignKey("shows.id", ondelete="CASCADE"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("type", String(40), nullable=False),
    Column("audience", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("show_id", "seq"),
    Index(None, "show_id", "type", "seq"),
)

chat_blocks = Table(
    "chat_blocks",
    metadata,
    id_column("show_id", ForeignKey("shows.id", ondelete="CASCADE"), nullable=False),
    id_column("person_id", nullable=False),
    id_column("by", nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("show_id", "person_id"),
)

show_moderators = Table(
    "show_moderators",
    metadata,
    id_column("show_id", ForeignKey("shows.id", ondelete="CASCADE"), nullable=False),
    id_column("person_id", nullable=False),
    PrimaryKeyConstraint("show_id", "person_id"),
)

ai_tickets = Table(
    "ai_tickets",
    metadata,
    id_column("show_id", ForeignKey("shows.id", ondelete="CASCADE"), nullable=False),
    Column("ticket_id", String(60), nullable=False),
    Column("state", String(20), nullable=False),
    Column("content", Json, nullable=False),
    Column("answer", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    PrimaryKeyConstraint("show_id", "ticket_id"),
    Index(None, "show_id", "opened_at"),
)

interpreter_seats = Table(
    "interpreter_seats",
    metadata,
    id_column("seat_id", primary_key=True),
    id_column("show_id", ForeignKey("shows.id", ondelete="CASCADE"), nullable=False),
    Column("language", String(8), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    id_column("session_id"),
    Column("seated_at", UtcDateTime),
    Index(None, "show_id", "created_at"),
    Index(None, "expires_at"),
)
