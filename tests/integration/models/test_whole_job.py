"""One upload through the real process in its sandbox: files, looks, pictures, Quick Look; then other anchors."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ar_assets.anchors import placing
from ar_assets.document import Document
from ar_assets.node_worker import BUNDLE
from stream_server.asset_jobs.sandbox import SandboxLimits
from stream_server.ids import ModelId
from stream_server.products3d.job import Job, JobOrder
from stream_server.products3d.model import Model
from tests.integration.models.test_worker import QUICK, House, working
from tests.unit.ar_assets.attacks import glb
from tests.unit.ar_assets.box import box

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(290),
    pytest.mark.skipif(not BUNDLE.exists(), reason="the asset worker is not built: make test does"),
]
IN_EARNEST = replace(QUICK, limits=SandboxLimits(wall_s=240))
SIZE_M = (0.45, 0.9, 0.5)


async def made(house: House, job: Job) -> Model:
    """The model that came of a job."""
    ended = await house.ended(job.job_id, within_s=250)
    assert ended.state == "done", ended.problem
    assert ended.model_id is not None
    model = await house.models.load(ended.model_id)
    assert model is not None
    return model


async def content(house: House, model: Model, name: str) -> bytes:
    """Bytes of a published file."""
    file, copy = model.files[name], house.folder / "copy"
    await house.published.fetch(file.sha256, file.suffix, copy)
    data = copy.read_bytes()
    assert len(data) == file.size_bytes
    return data


def anchors(data: bytes) -> dict[str, tuple[float, ...]]:
    """Anchors that a file tells of itself: name → position."""
    return {anchor.name: anchor.position for anchor in placing.read(Document.read(data))}


async def test_upload_becomes_a_model_with_everything_and_its_anchors_can_be_moved(tmp_path: Path) -> None:
    async with working(tmp_path, None, IN_EARNEST) as house:
        order = JobOrder(category="furniture", stated_size_m=SIZE_M)
        model = await made(house, await house.ordered("stool", box(*SIZE_M).to_bytes(), order=order))

        looks = {look["name"]: look["usdz"] for look in model.facts["variants"]}
        assert set(looks) == {"Rosso Été", "青"}
        assert {"web.glb", "poster.webp", "thumbnail.webp", "turntable.webp"} <= set(model.files)
        assert "lod1.glb" not in model.files, "a box cannot be made lighter for those who see it from afar"
        assert model.facts["size_m"] == pytest.approx(SIZE_M, rel=1e-3)
        for name in looks.values():
            assert (await content(house, model, name)).startswith(b"PK\x03\x04")
        poster = Image.open(io.BytesIO(await content(house, model, "poster.webp"))).convert("RGB")
        assert poster.size == (1200, 1200)
        red, green, blue = poster.getpixel((600, 600))  # type: ignore[misc]
        assert red > 2 * max(green, blue), "the first look is red"
        assert Image.open(io.BytesIO(await content(house, model, "turntable.webp"))).is_animated  # type: ignore[attr-defined]

        [anchor] = model.facts["anchors"]
        moved = {**anchor, "position": [0.01, 0.02, 0.03]}
        change = replace(order, anchors=(moved,))
        changed = await made(
            house, await house.ordered("moved", kind="anchors", order=change, base_model_id=ModelId(model.model_id))
        )
        assert changed.facts["anchors"][0]["position"] == [0.01, 0.02, 0.03]
        assert set(changed.files) == set(model.files)
        assert anchors(await content(house, changed, "web.glb")) == {anchor["name"]: (0.01, 0.02, 0.03)}
        for name in (*looks.values(), "poster.webp"):
            assert changed.files[name] == model.files[name], "pictures and Quick Look stay as they are"


async def test_hostile_upload_is_refused_by_the_real_process(tmp_path: Path) -> None:
    async with working(tmp_path, None, IN_EARNEST) as house:
        ended = await house.ended((await house.ordered("bad", glb(binary=b"\xff" * 44))).job_id, within_s=60)
        assert ended.state == "refused"
        assert ended.problem is not None
        assert ended.problem.message
