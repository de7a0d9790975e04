"""Puts the services of models together and keeps what runs in the background: forgetting uploads that ran out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stream_server.clock import Clock
from stream_server.products3d.job import JobLimits
from stream_server.products3d.job_service import JobService
from stream_server.products3d.model_service import ModelService
from stream_server.products3d.ports import (
    FileStore,
    Incoming,
    JobQueue,
    JobStore,
    ModelStore,
    ProductNews,
    Products,
    UploadStore,
)
from stream_server.products3d.upload import UploadLimits
from stream_server.products3d.upload_service import UploadService

logger = logging.getLogger(__name__)

SWEEP_S = 60.0


@dataclass(frozen=True)
class ModelPorts:
    """What models stand on."""

    uploads: UploadStore
    incoming: Incoming
    sources: FileStore
    """What brands uploaded; never served."""
    published: FileStore
    """What came of it; served to everybody."""
    jobs: JobStore
    queue: JobQueue
    models: ModelStore


@dataclass(frozen=True)
class ModelDesk:
    """The services of models."""

    uploads: UploadService
    jobs: JobService
    models: ModelService
    published: FileStore


@asynccontextmanager
async def open_model_desk(
    ports: ModelPorts,
    products: Products,
    news: ProductNews,
    clock: Clock,
    uploads: UploadLimits | None = None,
    jobs: JobLimits | None = None,
) -> AsyncIterator[ModelDesk]:
    """Open the services. Leaving the block ends them."""
    receiving = UploadService(ports.uploads, ports.incoming, clock, uploads or UploadLimits())
    desk = ModelDesk(
        uploads=receiving,
        jobs=JobService(
            ports.jobs,
            ports.queue,
            ports.models,
            receiving,
            ports.incoming,
            ports.sources,
            products,
            clock,
            jobs or JobLimits(),
        ),
        models=ModelService(ports.models, ports.published, products, news, clock),
        published=ports.published,
    )
    async with asyncio.TaskGroup() as group:
        sweeper = group.create_task(_sweep(receiving), name="forget uploads")
        try:
            yield desk
        finally:
            sweeper.cancel()


async def _sweep(uploads: UploadService) -> None:
    while True:
        try:
            await uploads.sweep()
        except Exception:
            # A fault boundary: the next round tries again; without it a disk would fill up.
            logger.exception("uploads not swept")
        await asyncio.sleep(SWEEP_S)
