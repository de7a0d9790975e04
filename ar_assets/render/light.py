"""The studio: an analytic room of soft boxes, blurred beforehand for every roughness.

The lamps stand still relative to the camera, as around a photographer's turntable, so every side is lit alike.
Radiance is linear and scaled so that a white matte surface facing the camera comes out near white. Blurred tables
follow the split-sum approximation (Karis, "Real Shading in Unreal Engine 4", SIGGRAPH 2013), looked up by octahedral
maps (Cigolle et al., "A Survey of Efficient Representations for Independent Unit Vectors", JCGT 2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from ar_assets.document import Floats

_COARSE = 64  # texels of a map while it is blurred: 2.8 degrees each
_FINER = 3
SIDE = _COARSE * _FINER  # as looked up: a lamp's edge, 7 degrees wide, shows no steps in a polished lens
_BORDER = 2  # coarse texels that fold over each side, for smooth enlarging
LEVELS = 7  # roughness 0, 1/6, … 1
_SAMPLES = 96
_DIFFUSE_SAMPLES = 512


@dataclass(frozen=True)
class SoftBox:
    """A rectangular lamp far away: where it stands, half its width and height (tangents), radiance, soft edge."""

    towards: tuple[float, float, float]
    half: tuple[float, float]
    radiance: float
    edge: float = 0.12


LAMPS = (
    SoftBox((-0.75, 0.85, 0.75), (0.62, 0.5), 5.2),  # key: large, above the camera's left shoulder
    SoftBox((1.0, 0.25, 0.55), (0.42, 0.75), 2.1),  # fill: tall, to the right
    SoftBox((0.05, 1.0, -0.12), (0.85, 0.5), 2.9),  # ceiling
    SoftBox((-0.95, 0.35, -0.7), (0.16, 0.8), 4.2),  # rim, behind on the left
    SoftBox((0.95, 0.45, -0.75), (0.14, 0.8), 3.6),  # rim, behind on the right
)


def radiance(towards: Floats) -> Floats:
    """What is seen in directions (n, 3) in the camera's upright frame (+Z to the camera); (n,), neutral white."""
    up = towards[:, 1]
    # A room: light walls, a lighter ceiling, a table that gives back less
    seen = np.where(up > 0, 0.4 + 0.34 * up, 0.4 + 0.22 * up).astype(np.float32)
    for lamp in LAMPS:
        axis = np.array(lamp.towards, np.float32)
        axis /= np.linalg.norm(axis)
        side = np.cross((0.0, 0.0, 1.0) if abs(axis[1]) > 0.9 else (0.0, 1.0, 0.0), axis).astype(np.float32)
        side /= np.linalg.norm(side)
        over = np.cross(axis, side).astype(np.float32)
        along = towards @ axis
        near = np.maximum(along, 1e-3)
        inside = _edge(lamp.half[0] - np.abs(towards @ side) / near, lamp.edge)
        inside *= _edge(lamp.half[1] - np.abs(towards @ over) / near, lamp.edge)
        seen += np.where(along > 0.05, inside * np.float32(lamp.radiance), 0)
    return seen


def _edge(distance: Floats, softness: float) -> Floats:
    t = np.clip(distance / softness + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


@dataclass(frozen=True)
class Studio:
    """Blurred radiance: ``maps`` (LEVELS + 1, SIDE + 2, SIDE + 2), the last one for matte surfaces, with a border."""

    maps: Floats

    def reflected(self, towards: Floats, roughness: Floats) -> Floats:
        """What a surface of this roughness (n,) mirrors from directions (n, 3); (n,)."""
        level = np.clip(roughness, 0, 1) * np.float32(LEVELS - 1)
        low = np.minimum(level.astype(np.int32), LEVELS - 2)
        part = level - low
        x, y = _texel(towards)
        return self._at(low, x, y) * (1 - part) + self._at(low + 1, x, y) * part

    def diffuse(self, towards: Floats) -> Floats:
        """Light that arrives at a matte surface with normals (n, 3), over pi; (n,)."""
        x, y = _texel(towards)
        return self._at(np.int32(LEVELS), x, y)

    def _at(self, level: np.ndarray | np.int32, x: Floats, y: Floats) -> Floats:
        wide = SIDE + 2
        column, row = x.astype(np.int32), y.astype(np.int32)
        fx, fy = x - column, y - row
        flat = self.maps.ravel()
        place = (level * wide + row) * wide + column
        top = flat[place] * (1 - fx) + flat[place + 1] * fx
        below = flat[place + wide] * (1 - fx) + flat[place + wide + 1] * fx
        return np.asarray(top * (1 - fy) + below * fy, np.float32)


@cache
def studio() -> Studio:
    """The one studio, blurred at first use (a third of a second)."""
    maps = np.empty((LEVELS + 1, SIDE + 2, SIDE + 2), np.float32)
    maps[0] = radiance(_directions(SIDE, 1)).reshape(SIDE + 2, SIDE + 2)
    normals = _directions(_COARSE, _BORDER)
    for level in range(1, LEVELS):
        maps[level] = _enlarged(_blurred(maps[0], normals, *_glossy(level / (LEVELS - 1))))
    maps[LEVELS] = _enlarged(_blurred(maps[0], normals, *_matte()))
    return Studio(maps)


def _directions(side: int, border: int) -> Floats:
    """Of the texels of an octahedral map of ``side`` with ``border`` more on each side, row by row."""
    wide = side + 2 * border
    cells = (np.arange(wide, dtype=np.float32) + np.float32(0.5 - border)) / side * 2 - 1
    return _unfold(np.tile(cells, wide).astype(np.float32), np.repeat(cells, wide).astype(np.float32))


def _enlarged(coarse: Floats) -> Floats:
    """A coarse map with its border as a fine one with a border of one texel."""
    wide = _COARSE + 2 * _BORDER
    image = Image.fromarray(coarse.reshape(wide, wide), "F").resize((wide * _FINER,) * 2, Image.Resampling.BICUBIC)
    cut = _BORDER * _FINER - 1
    return np.asarray(image, np.float32)[cut:-cut, cut:-cut]


def _blurred(sharp: Floats, normals: Floats, offsets: Floats, weights: Floats) -> Floats:
    across = np.where(np.abs(normals[:, 1:2]) > 0.95, np.array([[1, 0, 0]]), np.array([[0, 1, 0]]))
    side = np.cross(across, normals)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(normals, side)
    total, half = np.zeros(len(normals), np.float32), np.float32(0.5)
    for (x, y, z), weight in zip(offsets, weights, strict=True):
        column, row = _texel((side * x + over * y + normals * z).astype(np.float32))
        total += weight * sharp[(row + half).astype(np.int32), (column + half).astype(np.int32)]
    return np.asarray(total / weights.sum(), np.float32)


def _glossy(roughness: float) -> tuple[Floats, Floats]:
    """Directions around +Z that a rough mirror seen head-on gathers, with their weights (GGX, view = normal)."""
    alpha = roughness * roughness
    turn, part = _spiral(_SAMPLES)
    cosine = np.sqrt((1 - part) / (1 + (alpha * alpha - 1) * part))
    sine = np.sqrt(1 - cosine * cosine)
    half = np.stack([np.cos(turn) * sine, np.sin(turn) * sine, cosine], 1)
    light = 2 * half[:, 2:] * half - np.array([0, 0, 1])
    kept = light[:, 2] > 0
    return light[kept].astype(np.float32), light[kept, 2].astype(np.float32)


def _matte() -> tuple[Floats, Floats]:
    turn, part = _spiral(_DIFFUSE_SAMPLES)
    sine = np.sqrt(part)
    directions = np.stack([np.cos(turn) * sine, np.sin(turn) * sine, np.sqrt(1 - part)], 1)
    return directions.astype(np.float32), np.ones(len(directions), np.float32)


def _spiral(count: int) -> tuple[np.ndarray, np.ndarray]:
    index = np.arange(count) + 0.5
    return index * (np.pi * (3 - np.sqrt(5))), index / count


def _texel(towards: Floats) -> tuple[Floats, Floats]:
    length = np.abs(towards[:, 0]) + np.abs(towards[:, 1]) + np.abs(towards[:, 2])
    x, y, z = (towards[:, axis] / length for axis in range(3))
    below = y < 0
    u = np.where(below, (1 - np.abs(z)) * np.copysign(np.float32(1), x), x)
    v = np.where(below, (1 - np.abs(x)) * np.copysign(np.float32(1), z), z)
    # Texel centres lie at half numbers; the border adds one
    scale = np.float32(SIDE / 2)
    return (u + 1) * scale + np.float32(0.5), (v + 1) * scale + np.float32(0.5)


def _unfold(u: Floats, v: Floats) -> Floats:
    """Directions of octahedral places; places beyond the border fold back as the map wraps."""
    beyond = np.abs(u) > 1
    u, v = np.where(beyond, np.copysign(2, u) - u, u), np.where(beyond, -v, v)
    beyond = np.abs(v) > 1
    u, v = np.where(beyond, -u, u), np.where(beyond, np.copysign(2, v) - v, v)
    y = 1 - np.abs(u) - np.abs(v)
    x = np.where(y < 0, (1 - np.abs(v)) * np.copysign(1, u), u)
    z = np.where(y < 0, (1 - np.abs(u)) * np.copysign(1, v), v)
    out = np.stack([x, y, z], 1)
    return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)
