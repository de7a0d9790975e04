"""One way of making a small file: which transforms with which options. `bake` runs a recipe on a plain GLB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ar_assets.document import Document
from ar_assets.node_worker import NodeWorker
from ar_assets.transforms.compress import Compress
from ar_assets.transforms.simplify import Simplify
from ar_assets.transforms.textures import TextureEncoder, Textures


@dataclass(frozen=True)
class Recipe:
    """Transforms and their options; ``name`` is for reports. None leaves a transform out."""

    name: str
    textures: Textures = Textures()
    simplify: Simplify | None = Simplify()
    compress: Compress | None = Compress()
    max_draw_calls: int = 20


@dataclass(frozen=True)
class Baked:
    """What came out. ``statistics``: triangles, vertices, draw_calls, materials, textures."""

    path: Path
    bytes: int
    statistics: dict[str, Any]


def bake(plain: Path, recipe: Recipe, out: Path, worker: NodeWorker, encoder: TextureEncoder) -> Baked:
    """Write ``out`` by ``recipe``. Raises: Refused (broken_picture), StepFailed, WorkerLost."""
    document = Document.read(plain)
    done = worker.run(
        "optimise",
        source=str(plain),
        out=str(out),
        textures=encoder.encode(document, recipe.textures),
        simplify=recipe.simplify.request() if recipe.simplify else None,
        bits=recipe.compress.request() if recipe.compress else None,
        max_draw_calls=recipe.max_draw_calls,
    )
    size = int(done.pop("bytes"))
    return Baked(out, size, done)
