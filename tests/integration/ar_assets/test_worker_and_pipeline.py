"""The Node worker with real models, and the whole pipeline on a small one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ar_assets.anchors import Anchor, placing
from ar_assets.categories import Category
from ar_assets.cli import cli
from ar_assets.document import Document
from ar_assets.errors import Refused, StepFailed, WorkerLost
from ar_assets.gate import examine
from ar_assets.importing import import_model
from ar_assets.node_worker import BUNDLE, NodeWorker
from ar_assets.pipeline import ProcessOptions, Step, process
from ar_assets.transforms.recipe import Recipe, bake
from ar_assets.transforms.simplify import Simplify
from ar_assets.transforms.textures import TextureEncoder
from ar_assets.validate import validate
from ar_assets.verify import Expected, verify
from tests.unit.ar_assets import attacks

pytestmark = [
    pytest.mark.skipif(not BUNDLE.exists(), reason="the asset worker is not built: make test does"),
    pytest.mark.timeout(120),
]
GLASSES = Path(__file__).parents[3] / "stream_server" / "demo" / "models" / "SunglassesKhronos.glb"
HOOK = Anchor("bridge", (0.0, 0.01, 0.02))


def plain_glasses(folder: Path, worker: NodeWorker) -> Path:
    """The sunglasses as a plain file with one anchor."""
    plain = import_model(GLASSES, examine(GLASSES), folder, worker).path
    document = Document.read(plain)
    placing.write(document, [HOOK], category="glasses")
    plain.write_bytes(document.to_bytes())
    return plain


def test_baked_glasses_are_small_valid_and_still_have_everything(tmp_path: Path) -> None:
    with NodeWorker() as worker:
        plain = plain_glasses(tmp_path, worker)
        baked = bake(plain, Recipe("usual"), tmp_path / "web.glb", worker, TextureEncoder(tmp_path))
        assert baked.bytes < 0.3 * plain.stat().st_size
        assert 8000 < baked.statistics["triangles"] < 13396
        worker.run("import", source=str(baked.path), format="glb", out=str(tmp_path / "back.glb"))
        assert validate(plain, worker).errors == 0
        assert verify(tmp_path / "back.glb", "web", Expected.of(plain), worker).errors == 0


def test_triangles_fall_to_the_ratio(tmp_path: Path) -> None:
    with NodeWorker() as worker:
        plain = plain_glasses(tmp_path, worker)
        half = Recipe("half", simplify=Simplify(ratio=0.5, error=0.05))
        baked = bake(plain, half, tmp_path / "half.glb", worker, TextureEncoder(tmp_path))
        assert baked.statistics["triangles"] == pytest.approx(13396 / 2, rel=0.05)


def test_lost_anchor_is_found_out(tmp_path: Path) -> None:
    with NodeWorker() as worker:
        plain = plain_glasses(tmp_path, worker)
        expected = Expected.of(plain)
        document = Document.read(plain)
        placing.remove(document)
        plain.write_bytes(document.to_bytes())
        with pytest.raises(StepFailed, match="anchor bridge is lost"):
            verify(plain, "web", expected, worker)


def test_texture_coordinates_move_with_their_transform(tmp_path: Path) -> None:
    """What glTF-Transform's own prune gets wrong: the set named twice, once in KHR_texture_transform."""
    document = Document.read(attacks.glb())
    view = document.append(b"\0" * 24)
    coordinates = {"bufferView": view, "componentType": 5126, "count": 3, "type": "VEC2"}
    document.json["accessors"] += [dict(coordinates), dict(coordinates)]
    primitive = document.json["meshes"][0]["primitives"][0]
    primitive["attributes"] |= {"TEXCOORD_0": 2, "TEXCOORD_1": 3}
    primitive["material"] = 0
    picture = document.append(attacks.png(4, 4))
    document.json["images"] = [{"bufferView": picture, "mimeType": "image/png"}]
    document.json["textures"] = [{"source": 0}]
    moved = {"index": 0, "texCoord": 1, "extensions": {"KHR_texture_transform": {"texCoord": 1, "scale": [2, 2]}}}
    document.json["materials"] = [{"occlusionTexture": moved}]
    document.json["extensionsUsed"] = ["KHR_texture_transform"]
    source, out = tmp_path / "two.glb", tmp_path / "one.glb"
    source.write_bytes(document.to_bytes())
    with NodeWorker() as worker:
        worker.run(
            "optimise", source=str(source), out=str(out), textures=[], simplify=None, bits=None, max_draw_calls=20
        )
    made = Document.read(out).json
    assert "TEXCOORD_1" not in made["meshes"][0]["primitives"][0]["attributes"]
    info = made["materials"][0]["occlusionTexture"]
    assert (info.get("texCoord", 0), info["extensions"]["KHR_texture_transform"].get("texCoord", 0)) == (0, 0)


@pytest.mark.parametrize("data", [attacks.STL_BINARY, attacks.STL_TEXT, attacks.OBJ, attacks.PLY], ids="abcd")
def test_other_formats_become_plain_and_valid(data: bytes, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(data)
    with NodeWorker() as worker:
        imported = import_model(upload, examine(upload), tmp_path, worker)
        assert imported.statistics["triangles"] == 1
        assert validate(imported.path, worker).errors == 0


def test_optional_importer_is_named_where_it_is_absent(tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(b"Kaydara FBX Binary  \0\x1a\0" + b"\0" * 100)
    with NodeWorker() as worker, pytest.raises((Refused, StepFailed)) as failed:
        import_model(upload, examine(upload), tmp_path, worker)
    if isinstance(failed.value, Refused):
        assert failed.value.code == "importer_absent"


def script(folder: Path, text: str) -> Path:
    """A worker that does as told."""
    bundle = folder / "worker.cjs"
    bundle.write_text("process.stdout.write('{\"ready\":true}\\n');process.stdin.on('data',()=>{" + text + "});")
    return bundle


@pytest.mark.parametrize(
    ("text", "how"), [("process.exit(3)", "died"), ("for(;;);", "hung"), ("process.stdout.write('?\\n')", "died")]
)
def test_lost_worker_says_how_and_the_next_job_starts_another(text: str, how: str, tmp_path: Path) -> None:
    with NodeWorker(bundle=script(tmp_path, text)) as worker:
        for _ in range(2):
            with pytest.raises(WorkerLost) as lost:
                worker.run("validate", timeout_s=1, source="x")
            assert (lost.value.how, lost.value.is_retryable) == (how, True)
            assert worker.process_id is None


def test_failed_job_leaves_the_worker_running(tmp_path: Path) -> None:
    with NodeWorker() as worker:
        with pytest.raises(StepFailed):
            worker.run("validate", source=str(tmp_path / "nothing.glb"))
        first = worker.process_id
        worker.run("validate", source=str(GLASSES))
        assert worker.process_id == first is not None


class Heard:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.steps: list[tuple[Step, float]] = []

    def step(self, step: Step, fraction: float) -> None:
        self.steps.append((step, fraction))


def test_upload_becomes_published_files(tmp_path: Path) -> None:
    heard = Heard()
    options = ProcessOptions(
        category=Category.GLASSES,
        anchors=dict.fromkeys(("bridge", "temple_left", "temple_right"), ((0.0, 0.01, 0.0), (0.0, 0.0, 0.0, 1.0))),
        usdz=False,
        pictures=False,
    )
    report = process(GLASSES, tmp_path / "out", options, heard)
    facts = json.loads((tmp_path / "out" / "facts.json").read_text())
    assert {"web", "try_on", "lod1", "lod2"} <= set(facts["files"])
    assert facts["size_m"] == pytest.approx([0.1505, 0.0576, 0.1615], abs=1e-3)
    assert {anchor["name"] for anchor in facts["anchors"]} == {"bridge", "temple_left", "temple_right"}
    assert all(one["errors"] == 0 for one in report.validator.values())
    fractions = [fraction for _, fraction in heard.steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_refused_upload_leaves_nothing_behind(tmp_path: Path) -> None:
    upload = tmp_path / "upload.glb"
    upload.write_bytes(attacks.glb(binary=b"\xff" * 44))
    with pytest.raises(Refused):
        process(upload, tmp_path / "out", ProcessOptions())
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "upload.glb"]


def test_command_line_checks_and_refuses(tmp_path: Path) -> None:
    runner = CliRunner()
    assert "13396" in runner.invoke(cli, ["check", str(GLASSES)]).output
    wrong = tmp_path / "wrong.glb"
    wrong.write_bytes(attacks.glb()[:-4])
    done = runner.invoke(cli, ["check", str(wrong)])
    assert (done.exit_code, "broken_container" in done.output) == (1, True)
