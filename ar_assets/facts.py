"""What the shop and the player need to know about a finished model: ``facts.json`` beside the files.

The shape of the file is a contract with the server and the player; a change of meaning raises ``SCHEMA``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ar_assets.anchors import placing
from ar_assets.anchors.model import Anchor
from ar_assets.document import Document
from ar_assets.normalise import shape
from ar_assets.variants import listed

SCHEMA = 1
Placement = Literal["floor", "wall", "table"]
Finish = Literal["matte", "satin", "gloss"]


@dataclass(frozen=True)
class VariantFacts:
    """One material variant; ``usdz`` is a path in the output folder."""

    name: str
    slug: str
    usdz: str | None = None


@dataclass(frozen=True)
class Shade:
    """One colour of a lipstick, ``#rrggbb``."""

    name: str
    shade: str


@dataclass(frozen=True)
class Lipstick:
    """A lipstick needs no model: its finish, and a shade per variant."""

    finish: Finish
    shades: tuple[Shade, ...]


@dataclass(frozen=True)
class FileFacts:
    """One file of the output folder, addressed by its content."""

    path: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, folder: Path, name: str) -> FileFacts:
        """Measure ``folder/name``."""
        data = (folder / name).read_bytes()
        return cls(name, len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True)
class ModelFacts:
    """Everything about one published model. Sizes and positions in metres, +Y up, model space."""

    category: str
    size_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    triangles: int = 0
    materials: int = 0
    draw_calls: int = 0
    variants: tuple[VariantFacts, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    placement: Placement | None = None
    lipstick: Lipstick | None = None
    files: dict[str, FileFacts] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The content of facts.json."""
        return {
            "schema": SCHEMA,
            "category": self.category,
            "size_m": list(self.size_m),
            "triangles": self.triangles,
            "materials": self.materials,
            "draw_calls": self.draw_calls,
            "variants": [{"name": v.name, "slug": v.slug, "usdz": v.usdz} for v in self.variants],
            "anchors": [anchor.to_json() for anchor in self.anchors],
            "placement": self.placement,
            "lipstick": None
            if self.lipstick is None
            else {
                "finish": self.lipstick.finish,
                "shades": [{"name": shade.name, "shade": shade.shade} for shade in self.lipstick.shades],
            },
            "files": {
                name: {"path": file.path, "bytes": file.bytes, "sha256": file.sha256}
                for name, file in self.files.items()
            },
        }

    def write(self, path: Path) -> None:
        """Write facts.json."""
        path.write_text(json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ModelFacts:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: Another schema, or a field that is missing or of another shape.
        """
        if data.get("schema") != SCHEMA:
            raise ValueError(f"facts of schema {data.get('schema')!r}, expected {SCHEMA}")
        try:
            x, y, z = (float(size) for size in data["size_m"])
            lipstick = data["lipstick"]
            return cls(
                category=str(data["category"]),
                size_m=(x, y, z),
                triangles=int(data["triangles"]),
                materials=int(data["materials"]),
                draw_calls=int(data["draw_calls"]),
                variants=tuple(VariantFacts(v["name"], v["slug"], v["usdz"]) for v in data["variants"]),
                anchors=tuple(Anchor.from_json(anchor) for anchor in data["anchors"]),
                placement=data["placement"],
                lipstick=None
                if lipstick is None
                else Lipstick(lipstick["finish"], tuple(Shade(s["name"], s["shade"]) for s in lipstick["shades"])),
                files={
                    name: FileFacts(file["path"], int(file["bytes"]), file["sha256"])
                    for name, file in data["files"].items()
                },
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"facts are incomplete: {error!r}") from error


def measure(
    glb: bytes | Path,
    category: str,
    *,
    variants: tuple[VariantFacts, ...] = (),
    placement: Placement | None = None,
    lipstick: Lipstick | None = None,
    files: dict[str, FileFacts] | None = None,
) -> ModelFacts:
    """The facts of a finished GLB with uncompressed geometry: size, counts and anchors are read from the file itself.

    Where ``variants`` is empty those in the file are listed without USDZ.
    """
    document = Document.read(glb)
    form = shape.measure(document)
    size_x, size_y, size_z = (float(value) for value in form.size.tolist())
    return ModelFacts(
        category=category,
        size_m=(size_x, size_y, size_z),
        triangles=form.triangles,
        materials=len(document.items("materials")),
        draw_calls=form.draw_calls,
        variants=variants or tuple(VariantFacts(v.name, v.slug) for v in listed(document)),
        anchors=placing.read(document),
        placement=placement,
        lipstick=lipstick,
        files=dict(files or {}),
    )
