"""The AI host's figure as it is shipped: valid, small, with what a mouth and eyes need, and what its script makes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from pygltflib import GLTF2

from ar_assets.node_worker import BUNDLE, NodeWorker
from ar_assets.validate import validate
from avatar.stage.look import Look

ROOT = Path(__file__).parents[3]
FIGURE = ROOT / "client_web" / "public" / "host" / "vitrine-host.vrm"
CLOTHES = {"jacket", "jacket_shade", "top", "accent"}
EXPRESSIONS = {"aa", "ih", "ou", "ee", "oh", "blink"}


@pytest.mark.skipif(not BUNDLE.exists(), reason="the asset worker is not built: make test does")
def test_the_shipped_figure_is_valid_gltf(tmp_path: Path) -> None:
    glb = tmp_path / "figure.glb"
    glb.write_bytes(FIGURE.read_bytes())
    with NodeWorker() as worker:
        verdict = validate(glb, worker)
    assert verdict.errors == 0, verdict.messages


def test_the_shipped_figure_is_small_and_can_speak_and_blink() -> None:
    assert FIGURE.stat().st_size < 1_000_000
    model = GLTF2.load_binary(str(FIGURE))
    assert model is not None
    vrm = model.extensions["VRMC_vrm"]
    assert vrm["specVersion"] == "1.0"
    assert vrm["expressions"]["preset"].keys() >= EXPRESSIONS


def test_an_outfit_finds_what_it_dresses_by_the_names_of_the_materials() -> None:
    model = GLTF2.load_binary(str(FIGURE))
    assert model is not None
    names = {material.name for material in model.materials if not material.name.startswith("#")}
    assert names >= CLOTHES
    assert names <= asdict(Look()).keys()


def test_the_script_makes_the_shipped_figure(tmp_path: Path) -> None:
    target = tmp_path / "made.vrm"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_host_model.py", target], check=True, timeout=60)
    made, shipped = GLTF2.load_binary(str(target)), GLTF2.load_binary(str(FIGURE))
    assert made is not None
    assert shipped is not None
    assert [node.name for node in made.nodes] == [node.name for node in shipped.nodes]
    assert [one.count for one in made.accessors] == [one.count for one in shipped.accessors]
    for one, other in zip(made.accessors, shipped.accessors, strict=True):
        # sines differ in their last bit from one processor to the next
        assert (one.min or []) == pytest.approx(other.min or [], abs=1e-5)
        assert (one.max or []) == pytest.approx(other.max or [], abs=1e-5)
