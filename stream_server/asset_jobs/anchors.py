"""Writes other anchors into a finished model: only the JSON of its GLBs changes, geometry and pictures stay."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

from ar_assets.anchors import Anchor, checked, write
from ar_assets.document import Document


class Progress(Protocol):
    """Hears how far it is."""

    def step(self, step: str, fraction: float) -> None:
        """So far."""


def write_anchors(base: Path, out: Path, order: dict[str, Any], progress: Progress) -> None:
    """Write ``out/*.glb`` and ``out/facts.json`` from those in ``base``.

    Raises: Refused (``anchors_wrong``), StepFailed (a file that cannot be read).
    """
    out.mkdir(exist_ok=True)
    facts: dict[str, Any] = json.loads((base / "facts.json").read_text())
    progress.step("anchors", 0.1)
    anchors = _checked(order["anchors"], facts, Document.read(base / facts["files"]["web"]["path"]))
    facts["anchors"] = [anchor.to_json() for anchor in anchors]
    glbs = [file for file in facts["files"].values() if file["path"].endswith(".glb")]
    for done, file in enumerate(glbs, 1):
        document = Document.read(base / file["path"])
        write(document, anchors, category=facts["category"])
        data = document.to_bytes()
        (out / file["path"]).write_bytes(data)
        file.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        progress.step("publish", 0.1 + 0.9 * done / len(glbs))
    (out / "facts.json").write_text(json.dumps(facts))


def _checked(sent: Any, facts: dict[str, Any], web: Document) -> tuple[Anchor, ...]:
    low, high = bounds(web)
    return checked(sent, facts["category"], facts["placement"], low, high)


_LARGEST = {5120: 127.0, 5121: 255.0, 5122: 32767.0, 5123: 65535.0}


def bounds(document: Document) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The box around all meshes in model space, from what the accessors state: works on compressed geometry too."""
    low, high = [float("inf")] * 3, [float("-inf")] * 3
    accessors, meshes, nodes = (document.items(name) for name in ("accessors", "meshes", "nodes"))
    for index, matrix in document.placed():
        mesh = nodes[index].get("mesh")
        for primitive in [] if mesh is None else meshes[mesh]["primitives"]:
            spec = accessors[primitive["attributes"]["POSITION"]]
            unit = 1 / _LARGEST.get(spec["componentType"], 1.0) if spec.get("normalized") else 1.0
            box = [[value * unit for value in spec[end]] for end in ("min", "max")]
            for corner in range(8):
                point = [box[corner >> axis & 1][axis] for axis in range(3)]
                for axis in range(3):
                    value = float(matrix[axis, :3] @ point + matrix[axis, 3])
                    low[axis], high[axis] = min(low[axis], value), max(high[axis], value)
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])
