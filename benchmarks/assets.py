"""Models made small: bytes, triangles, likeness, validity, anchors and CPU time, beside the tools that others use.

Every tool gets the same GLB, with two anchors in it (named empty nodes with extras). Outputs are decoded by our worker
and judged by our own renderer over 8 views: the same renderer, from fewer and smaller views, also chooses our recipe,
so a likeness judged elsewhere may differ. CPU is user and system time: the whole command for the peers; for ours the
resident worker (started before) and Python. *Alone* is what the chosen recipe costs: reading, simplifying, encoding
textures, writing. *With guard* is all that a product waits for: every recipe tried, decoded and rendered.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ar_assets.document import Document
from ar_assets.node_worker import NodeWorker
from ar_assets.optimising import decoded, optimise
from ar_assets.profiles import WEB
from ar_assets.quality import Reference, likeness
from ar_assets.render import Picture, frame_of, views
from ar_assets.transforms.recipe import bake
from ar_assets.transforms.textures import TextureEncoder
from ar_assets.validate import validate
from benchmarks.harness.figures import RESULTS, conclude, show_table
from benchmarks.peers.gltf_tools import GLTF_TRANSFORM, GLTFPACK, GLTFPACK_WEBP, PeerFailed, install

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "models"
QUICK = ("Duck", "SunglassesKhronos", "SheenChair")
VIEWS, VIEW_PX = 8, 320
OURS = "ours"
PEERS = (GLTF_TRANSFORM, GLTFPACK, GLTFPACK_WEBP)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """What one tool made of one model. Likeness is the mean and the worst of the views."""

    model: str
    tool: str
    recipe: str
    input_bytes: int
    bytes: int
    input_triangles: int
    triangles: int
    psnr_db: float
    worst_psnr_db: float
    validator_errors: int
    anchors_kept: int
    anchors: int
    cpu_s: float
    cpu_with_guard_s: float


def samples(*, quick: bool) -> dict[str, Path]:
    """Models by name: GLBs, and folders with a .gltf."""
    found = {path.stem: path for path in SAMPLES.glob("*.glb")}
    found |= {path.parent.name: path for path in SAMPLES.glob("*/*.gltf")}
    return {name: found[name] for name in sorted(found) if not quick or name in QUICK}


def packed(source: Path) -> Document:
    """A GLB or .gltf with its files as one document, untouched otherwise."""
    if source.suffix == ".glb":
        return Document.read(source)
    document = Document(json.loads(source.read_bytes()), b"")
    (buffer,) = document.items("buffers")
    document.binary = (source.parent / buffer.pop("uri")).read_bytes()
    kinds = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
    for image in document.items("images"):
        file = source.parent / image.pop("uri")
        image |= {"bufferView": document.append(file.read_bytes()), "mimeType": kinds[file.suffix.lower()]}
    return document


def with_anchors(document: Document) -> dict[str, tuple[float, float, float]]:
    """Put two anchors into the shown scene; their names and places."""
    anchors = {"anchor_heel": (0.01, 0.02, 0.03), "anchor_toe": (-0.04, 0.05, 0.06)}
    nodes = document.json.setdefault("nodes", [])
    scene = document.json["scenes"][document.json.get("scene", 0)]
    for name, place in anchors.items():
        scene.setdefault("nodes", []).append(len(nodes))
        nodes.append({"name": name, "translation": list(place), "extras": {"anchor": name}})
    return anchors


def kept(document: Document, anchors: dict[str, tuple[float, float, float]]) -> int:
    """How many anchors are where they were, with their extras."""
    found = 0
    for index, matrix in document.placed():
        node = document.items("nodes")[index]
        place = anchors.get(node.get("name", ""))
        if place and node.get("extras", {}).get("anchor") == node["name"]:
            found += max(abs(float(matrix[axis, 3]) - place[axis]) for axis in range(3)) < 1e-4
    return found


class Cpu:
    """CPU time of this process and the resident worker since it was made."""

    def __init__(self, worker: NodeWorker) -> None:
        self._worker = worker
        self._began = self._used()

    def seconds(self) -> float:
        """User and system."""
        return self._used() - self._began

    def _used(self) -> float:
        fields = Path(f"/proc/{self._worker.process_id}/stat").read_text().rpartition(")")[2].split()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / _TICKS


class Bench:
    """One model after the other, all tools in turn. ``folder`` is scratch."""

    def __init__(self, worker: NodeWorker, folder: Path) -> None:
        self._worker, self._folder = worker, folder

    def model(self, name: str, source: Path) -> list[Row]:
        """All tools on one model. Raises: PeerFailed, AssetError."""
        document = packed(source)
        anchors = with_anchors(document)
        given = self._folder / f"{name}.glb"
        given.write_bytes(document.to_bytes())
        plain = decoded(given, self._folder / f"{name}-plain.glb", self._worker)
        statistics = self._worker.run("analyse", source=str(plain))
        frame = frame_of(plain)
        before = views(plain, VIEWS, VIEW_PX, frame=frame)

        def row(tool: str, recipe: str, out: Path, cpu_s: float, guarded_s: float) -> Row:
            again = decoded(out, out.with_suffix(".decoded.glb"), self._worker)
            found = likeness(before, self._views(again, frame))
            triangles = int(self._worker.run("analyse", source=str(again))["triangles"])
            return Row(
                name,
                tool,
                recipe,
                given.stat().st_size,
                out.stat().st_size,
                int(statistics["triangles"]),
                triangles,
                round(found.mean_psnr_db, 2),
                round(found.worst_psnr_db, 2),
                validate(again, self._worker).errors,
                kept(Document.read(again), anchors),
                len(anchors),
                round(cpu_s, 3),
                round(guarded_s, 3),
            )

        recipe, out, alone, guarded = self._ours(name, given, statistics)
        rows = [row(OURS, recipe, out, alone, guarded)]
        for tool in PEERS:
            made = self._folder / f"{name}-{tool.name}.glb"
            used = tool.run(given, made)
            rows.append(row(tool.name, "", made, used, used))
        return rows

    def _ours(self, name: str, given: Path, statistics: dict[str, Any]) -> tuple[str, Path, float, float]:
        """Recipe, file, CPU of the recipe alone, CPU with the guard that chose it."""
        out = self._folder / f"{name}-ours.glb"
        cpu = Cpu(self._worker)
        plain = decoded(given, self._folder / f"{name}-ours-plain.glb", self._worker)
        with tempfile.TemporaryDirectory(dir=self._folder) as webp:
            encoder = TextureEncoder(Path(webp))
            choice = optimise(plain, out, WEB, Reference(plain), statistics, self._worker, encoder)
        guarded = cpu.seconds()
        cpu = Cpu(self._worker)
        plain = decoded(given, plain, self._worker)
        with tempfile.TemporaryDirectory(dir=self._folder) as webp:
            bake(plain, choice.recipe, out, self._worker, TextureEncoder(Path(webp)))
        return choice.recipe.name, out, cpu.seconds(), guarded

    def _views(self, glb: Path, frame: Any) -> list[Picture]:
        return views(glb, VIEWS, VIEW_PX, frame=frame)


def figures(rows: list[Row]) -> dict[str, float]:
    """The keys of the last line; those that need a peer are left out without it."""
    by = {tool: {row.model: row for row in rows if row.tool == tool} for tool in {row.tool for row in rows}}
    ours = by[OURS]
    found: dict[str, float] = {
        "validator_errors": sum(row.validator_errors for row in ours.values()),
        "anchors_lost": sum(row.anchors - row.anchors_kept for row in ours.values()),
    }
    if other := by.get(GLTF_TRANSFORM.name):
        found["bytes_over_gltf_transform"] = _ratio(ours, other, "bytes")
        found["cpu_over_gltf_transform"] = _ratio(ours, other, "cpu_s")
        found["cpu_with_guard_over_gltf_transform"] = _ratio(ours, other, "cpu_with_guard_s")
    if other := by.get(GLTFPACK.name):
        found["worst_psnr_margin_db"] = _worst_margin(ours, other)
    if other := by.get(GLTFPACK_WEBP.name):
        found["worst_psnr_margin_to_webp_db"] = _worst_margin(ours, other)
        found["bytes_over_gltfpack_webp"] = _ratio(ours, other, "bytes")
    return found


def _worst_margin(ours: dict[str, Row], other: dict[str, Row]) -> float:
    return min(ours[name].psnr_db - other[name].psnr_db for name in other)


def _ratio(ours: dict[str, Row], other: dict[str, Row], what: str) -> float:
    return float(sum(getattr(ours[name], what) for name in other) / sum(getattr(row, what) for row in other.values()))


def main() -> None:
    """Run it over the sample models."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three models")
    parser.add_argument("--models", nargs="+", metavar="NAME", help="only these")
    options = parser.parse_args()
    chosen = samples(quick=options.quick)
    if options.models:
        chosen = {name: chosen[name] for name in options.models}
    if not chosen:
        parser.exit(message=f"Skipped: the sample models are not in {SAMPLES}.\n")
    try:
        install()
    except PeerFailed as error:
        parser.exit(message=f"Skipped: the peers cannot be installed: {error}\n")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, NodeWorker() as worker:
        worker.run("analyse", source=str(next(SAMPLES.glob("*.glb"))))
        bench = Bench(worker, Path(folder))
        for name, source in chosen.items():
            rows += bench.model(name, source)
            for row in rows[-1 - len(PEERS) :]:
                print(row.model, row.tool, row.recipe, row.bytes, row.triangles, row.psnr_db, row.cpu_s, flush=True)
    _show(rows)
    is_whole = not options.quick and not options.models
    if is_whole:
        with (RESULTS / "assets_models.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(rows[0])), lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows)
    conclude(
        "assets",
        figures(rows),
        {"models": len(chosen), "quick": options.quick, "judge": "own renderer, 8 views of 320 px"},
    )


def _show(rows: list[Row]) -> None:
    columns = ("model", "tool", "KB", "triangles", "PSNR", "worst", "errors", "anchors", "CPU s", "with guard s")
    cells = [
        (
            f"{row.model} {row.recipe}" if row.tool == OURS else "",
            row.tool,
            round(row.bytes / 1024),
            row.triangles,
            row.psnr_db,
            row.worst_psnr_db,
            row.validator_errors,
            f"{row.anchors_kept}/{row.anchors}",
            row.cpu_s,
            row.cpu_with_guard_s,
        )
        for row in rows
    ]
    show_table("Judged by our own renderer on decoded files, 8 views of 320 px", columns, cells)


if __name__ == "__main__":
    main()
