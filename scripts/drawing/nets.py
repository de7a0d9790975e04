"""Surface nets: a mesh from any function of space that is negative inside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scripts.drawing.shapes import Array, Mesh

Field = Callable[[Array, Array, Array], Array]


def surface(field: Field, low: tuple[float, float, float], high: tuple[float, float, float], step: float) -> Mesh:
    """Mesh the zero of ``field(x, y, z)`` in a box, about one point per ``step``; uv is (x, z)."""
    axes = [np.arange(a, b + step, step) for a, b in zip(low, high, strict=True)]
    values = field(axes[0][:, None, None], axes[1][None, :, None], axes[2][None, None, :])
    values = np.broadcast_to(values, tuple(len(axis) for axis in axes)).astype(np.float32)
    shape = tuple(n - 1 for n in values.shape)
    total, count = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32)
    for axis in range(3):
        a, b = np.take(values, range(values.shape[axis] - 1), axis), np.take(values, range(1, values.shape[axis]), axis)
        crossing = (a < 0) != (b < 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(crossing, a / (a - b), 0)
        others = [i for i in range(3) if i != axis]
        for da in (0, 1):
            for db in (0, 1):
                cut = [slice(None)] * 3
                for other, d in zip(others, (da, db), strict=True):
                    cut[other] = slice(d, d + shape[other])
                hit, where = crossing[tuple(cut)], part[tuple(cut)]
                count += hit
                total[..., axis] += np.where(hit, where, 0)
                total[..., others[0]] += np.where(hit, da, 0)
                total[..., others[1]] += np.where(hit, db, 0)
    active = count > 0
    cells = np.argwhere(active)
    index = np.full(shape, -1, np.int64)
    index[active] = np.arange(len(cells))
    points = (cells + total[active] / count[active][:, None]) * step + np.array(low)
    faces = []
    inside = values < 0
    for axis in range(3):
        others = [i for i in range(3) if i != axis]
        a, b = np.take(inside, range(shape[axis]), axis), np.take(inside, range(1, shape[axis] + 1), axis)
        edges = np.argwhere(a != b)
        keep = np.all([(edges[:, o] > 0) & (edges[:, o] < shape[o]) for o in others], axis=0)
        edges = edges[keep]
        corners = []
        for da, db in ((1, 1), (0, 1), (0, 0), (1, 0)):
            cell = edges.copy()
            cell[:, others[0]] -= da
            cell[:, others[1]] -= db
            corners.append(index[tuple(cell.T)])
        quad = np.stack(corners, -1)
        flip = a[tuple(edges.T)] ^ (axis == 1)
        quad[~flip] = quad[~flip][:, ::-1]
        faces += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return Mesh(points.astype(float), np.concatenate(faces), points[:, [0, 2]].astype(float))
