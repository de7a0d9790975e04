"""A job turns an upload into a model, or writes a model's anchors anew. Pure: each step gives the next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from stream_server.ids import BrandId, JobId, ModelId, ProductId
from stream_server.products3d.errors import JobState

JobKind = Literal["upload", "anchors"]
State = Literal["queued", "running", "done", "refused", "failed", "cancelled"]

Category = Literal[
    "glasses",
    "hat",
    "earring",
    "necklace",
    "lipstick",
    "watch",
    "bracelet",
    "ring",
    "shoe",
    "clothing",
    "furniture",
    "other",
]
FINISHED: frozenset[State] = frozenset({"done", "refused", "failed", "cancelled"})


@dataclass(frozen=True)
class JobLimits:
    """How many jobs may wait, and how patient their worker is."""

    waiting_per_brand: int = 25
    waiting_in_total: int = 500
    attempts: int = 3
    """A job whose worker died or hung is tried so often; then it is given up with the last reason."""
    lease_s: float = 20.0
    """A worker that was not heard of for so long has lost its job."""


@dataclass(frozen=True)
class Problem:
    """Why a job ended without a model: a stable code, a sentence for the brand, the facts in it."""

    code: str
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JobOrder:
    """What the brand says about its upload; None leaves it to the guess."""

    category: Category = "other"
    stated_size_m: tuple[float, float, float] | None = None
    unit: str | None = None
    up: str | None = None
    """Axis that points up in the file."""
    placement: str | None = None
    anchors: tuple[Mapping[str, Any], ...] | None = None
    """For ``anchors`` jobs: name, position, rotation each."""

    def after(self, before: JobOrder) -> JobOrder:
        """This one, with what an earlier order of the same upload said about the file where this says nothing.

        So that a file which is in inches and lies on its back can be mended one thing after the other.
        """
        return replace(
            self,
            stated_size_m=self.stated_size_m or before.stated_size_m,
            unit=self.unit or before.unit,
            up=self.up or before.up,
        )


@dataclass(frozen=True)
class Job:
    """One job with all that is known of it."""

    job_id: JobId
    brand_id: BrandId
    kind: JobKind
    order: JobOrder
    source_sha256: str
    source_name: str
    source_bytes: int
    created_at: datetime
    rank: float
    """Smaller is taken earlier. Seconds: each job a brand has waiting puts its next one a while later (`fair_rank`)."""
    product_id: ProductId | None = None
    base_model_id: ModelId | None = None
    """The model whose anchors are written."""
    state: State = "queued"
    step: str | None = None
    fraction: float = 0.0
    attempts: int = 0
    worker: str | None = None
    lease_until: datetime | None = None
    problem: Problem | None = None
    model_id: ModelId | None = None
    finished_at: datetime | None = None

    def claimed(self, worker: str, at: datetime, lease_s: float) -> Job:
        """A worker takes it. Raises: JobState unless it waits, or its last worker was lost."""
        lost = self.state == "running" and self.lease_until is not None and self.lease_until <= at
        if self.state != "queued" and not lost:
            raise JobState(self.state)
        return replace(
            self,
            state="running",
            worker=worker,
            lease_until=at + timedelta(seconds=lease_s),
            attempts=self.attempts + 1,
            step=None,
            fraction=0.0,
        )

    def advanced(self, step: str | None, fraction: float, at: datetime, lease_s: float) -> Job:
        """The worker is alive and so far; the fraction never falls within one attempt."""
        return replace(
            self,
            step=step or self.step,
            fraction=max(self.fraction, min(1.0, fraction)),
            lease_until=at + timedelta(seconds=lease_s),
        )

    def done(self, model_id: ModelId, at: datetime) -> Job:
        """There is a model."""
        return replace(self._ended("done", at), model_id=model_id, fraction=1.0, problem=None)

    def refused(self, problem: Problem, at: datetime) -> Job:
        """The file cannot become a product as it is; trying again would not help."""
        return replace(self._ended("refused", at), problem=problem)

    def broke(self, problem: Problem, at: datetime, limits: JobLimits, *, may_help: bool = True) -> Job:
        """The worker was lost or failed: once more from the start, or given up with the reason."""
        if may_help and self.attempts < limits.attempts:
            return replace(self, state="queued", worker=None, lease_until=None, problem=problem, step=None, fraction=0)
        return replace(self._ended("failed", at), problem=problem)

    def put_back(self) -> Job:
        """Its worker was told to stop: as if it had never been taken."""
        return replace(
            self, state="queued", worker=None, lease_until=None, attempts=self.attempts - 1, step=None, fraction=0.0
        )

    def cancelled(self, at: datetime) -> Job:
        """The brand does not want it any more; twice is fine. Raises: JobState when it has ended otherwise."""
        if self.state == "cancelled":
            return self
        if self.state in FINISHED:
            raise JobState(self.state)
        return self._ended("cancelled", at)

    def _ended(self, state: State, at: datetime) -> Job:
        return replace(self, state=state, worker=None, lease_until=None, finished_at=at)


QUICK_S = -3600.0
APART_S = 30.0


def fair_rank(at: datetime, waiting_of_brand: int, kind: JobKind) -> float:
    """Where in the queue a new job stands, in seconds.

    Each job that the brand has waiting already counts as half a minute, so that fifty uploads of one brand do not
    hold up another's first. Anchors take a second to write and somebody looks on: they go first.
    """
    return at.timestamp() + waiting_of_brand * APART_S + (QUICK_S if kind == "anchors" else 0.0)
