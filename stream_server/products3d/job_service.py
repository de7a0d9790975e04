"""What brands do with jobs: start, look, cancel, try again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId, new_id
from stream_server.products3d.errors import BadPublication, JobState, NotYourModel, UnknownJob, UnknownModel
from stream_server.products3d.job import FINISHED, Job, JobLimits, JobOrder
from stream_server.products3d.ports import FileStore, Incoming, JobQueue, JobStore, ModelStore, Products, Superseded
from stream_server.products3d.upload_service import UploadService

logger = logging.getLogger(__name__)

MAX_LISTED = 100
SOURCE_SUFFIX = "bin"
_TRIES = 5


class JobService:
    """Where ``brand_id`` says who acts, None is an admin, who may touch all."""

    def __init__(
        self,
        store: JobStore,
        queue: JobQueue,
        models: ModelStore,
        uploads: UploadService,
        incoming: Incoming,
        sources: FileStore,
        products: Products,
        clock: Clock,
        limits: JobLimits,
    ) -> None:
        self._store = store
        self._queue = queue
        self._models = models
        self._uploads = uploads
        self._incoming = incoming
        self._sources = sources
        self._products = products
        self._clock = clock
        self._limits = limits

    async def start(
        self, upload_id: UploadId, order: JobOrder, brand_id: BrandId | None, product_id: ProductId | None = None
    ) -> Job:
        """Make a model of an upload that is complete. The same upload again gives the job that it became.

        Raises: UnknownUpload, UploadIncomplete, TooManyJobs, NotFound (product), NotYourModel, BadPublication.
        """
        _check(order)
        job_id = JobId(upload_id.replace("upload_", "job_", 1))
        known = await self._store.load(job_id)
        if known is not None and brand_id in (None, known.brand_id):
            return known
        upload = await self._uploads.complete(upload_id, brand_id)
        await self._check_product(product_id, upload.brand_id)
        source = await self._sources.keep(self._incoming.path(upload_id), SOURCE_SUFFIX)
        job = Job(
            job_id=job_id,
            brand_id=upload.brand_id,
            kind="upload",
            order=order,
            source_sha256=source.sha256,
            source_name=upload.name,
            source_bytes=upload.size_bytes,
            created_at=self._clock.now(),
            rank=0.0,
            product_id=product_id,
        )
        added = await self._add(job)
        await self._uploads.forget(upload_id)
        return added

    async def write_anchors(
        self, model_id: ModelId, anchors: Sequence[Mapping[str, Any]], brand_id: BrandId | None
    ) -> Job:
        """A quick job that makes the same model with other anchors. Raises: UnknownModel, TooManyJobs."""
        model = await self._models.load(model_id)
        if model is None or brand_id not in (None, model.brand_id):
            raise UnknownModel(model_id)
        made_by = await self._store.load(model.job_id)
        job = Job(
            job_id=JobId(new_id("job")),
            brand_id=model.brand_id,
            kind="anchors",
            order=JobOrder(category=model.facts["category"], anchors=tuple(anchors)),
            source_sha256=model.source_sha256,
            source_name=model.source_name,
            source_bytes=model.source_bytes,
            created_at=self._clock.now(),
            rank=0.0,
            product_id=None if made_by is None else made_by.product_id,
            base_model_id=model_id,
        )
        return await self._add(job)

    async def get(self, job_id: JobId, brand_id: BrandId | None) -> Job:
        """One job. Raises: UnknownJob."""
        job = await self._store.load(job_id)
        if job is None or brand_id not in (None, job.brand_id):
            raise UnknownJob(job_id)
        return job

    async def list_jobs(self, brand_id: BrandId | None) -> list[Job]:
        """Newest first."""
        return await self._store.list_jobs(brand_id, MAX_LISTED)

    async def ahead(self, job: Job) -> int:
        """How many are taken before this one."""
        return await self._store.ahead(job.rank) if job.state == "queued" else 0

    async def cancel(self, job_id: JobId, brand_id: BrandId | None) -> Job:
        """Stop a job; one that runs is ended by its worker within seconds. Raises: UnknownJob, JobState."""
        for _ in range(_TRIES):
            before = await self.get(job_id, brand_id)
            after = before.cancelled(self._clock.now())
            try:
                if after is not before:
                    await self._store.step(before, after)
            except Superseded:
                continue
            try:
                await self._queue.remove(job_id)
            except Unavailable as error:
                logger.warning("cancelled job stays in line; its worker will pass it over: %s", error)
            return after
        raise Unavailable(1)

    async def retry(self, job_id: JobId, order: JobOrder | None, brand_id: BrandId | None) -> Job:
        """Do the same upload again, perhaps with another order: as a new job, the old one stays as it ended.

        Raises: UnknownJob, JobState (it has not ended), TooManyJobs, BadPublication.
        """
        before = await self.get(job_id, brand_id)
        if before.state not in FINISHED or before.kind != "upload":
            raise JobState(before.state)
        wanted = before.order if order is None else order.after(before.order)
        _check(wanted)
        again = replace(
            before,
            job_id=JobId(new_id("job")),
            order=wanted,
            created_at=self._clock.now(),
            state="queued",
            step=None,
            fraction=0.0,
            attempts=0,
            problem=None,
            model_id=None,
            finished_at=None,
        )
        return await self._add(again)

    async def _add(self, job: Job) -> Job:
        added = await self._store.add(job, self._limits.waiting_per_brand, self._limits.waiting_in_total)
        try:
            await self._queue.push(added.job_id, added.rank)
        except Unavailable as error:
            logger.warning("job not in line yet; the next refill puts it there: %s", error)
        return added

    async def _check_product(self, product_id: ProductId | None, brand_id: BrandId) -> None:
        if product_id is not None and (await self._products.product(product_id)).brand_id != brand_id:
            raise NotYourModel


def _check(order: JobOrder) -> None:
    if order.category == "lipstick":
        raise BadPublication("a lipstick needs no model, only its shades")
    if order.stated_size_m is not None and not all(0 < side <= 1000 for side in order.stated_size_m):
        raise BadPublication("a size is three lengths above 0")
