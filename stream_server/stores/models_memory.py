"""The fakes beside the SQL stores of uploads, jobs and models, tested by the same contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId
from stream_server.products3d.errors import ModelInUse, TooManyJobs, TooManyUploads, UnknownModel
from stream_server.products3d.job import Job, fair_rank
from stream_server.products3d.model import Model, ModelFile, Publication
from stream_server.products3d.ports import Superseded
from stream_server.products3d.upload import Upload
from stream_server.products3d.upload_service import BUSY_S
from stream_server.stores.model_jobs import JOB_AGAIN_S


@dataclass
class MemoryModelFacts:
    """What the three stores share."""

    uploads: dict[UploadId, Upload] = field(default_factory=dict)
    jobs: dict[JobId, Job] = field(default_factory=dict)
    models: dict[ModelId, Model] = field(default_factory=dict)
    shown: dict[ProductId, Publication] = field(default_factory=dict)


class MemoryUploadStore:
    """See `UploadStore`."""

    def __init__(self, facts: MemoryModelFacts) -> None:
        self._uploads = facts.uploads

    async def add(self, upload: Upload, per_brand: int, in_total: int) -> None:
        """See `UploadStore.add`."""
        alive = [known for known in self._uploads.values() if known.expires_at > upload.created_at]
        if sum(known.brand_id == upload.brand_id for known in alive) >= per_brand:
            raise TooManyUploads(BUSY_S, per_brand)
        if len(alive) >= in_total:
            raise TooManyUploads(BUSY_S, in_total)
        self._uploads[upload.upload_id] = upload

    async def load(self, upload_id: UploadId) -> Upload | None:
        """See `UploadStore.load`."""
        return self._uploads.get(upload_id)

    async def remove(self, upload_id: UploadId) -> None:
        """See `UploadStore.remove`."""
        self._uploads.pop(upload_id, None)

    async def expired(self, at: datetime, limit: int) -> list[Upload]:
        """See `UploadStore.expired`."""
        gone = [known for known in self._uploads.values() if known.expires_at <= at]
        return sorted(gone, key=lambda known: known.expires_at)[:limit]


class MemoryJobStore:
    """See `JobStore`."""

    def __init__(self, facts: MemoryModelFacts) -> None:
        self._facts = facts
        self._jobs = facts.jobs

    async def add(self, job: Job, per_brand: int, in_total: int) -> Job:
        """See `JobStore.add`."""
        waiting = [known for known in self._jobs.values() if known.state in ("queued", "running")]
        of_brand = sum(known.brand_id == job.brand_id for known in waiting)
        if of_brand >= per_brand:
            raise TooManyJobs(JOB_AGAIN_S, per_brand)
        if len(waiting) >= in_total:
            raise TooManyJobs(JOB_AGAIN_S, in_total)
        self._jobs[job.job_id] = replace(job, rank=fair_rank(job.created_at, of_brand, job.kind))
        return self._jobs[job.job_id]

    async def load(self, job_id: JobId) -> Job | None:
        """See `JobStore.load`."""
        return self._jobs.get(job_id)

    async def list_jobs(self, brand_id: BrandId | None, limit: int) -> list[Job]:
        """See `JobStore.list_jobs`."""
        known = [job for job in self._jobs.values() if brand_id in (None, job.brand_id)]
        return sorted(known, key=lambda job: job.created_at, reverse=True)[:limit]

    async def ahead(self, rank: float) -> int:
        """See `JobStore.ahead`."""
        return sum(job.state == "queued" and job.rank < rank for job in self._jobs.values())

    async def step(self, before: Job, after: Job) -> None:
        """See `JobStore.step`."""
        stored = self._jobs[before.job_id]
        if (stored.state, stored.attempts, stored.worker) != (before.state, before.attempts, before.worker):
            raise Superseded
        self._jobs[before.job_id] = after

    async def finish(self, before: Job, after: Job, model: Model) -> None:
        """See `JobStore.finish`."""
        await self.step(before, after)
        self._facts.models[model.model_id] = model

    async def waiting(self, at: datetime, limit: int) -> list[Job]:
        """See `JobStore.waiting`."""
        found = [
            job
            for job in self._jobs.values()
            if job.state == "queued"
            or (job.state == "running" and job.lease_until is not None and job.lease_until <= at)
        ]
        return sorted(found, key=lambda job: job.rank)[:limit]


class MemoryModelStore:
    """See `ModelStore`."""

    def __init__(self, facts: MemoryModelFacts) -> None:
        self._models = facts.models
        self._shown = facts.shown

    async def load(self, model_id: ModelId) -> Model | None:
        """See `ModelStore.load`."""
        return self._models.get(model_id)

    async def list_models(self, brand_id: BrandId | None, limit: int) -> list[Model]:
        """See `ModelStore.list_models`."""
        known = [model for model in self._models.values() if brand_id in (None, model.brand_id)]
        return sorted(known, key=lambda model: model.created_at, reverse=True)[:limit]

    async def remove(self, model_id: ModelId) -> list[ModelFile]:
        """See `ModelStore.remove`."""
        if any(shown.model is not None and shown.model.model_id == model_id for shown in self._shown.values()):
            raise ModelInUse
        gone = self._models.pop(model_id, None)
        kept = {file.sha256 for model in self._models.values() for file in model.files.values()}
        return [] if gone is None else [file for file in gone.files.values() if file.sha256 not in kept]

    async def publish(self, publication: Publication) -> None:
        """See `ModelStore.publish`."""
        model = publication.model
        if model is not None and model.model_id not in self._models:
            raise UnknownModel(model.model_id)
        self._shown[publication.product_id] = publication

    async def unpublish(self, product_id: ProductId) -> bool:
        """See `ModelStore.unpublish`."""
        return self._shown.pop(product_id, None) is not None

    async def published(self, product_ids: Sequence[ProductId]) -> dict[ProductId, Publication]:
        """See `ModelStore.published`."""
        return {product_id: self._shown[product_id] for product_id in product_ids if product_id in self._shown}

    async def shown_by(self, model_ids: Sequence[ModelId]) -> dict[ModelId, list[ProductId]]:
        """See `ModelStore.shown_by`."""
        found: dict[ModelId, list[ProductId]] = {}
        for product_id, shown in sorted(self._shown.items()):
            if shown.model is not None and shown.model.model_id in model_ids:
                found.setdefault(shown.model.model_id, []).append(product_id)
        return found
