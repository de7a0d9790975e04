"""What can be changed of an AI host on air, offers of a show, and questions that wait for a person.

Revision: 0005, after 0004, 2026-11-23
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from stream_server.stores.sql.columns import Json, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("shows", sa.Column("ai_outfit", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("shows", sa.Column("ai_turn_s", sa.Float(), nullable=False, server_default="60"))
    op.add_column("shows", sa.Column("ai_time_zone", sa.String(length=60), nullable=False, server_default="UTC"))
    op.add_column("shows", sa.Column("ai_blocks", Json, nullable=False, server_default="[]"))
    op.add_column("shows", sa.Column("offers", Json, nullable=False, server_default="[]"))
    op.create_table(
        "ai_tickets",
        sa.Column("show_id", sa.String(length=40), nullable=False),
        sa.Column("ticket_id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["show_id"], ["shows.id"], name=op.f("fk_ai_tickets_show_id_shows"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("show_id", "ticket_id", name=op.f("pk_ai_tickets")),
    )
    op.create_index(op.f("ix_ai_tickets_show_id_opened_at"), "ai_tickets", ["show_id", "opened_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("ai_tickets")
    with op.batch_alter_table("shows") as shows:
        for name in ("offers", "ai_blocks", "ai_time_zone", "ai_turn_s", "ai_outfit"):
            shows.drop_column(name)
