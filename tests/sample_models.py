"""Sends one model through the whole pipeline and looks at all that came out, as the tests and a script do."""

from __future__ import annotations

import json
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ar_assets import usdz
from ar_assets.anchors import placing
from ar_assets.categories import Category
from ar_assets.document import Document
from ar_assets.gate import examine
from ar_assets.importing import import_model
from ar_assets.node_worker import NodeWorker
from ar_assets.pipeline import ProcessOptions, process
from ar_assets.validate import validate
from ar_assets.verify import Expected

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "models"
CATEGORIES = {
    "SunglassesKhronos": Category.GLASSES,
    "MaterialsVariantsShoe": Category.SHOE,
    "Hat": Category.HAT,
    "Earring": Category.EARRING,
    "SheenChair": Category.FURNITURE,
    "GlamVelvetSofa": Category.FURNITURE,
    "IridescenceLamp": Category.FURNITURE,
}


@dataclass(frozen=True)
class Outcome:
    """What came of one model; ``problems`` is empty when all is as it should be."""

    name: str
    source_bytes: int
    web_bytes: int
    usdz_files: int
    variants: int
    anchors: int
    size_m: tuple[float, float, float]
    seconds: float
    problems: tuple[str, ...]


def samples() -> dict[str, Path]:
    """The sample models beside the repository by name: GLBs, and folders of a .gltf with its files. May be empty."""
    found = {path.stem: path for path in SAMPLES.glob("*.glb")}
    found |= {path.parent.name: path.parent for path in SAMPLES.glob("*/*.gltf")}
    return dict(sorted(found.items()))


def packed(source: Path, folder: Path) -> Path:
    """The file that a brand would upload: a GLB as it is, a folder as a zip."""
    if source.is_file():
        return source
    upload = folder / f"{source.name}.zip"
    with zipfile.ZipFile(upload, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(source.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(source.parent))
    return upload


def check(name: str, source: Path, folder: Path) -> Outcome:
    """Process ``source`` into ``folder`` (empty) without pictures, and hold every file against the input.

    The file's own unit is kept, so that its size in metres must come out as it went in. Raises: AssetError.
    """
    upload, out, began = packed(source, folder), folder / "out", time.perf_counter()
    options = ProcessOptions(category=CATEGORIES.get(name, Category.OTHER), unit="m", pictures=False)
    report = process(upload, out, options)
    seconds = time.perf_counter() - began
    facts = json.loads((out / "facts.json").read_text())
    problems = [f"{step}: {found['errors']} errors" for step, found in report.validator.items() if found["errors"]]
    with NodeWorker() as worker:
        for part in ("unpacked", "import"):
            (folder / part).mkdir()
        inspection = examine(upload, unpack_to=folder / "unpacked")
        went_in = Expected.of(import_model(upload, inspection, folder / "import", worker).path)
        for kind in ("web", "try_on"):
            if kind in facts["files"]:
                problems += _check_glb(out / facts["files"][kind]["path"], went_in, facts, folder, worker)
    quick_look = sorted((out / "usdz").glob("*.usdz"))
    for file in quick_look:
        problems += [f"{file.name}: {problem}" for problem in usdz.problems(file)]
    if len(quick_look) != max(1, len(facts["variants"])):
        problems.append(f"{len(quick_look)} USDZ for {len(facts['variants'])} variants")
    x, y, z = facts["size_m"]
    return Outcome(
        name,
        upload.stat().st_size,
        (out / "web.glb").stat().st_size,
        len(quick_look),
        len(facts["variants"]),
        len(facts["anchors"]),
        (x, y, z),
        seconds,
        tuple(problems),
    )


def _check_glb(
    published: Path, went_in: Expected, facts: dict[str, Any], folder: Path, worker: NodeWorker
) -> list[str]:
    """Valid as published and decoded again, as large as the input, with its variants and the anchors of the facts."""
    name, plain = published.name, folder / f"{published.stem}.plain.glb"
    worker.run("import", source=str(published), format="glb", out=str(plain))
    verdicts = {"published": validate(published, worker), "decoded": validate(plain, worker)}
    problems = [f"{name}, {how}: {found.messages[:1]}" for how, found in verdicts.items() if found.errors]
    came_out, document = Expected.of(plain), Document.read(plain)
    if not np.allclose(came_out.size_m, went_in.size_m, rtol=0, atol=2e-3 * max(went_in.size_m)):
        problems.append(f"{name}: {came_out.size_m} m, was {went_in.size_m}")
    if came_out.variants != went_in.variants:
        problems.append(f"{name}: variants {came_out.variants}, were {went_in.variants}")
    told = {anchor["name"] for anchor in facts["anchors"]}
    for where, anchors in (("extras", placing.read(document)), ("nodes", placing.in_nodes(document))):
        if {anchor.name for anchor in anchors} != told:
            problems.append(f"{name}: anchors in {where}: {[anchor.name for anchor in anchors]}, wanted {sorted(told)}")
    return problems
