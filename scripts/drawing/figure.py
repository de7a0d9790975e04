"""The people of the demo: modelled like small clay figures, photographed in parts, moved like paper puppets.

Centimetres; the face looks along -Y, the chin is about z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from scripts.drawing.nets import surface
from scripts.drawing.shapes import Array, Mesh, ball, circle, joined, smooth_curve, swept
from scripts.drawing.studio import Set, Thing, bumped, metal, paint, picture
from scripts.drawing.textures import mixed, noise

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """How somebody looks, CSS colours."""

    skin: str
    blush: str
    hair: str
    knit: str
    lips: str
    style: str
    """``bun`` or ``short``."""


MIRA = Look("#D79C78", "#CC6F58", "#2B1A14", "#2C5A4D", "#A8423C", "bun")
TEO = Look("#B97C55", "#B0614A", "#17110F", "#8B4A34", "#84433A", "short")


def _blob(x: Array, y: Array, z: Array, at: Vector, radii: Vector) -> Array:
    """About the distance to an ellipsoid."""
    k = np.sqrt(((x - at[0]) / radii[0]) ** 2 + ((y - at[1]) / radii[1]) ** 2 + ((z - at[2]) / radii[2]) ** 2)
    return (k - 1) * min(radii)


def _limb(x: Array, y: Array, z: Array, a: Vector, b: Vector, ra: float, rb: float) -> Array:
    """Distance to a round, tapering limb."""
    d = np.subtract(b, a)
    t = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1] + (z - a[2]) * d[2]) / float(d @ d), 0, 1)
    away = np.sqrt((x - a[0] - t * d[0]) ** 2 + (y - a[1] - t * d[1]) ** 2 + (z - a[2] - t * d[2]) ** 2)
    return np.asarray(away - (ra + (rb - ra) * t))


def _blend(a: Array, b: Array, k: float) -> Array:
    """Union with a soft seam."""
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0, 1)
    return b * (1 - h) + a * h - k * h * (1 - h)


def _carve(a: Array, b: Array, k: float) -> Array:
    """``a`` without ``b``, with a soft edge."""
    return -_blend(-a, b, k)


def _skull(x: Array, y: Array, z: Array) -> Array:
    f = _blend(_blob(x, y, z, (0, 0.3, 12.2), (8.3, 9.2, 9.4)), _blob(x, y, z, (0, -1.9, 6.6), (6.7, 7.0, 7.2)), 3.0)
    f = _blend(f, _blob(x, y, z, (0, -5.2, 1.6), (3.0, 2.8, 2.3)), 2.6)
    for side in (-1, 1):
        f = _blend(f, _blob(x, y, z, (side * 4.0, -6.1, 6.6), (2.7, 2.3, 2.4)), 2.2)
    return f


@cache
def _head_mesh() -> Mesh:
    def field(x: Array, y: Array, z: Array) -> Array:
        f = _skull(x, y, z)
        f = _blend(f, _limb(x, y, z, (0, -9.0, 10.6), (0, -9.9, 8.7), 0.55, 0.95), 1.0)
        for side in (-1, 1):
            ear = _carve(
                _blob(x, y, z, (side * 8.3, 0.8, 9.2), (1.1, 2.0, 2.6)),
                _blob(x, y, z, (side * 9.4, 0.2, 9.5), (0.9, 1.1, 1.6)),
                0.5,
            )
            f = _blend(f, ear, 0.7)
        return _blend(f, _limb(x, y, z, (0, 1.4, 4.0), (0, 2.4, -10), 3.5, 4.0), 1.6)

    return surface(field, (-10.5, -11.5, -11), (10.5, 10.5, 23), 0.2)


@cache
def _hair_mesh(style: str) -> Mesh:
    def field(x: Array, y: Array, z: Array) -> Array:
        cap = _blend(
            _blob(x, y, z, (0, 1.1, 12.9), (9.3, 10.0, 10.0)), _blob(x, y, z, (0, 4.2, 8.0), (8.6, 6.6, 8.0)), 2.0
        )
        if style == "bun":
            f = _blend(cap, _blob(x, y, z, (0.4, 4.2, 24.6), (4.6, 4.6, 4.2)), 0.9)
            f = _carve(f, _blob(x, y, z, (2.0, -9.6, 7.4), (7.7, 8.2, 9.4)), 1.2)
            f = _carve(f, _blob(x, y, z, (-4.2, -8.6, 6.0), (5.6, 6.9, 8.2)), 1.2)
            # Two loose strands in front of the ears.
            for side in (-1, 1):
                f = _blend(f, _limb(x, y, z, (side * 7.9, -3.0, 14.0), (side * 7.5, -3.6, 4.4), 0.9, 0.25), 0.8)
        else:
            f = _blend(cap, _blob(x, y, z, (1.0, -3.4, 20.6), (7.2, 5.4, 3.4)), 2.4)
            f = _carve(f, _blob(x, y, z, (0, -10.0, 7.6), (8.8, 8.6, 8.8)), 1.0)
            f = _carve(f, _blob(x, y, z, (0, 0, 2.0), (14, 14, 6.5)), 1.4)
        for side in (-1, 1):
            f = _carve(f, _blob(x, y, z, (side * 9.4, 0.6, 8.6), (2.0, 2.4, 3.4)), 0.6)
        return f

    return surface(field, (-11, -11, -1), (11, 12, 31), 0.22)


def _curve_tube(points: list[Vector], radius: float, ends: float = 0.5) -> Mesh:
    path = smooth_curve(points, 48)
    t = np.linspace(-1, 1, 48)
    return swept(path, circle(radius, 14), False, ends + (1 - ends) * np.sqrt(np.clip(1 - t**8, 0, 1)), up=(0, 1, 0))


def _front(x: float, z: float, out: float = 0.0) -> float:
    """The face's y at a point seen from the front."""
    low, high = -12.0, 0.0
    for _ in range(30):
        middle = (low + high) / 2
        value = float(_skull(np.array(x), np.array(middle), np.array(z)))
        low, high = (middle, high) if value > 0 else (low, middle)
    return low - out


def head(look: Look, eyes: float = 1.0, smile: float = 0.0, brows: float = 0.0) -> list[Thing]:
    """Head and neck. ``eyes`` 0 (shut) to 1, ``smile`` 0 (closed) to 1 (laughing), ``brows`` lifted by cm."""
    z, x = np.meshgrid(np.linspace(0, 34, 680), np.linspace(0, 21, 420), indexing="ij")
    warm = sum(np.exp(-(((x - 10.5 - side * 4.6) / 2.3) ** 2) - (((z - 11 - 6.4) / 1.7) ** 2)) for side in (-1, 1))
    warm = np.clip(
        0.5 * np.asarray(warm) + 0.25 * np.exp(-(((x - 10.5) / 1.2) ** 2) - (((z - 11 - 8.9) / 1.2) ** 2)), 0, 1
    ).astype(np.float32)
    mesh = _head_mesh()
    mesh = Mesh(mesh.points, mesh.faces, (mesh.uv + np.array([10.5, 11.0])) / np.array([21.0, 34.0]))
    skin = paint(picture(mixed(look.skin, look.blush, warm)), 0.48, specular=0.35, sheen=0.35, sheen_tint=0.6)
    hair_bump = noise(512, 26, 4, 3, stretch=0.08)
    hair_mesh = _hair_mesh(look.style)
    hair = bumped(paint(look.hair, 0.38, specular=0.5, sheen=0.3), hair_bump, 0.35, (0.06, 0.03))
    things = [Thing(mesh, skin), Thing(hair_mesh, hair)]
    dark = paint("#0C0807", 0.12, specular=0.4)
    brow = paint(look.hair, 0.7)
    for side in (-1, 1):
        cx, cz = side * 3.35, 10.5
        cy = _front(cx, cz)
        if eyes > 0.15:
            things.append(Thing(ball(1.0, 48).scaled(1.0, 0.55, 1.38 * eyes).moved(cx, cy + 0.12, cz), dark))
            things.append(Thing(ball(0.3, 24).moved(cx - 0.32, cy - 0.42, cz + 0.55 * eyes), paint("#FFFFFF", 0.3)))
        else:
            arc = [
                (cx + d, _front(cx + d, cz - 0.35 * (1 - (d / 1.25) ** 2), 0.02), cz - 0.45 * (1 - (d / 1.25) ** 2))
                for d in (-1.25, -0.7, 0, 0.7, 1.25)
            ]
            things.append(Thing(_curve_tube(arc, 0.2), dark))
        bz = 13.35 + brows
        points = [
            (side * bx, _front(side * bx, bz + dz, 0.0), bz + dz)
            for bx, dz in ((1.9, -0.15), (3.0, 0.32), (4.2, 0.3), (5.2, -0.3))
        ]
        things.append(Thing(_curve_tube(points, 0.33, 0.35), brow))
    wide = 2.5 + 0.35 * smile
    corner = [(d, 4.35 + 0.75 * (abs(d) / wide) ** 2) for d in np.linspace(-wide, wide, 9)]
    if smile < 0.3:
        lips = [(d, _front(d, h, 0.05), h) for d, h in corner]
        things.append(Thing(_curve_tube(lips, 0.26, 0.4), paint(look.lips, 0.45)))
    else:
        columns = np.linspace(-wide, wide, 41)
        upper = 4.75 + 0.42 * (np.abs(columns) / wide) ** 2
        depth = 1.75 * smile * np.sqrt(np.clip(1 - (columns / wide) ** 2, 0, 1))
        rows = []
        for share in np.linspace(0, 1, 14):
            h = upper - share * depth
            rows.append(np.stack([columns, [_front(c, v, 0.04) for c, v in zip(columns, h, strict=True)], h], -1))
        sheet = np.array(rows)
        from scripts.drawing.shapes import grid

        things.append(Thing(grid(sheet), paint("#5A1F1E", 0.6)))
        teeth = sheet[:6] + np.array([0, -0.05, 0])
        inner = np.abs(columns) < wide * 0.86
        things.append(Thing(grid(teeth[:, inner]), paint("#F3EEE6", 0.3, specular=0.5)))
        rim = np.concatenate([sheet[0], sheet[-1, ::-1][1:-1]])[::2]
        things.append(
            Thing(swept(smooth_curve(rim, 110, True), circle(0.22, 10), True, up=(0, 1, 0)), paint(look.lips, 0.4))
        )
    if look.style == "bun":
        gold = metal("#D9A95B", 0.15)
        pearls = [ball(0.95, 40).moved(side * 8.5, -0.2, 5.9) for side in (-1, 1)]
        studs = [ball(0.35, 24).moved(side * 8.6, -0.2, 7.0) for side in (-1, 1)]
        things += [
            Thing(joined(*pearls), paint("#F1EAE2", 0.2, specular=0.7, clearcoat=1.0)),
            Thing(joined(*studs), gold),
        ]
    return things


def _ribs(size: int = 512) -> Any:
    x = np.linspace(0, 2 * np.pi * 16, size, endpoint=False)
    row = np.linspace(0, 2 * np.pi * 20, size, endpoint=False)[:, None]
    return (np.abs(np.sin(x)) ** 0.7 * (0.86 + 0.14 * np.sin(row + np.sign(np.sin(x)) * 0.8))).astype(np.float32)


def knitted(look: Look, repeat: tuple[float, float] = (0.045, 0.06)) -> dict[str, Any]:
    """Ribbed wool."""
    return bumped(paint(look.knit, 0.95, specular=0.1, sheen=0.9, sheen_tint=0.7), _ribs(), 0.22, repeat)


@cache
def _torso_mesh() -> Mesh:
    def field(x: Array, y: Array, z: Array) -> Array:
        f = _blend(
            _blob(x, y, z, (0, 2.2, -24.5), (14.0, 8.6, 17)),
            _limb(x, y, z, (-12.2, 2.4, -14.6), (12.2, 2.4, -14.6), 5.0, 5.0),
            4.5,
        )
        f = _blend(f, _limb(x, y, z, (0, 2.4, -14), (0, 2.2, -9.5), 7.0, 5.0), 4.0)
        waist = -_blend(9.4 - np.sqrt((x / 1.32) ** 2 + ((y - 2.2) / 0.9) ** 2), -(z + 20), 6.0)
        f = _blend(f, waist, 7.0)
        ring = np.sqrt((np.sqrt(x**2 + (y - 2.0) ** 2) - 4.4) ** 2 + ((z + 6.6) * 0.62) ** 2) - 1.25
        return _blend(f, ring, 0.7)

    return surface(field, (-19, -9, -62), (19, 12, -3), 0.3)


def torso(look: Look) -> list[Thing]:
    """Body in a roll-neck, without arms and head."""
    return [Thing(_torso_mesh(), knitted(look))]


def upper_arm(look: Look) -> list[Thing]:
    """Hanging from the shoulder at the origin, 21 cm."""
    mesh = surface(lambda x, y, z: _limb(x, y, z, (0, 0, 0), (0, 0, -21), 5.1, 4.3), (-6, -6, -27), (6, 6, 6), 0.25)
    return [Thing(mesh, knitted(look, (0.05, 0.06)))]


def forearm(look: Look, pose: str) -> list[Thing]:
    """Hanging from the elbow at the origin; the hand ``open`` (offering) or ``rest``."""
    sleeve = surface(
        lambda x, y, z: _blend(
            _limb(x, y, z, (0, 0, 0), (0, 0, -15), 4.35, 3.3),
            np.sqrt((np.sqrt(x**2 + y**2) - 2.5) ** 2 + ((z + 16.4) * 0.6) ** 2) - 1.15,
            0.5,
        ),
        (-6, -6, -20),
        (6, 6, 6),
        0.22,
    )

    def hand(x: Array, y: Array, z: Array) -> Array:
        f = _blend(
            _limb(x, y, z, (0, 0, -14), (0, 0, -19), 2.0, 2.1), _blob(x, y, z, (0, 0, -21.3), (3.1, 1.5, 3.6)), 1.2
        )
        bend = -0.6 if pose == "open" else -2.2
        for n, (at, long) in enumerate(((-2.2, 4.6), (-0.75, 5.5), (0.75, 5.2), (2.15, 4.1))):
            spread = (0.16 if pose == "open" else 0.05) * (n - 1.5)
            middle = (at + spread * 2, bend * 0.35, -23.8 - long * 0.5)
            f = _blend(f, _limb(x, y, z, (at, 0, -23.3), middle, 0.85, 0.8), 0.45)
            f = _blend(f, _limb(x, y, z, middle, (at + spread * 4, bend, -23.8 - long), 0.8, 0.66), 0.2)
        knuckle = (3.6, -0.9, -21.0)
        f = _blend(f, _limb(x, y, z, (1.9, -0.2, -18.8), knuckle, 1.15, 0.95), 0.8)
        return _blend(f, _limb(x, y, z, knuckle, (4.5 if pose == "open" else 3.5, -1.2, -23.6), 0.95, 0.72), 0.2)

    skin = paint(look.skin, 0.48, specular=0.35, sheen=0.35, sheen_tint=0.6)
    return [Thing(sleeve, knitted(look, (0.05, 0.06))), Thing(surface(hand, (-5, -4, -31), (6.5, 4, -12), 0.16), skin)]


def portrait(things: list[Thing], span: float, middle: Vector, turn: float = 0.0) -> Set:
    """A set for a part of a figure: ``span`` centimetres fill the shorter side."""
    moved = [Thing(t.mesh.turned("z", turn).moved(-middle[0], 0, -middle[2]), t.material) for t in things]
    fov = 14.0
    distance = 0.5 / np.tan(np.radians(fov / 2))
    return Set(
        moved,
        span,
        "",
        (0, 0, 0),
        height=3,
        fov=fov,
        distance=float(distance),
        key=0.85,
        fill=1.35,
        ambient=0.5,
        exposure=1.15,
    )
