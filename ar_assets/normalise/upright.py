"""Which way is up: glTF says +Y, CAD programs and many exporters write +Z, and then the product lies on its back.

A file cannot tell; its shape often can: who models with +Z up puts the product on the plane z = 0. Only offered, as
a thing that hangs on a wall has its back there too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ar_assets.normalise.shape import Shape

Z_UP = (-(0.5**0.5), 0.0, 0.0, 0.5**0.5)
"""Turns a model with +Z up into one with +Y up (a quarter about X; quaternion x, y, z, w)."""

_ON_THE_PLANE = 0.01
"""Of the largest side: as close as things stand on a floor that was meant."""
_OFF_THE_GROUND = 0.05
_BROAD = 0.1
"""Part of the footprint's rectangle that the lowest 2 % reach across at least: feet do, a nose does not."""
_TALL_GLASSES, _FLAT_GLASSES = 0.6, 1.5


def lies_on_its_back(shape: Shape, category: str, *, hangs: bool) -> bool:
    """Whether the shape makes more sense with +Z up; ``hangs`` on a wall: never."""
    if not len(shape.points) or hangs:
        return False
    wide, tall, deep = (float(side) for side in shape.size.tolist())
    if category == "glasses":  # unfolded, and higher than they are deep
        return tall > _TALL_GLASSES * wide and tall > _FLAT_GLASSES * deep
    if category not in ("shoe", "furniture", "other"):
        return False
    _, ground, plane = (float(value) for value in shape.low.tolist())
    stands_on_z = abs(plane) <= _ON_THE_PLANE * max(wide, tall, deep) and abs(ground) > _OFF_THE_GROUND * tall
    return stands_on_z and _reach(shape.points) >= _BROAD


def _reach(points: NDArray[np.float64]) -> float:
    """Of the rectangle seen along z, how much the points near the lowest z span."""
    low, high = points.min(0), points.max(0)
    feet = points[points[:, 2] <= low[2] + 0.02 * (high[2] - low[2])]
    area = float(np.prod((high - low)[:2]))
    return float(np.prod(np.ptp(feet, axis=0)[:2])) / area if area > 0 else 0.0
