"""Each transform by itself: what it saves, what it costs in likeness and CPU, and how that changes with its options.

One row per model and setting, named as the transform's file (`ar_assets/transforms`): ``tidy`` is what `recipe` does
around them (what is twice becomes once, vertices welded), then ``simplify``, ``compress`` and ``textures`` alone on the
tidied model, and all together. Judged as in `benchmarks.assets`: own renderer, 8 views of 320 px, on decoded files; CPU
is user and system time of the resident worker and Python.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ar_assets.document import Document
from ar_assets.node_worker import NodeWorker
from ar_assets.optimising import decoded
from ar_assets.quality import likeness
from ar_assets.render import Frame, Picture, frame_of, views
from ar_assets.transforms.compress import Compress
from ar_assets.transforms.simplify import Simplify
from ar_assets.transforms.textures import TextureEncoder, Textures
from benchmarks.assets import VIEW_PX, VIEWS, Cpu, packed, samples
from benchmarks.harness.figures import RESULTS, conclude, show_table

MODELS = ("MaterialsVariantsShoe", "Mixer", "SheenChair", "SunglassesKhronos")
QUICK = ("SunglassesKhronos",)
PACKAGED = Path(__file__).parents[1] / "stream_server/demo/models/SunglassesKhronos.glb"


@dataclass(frozen=True)
class Setting:
    """Which transforms with which options; None leaves one out."""

    transform: str
    options: str
    textures: Textures | None = None
    simplify: Simplify | None = None
    compress: Compress | None = None


def settings() -> Iterator[Setting]:
    """All rows of one model."""
    yield Setting("tidy", "")
    for error in (3e-5, 1e-4, 2.5e-4, 1e-3):
        yield Setting("simplify", f"error {error:g}", simplify=Simplify(error=error))
    yield Setting("simplify", "half", simplify=Simplify(ratio=0.5, error=0.05))
    for bits in (Compress(12, 8, 10), Compress(14, 8, 12), Compress(), Compress(16, 12, 14)):
        name = f"{bits.position}/{bits.normal}/{bits.texture} bits"
        yield Setting("compress", name, compress=bits)
    for quality in (60, 70, 80, 90, 97):
        yield Setting("textures", f"quality {quality}", textures=Textures(2048, quality, quality, quality))
    yield Setting("textures", "1024 px", textures=Textures(1024))
    yield Setting("all", "defaults", Textures(), Simplify(), Compress())


@dataclass(frozen=True)
class Row:
    """What one setting made of one model."""

    model: str
    transform: str
    options: str
    input_bytes: int
    bytes: int
    input_triangles: int
    triangles: int
    psnr_db: float
    worst_psnr_db: float
    cpu_s: float


def measure(name: str, source: Path, folder: Path, worker: NodeWorker) -> Iterator[Row]:
    """All settings on one model. Raises: AssetError."""
    given = folder / f"{name}.glb"
    given.write_bytes(packed(source).to_bytes())
    plain = decoded(given, folder / f"{name}-plain.glb", worker)
    frame = frame_of(plain)
    before = _views(plain, frame)
    triangles = int(worker.run("analyse", source=str(plain))["triangles"])
    for setting in settings():
        out, again = folder / "out.glb", folder / "again.glb"
        cpu = Cpu(worker)
        with tempfile.TemporaryDirectory(dir=folder) as pictures:
            encoder, document = TextureEncoder(Path(pictures)), Document.read(plain)
            done = worker.run(
                "optimise",
                source=str(plain),
                out=str(out),
                textures=encoder.encode(document, setting.textures) if setting.textures else [],
                simplify=setting.simplify.request() if setting.simplify else None,
                bits=setting.compress.request() if setting.compress else None,
                max_draw_calls=20,
            )
        used = cpu.seconds()
        found = likeness(before, _views(decoded(out, again, worker), frame))
        yield Row(
            name,
            setting.transform,
            setting.options,
            given.stat().st_size,
            out.stat().st_size,
            triangles,
            int(done["triangles"]),
            round(found.mean_psnr_db, 2),
            round(found.worst_psnr_db, 2),
            round(used, 3),
        )


def _views(glb: Path, frame: Frame) -> list[Picture]:
    return views(glb, VIEWS, VIEW_PX, frame=frame)


def figures(rows: list[Row]) -> dict[str, float]:
    """For each transform with its defaults: what is left of the bytes, and the worst model's likeness."""
    chosen = {
        "tidy": "",
        "simplify": "error 0.0001",
        "compress": "14/10/12 bits",
        "textures": "quality 80",
        "all": "defaults",
    }
    found: dict[str, float] = {}
    for transform, options in chosen.items():
        some = [row for row in rows if (row.transform, row.options) == (transform, options)]
        found[f"{transform}_bytes_over_input"] = sum(row.bytes for row in some) / sum(row.input_bytes for row in some)
        found[f"{transform}_worst_psnr_db"] = min(row.psnr_db for row in some)
        found[f"{transform}_cpu_s"] = sum(row.cpu_s for row in some) / len(some)
    return found


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one model")
    options = parser.parse_args()
    there = samples(quick=False) or {"SunglassesKhronos": PACKAGED}
    chosen = {name: there[name] for name in (QUICK if options.quick else MODELS) if name in there}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, NodeWorker() as worker:
        worker.run("analyse", source=str(PACKAGED))  # starts it
        for name, source in chosen.items():
            rows += measure(name, source, Path(folder), worker)
            print(name, len(rows), flush=True)
    columns = ("model", "transform", "options", "KB", "triangles", "PSNR", "worst", "CPU s")
    cells = [
        (r.model, r.transform, r.options, round(r.bytes / 1024), r.triangles, r.psnr_db, r.worst_psnr_db, r.cpu_s)
        for r in rows
    ]
    show_table("One transform at a time, 8 views of 320 px", columns, cells)
    if not options.quick:
        with (RESULTS / "transforms_models.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(rows[0])), lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows)
    conclude("transforms", figures(rows), {"models": len(chosen), "quick": options.quick})


if __name__ == "__main__":
    main()
