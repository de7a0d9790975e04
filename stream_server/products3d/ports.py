"""What models need from outside. Every fake beside a store passes the same contract tests as the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from stream_server.ids import BrandId, JobId, ModelId, ProductId, UploadId, VariantId
from stream_server.products3d.job import Job
from stream_server.products3d.model import Model, ModelFile, Publication
from stream_server.products3d.upload import Upload


class Superseded(Exception):
    """Somebody else took a step on the same job first. Never leaves a service."""


class UploadStore(Protocol):
    """Which files were announced."""

    async def add(self, upload: Upload, per_brand: int, in_total: int) -> None:
        """Remember an upload unless there are too many already, in one transaction. Raises: TooManyUploads."""

    async def load(self, upload_id: UploadId) -> Upload | None:
        """One upload."""

    async def remove(self, upload_id: UploadId) -> None:
        """Forget it; twice is fine."""

    async def expired(self, at: datetime, limit: int) -> list[Upload]:
        """Those that ran out, the oldest first."""


class Incoming(Protocol):
    """The bytes of unfinished uploads."""

    async def received(self, upload_id: UploadId) -> int:
        """How many have arrived; 0 when there are none."""

    def writer(self, upload_id: UploadId) -> AbstractAsyncContextManager[IncomingWriter]:
        """Append to an upload. What was written stays, however the block ends. Raises: UploadBusy, StorageFull."""

    def path(self, upload_id: UploadId) -> Path:
        """Where they lie, to be put into a store."""

    async def drop(self, upload_id: UploadId) -> None:
        """Throw them away; twice is fine."""


class IncomingWriter(Protocol):
    """An upload that is being written."""

    received: int

    async def write(self, data: bytes) -> None:
        """Add bytes at the end. Raises: StorageFull."""


class FileStore(Protocol):
    """Files under the hash of their content, which therefore never change."""

    async def keep(self, path: Path, suffix: str) -> ModelFile:
        """Put a file in; the original stays. The same content twice is one file. Raises: OSError."""

    async def fetch(self, sha256: str, suffix: str, to: Path) -> None:
        """Put a copy at ``to``. Raises: FileNotFoundError."""

    async def size(self, sha256: str, suffix: str) -> int | None:
        """Bytes of a file, None when it is not there."""

    def read(self, sha256: str, suffix: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to but not including ``end``. Raises: FileNotFoundError."""

    async def remove(self, sha256: str, suffix: str) -> None:
        """Delete a file; twice is fine."""


class JobStore(Protocol):
    """Jobs, durable."""

    async def add(self, job: Job, per_brand: int, in_total: int) -> Job:
        """Remember a job unless too many wait; gives it the rank of its place in line. Raises: TooManyJobs."""

    async def load(self, job_id: JobId) -> Job | None:
        """One job."""

    async def list_jobs(self, brand_id: BrandId | None, limit: int) -> list[Job]:
        """Of a brand, newest first."""

    async def ahead(self, rank: float) -> int:
        """How many waiting jobs are taken earlier."""

    async def step(self, before: Job, after: Job) -> None:
        """Go from one state to the next. Raises: Superseded when ``before`` is not what is stored."""

    async def finish(self, before: Job, after: Job, model: Model) -> None:
        """Like `step`, together with the model that came of it, in one transaction. Raises: Superseded."""

    async def waiting(self, at: datetime, limit: int) -> list[Job]:
        """Those to be taken: queued, or running with a worker that was lost. Smallest rank first."""


class JobQueue(Protocol):
    """Who takes which job next, over all machines. It may forget: the store knows, and `refill` tells it again."""

    async def push(self, job_id: JobId, rank: float) -> None:
        """Put a job in line; one that is there keeps its place. Raises: Unavailable."""

    async def pop(self, wait_s: float) -> JobId | None:
        """Take the first, waiting at most so long for one. Raises: Unavailable."""

    async def remove(self, job_id: JobId) -> None:
        """Take a job out of the line. Raises: Unavailable."""


class ModelStore(Protocol):
    """Models and where they are published."""

    async def load(self, model_id: ModelId) -> Model | None:
        """One model."""

    async def list_models(self, brand_id: BrandId | None, limit: int) -> list[Model]:
        """Of a brand, newest first."""

    async def remove(self, model_id: ModelId) -> list[ModelFile]:
        """Forget a model; gives the files that no other model has. Raises: ModelInUse."""

    async def publish(self, publication: Publication) -> None:
        """Let a product show this from now on. Raises: UnknownModel (gone meanwhile)."""

    async def unpublish(self, product_id: ProductId) -> bool:
        """A product shows nothing in 3D any more; False when it did not."""

    async def published(self, product_ids: Sequence[ProductId]) -> dict[ProductId, Publication]:
        """What products show."""

    async def shown_by(self, model_ids: Sequence[ModelId]) -> dict[ModelId, list[ProductId]]:
        """Which products show a model."""


class SoldVariant(Protocol):
    """A variant, as far as models care."""

    @property
    def variant_id(self) -> VariantId:
        """What is bought."""


class SoldProduct(Protocol):
    """A product, as far as models care."""

    @property
    def brand_id(self) -> BrandId:
        """Whose it is."""

    @property
    def variants(self) -> Sequence[SoldVariant]:
        """What is on sale."""


class Products(Protocol):
    """Where products are looked up; `commerce.catalogue_service.CatalogueService` is one."""

    async def product(self, product_id: ProductId) -> SoldProduct:
        """One product. Raises: NotFound."""


class ProductNews(Protocol):
    """Who tells the shows that a product looks different now; `commerce.announcer.Announcer` is one."""

    def product_changed(self, product_id: ProductId) -> None:
        """It was published, or is not any more."""
