"""The floor under a product, and the soft shadow on it: shapes cut into slices, shifted along the light, laid on top.

A floor in a room of soft boxes sees light from everywhere, so its shadow is a mean over hundreds of directions. Traced
ray by ray that costs seconds, and grain shows in what should be smooth. In slices one direction is a few dozen shifted
masks: the same mean without any grain, in a quarter of a second.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats
from ar_assets.render.camera import Camera
from ar_assets.render.light import radiance
from ar_assets.render.scene import Scene

REACH = 2.2
"""How far from the middle the floor is looked at, in the scene's unit (its radius)."""
_FADE = 0.9
_POINTS_PER_CELL = 3.0
_MOST_POINTS = 1_500_000
_DARKEST = np.float32(0.78)
_LAMPS_PART = 0.45
"""Of the shadow's light that comes from where the lamps are, the rest evenly from the whole room."""


class Ground:
    """A floor at ``height`` (scene units): the part of its light that is missing, once for all cameras.

    ``cells`` along each side, ``directions`` of light; ``upright`` (3, 3) places the lamps (`Camera.upright`), None
    takes light that is even all around, as for a turn.
    """

    def __init__(
        self, scene: Scene, height: float, *, cells: int, directions: int, upright: Floats | None = None
    ) -> None:
        self._height, self._cells = height, cells
        towards = _upper_half(directions)
        weights = np.ones(directions, np.float32)
        if upright is not None:
            lamps = radiance(np.ascontiguousarray(towards @ upright.T, np.float32))
            weights = (1 - _LAMPS_PART) + _LAMPS_PART * lamps / lamps.mean()
        missing = self._missing(self._slices(scene), towards, weights / weights.sum())
        line = (np.arange(cells) + 0.5) / cells * (2 * REACH) - REACH
        away = np.hypot(line[None, :], line[:, None])
        self.missing: Floats = (_blurred(missing) * np.clip((REACH - away) / _FADE, 0, 1)).astype(np.float32)

    def shadow(self, camera: Camera, size: int) -> Floats:
        """How much of the floor's light is missing as a camera sees it, (size, size), 0…1."""
        line = ((np.arange(size) + 0.5) / size * 2 - 1).astype(np.float32)
        towards = camera.rays(np.tile(line, size), np.repeat(-line, size))
        fall = np.minimum(towards[:, 1], np.float32(-1e-4))
        far = np.float32(self._height - camera.position[1]) / fall
        scale = np.float32(self._cells / (2 * REACH))
        across = (np.float32(camera.position[0] + REACH) + towards[:, 0] * far) * scale - np.float32(0.5)
        along = (np.float32(camera.position[2] + REACH) + towards[:, 2] * far) * scale - np.float32(0.5)
        last = self._cells - 1.001
        inside = np.flatnonzero((towards[:, 1] < -1e-4) & (across > 0) & (across < last) & (along > 0) & (along < last))
        across, along = across[inside], along[inside]
        column, row = across.astype(np.int32), along.astype(np.int32)
        right, below = across - column, along - row
        flat, start = self.missing.ravel(), row * self._cells + column
        upper = flat[start] * (1 - right) + flat[start + 1] * right
        lower = flat[start + self._cells] * (1 - right) + flat[start + self._cells + 1] * right
        dark = np.zeros(size * size, np.float32)
        dark[inside] = upper + (lower - upper) * below
        return np.asarray(_DARKEST * dark, np.float32).reshape(size, size)

    def _slices(self, scene: Scene) -> list[tuple[float, int, int, NDArray[np.bool_]]]:
        """The surface by height over the floor: height, first row and column, mask of cells that it passes through."""
        cell = 2 * REACH / self._cells
        points = _strewn(scene, cell)
        row, column = (np.floor((points[:, axis] + REACH) / cell).astype(np.int32) for axis in (2, 0))
        level = np.floor((points[:, 1] - self._height) / (2 * cell)).astype(np.int32)
        order = np.argsort(level, kind="stable")
        row, column, level = row[order], column[order], level[order]
        found = []
        for start, end in zip(*_runs(level), strict=True):
            rows, columns = row[start:end], column[start:end]
            top, left = int(rows.min()), int(columns.min())
            mask = np.zeros((int(rows.max()) - top + 1, int(columns.max()) - left + 1), bool)
            mask[rows - top, columns - left] = True
            found.append(((float(level[start]) + 0.5) * 2 * cell, top, left, mask))
        return found

    def _missing(
        self, slices: list[tuple[float, int, int, NDArray[np.bool_]]], towards: Floats, weights: Floats
    ) -> Floats:
        cells, cell = self._cells, 2 * REACH / self._cells
        missing = np.zeros((cells, cells), np.float32)
        for (x, y, z), weight in zip(towards.tolist(), weights.tolist(), strict=True):
            hidden = np.zeros((cells, cells), bool)
            for height, top, left, mask in slices:
                # A ray from the floor along the direction meets the slice where the mask lies; seen from there
                up = top - round(height * z / y / cell)
                aside = left - round(height * x / y / cell)
                first, begin = max(up, 0), max(aside, 0)
                last, end = min(up + mask.shape[0], cells), min(aside + mask.shape[1], cells)
                if first < last and begin < end:
                    hidden[first:last, begin:end] |= mask[first - up : last - up, begin - aside : end - aside]
            missing += hidden * np.float32(weight)
        return missing


def _upper_half(count: int) -> Floats:
    """Directions (count, 3) over the half space around +Y, denser upwards as a matte floor weighs them."""
    index = np.arange(count) + 0.5
    turn, part = index * (np.pi * (3 - np.sqrt(5))), index / count
    out = np.sqrt(part)
    return np.stack([np.cos(turn) * out, np.sqrt(1 - part), np.sin(turn) * out], 1).astype(np.float32)


def _strewn(scene: Scene, cell: float) -> Floats:
    """Points (n, 3) over the surface, a few for every cell that it covers; the same ones on every run."""
    corner = scene.points[scene.faces]
    ab, ac = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    area = np.linalg.norm(np.cross(ab, ac), axis=1) / 2
    density = min(_POINTS_PER_CELL / cell**2, _MOST_POINTS / max(float(area.sum()), 1e-9))
    count = np.ceil(area * density).astype(np.int64).clip(1)
    face = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(face))
    u, v = number * 0.7548776662466927 % 1.0, number * 0.5698402909980532 % 1.0
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    return np.asarray(corner[face, 0] + ab[face] * u[:, None] + ac[face] * v[:, None], np.float32)


def _runs(values: NDArray[np.int32]) -> tuple[list[int], list[int]]:
    """Beginnings and ends of equal neighbours."""
    starts = np.flatnonzero(np.diff(values, prepend=values[0] - 1)).tolist()
    return starts, [*starts[1:], len(values)]


def _blurred(values: Floats) -> Floats:
    """Over five cells, so that neither cells nor single directions show."""
    for axis in (0, 1):
        for _ in range(2):
            values = (np.roll(values, 1, axis) + 2 * values + np.roll(values, -1, axis)) * np.float32(0.25)
    return values
