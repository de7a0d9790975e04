"""The AI host of a show.

Revision: 0004, after 0003, 2026-11-22
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("shows", sa.Column("ai_mode", sa.String(length=20), nullable=False, server_default="off"))
    op.add_column("shows", sa.Column("ai_language", sa.String(length=35), nullable=False, server_default="en"))
    op.add_column("shows", sa.Column("ai_patience_s", sa.Float(), nullable=False, server_default="5"))
    op.add_column("shows", sa.Column("ai_voice", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("shows") as shows:
        for name in ("ai_voice", "ai_patience_s", "ai_language", "ai_mode"):
            shows.drop_column(name)
