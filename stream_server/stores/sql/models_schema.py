"""The tables of uploads, jobs, finished models and what products show."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table

from stream_server.stores.sql.columns import Json, UtcDateTime, id_column, metadata

model_uploads = Table(
    "model_uploads",
    metadata,
    id_column("id", primary_key=True),
    id_column("brand_id", ForeignKey("brands.id"), nullable=False, index=True),
    id_column("person_id", nullable=False),
    Column("name", String(200), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

model_jobs = Table(
    "model_jobs",
    metadata,
    id_column("id", primary_key=True),
    id_column("brand_id", ForeignKey("brands.id"), nullable=False),
    id_column("product_id", ForeignKey("products.id"), nullable=True),
    id_column("base_model_id", nullable=True),  # that model may be deleted; its files are asked for when the job runs
    Column("kind", String(20), nullable=False),
    Column("order", Json, nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("source_name", String(200), nullable=False),
    Column("source_bytes", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("step", String(40)),
    Column("fraction", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", String(80)),
    Column("lease_until", UtcDateTime),
    Column("problem", Json),
    id_column("model_id", nullable=True),
    Column("rank", Float(53), nullable=False),  # seconds since 1970 to the microsecond need double precision
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    CheckConstraint("fraction BETWEEN 0 AND 1", "fraction"),
    Index(None, "state", "rank"),
    Index(None, "brand_id", "created_at"),
)

models = Table(
    "models",
    metadata,
    id_column("id", primary_key=True),
    id_column("brand_id", ForeignKey("brands.id"), nullable=False),
    id_column("job_id", ForeignKey("model_jobs.id"), nullable=False, unique=True),
    Column("source_sha256", String(64), nullable=False),
    Column("source_name", String(200), nullable=False),
    Column("source_bytes", BigInteger, nullable=False),
    Column("facts", Json, nullable=False),
    Column("report", Json, nullable=False),
    Column("files", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "brand_id", "created_at"),
)

product_models = Table(
    "product_models",
    metadata,
    id_column("product_id", ForeignKey("products.id"), primary_key=True),
    id_column("model_id", ForeignKey("models.id"), nullable=True, index=True),
    Column("lipstick", Json),
    Column("variant_ids", Json, nullable=False),
    Column("poster_url", String(200)),
    Column("published_at", UtcDateTime, nullable=False),
    CheckConstraint("(model_id IS NULL) <> (lipstick IS NULL)", "either"),
)
