"""Uploads and jobs in SQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, or_, select, update
from sqlalchemy import delete as deletion

from stream_server.ids import BrandId, JobId, UploadId
from stream_server.products3d.errors import TooManyJobs, TooManyUploads
from stream_server.products3d.job import Job, fair_rank
from stream_server.products3d.model import Model
from stream_server.products3d.ports import Superseded
from stream_server.products3d.upload import Upload
from stream_server.products3d.upload_service import BUSY_S
from stream_server.stores import model_rows
from stream_server.stores.sql.commerce_schema import brands
from stream_server.stores.sql.database import Database
from stream_server.stores.sql.models_schema import model_jobs, model_uploads, models

_WAITING = ("queued", "running")
JOB_AGAIN_S = 30.0


class SqlUploadStore:
    """See `UploadStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, upload: Upload, per_brand: int, in_total: int) -> None:
        """See `UploadStore.add`."""
        await self._database.write(_add_upload, upload, per_brand, in_total)

    async def load(self, upload_id: UploadId) -> Upload | None:
        """See `UploadStore.load`."""
        return await self._database.read(_upload, upload_id)

    async def remove(self, upload_id: UploadId) -> None:
        """See `UploadStore.remove`."""
        await self._database.write(_remove_upload, upload_id)

    async def expired(self, at: datetime, limit: int) -> list[Upload]:
        """See `UploadStore.expired`."""
        return await self._database.read(_expired, at, limit)


def _add_upload(connection: Connection, upload: Upload, per_brand: int, in_total: int) -> None:
    _one_by_one(connection, upload.brand_id)
    alive = model_uploads.c.expires_at > upload.created_at
    counted = select(func.count()).select_from(model_uploads).where(alive)
    if connection.execute(counted.where(model_uploads.c.brand_id == upload.brand_id)).scalar_one() >= per_brand:
        raise TooManyUploads(BUSY_S, per_brand)
    if connection.execute(counted).scalar_one() >= in_total:
        raise TooManyUploads(BUSY_S, in_total)
    connection.execute(insert(model_uploads).values(model_rows.upload_values(upload)))


def _one_by_one(connection: Connection, brand_id: BrandId) -> None:
    """Two requests of a brand at once must not both get the last place (SQLite has one writer anyway)."""
    connection.execute(select(brands.c.id).where(brands.c.id == brand_id).with_for_update())


def _upload(connection: Connection, upload_id: UploadId) -> Upload | None:
    row = connection.execute(select(model_uploads).where(model_uploads.c.id == upload_id)).first()
    return model_rows.upload(row) if row else None


def _remove_upload(connection: Connection, upload_id: UploadId) -> None:
    connection.execute(deletion(model_uploads).where(model_uploads.c.id == upload_id))


def _expired(connection: Connection, at: datetime, limit: int) -> list[Upload]:
    wanted = select(model_uploads).where(model_uploads.c.expires_at <= at).order_by(model_uploads.c.expires_at)
    return [model_rows.upload(row) for row in connection.execute(wanted.limit(limit))]


class SqlJobStore:
    """See `JobStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: Job, per_brand: int, in_total: int) -> Job:
        """See `JobStore.add`."""
        return await self._database.write(_add_job, job, per_brand, in_total)

    async def load(self, job_id: JobId) -> Job | None:
        """See `JobStore.load`."""
        return await self._database.read(_job, job_id)

    async def list_jobs(self, brand_id: BrandId | None, limit: int) -> list[Job]:
        """See `JobStore.list_jobs`."""
        return await self._database.read(_jobs, brand_id, limit)

    async def ahead(self, rank: float) -> int:
        """See `JobStore.ahead`."""
        return await self._database.read(_ahead, rank)

    async def step(self, before: Job, after: Job) -> None:
        """See `JobStore.step`."""
        await self._database.write(_step, before, after)

    async def finish(self, before: Job, after: Job, model: Model) -> None:
        """See `JobStore.finish`."""
        await self._database.write(_finish, before, after, model)

    async def waiting(self, at: datetime, limit: int) -> list[Job]:
        """See `JobStore.waiting`."""
        return await self._database.read(_waiting, at, limit)


def _add_job(connection: Connection, job: Job, per_brand: int, in_total: int) -> Job:
    _one_by_one(connection, job.brand_id)
    counted = select(func.count()).select_from(model_jobs).where(model_jobs.c.state.in_(_WAITING))
    of_brand = connection.execute(counted.where(model_jobs.c.brand_id == job.brand_id)).scalar_one()
    if of_brand >= per_brand:
        raise TooManyJobs(JOB_AGAIN_S, per_brand)
    if connection.execute(counted).scalar_one() >= in_total:
        raise TooManyJobs(JOB_AGAIN_S, in_total)
    placed = replace(job, rank=fair_rank(job.created_at, of_brand, job.kind))
    connection.execute(insert(model_jobs).values(model_rows.job_values(placed)))
    return placed


def _job(connection: Connection, job_id: JobId) -> Job | None:
    row = connection.execute(select(model_jobs).where(model_jobs.c.id == job_id)).first()
    return model_rows.job(row) if row else None


def _jobs(connection: Connection, brand_id: BrandId | None, limit: int) -> list[Job]:
    wanted = select(model_jobs).order_by(model_jobs.c.created_at.desc(), model_jobs.c.id).limit(limit)
    if brand_id is not None:
        wanted = wanted.where(model_jobs.c.brand_id == brand_id)
    return [model_rows.job(row) for row in connection.execute(wanted)]


def _ahead(connection: Connection, rank: float) -> int:
    earlier = and_(model_jobs.c.state == "queued", model_jobs.c.rank < rank)
    return connection.execute(select(func.count()).select_from(model_jobs).where(earlier)).scalar_one()


def _step(connection: Connection, before: Job, after: Job) -> None:
    # State, attempts and worker name the version: within them only the progress changes.
    unchanged = and_(
        model_jobs.c.id == before.job_id,
        model_jobs.c.state == before.state,
        model_jobs.c.attempts == before.attempts,
        model_jobs.c.worker.is_(None) if before.worker is None else model_jobs.c.worker == before.worker,
    )
    if connection.execute(update(model_jobs).where(unchanged).values(model_rows.job_steps(after))).rowcount == 0:
        raise Superseded


def _finish(connection: Connection, before: Job, after: Job, model: Model) -> None:
    _step(connection, before, after)
    connection.execute(insert(models).values(model_rows.model_values(model)))


def _waiting(connection: Connection, at: datetime, limit: int) -> list[Job]:
    lost = and_(model_jobs.c.state == "running", model_jobs.c.lease_until <= at)
    wanted = select(model_jobs).where(or_(model_jobs.c.state == "queued", lost)).order_by(model_jobs.c.rank)
    return [model_rows.job(row) for row in connection.execute(wanted.limit(limit))]
