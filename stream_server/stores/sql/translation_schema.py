"""The tables of translation: a shop's own words, and translated texts that last."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from stream_server.stores.sql.columns import Json, UtcDateTime, id_column, metadata

wordbooks = Table(
    "wordbooks",
    metadata,
    # A brand's id, or "shop" for all of them: no foreign key.
    id_column("owner", primary_key=True),
    Column("terms", Json, nullable=False),
    Column("keep", Json, nullable=False),
    Column("blocked", Json, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

translated_texts = Table(
    "translated_texts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("source", String(20), nullable=False),
    Column("target", String(20), nullable=False),
    Column("trust", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
