"""Uploads, jobs and models to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from stream_server.ids import BrandId, JobId, ModelId, PersonId, UploadId
from stream_server.products3d.job import Job, JobOrder
from stream_server.products3d.model import Model, ModelFile
from stream_server.products3d.upload import Upload

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
BRAND = BrandId("brand_north")
RIVAL = BrandId("brand_rival")
ANN = PersonId("person_ann")


def upload(name: str = "one", brand_id: BrandId = BRAND, **changes: Any) -> Upload:
    made = Upload(
        upload_id=UploadId(f"upload_{name}"),
        brand_id=brand_id,
        person_id=ANN,
        name=f"{name}.glb",
        size_bytes=1000,
        created_at=NOON,
        expires_at=NOON + timedelta(hours=24),
    )
    return replace(made, **changes)


def job(name: str = "one", brand_id: BrandId = BRAND, **changes: Any) -> Job:
    made = Job(
        job_id=JobId(f"job_{name}"),
        brand_id=brand_id,
        kind="upload",
        order=JobOrder(category="glasses", stated_size_m=(0.15, 0.05, 0.16), unit="mm"),
        source_sha256="ab" * 32,
        source_name=f"{name}.glb",
        source_bytes=1000,
        created_at=NOON,
        rank=0.0,
    )
    return replace(made, **changes)


def model(name: str = "one", brand_id: BrandId = BRAND, **changes: Any) -> Model:
    made = Model(
        model_id=ModelId(f"model_{name}"),
        brand_id=brand_id,
        job_id=JobId(f"job_{name}"),
        source_sha256="ab" * 32,
        source_name=f"{name}.glb",
        source_bytes=1000,
        facts=facts(),
        report={"schema": 1, "changes": []},
        files={
            "web.glb": ModelFile("01" * 32, "glb", 300),
            "usdz/oak.usdz": ModelFile("02" * 32, "usdz", 400),
            "poster.webp": ModelFile("03" * 32, "webp", 500),
        },
        created_at=NOON,
    )
    return replace(made, **changes)


def facts() -> dict[str, Any]:
    return {
        "schema": 1,
        "category": "furniture",
        "size_m": [0.5, 0.9, 0.6],
        "triangles": 1200,
        "materials": 2,
        "draw_calls": 2,
        "variants": [{"name": "Oak", "slug": "oak", "usdz": "usdz/oak.usdz"}],
        "anchors": [{"name": "floor_contact", "position": [0.0, 0.0, 0.0], "rotation": [0.0, 0.0, 0.0, 1.0]}],
        "placement": "floor",
        "lipstick": None,
        "files": {
            "web": {"path": "web.glb", "bytes": 300, "sha256": "01" * 32},
            "poster": {"path": "poster.webp", "bytes": 500, "sha256": "03" * 32},
        },
    }
