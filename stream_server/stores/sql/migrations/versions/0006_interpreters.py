"""Links for interpreters.

Revision: 0006, after 0005, 2026-11-23
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from stream_server.stores.sql.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "interpreter_seats",
        sa.Column("seat_id", sa.String(length=40), nullable=False),
        sa.Column("show_id", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("session_id", sa.String(length=40)),
        sa.Column("seated_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["show_id"], ["shows.id"], name=op.f("fk_interpreter_seats_show_id_shows"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_interpreter_seats")),
    )
    op.create_index(op.f("ix_interpreter_seats_show_id_created_at"), "interpreter_seats", ["show_id", "created_at"])
    op.create_index(op.f("ix_interpreter_seats_expires_at"), "interpreter_seats", ["expires_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("interpreter_seats")
