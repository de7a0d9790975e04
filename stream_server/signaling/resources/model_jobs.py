"""How a product in 3D comes to be: an uploaded file, and the job that makes a model of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from stream_server.signaling.messages.base import Id
from stream_server.signaling.resources.base import Resource
from stream_server.signaling.resources.models import Metres, ModelCategory, Placement

UpAxis = Literal["y", "z"]
LengthUnit = Literal["m", "cm", "mm", "inch", "ft"]


class UploadInput(Resource):
    """POST /api/uploads (brand, admin): announce a file. Its bytes follow by tus at the ``location`` of the answer."""

    name: str = Field(min_length=1, max_length=200)
    size_bytes: int = Field(ge=1, le=2**40)


class Upload(Resource):
    """GET /api/uploads/{upload_id}: how much of a file has arrived. DELETE forgets it."""

    upload_id: str
    location: str
    """Where to send the bytes: tus 1.0.0 (HEAD, PATCH, DELETE), at most ``chunk_bytes`` per PATCH."""
    name: str
    size_bytes: int
    received_bytes: int
    chunk_bytes: int
    expires_at: str


class ModelJobInput(Resource):
    """POST /api/model-jobs (brand): make a model of an upload. POST /api/model-jobs/{job_id}/retry takes the same."""

    upload_id: Id | None = None
    """Not needed to try again."""
    brand_id: Id | None = None
    """For admins: whose model it is."""
    product_id: Id | None = None
    """The product it is meant for."""
    category: ModelCategory = "other"
    stated_size_m: Annotated[list[Metres], Field(min_length=3, max_length=3)] | None = None
    unit: LengthUnit | None = None
    """What one unit of the file is, when the guess was wrong."""
    up: UpAxis | None = None
    """Which axis points up in the file, when it is not y."""
    placement: Placement | None = None


ModelJobState = Literal["queued", "running", "done", "refused", "failed", "cancelled"]


class ModelProblem(Resource):
    """Why a job ended without a model."""

    code: str
    message: str
    detail: dict[str, Any] = Field(default_factory=dict)


class ModelJob(Resource):
    """GET /api/model-jobs/{job_id}, GET /api/model-jobs (newest first), POST …/cancel, POST …/retry.

    ``refused``: the file cannot become a product as it is. ``failed``: our fault, given up after several attempts.
    """

    job_id: str
    kind: Literal["upload", "anchors"]
    brand_id: str
    product_id: str | None
    source_name: str
    source_bytes: int
    state: ModelJobState
    category: ModelCategory
    step: str | None
    """gate, import, validate, normalise, anchors, optimise, levels, usdz, pictures, verify or publish."""
    fraction: float
    """Of the whole work, 0 to 1."""
    ahead: int
    """Jobs that are taken before this one."""
    attempts: int
    problem: ModelProblem | None
    model_id: str | None
    """What came of it."""
    created_at: str
    finished_at: str | None
