"""The shape of a model as the eye meets it: all triangles of the shown scene in model space, and their measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Document, Matrix

_POINTS = 12_000_000  # of all primitives together; the gate allows a sixth of it


@dataclass(frozen=True)
class Shape:
    """Points (n, 3) in model space, triangles (m, 3) as indices into them, and how the model is drawn."""

    points: NDArray[np.float64]
    faces: NDArray[np.int64]
    draw_calls: int

    @property
    def triangles(self) -> int:
        """How many triangles are drawn (instances counted each)."""
        return len(self.faces)

    @property
    def low(self) -> NDArray[np.float64]:
        """Smallest corner of the bounding box."""
        return self.points.min(0) if len(self.points) else np.zeros(3)

    @property
    def high(self) -> NDArray[np.float64]:
        """Largest corner of the bounding box."""
        return self.points.max(0) if len(self.points) else np.zeros(3)

    @property
    def size(self) -> NDArray[np.float64]:
        """Width, height, depth."""
        return self.high - self.low


def measure(document: Document) -> Shape:
    """The shape of the shown scene; lines and points are left out.

    Raises:
        StepFailed: Geometry that is compressed or reaches outside the file, or too much of it.
    """
    points: list[NDArray[np.float64]] = []
    faces: list[NDArray[np.int64]] = []
    total = calls = 0
    for index, matrix in document.placed():
        mesh = document.items("nodes")[index].get("mesh")
        if mesh is None:
            continue
        for primitive in document.items("meshes")[mesh].get("primitives", []):
            local, triangles = _triangles(document, primitive)
            if not len(triangles):
                continue
            for instance in instances(document, index):
                if (total := total + len(local)) > _POINTS:
                    raise ValueError("more points than the gate lets through")
                whole = matrix @ instance
                faces.append(triangles + sum(len(part) for part in points))
                points.append(local @ whole[:3, :3].T + whole[:3, 3])
            calls += 1
    if not points:
        return Shape(np.zeros((0, 3)), np.zeros((0, 3), np.int64), 0)
    return Shape(np.concatenate(points), np.concatenate(faces), calls)


def instances(document: Document, node: int) -> list[Matrix]:
    """The matrices of EXT_mesh_gpu_instancing of a node, or one that changes nothing."""
    spec = document.items("nodes")[node].get("extensions", {}).get("EXT_mesh_gpu_instancing", {}).get("attributes")
    if not spec:
        return [np.eye(4)]
    from ar_assets.document import local_matrix

    columns = {name.lower(): document.accessor(accessor).astype(float) for name, accessor in spec.items()}
    count = min(len(values) for values in columns.values())
    known = ("translation", "rotation", "scale")
    return [local_matrix({name: columns[name][i] for name in known if name in columns}) for i in range(count)]


def triangle_indices(document: Document, primitive: dict[str, object], count: int) -> NDArray[np.int64]:
    """A primitive's triangles (m, 3) from its mode (triangles, strip, fan) and indices; others give none.

    Triangles that point at vertices which do not exist are left out.
    """
    mode = primitive.get("mode", 4)
    order = primitive.get("indices")
    flat = document.accessor(order)[:, 0].astype(np.int64) if isinstance(order, int) else np.arange(count)
    if mode == 4:
        found = flat[: len(flat) // 3 * 3].reshape(-1, 3)
    elif mode == 5 and len(flat) >= 3:
        found = np.stack([flat[:-2], flat[1:-1], flat[2:]], 1)
        found[1::2] = found[1::2, [1, 0, 2]]
    elif mode == 6 and len(flat) >= 3:
        found = np.stack([np.full(len(flat) - 2, flat[0]), flat[1:-1], flat[2:]], 1)
    else:
        return np.zeros((0, 3), np.int64)
    return found[(found < count).all(1)]


def _triangles(document: Document, primitive: dict[str, object]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    attributes = primitive.get("attributes")
    position = attributes.get("POSITION") if isinstance(attributes, dict) else None
    if position is None:
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64)
    local = document.accessor(position).astype(np.float64)
    return local, triangle_indices(document, primitive, len(local))
