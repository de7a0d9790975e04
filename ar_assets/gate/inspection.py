"""What the gate found out about a file it let pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Format(StrEnum):
    """Format of an upload, by its content and never by its name alone."""

    GLB = "glb"
    GLTF = "gltf"
    OBJ = "obj"
    STL = "stl"
    PLY = "ply"
    FBX = "fbx"
    USDZ = "usdz"


@dataclass(frozen=True)
class Inspection:
    """Facts of a file that passed.

    ``root`` is the model's name inside a zip, None for a plain file; ``files`` are the zip's entries that matter.
    ``unpacked`` says where each of them lies when that was asked for. ``pixels`` is the sum over all images.
    ``triangles`` and ``images`` are 0 for FBX and USDZ.
    ``needs_importer`` is set for formats that only the optional importer reads.
    """

    format: Format
    bytes: int
    root: str | None = None
    files: tuple[str, ...] = ()
    unpacked: Mapping[str, Path] = field(default_factory=dict)
    triangles: int = 0
    nodes: int = 0
    images: int = 0
    pixels: int = 0
    extensions: tuple[str, ...] = ()
    needs_importer: bool = False
