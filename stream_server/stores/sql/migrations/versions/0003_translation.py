"""Translation.

Revision: 0003, after 0002, 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from stream_server.stores.sql import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "wordbooks",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("terms", columns.Json, nullable=False),
        sa.Column("keep", columns.Json, nullable=False),
        sa.Column("blocked", columns.Json, nullable=False),
        sa.Column("updated_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_wordbooks")),
    )
    op.create_table(
        "translated_texts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("trust", sa.String(length=20), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_translated_texts")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("translated_texts")
    op.drop_table("wordbooks")
