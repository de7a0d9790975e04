"""Where the eye stands: directions around a product, and the distance at which it fills the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats

_HALF_ANGLE = math.radians(12)  # a long lens, as in product photography: little distortion
_ELEVATIONS = (15.0, 35.0, 5.0, 50.0, 15.0, -20.0, 10.0, 35.0)


@dataclass(frozen=True)
class Window:
    """A part of a picture, in pixels from its upper left corner."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Camera:
    """An eye at ``position`` (3,) looking along ``axes[2]`` reversed; ``axes`` (3, 3) rows are right, up, backward.

    ``upright`` (3, 3) turns directions into the studio's frame: the camera's azimuth without its elevation.
    """

    position: NDArray[np.float64]
    axes: NDArray[np.float64]
    upright: Floats
    half_tangent: float

    def rays(self, x: Floats, y: Floats) -> Floats:
        """Unit directions (n, 3) through places in the picture, -1…1 to the right and up."""
        right, up, back = self.axes
        across, along = (right * self.half_tangent).astype(np.float32), (up * self.half_tangent).astype(np.float32)
        towards = x[:, None] * across + y[:, None] * along - back.astype(np.float32)
        towards /= np.sqrt(np.einsum("ij,ij->i", towards, towards))[:, None]
        return np.asarray(towards, np.float32)

    def projected(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places in the picture (n, 2) of points (n, 3) of the scene."""
        local = (points - self.position) @ self.axes.T
        return np.asarray(local[:, :2] / (-local[:, 2:] * self.half_tangent))

    def window(self, points: NDArray[np.float64], size: int) -> Window:
        """The part of a picture of ``size`` x ``size`` pixels outside of which none of ``points`` (n, 3) is seen."""
        if ((points - self.position) @ self.axes[2]).max() > -1e-3:
            return Window(0, 0, size, size)  # some of it is behind the camera
        place = self.projected(points) * (1, -1)
        low, high = ((side + 1) / 2 * size for side in (place.min(0), place.max(0)))
        left, top = (int(value) for value in np.clip(np.floor(low) - 1, 0, size - 1))
        right, bottom = (int(value) for value in np.clip(np.ceil(high) + 1, 1, size))
        return Window(left, top, max(right - left, 1), max(bottom - top, 1))


def around(count: int) -> list[tuple[float, float]]:
    """``count`` directions (azimuth, elevation in degrees; azimuth 0 looks at the front) that miss no side."""
    return [(360.0 * index / count, _ELEVATIONS[index % len(_ELEVATIONS)]) for index in range(count)]


def looking(
    azimuth: float, elevation: float, points: NDArray[np.float64], *, fill: float = 0.92, centred: bool = True
) -> Camera:
    """A camera from a direction (degrees) that sees all ``points`` (n, 3) within ``fill`` of the picture.

    ``centred`` puts the middle of what is seen into the middle of the picture; without it the camera looks at the
    middle of the points' bounds, so that a turning product does not sway.
    """
    turn, rise = math.radians(azimuth), math.radians(elevation)
    back = np.array([math.sin(turn) * math.cos(rise), math.sin(rise), math.cos(turn) * math.cos(rise)])
    right = np.array([math.cos(turn), 0.0, -math.sin(turn)])
    axes = np.stack([right, np.cross(back, right), back])
    flat_back = np.array([math.sin(turn), 0.0, math.cos(turn)])
    upright = np.stack([right, np.array([0.0, 1.0, 0.0]), flat_back]).astype(np.float32)
    middle = (points.min(0) + points.max(0)) / 2
    local = (points - middle) @ axes.T
    spread = math.tan(_HALF_ANGLE)
    shift = np.zeros(2)
    distance = 0.0
    # Perspective moves the middle of the outline a little with distance; three rounds settle it
    for _ in range(3):
        reach = np.abs(local[:, :2] - shift).max(1)
        distance = float((reach / (spread * fill) + local[:, 2]).max())
        if centred:
            seen = (local[:, :2] - shift) / (distance - local[:, 2:])
            shift = shift + (seen.min(0) + seen.max(0)) / 2 * distance
    reach = np.abs(local[:, :2] - shift).max(1)
    distance = max(float((reach / (spread * fill) + local[:, 2]).max()), 1e-3)
    position = middle + np.array([shift[0], shift[1], distance]) @ axes
    return Camera(position, axes, upright, spread)


def corners(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """The eight corners (8, 3) of a box."""
    return np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
