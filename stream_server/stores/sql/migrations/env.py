"""Alembic's entry: runs migrations on the connection that `stream_server.stores.sql.migrate` hands over.

From the command line (``alembic -c alembic.ini revision --autogenerate``) the URL comes from ``-x url=sqlite:///…``.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, create_engine

from stream_server.stores.sql.columns import UtcDateTime
from stream_server.stores.sql.schema import metadata


def rendered(kind: str, item: Any, _: object) -> str | Literal[False]:
    """How our own column types are written in a migration."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "columns.UtcDateTime()"
    if kind == "type" and isinstance(item, JSON):
        return "columns.Json"
    return False


def run_on(connection: Connection) -> None:
    """Run what was asked for on an open connection; SQLite changes tables by copying them (batch)."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=rendered,
    )
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run_on(handed_over)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as own:
        run_on(own)
        own.commit()
