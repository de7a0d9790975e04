"""Takes jobs from the line and does them, a few at a time, for as long as it is told to."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from stream_server.asset_jobs.collect import BadOutput, Collected, collect
from stream_server.asset_jobs.runner import Broken, Made, Outcome, Progress, Turned, command, run_job
from stream_server.asset_jobs.sandbox import Confinement, SandboxLimits, programs, reachable_by_others
from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.ids import ModelId, new_id
from stream_server.products3d.job import Job, Problem
from stream_server.products3d.job_service import SOURCE_SUFFIX
from stream_server.products3d.model import Model, ModelFile
from stream_server.products3d.ports import FileStore, ModelStore
from stream_server.products3d.work import JobWork

log = structlog.get_logger(__name__)

FIRST_USER = 61_000
"""Above those that distributions and containers give out; one per slot, so that jobs cannot touch each other."""
_KINDS = frozenset({".glb", ".gltf", ".zip", ".obj", ".stl", ".ply", ".fbx", ".usdz", ".3mf"})


@dataclass(frozen=True)
class WorkerOptions:
    """How much work is done at once, and how often the worker looks around."""

    slots: int = 1
    wait_s: float = 1.0
    heartbeat_s: float = 1.0
    refill_s: float = 10.0
    rest_s: float = 1.0
    """After something that we need did not answer."""
    limits: SandboxLimits = SandboxLimits()
    is_root: bool = False


class AssetWorker:
    """Does jobs. Nothing that a job does ends it; a job that cannot be done says why."""

    def __init__(
        self,
        work: JobWork,
        models: ModelStore,
        sources: FileStore,
        published: FileStore,
        clock: Clock,
        options: WorkerOptions,
        argv: Callable[[], list[str]] = command,
    ) -> None:
        self._work = work
        self._models = models
        self._sources = sources
        self._published = published
        self._clock = clock
        self._options = options
        self._argv = argv
        self._own_users = options.is_root and reachable_by_others(programs())
        self._told: set[str] = set()

    async def run(self) -> None:
        """Work until cancelled; jobs that are not finished then go back into the line."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._refill(), name="refill the line of jobs")
            for slot in range(self._options.slots):
                group.create_task(self._serve(slot), name=f"asset slot {slot}")

    async def _refill(self) -> None:
        while True:
            try:
                await self._work.refill()
            except Unavailable as error:
                log.warning("line of jobs not refilled", error=str(error))
            await asyncio.sleep(self._options.refill_s)

    async def _serve(self, slot: int) -> None:
        while True:
            try:
                job = await self._work.claim(self._options.wait_s)
                if job is not None:
                    await self.do(job, slot)
            except Unavailable as error:
                log.warning("no jobs taken", error=str(error))
                await asyncio.sleep(self._options.rest_s)
            except Exception:
                # The fault boundary of one job: its lease runs out and it is tried again, or given up.
                log.exception("a job failed in the worker itself")
                await asyncio.sleep(self._options.rest_s)

    async def do(self, job: Job, slot: int = 0) -> None:
        """One job from the file to its end in the store. Raises: Unavailable, OSError (disk)."""
        started = self._clock.monotonic_s()
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="vitrine-job-")
        try:
            with suppress(_NotOurs):
                await self._do(job, Path(folder), slot)
        except asyncio.CancelledError:
            await asyncio.shield(self._work.put_back(job))
            raise
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            log.info("job ended", job_id=job.job_id, seconds=round(self._clock.monotonic_s() - started, 1))

    async def _do(self, job: Job, folder: Path, slot: int) -> None:
        user = FIRST_USER + slot if self._own_users else None
        how = Confinement(str(folder), self._options.limits, user)
        request = await self._prepare(job, folder, user)
        progress = Progress()
        outcome: Outcome | None = None
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self._keep(job, progress), name="lease of a job")
            running = group.create_task(run_job(request, how, progress, self._argv), name="process of a job")
            await asyncio.wait({keeping, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                outcome = running.result()
            else:
                running.cancel()
            keeping.cancel()
        self._tell_layers(progress)
        match outcome:
            case Made():
                await self._publish(job, folder)
            case Turned():
                await self._work.refuse(job, outcome.problem)
            case Broken():
                await self._work.give_up(job, outcome.problem, may_help=outcome.may_help)

    async def _keep(self, job: Job, progress: Progress) -> None:
        """Say again and again that the job goes on; returns when it is not ours any more."""
        while True:
            await asyncio.sleep(self._options.heartbeat_s)
            try:
                if await self._work.go_on(job, progress.step, progress.fraction) is None:
                    log.info("job was cancelled or given to another worker", job_id=job.job_id)
                    return
            except Unavailable as error:
                log.warning("progress not told", job_id=job.job_id, error=str(error))

    async def _prepare(self, job: Job, folder: Path, user: int | None) -> dict[str, object]:
        request: dict[str, object] = {
            "kind": job.kind,
            "order": {
                "category": job.order.category,
                "stated_size_m": job.order.stated_size_m,
                "unit": job.order.unit,
                "up": job.order.up,
                "placement": job.order.placement,
                "anchors": None if job.order.anchors is None else [dict(anchor) for anchor in job.order.anchors],
            },
        }
        if job.kind == "anchors":
            await self._fetch_base(job, folder / "base")
        else:
            kind = Path(job.source_name).suffix.lower()
            source = folder / f"upload{kind if kind in _KINDS else ''}"
            await self._sources.fetch(job.source_sha256, SOURCE_SUFFIX, source)
            request["source"] = source.name
        if user is not None:
            await asyncio.to_thread(_give, folder, user)
        return request

    async def _fetch_base(self, job: Job, folder: Path) -> None:
        base = await self._base(job)
        await asyncio.to_thread(folder.mkdir)
        (folder / "facts.json").write_text(json.dumps(base.facts))
        for name, file in base.files.items():
            if file.suffix == "glb":
                await self._published.fetch(file.sha256, file.suffix, folder / name)

    async def _base(self, job: Job) -> Model:
        base = None if job.base_model_id is None else await self._models.load(job.base_model_id)
        if base is None:
            await self._work.refuse(job, Problem("unknown_model", "The model was deleted meanwhile."))
            raise _NotOurs
        return base

    async def _publish(self, job: Job, folder: Path) -> None:
        base = await self._base(job) if job.kind == "anchors" else None
        try:
            made = await asyncio.to_thread(collect, folder / "out", () if base is None else base.files)
        except BadOutput as error:
            log.error("what a job left is not a model", job_id=job.job_id, reason=str(error))
            bad = Problem(
                "bad_output", "The converter left something that is not a model.", {"reason": str(error)[:200]}
            )
            await self._work.give_up(job, bad, may_help=False)
            return
        files = {name: await self._published.keep(path, path.suffix[1:]) for name, path in made.files.items()}
        model = self._model(job, made, files, base)
        if not await self._work.succeed(job, model):
            log.info("model of a job that was cancelled is not kept", job_id=job.job_id)

    def _model(self, job: Job, made: Collected, files: dict[str, ModelFile], base: Model | None) -> Model:
        report = made.report
        if base is not None:
            files, report = {**base.files, **files}, base.report
        return Model(
            model_id=ModelId(new_id("model")),
            brand_id=job.brand_id,
            job_id=job.job_id,
            source_sha256=job.source_sha256,
            source_name=job.source_name,
            source_bytes=job.source_bytes,
            facts=made.facts,
            report=report,
            files=files,
            created_at=self._clock.now(),
        )

    def _tell_layers(self, progress: Progress) -> None:
        """Say once how far jobs are confined on this machine; a missing layer is for its keeper to know."""
        for layer, state in progress.layers.items():
            if layer not in self._told:
                self._told.add(str(layer))
                log.log(
                    20 if state == "on" else 30, "sandbox of model jobs", layer=str(layer)[:60], state=str(state)[:200]
                )


class _NotOurs(Exception):
    """The job has ended already."""


def _give(folder: Path, user: int) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user, user)
