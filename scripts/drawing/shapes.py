"""Meshes made from formulas: turned profiles, swept tubes, blown-up boxes. Centimetres, Z up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Mesh:
    """Triangles with a texture coordinate per vertex; normals are made by the renderer (smooth)."""

    points: Array
    faces: NDArray[np.int64]
    uv: Array
    smooth: bool = True

    def moved(self, x: float = 0, y: float = 0, z: float = 0) -> Mesh:
        return replace(self, points=self.points + np.array([x, y, z], float))

    def scaled(self, x: float, y: float | None = None, z: float | None = None) -> Mesh:
        return replace(self, points=self.points * np.array([x, x if y is None else y, x if z is None else z], float))

    def turned(self, axis: str, degrees: float) -> Mesh:
        """Rotate about an axis through the origin."""
        angle = np.radians(degrees)
        c, s = np.cos(angle), np.sin(angle)
        i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        points = self.points.copy()
        points[:, i], points[:, j] = (
            c * self.points[:, i] - s * self.points[:, j],
            s * self.points[:, i] + c * self.points[:, j],
        )
        return replace(self, points=points)

    def bent(self, bend: Callable[[Array], Array]) -> Mesh:
        """Move every point by a function of all points."""
        return replace(self, points=bend(self.points.copy()))


def joined(*meshes: Mesh) -> Mesh:
    """Several meshes as one."""
    offsets = np.cumsum([0] + [len(mesh.points) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
        np.concatenate([mesh.uv for mesh in meshes]),
    )


def grid(points: Array, uv: Array | None = None, flip: bool = False) -> Mesh:
    """A sheet from ``points[rows, columns, 3]``."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    if uv is None:
        v, u = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
        uv = np.stack([u, v], -1)
    return Mesh(points.reshape(-1, 3), faces[:, ::-1] if flip else faces, uv.reshape(-1, 2))


def smooth_curve(points: Sequence[tuple[float, ...]] | Array, count: int = 64, closed: bool = False) -> Array:
    """A Catmull-Rom curve through the points, evenly spaced by arc length."""
    p = np.asarray(points, float)
    p = np.concatenate([p[-1:], p, p[:2]]) if closed else np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, 40, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    curve = np.concatenate([*pieces, p[-2][None]])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    wanted = np.linspace(0, lengths[-1], count, endpoint=not closed)
    return np.stack([np.interp(wanted, lengths, curve[:, axis]) for axis in range(curve.shape[1])], -1)


def rounded(profile: list[tuple[float, float, float]], count: int = 6) -> Array:
    """A polyline of ``(x, z, radius)`` with every corner rounded."""
    p = np.array([(x, z) for x, z, _ in profile], float)
    out = [p[0]]
    for i in range(1, len(p) - 1):
        before, here, after = p[i - 1], p[i], p[i + 1]
        lengths = np.linalg.norm(here - before), np.linalg.norm(after - here)
        radius = min(profile[i][2], float(lengths[0]) * 0.49, float(lengths[1]) * 0.49)
        if radius <= 0:
            out.append(here)
            continue
        start, end = here + (before - here) / lengths[0] * radius, here + (after - here) / lengths[1] * radius
        for t in np.linspace(0, 1, count):
            out.append((1 - t) ** 2 * start + 2 * t * (1 - t) * here + t**2 * end)
    out.append(p[-1])
    return np.array(out)


def resampled(points: Array, count: int) -> Array:
    """The same polyline with evenly spaced points."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    wanted = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(wanted, lengths, points[:, axis]) for axis in range(points.shape[1])], -1)


def turned_profile(profile: Array, around: int = 128) -> Mesh:
    """A profile of ``(radius, z)`` turned about the Z axis; outward when it runs upward on the outside."""
    angle = np.linspace(0, 2 * np.pi, around + 1)
    points = np.empty((len(profile), around + 1, 3))
    points[..., 0] = profile[:, :1] * np.cos(angle)
    points[..., 1] = profile[:, :1] * np.sin(angle)
    points[..., 2] = profile[:, 1:]
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    v, u = np.meshgrid(lengths / lengths[-1], np.linspace(0, 1, around + 1), indexing="ij")
    return grid(points, np.stack([u, v], -1))


def swept(
    path: Array,
    section: Array,
    closed: bool = False,
    scale: Array | None = None,
    up: tuple[float, float, float] = (0, 0, 1),
) -> Mesh:
    """A closed section ``(side, up)`` carried along a path; ``scale[i]`` sizes it at each step.

    ``up`` is the direction that the section's second axis keeps as nearly as it can.
    """
    after, before = (
        (np.roll(path, -1, 0), np.roll(path, 1, 0))
        if closed
        else (np.concatenate([path[1:], path[-1:]]), np.concatenate([path[:1], path[:-1]]))
    )
    tangent = after - before
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent, np.array(up, float))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    top = np.cross(side, tangent)
    loop = np.concatenate([section, section[:1]])
    sizes = (
        np.ones((len(path), 2))
        if scale is None
        else np.broadcast_to(scale if scale.ndim == 2 else scale[:, None], (len(path), 2))
    )
    points = (
        path[:, None]
        + side[:, None] * (loop[None, :, :1] * sizes[:, None, :1])
        + top[:, None] * (loop[None, :, 1:] * sizes[:, None, 1:])
    )
    if closed:
        points = np.concatenate([points, points[:1]])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points[:, 0], axis=0), axis=1))])
    v, u = np.meshgrid(lengths / lengths[-1], np.linspace(0, 1, len(loop)), indexing="ij")
    body = grid(points, np.stack([u, v], -1))
    if closed:
        return body
    return joined(body, _cap(points[0], True), _cap(points[-1], False))


def _cap(ring: Array, flip: bool) -> Mesh:
    centre = ring.mean(0)
    return grid(np.stack([ring, np.broadcast_to(centre, ring.shape)]), flip=flip)


def circle(radius: float, count: int = 24, squash: float = 1.0) -> Array:
    """A round section, or an ellipse."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([radius * np.cos(angle), radius * squash * np.sin(angle)], -1)


def rounded_rectangle(width: float, height: float, radius: float, count: int = 6) -> Array:
    """A section with round corners."""
    radius = min(radius, width / 2, height / 2)
    corners = [(1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)]
    points = []
    for sx, sy, start in corners:
        angle = np.radians(np.linspace(start, start + 90, count))
        points.append(
            np.stack(
                [
                    sx * (width / 2 - radius) + radius * np.cos(angle),
                    sy * (height / 2 - radius) + radius * np.sin(angle),
                ],
                -1,
            )
        )
    return np.concatenate(points)


def tube(
    points: Sequence[tuple[float, ...]] | Array,
    radius: float,
    count: int = 64,
    closed: bool = False,
    taper: tuple[float, float] = (1.0, 1.0),
    sides: int = 20,
) -> Mesh:
    """A round wire through the points."""
    path = smooth_curve(points, count, closed)
    scale = np.linspace(taper[0], taper[1], count)
    direction = path[-1] - path[0] if not closed else np.array([0.0, 0, 0])
    spread = np.ptp(path, axis=0)
    up = np.zeros(3)
    up[int(np.argmin(spread + 1e-6 * np.abs(direction)))] = 1
    return swept(path, circle(radius, sides), closed, scale, (float(up[0]), float(up[1]), float(up[2])))


def ball(radius: float, rings: int = 96) -> Mesh:
    """A sphere about the origin."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rings)
    return turned_profile(np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1), rings * 2)


def cushion(
    width: float, depth: float, height: float, squareness: float = 4.0, crown: float = 0.0, steps: int = 72
) -> Mesh:
    """A stuffed box about the origin: a superellipsoid, its top and bottom swelling by ``crown``.

    Made from the six faces of a cube, so that it has no poles for a texture to gather at.
    """
    t = np.tan(np.linspace(-np.pi / 4, np.pi / 4, steps))
    v, u = np.meshgrid(t, t, indexing="ij")
    one = np.ones_like(u)
    faces = [(u, v, one), (-u, v, -one), (one, u, v), (-one, -u, v), (-u, one, v), (u, -one, v)]
    size = np.array([width, depth, height]) / 2
    sheets = []
    for face in faces:
        points = np.stack(face, -1)
        points /= np.sum(np.abs(points) ** squareness, axis=-1, keepdims=True) ** (1 / squareness)
        swell = np.clip(1 - points[..., 0] ** 2, 0, 1) * np.clip(1 - points[..., 1] ** 2, 0, 1)
        points = points * size
        points[..., 2] += np.sign(points[..., 2]) * crown * swell
        sheets.append(grid(points, np.stack([u, v], -1) / 2 + 0.5))
    return joined(*sheets)


def rounded_box(width: float, depth: float, height: float, radius: float) -> Mesh:
    """A box about the origin with bevelled edges, extruded upward from a rounded plan."""
    plan = rounded_rectangle(width, depth, radius, 8)
    bevel = min(radius, height / 2) * 0.6
    turn = np.linspace(0, np.pi / 2, 7)
    rise, inset = bevel * (1 - np.cos(turn)), bevel * (1 - np.sin(turn))
    lower = [
        (-height / 2, bevel + 0.02 * width),
        *zip(-height / 2 + rise, inset, strict=True),
        (-height / 2 + bevel * 1.3, 0.0),
    ]
    levels = [*lower, *((-z, gap) for z, gap in reversed(lower))]
    loop = np.concatenate([plan, plan[:1]])
    rows = []
    for z, gap in levels:
        shrink = np.array([(width - 2 * gap) / width, (depth - 2 * gap) / depth])
        rows.append(np.concatenate([loop * shrink, np.full((len(loop), 1), z)], 1))
    rows = [
        np.broadcast_to([0.0, 0.0, -height / 2], rows[0].shape),
        *rows,
        np.broadcast_to([0.0, 0.0, height / 2], rows[0].shape),
    ]
    points = np.array(rows)
    uv = points[..., :2] / np.array([width, depth]) + 0.5
    return grid(points, uv)


def extruded(outline: Array, thickness: float, bevel: float = 0.0) -> Mesh:
    """A flat outline in the XZ plane given a thickness along Y, its front edge bevelled."""
    centre = outline.mean(0)
    loop = np.concatenate([outline, outline[:1]])
    turn = np.linspace(0, np.pi / 2, 7)
    edge = [
        (-thickness / 2, bevel * 1.5),
        *zip(-thickness / 2 + bevel * (1 - np.cos(turn)), bevel * (1 - np.sin(turn)), strict=True),
        (-thickness / 2 + bevel * 1.3, 0.0),
        (thickness / 2 - 0.01, 0.0),
        (thickness / 2, 0.0),
    ]
    rows = []
    for y, gap in edge:
        reach = np.linalg.norm(loop - centre, axis=1, keepdims=True)
        ring = centre + (loop - centre) * (1 - gap / np.maximum(reach, 1e-6))
        rows.append(np.stack([ring[:, 0], np.full(len(ring), y), ring[:, 1]], -1))
    front = np.broadcast_to([centre[0], -thickness / 2, centre[1]], rows[0].shape)
    back = np.broadcast_to([centre[0], thickness / 2, centre[1]], rows[0].shape)
    points = np.array([front, *rows, back])
    low, high = outline.min(0), outline.max(0)
    uv = (points[..., [0, 2]] - low) / (high - low)
    return grid(points, uv)
