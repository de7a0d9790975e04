"""Surfaces: sheets, tubes, ellipsoids, and how light or dark each of their points is.

Metres, +Y up, she looks along +Z as VRM 1.0 wants it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatar.stage.look import Look

Points = NDArray[np.float64]
Faces = NDArray[np.int64]
Bones = list[tuple[str, str, float]]
LOOK = Look()


@dataclass
class Part:
    """A surface of one colour. ``bones`` weights each vertex between at most two bones."""

    colour: str
    """A field of `Look`, or a colour of its own (#RRGGBB) that no outfit changes."""
    points: Points
    faces: Faces
    bones: Bones
    """Per vertex: first bone, second, share of the second."""
    morphs: dict[str, Points] = field(default_factory=dict)
    """How far each vertex goes for a shape; same length as ``points``."""
    rough: float = 0.8
    tint: Points | None = None
    """Per vertex, 0 to 1: what the colour is multiplied with; None: nothing."""


def grid(rows: int, columns: int, *, closed: bool) -> Faces:
    """Triangles between the rows of a sheet; ``closed`` joins its last column to the first."""
    faces = []
    for r in range(rows - 1):
        for c in range(columns if closed else columns - 1):
            a, b = r * columns + c, r * columns + (c + 1) % columns
            faces += [(a, b, b + columns), (a, b + columns, a + columns)]
    return np.array(faces, np.int64)


def tube(rings: list[tuple[tuple[float, float, float], float, float]], axis: int = 1, around: int = 32) -> Points:
    """Ellipses along an axis: centre and two radii each. ``axis`` 1: rising; 0: towards +X."""
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    rows = []
    for centre, first, second in rings:
        ring = np.zeros((around, 3))
        if axis == 1:
            ring[:, 0], ring[:, 2] = np.sin(turn) * first, np.cos(turn) * second
        else:
            ring[:, 1], ring[:, 2] = np.cos(turn) * first, np.sin(turn) * second
        rows.append(ring + centre)
    return np.concatenate(rows)


def ball(
    centre: tuple[float, float, float], radii: tuple[float, float, float], rows: int = 18, around: int = 28
) -> tuple[Points, Faces]:
    """An ellipsoid."""
    tilt = np.linspace(-np.pi / 2 + 1e-3, np.pi / 2 - 1e-3, rows)
    rings = [
        ((centre[0], centre[1] + radii[1] * np.sin(t), centre[2]), radii[0] * np.cos(t), radii[2] * np.cos(t))
        for t in tilt
    ]
    return tube(rings, around=around), grid(rows, around, closed=True)


def rigid(bone: str, count: int) -> Bones:
    """All of a part moves with one bone."""
    return [(bone, bone, 0.0)] * count


def blob(colour: str, bone: str, centre: Any, radii: Any, rough: float = 0.8, rows: int = 18) -> Part:
    """An ellipsoid that moves with one bone."""
    points, faces = ball(centre, radii, rows, max(12, rows + 6))
    return Part(colour, points, faces, rigid(bone, len(points)), rough=rough)


def light(colour: str) -> NDArray[np.float64]:
    """The linear light of a CSS colour, 0 to 1."""
    srgb = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4))


def towards(base: str, other: str, share: Any) -> Points:
    """The tint that takes ``base`` so far towards ``other``; never lighter than ``base``."""
    ratio = np.minimum(light(other) / light(base), 1.0)
    return np.asarray(1 - np.clip(np.asarray(share), 0, 1)[:, None] * (1 - ratio))


def bump(distance: Any, width: float) -> Any:
    """1 where the distance is 0, falling softly."""
    return np.exp(-((np.asarray(distance) / width) ** 2))


def about(part: Part, centre: tuple[float, float, float], by: float) -> Part:
    """The part, larger or smaller about a point, its morphs with it."""
    part.points = (part.points - centre) * by + centre
    part.morphs = {name: moved * by for name, moved in part.morphs.items()}
    return part


def flipped(part: Part) -> Part:
    """Its mirror at the middle; its bones are given by whoever mirrors."""
    part.points = part.points * [-1, 1, 1]
    part.faces = part.faces[:, ::-1]
    part.morphs = {name: moved * [-1, 1, 1] for name, moved in part.morphs.items()}
    return part
