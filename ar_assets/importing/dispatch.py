"""`import_model`: each format to its importer, and the gate once more over what came out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ar_assets.gate import Format, Inspection, Limits, examine
from ar_assets.importing import blender, gltf, meshes
from ar_assets.node_worker import NodeWorker


@dataclass(frozen=True)
class Imported:
    """A plain GLB. ``dropped`` names what a product does not need and was left out; ``notes`` are advice codes."""

    path: Path
    statistics: dict[str, Any]
    dropped: tuple[str, ...]
    notes: tuple[str, ...]


def import_model(source: Path, inspection: Inspection, folder: Path, worker: NodeWorker) -> Imported:
    """Make ``folder/plain.glb`` from an inspected upload (a zip must have been unpacked by `examine`).

    Raises: Refused when the content does not hold what the gate could not see (compressed meshes, other formats),
        StepFailed, WorkerLost.
    """
    notes: tuple[str, ...] = ()
    kind, root = inspection.format, inspection.unpacked[inspection.root] if inspection.root else source
    plain = folder / "plain.glb"
    if kind in (Format.GLB, Format.GLTF):
        done = gltf.to_plain(root, inspection, plain, worker)
    else:
        between = folder / "imported.glb"
        if kind in (Format.FBX, Format.USDZ):
            blender.to_glb(source, kind, between, folder)
        else:
            notes = meshes.to_glb(root, inspection, between)
        examine(between)
        done = worker.run("import", source=str(between), format="glb", out=str(plain))
    # Decoders have spoken now: what they made of a compressed mesh is held against the same rules
    examine(plain, _OURS)
    dropped = tuple(str(name) for name in done.pop("dropped", []))
    return Imported(plain, done, dropped, notes)


_OURS = Limits(file_bytes=Limits().decoded_bytes)
"""A plain file is larger than the upload it came from."""
