"""The worker's side of jobs: take one, say that it goes on, say how it ended.

The store is the truth; the queue only decides who takes what next, over all machines. A worker that is not heard of
loses its job to the next one, and whatever it says afterwards is ignored.
"""

from __future__ import annotations

import logging

from stream_server.clock import Clock
from stream_server.errors import Unavailable
from stream_server.products3d.errors import JobState
from stream_server.products3d.job import Job, JobLimits, Problem
from stream_server.products3d.model import Model
from stream_server.products3d.ports import JobQueue, JobStore, Superseded

logger = logging.getLogger(__name__)

_REFILLED = 200


class JobWork:
    """Jobs, for one worker with a name of its own."""

    def __init__(self, store: JobStore, queue: JobQueue, worker: str, clock: Clock, limits: JobLimits) -> None:
        self._store = store
        self._queue = queue
        self._worker = worker
        self._clock = clock
        self._limits = limits

    async def claim(self, wait_s: float) -> Job | None:
        """The next job, now ours; None when there is none within ``wait_s``. Raises: Unavailable."""
        job_id = await self._queue.pop(wait_s)
        if job_id is None:
            return None
        before = await self._store.load(job_id)
        if before is None:
            return None
        try:
            after = before.claimed(self._worker, self._clock.now(), self._limits.lease_s)
            if before.state == "running" and before.attempts >= self._limits.attempts:
                # its worker was lost as often as may be: it would take the next one with it
                lost = Problem("worker_lost", "The worker was lost each time it tried this file.")
                await self._store.step(before, before.broke(lost, self._clock.now(), self._limits))
                return None
            await self._store.step(before, after)
        except (JobState, Superseded):
            return None  # cancelled meanwhile, or another worker was faster
        return after

    async def go_on(self, job: Job, step: str | None, fraction: float) -> Job | None:
        """Keep the job and tell how far it is; None when it is not ours any more (cancelled, or given to another)."""
        after = job.advanced(step, fraction, self._clock.now(), self._limits.lease_s)
        try:
            await self._store.step(job, after)
        except Superseded:
            return None
        return after

    async def succeed(self, job: Job, model: Model) -> bool:
        """There is a model. False when the job was not ours any more: then the model is not kept."""
        try:
            await self._store.finish(job, job.done(model.model_id, self._clock.now()), model)
        except Superseded:
            return False
        return True

    async def refuse(self, job: Job, problem: Problem) -> None:
        """The file cannot become a product."""
        await self._end(job, job.refused(problem, self._clock.now()))

    async def give_up(self, job: Job, problem: Problem, *, may_help: bool) -> None:
        """The attempt failed; another one follows if it may help and there are attempts left."""
        after = job.broke(problem, self._clock.now(), self._limits, may_help=may_help)
        await self._end(job, after)
        if after.state == "queued":
            await self._push(after)

    async def put_back(self, job: Job) -> None:
        """The worker is told to stop: somebody else does the job, and this attempt does not count."""
        after = job.put_back()
        await self._end(job, after)
        await self._push(after)

    async def refill(self) -> int:
        """Put every job that waits in line: after a restart of the queue, or when a worker was lost."""
        waiting = await self._store.waiting(self._clock.now(), _REFILLED)
        for job in waiting:
            await self._push(job)
        return len(waiting)

    async def _end(self, before: Job, after: Job) -> None:
        try:
            await self._store.step(before, after)
        except Superseded:
            logger.info("job %s ended otherwise meanwhile", before.job_id)

    async def _push(self, job: Job) -> None:
        try:
            await self._queue.push(job.job_id, job.rank)
        except Unavailable as error:
            logger.warning("job not in line yet: %s", error)
