"""Fewer triangles where neither shape nor shading shows it (meshoptimizer, aware of normals and texture coordinates).

Changes which vertices the triangles use; never moves one, never touches materials, skinned or morphed meshes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Simplify:
    """How far to go. ``ratio`` is the least part of the triangles that may be left.

    ``error`` is how far the surface may move, as a part of the model's largest side; the weights say what a unit of
    change in normals, texture coordinates and colours counts against that side.
    """

    ratio: float = 0.0
    error: float = 1e-4
    normal_weight: float = 0.5
    texture_weight: float = 1.0
    colour_weight: float = 1.0

    def request(self) -> dict[str, Any]:
        """As the worker takes it."""
        return asdict(self)
