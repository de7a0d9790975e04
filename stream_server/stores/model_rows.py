"""How uploads, jobs and models are written in rows and JSON columns, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from stream_server.ids import BrandId, JobId, ModelId, PersonId, ProductId, UploadId, VariantId
from stream_server.products3d.job import Job, JobOrder, Problem
from stream_server.products3d.model import Lipstick, Model, ModelFile, Publication, Shade
from stream_server.products3d.upload import Upload

AnyRow = Row[*tuple[Any, ...]]


def upload_values(upload: Upload) -> dict[str, Any]:
    """All columns of ``model_uploads``."""
    return {
        "id": upload.upload_id,
        "brand_id": upload.brand_id,
        "person_id": upload.person_id,
        "name": upload.name,
        "size_bytes": upload.size_bytes,
        "created_at": upload.created_at,
        "expires_at": upload.expires_at,
    }


def upload(row: AnyRow) -> Upload:
    """A row of ``model_uploads``."""
    return Upload(
        upload_id=UploadId(row.id),
        brand_id=BrandId(row.brand_id),
        person_id=PersonId(row.person_id),
        name=row.name,
        size_bytes=row.size_bytes,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def job_steps(job: Job) -> dict[str, Any]:
    """The columns of ``model_jobs`` that change."""
    return {
        "state": job.state,
        "step": job.step,
        "fraction": job.fraction,
        "attempts": job.attempts,
        "worker": job.worker,
        "lease_until": job.lease_until,
        "problem": None if job.problem is None else {**asdict(job.problem), "detail": dict(job.problem.detail)},
        "model_id": job.model_id,
        "finished_at": job.finished_at,
    }


def job_values(job: Job) -> dict[str, Any]:
    """All columns of ``model_jobs``."""
    order = job.order
    return {
        "id": job.job_id,
        "brand_id": job.brand_id,
        "product_id": job.product_id,
        "base_model_id": job.base_model_id,
        "kind": job.kind,
        "order": {
            "category": order.category,
            "stated_size_m": None if order.stated_size_m is None else list(order.stated_size_m),
            "unit": order.unit,
            "up": order.up,
            "placement": order.placement,
            "anchors": None if order.anchors is None else [dict(anchor) for anchor in order.anchors],
        },
        "source_sha256": job.source_sha256,
        "source_name": job.source_name,
        "source_bytes": job.source_bytes,
        "rank": job.rank,
        "created_at": job.created_at,
        **job_steps(job),
    }


def _order(value: Mapping[str, Any]) -> JobOrder:
    size, anchors = value["stated_size_m"], value["anchors"]
    return JobOrder(
        category=value["category"],
        stated_size_m=None if size is None else (size[0], size[1], size[2]),
        unit=value["unit"],
        up=value.get("up"),
        placement=value["placement"],
        anchors=None if anchors is None else tuple(anchors),
    )


def job(row: AnyRow) -> Job:
    """A row of ``model_jobs``."""
    return Job(
        job_id=JobId(row.id),
        brand_id=BrandId(row.brand_id),
        kind=row.kind,
        order=_order(row.order),
        source_sha256=row.source_sha256,
        source_name=row.source_name,
        source_bytes=row.source_bytes,
        created_at=row.created_at,
        rank=row.rank,
        product_id=None if row.product_id is None else ProductId(row.product_id),
        base_model_id=None if row.base_model_id is None else ModelId(row.base_model_id),
        state=row.state,
        step=row.step,
        fraction=row.fraction,
        attempts=row.attempts,
        worker=row.worker,
        lease_until=row.lease_until,
        problem=None if row.problem is None else Problem(**row.problem),
        model_id=None if row.model_id is None else ModelId(row.model_id),
        finished_at=row.finished_at,
    )


def model_values(model: Model) -> dict[str, Any]:
    """All columns of ``models``."""
    return {
        "id": model.model_id,
        "brand_id": model.brand_id,
        "job_id": model.job_id,
        "source_sha256": model.source_sha256,
        "source_name": model.source_name,
        "source_bytes": model.source_bytes,
        "facts": dict(model.facts),
        "report": dict(model.report),
        "files": {name: asdict(file) for name, file in model.files.items()},
        "created_at": model.created_at,
    }


def model(row: AnyRow) -> Model:
    """A row of ``models``."""
    return Model(
        model_id=ModelId(row.id),
        brand_id=BrandId(row.brand_id),
        job_id=JobId(row.job_id),
        source_sha256=row.source_sha256,
        source_name=row.source_name,
        source_bytes=row.source_bytes,
        facts=row.facts,
        report=row.report,
        files={name: ModelFile(**file) for name, file in row.files.items()},
        created_at=row.created_at,
    )


def publication_values(publication: Publication) -> dict[str, Any]:
    """All columns of ``product_models`` but the product."""
    return {
        "model_id": None if publication.model is None else publication.model.model_id,
        "lipstick": None if publication.lipstick is None else asdict(publication.lipstick),
        "variant_ids": dict(publication.variant_ids),
        "poster_url": publication.poster_url,
        "published_at": publication.published_at,
    }


def publication(row: AnyRow, shown: Model | None) -> Publication:
    """A row of ``product_models`` with its model."""
    lipstick = row.lipstick
    return Publication(
        product_id=ProductId(row.product_id),
        model=shown,
        published_at=row.published_at,
        lipstick=None
        if lipstick is None
        else Lipstick(lipstick["finish"], tuple(Shade(**shade) for shade in lipstick["shades"])),
        variant_ids={slug: VariantId(variant_id) for slug, variant_id in row.variant_ids.items()},
        poster_url=row.poster_url,
    )
