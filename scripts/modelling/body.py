"""From the neck down: blouse, jacket with lapels, sleeves, hands. What a desk hides is plain."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.modelling.shapes import LOOK, Bones, Part, Points, blob, bump, flipped, grid, rigid, towards, tube

PROFILE = np.array(
    [  # height, half width, half depth, forward
        (0.86, 0.158, 0.112, 0), (0.95, 0.155, 0.108, 0), (1.04, 0.128, 0.092, 0), (1.1, 0.122, 0.09, 0.002),
        (1.18, 0.136, 0.1, 0.006), (1.25, 0.15, 0.11, 0.009), (1.3, 0.157, 0.106, 0.007), (1.34, 0.158, 0.094, 0.003),
        (1.368, 0.15, 0.081, 0), (1.39, 0.126, 0.07, -0.003), (1.408, 0.094, 0.061, -0.005),
        (1.424, 0.066, 0.053, -0.007), (1.436, 0.05, 0.047, -0.008),
    ]
)  # fmt: skip
CLOSED = 1.135
"""Where the jacket's two sides meet."""
SHOULDER, ELBOW, WRIST = (0.134, 1.328), 0.372, 0.585


def _smoothed(heights: Any, column: int) -> Any:
    """The profile without its corners."""
    heights = np.asarray(heights, float)
    near = np.linspace(-0.014, 0.014, 7)
    return np.mean([np.interp(heights + d, PROFILE[:, 0], PROFILE[:, column]) for d in near], axis=0)


def chest_z(x: Any, y: Any) -> Any:
    """How far forward the jacket is."""
    wide, deep, forward = (_smoothed(y, column) for column in (1, 2, 3))
    return forward + deep * np.sqrt(np.clip(1 - (np.asarray(x) / wide) ** 2, 0, 1))


def _along(points: Points) -> Bones:
    """How hips, spine and chest share what lies at a height."""
    result = []
    for y in points[:, 1]:
        if y < 1.2:
            result.append(("hips", "spine", float(np.clip((y - 0.95) / 0.2, 0, 1))))
        else:
            result.append(("spine", "chest", float(np.clip((y - 1.2) / 0.1, 0, 1))))
    return result


def torso() -> list[Part]:
    """Jacket, blouse, throat, brooch; the trousers end below what a camera shows."""
    fine = np.linspace(0.86, 1.416, 44)
    columns = [_smoothed(fine, k) for k in (1, 2, 3)]
    rings = [((0.0, float(y), float(f)), float(w), float(d)) for y, w, d, f in zip(fine, *columns, strict=True)]
    body = tube(rings, around=56)
    jacket = Part("jacket", body, grid(len(rings), 56, closed=True), _along(body))
    x, y, z = body.T
    side = np.clip((np.abs(x) / _smoothed(y, 1) - 0.72) / 0.28, 0, 1) * (y < 1.33)
    fold = bump(y - 1.1 + 0.12 * np.abs(x), 0.008) + 0.7 * bump(y - 1.065 - 0.2 * np.abs(x), 0.007)
    jacket.tint = towards(LOOK.jacket, LOOK.jacket_shade, 0.75 * side**2 + 0.3 * fold * (z > 0) + 0.5 * (z < 0))
    parts = [jacket, _blouse(), _neckline(), _seam()]
    for one in (1, -1):
        parts += [_lapel(one), _collar(one)]
    rings = [
        ((0, 1.405, -0.006), 0.054, 0.047),
        ((0, 1.425, -0.006), 0.0425, 0.042),
        ((0, 1.45, -0.005), 0.0385, 0.041),
    ]
    rings += [((0, 1.5, -0.002), 0.0375, 0.041), ((0, 1.56, 0.004), 0.041, 0.045)]
    throat = tube(rings)
    weights = [("chest", "neck", float(np.clip((y - 1.41) / 0.04, 0, 1))) for y in throat[:, 1]]
    neck = Part("skin", throat, grid(5, 32, closed=True), weights, rough=0.66)
    neck.tint = towards(LOOK.skin, LOOK.skin_shade, 0.95 * np.clip((throat[:, 1] - 1.41) / 0.06, 0, 1))
    parts.append(neck)
    parts.append(
        blob("accent", "chest", (0.094, 1.285, float(chest_z(0.094, 1.285)) + 0.006), (0.0105, 0.0105, 0.005), 0.3, 12)
    )
    return parts


def _sheet(colour: str, heights: Any, half: Any, ahead: float, columns: int = 21) -> Part:
    """A piece of cloth on the jacket's form, so wide at each height."""
    k = np.linspace(-1, 1, columns)[None, :]
    x = np.asarray(half)[:, None] * k
    y = np.asarray(heights)[:, None] + 0 * k
    points = np.stack([x, y, chest_z(x, y) + ahead], 2).reshape(-1, 3)
    return Part(colour, points, grid(len(heights), columns, closed=False), _along(points))


def _opening(heights: Any) -> Any:
    """Half the width between the lapels."""
    return np.minimum(np.clip((np.asarray(heights) - CLOSED) * 0.27, 0.0006, 0.058), _smoothed(heights, 1) * 0.9)


def _blouse() -> Part:
    heights = np.linspace(CLOSED, 1.43, 26)
    part = _sheet("top", heights, _opening(heights) + 0.008, 0.0028)
    # soft pleats, darker where the lapels throw their shadow
    x = part.points[:, 0]
    pleats = 0.5 + 0.5 * np.cos(x / 0.0062)
    edge = np.clip(np.abs(x) / (_opening(part.points[:, 1]) + 0.006), 0, 1) ** 3
    part.tint = np.repeat((1 - 0.13 * pleats - 0.38 * edge)[:, None], 3, 1)
    return part


def _neckline() -> Part:
    """A round neck."""
    heights = np.linspace(1.352, 1.44, 18)
    half = 0.062 * np.sqrt(np.clip(1 - ((1.43 - np.minimum(heights, 1.43)) / 0.0785) ** 2, 0, 1)) + 0.0005
    half *= np.clip((1.446 - heights) / 0.024, 0, 1) ** 0.5  # it runs out on the throat
    part = _sheet("skin", heights, np.minimum(half, _smoothed(heights, 1) * 0.92), 0.0046)
    part.rough = 0.66
    part.tint = towards(LOOK.skin, LOOK.skin_shade, 0.95 * np.clip((part.points[:, 1] - 1.41) / 0.06, 0, 1))
    return part


def _seam() -> Part:
    """The edge of the closed jacket, from the lapels down."""
    heights = np.linspace(0.9, CLOSED + 0.01, 12)
    part = _sheet("jacket_shade", heights, np.full(12, 0.0011), 0.0016, 3)
    part.points[:, 0] += 0.004
    return part


def _lapel(side: int) -> Part:
    """The turned front: slim at the closure, broad at the chest, with a point below the notch."""
    return _turned(
        side, np.linspace(CLOSED - 0.004, 1.352, 22), lambda h: 0.05 * np.clip((h - CLOSED) / 0.19, 0, 1) ** 0.85
    )


def _collar(side: int) -> Part:
    """Above the notch, round the neck."""
    return _turned(side, np.linspace(1.35, 1.43, 12), lambda h: 0.034 - 0.01 * (h - 1.35) / 0.08)


def _turned(side: int, heights: Any, width: Any) -> Part:
    across = np.linspace(0, 1, 7)
    rows = []
    for h in heights:
        half = float(_smoothed(h, 1))
        x = np.minimum(_opening([h])[0] + 0.001 + (width(h) + 0.002) * across, half * 0.97)
        # the outer edge of the lapel rises to its point
        y = h + 0.016 * across * np.clip((h - 1.2) / 0.15, 0, 1) * np.clip((1.43 - h) / 0.06, 0, 1)
        ahead = 0.0045 + 0.0055 * np.sin(np.pi * (0.2 + 0.72 * across))
        rows.append(np.stack([x * side, y, chest_z(x, y) + ahead], 1))
    points = np.concatenate(rows)
    faces = grid(len(heights), 7, closed=False)
    part = Part("jacket", points, faces if side > 0 else faces[:, ::-1], _along(points), rough=0.7)
    share = np.tile(across, len(heights))
    part.tint = towards(LOOK.jacket, LOOK.jacket_shade, 0.42 + 0.5 * bump(share - 1, 0.16) + 0.3 * bump(share, 0.12))
    return part


def arm(side: int) -> list[Part]:
    """Sleeve with a cuff, and a hand with fingers held together."""
    name = "left" if side > 0 else "right"
    (x0, y0), steps = SHOULDER, np.linspace(0, 1, 22)
    xs = x0 - 0.012 + (WRIST - x0 + 0.002) * steps
    radii = 0.045 - 0.0115 * steps**1.2 + 0.0016 * bump(xs - ELBOW, 0.02)
    points = tube([((float(x), y0, 0.0), float(r), float(r)) for x, r in zip(xs, radii, strict=True)], axis=0)
    weights = []
    for x in points[:, 0]:
        if x < 0.25:
            weights.append((f"{name}UpperArm", f"{name}UpperArm", 0.0))
        else:
            share = np.clip((x - (ELBOW - 0.035)) / 0.07, 0, 1)
            weights.append((f"{name}UpperArm", f"{name}LowerArm", float(share * share * (3 - 2 * share))))
    sleeve = Part("jacket", points, grid(len(xs), 32, closed=True), weights)
    dark = 0.35 * bump(points[:, 0] - ELBOW, 0.016) * (points[:, 2] > 0) + 0.45 * np.clip(
        (y0 - points[:, 1]) / 0.05, 0, 1
    )
    sleeve.tint = towards(LOOK.jacket, LOOK.jacket_shade, dark)
    cap = blob("jacket", f"{name}UpperArm", (x0 - 0.01, y0, 0.0), (0.045, 0.045, 0.045), rows=13)
    cuff_rings = ((WRIST - 0.03, 0.0352), (WRIST - 0.016, 0.0362), (WRIST + 0.002, 0.0355), (WRIST + 0.004, 0.026))
    cuff_points = tube([((x, y0, 0.0), r, r) for x, r in cuff_rings], axis=0)
    cuff = Part("jacket_shade", cuff_points, grid(4, 32, closed=True), rigid(f"{name}LowerArm", len(cuff_points)))
    parts = [sleeve, cap, cuff, *_hand(f"{name}Hand", y0)]
    return parts if side > 0 else [flipped(part) for part in parts]


def _hand(bone: str, y: float) -> list[Part]:
    """Palm, four fingers, thumb."""
    x = WRIST
    rings = [
        (x - 0.02, 0.022, 0.025), (x + 0.02, 0.0195, 0.0285), (x + 0.055, 0.0185, 0.039), (x + 0.09, 0.0165, 0.043),
        (x + 0.105, 0.012, 0.04), (x + 0.112, 0.003, 0.02),
    ]  # fmt: skip
    palm = tube([((at, y, 0.0), a, b) for at, a, b in rings], axis=0)
    parts = [Part("skin", palm, grid(len(rings), 32, closed=True), rigid(bone, len(palm)), rough=0.66)]
    for n, (z, reach) in enumerate(((0.031, 0.074), (0.0105, 0.084), (-0.0105, 0.078), (-0.0305, 0.06))):
        start = (x + 0.096 - 0.003 * n, y + 0.001, z)
        parts.append(_finger(bone, start, (x + 0.1 + reach, y - 0.008, z * 1.08)))
    parts.append(_finger(bone, (x + 0.03, y - 0.003, 0.028), (x + 0.092, y - 0.012, 0.07), 1.15))
    return parts


def _finger(bone: str, start: tuple[float, float, float], end: tuple[float, float, float], thick: float = 1.0) -> Part:
    """A rounded finger, darker at its root."""
    a, b = np.array(start), np.array(end)
    shares = np.array([0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0])
    radii = np.array([0.0112, 0.0108, 0.0104, 0.0094, 0.0072, 0.0042, 0.0006]) * thick
    rings = [(tuple((a + (b - a) * s).tolist()), float(r), float(r)) for s, r in zip(shares, radii, strict=True)]
    points = tube(rings, axis=0, around=14)
    part = Part("skin", points, grid(len(shares), 14, closed=True), rigid(bone, len(points)), rough=0.66)
    part.tint = towards(LOOK.skin, LOOK.skin_shade, np.repeat(0.5 * (1 - shares), 14))
    return part


def legs() -> list[Part]:
    """Plain: a desk hides them."""
    parts = []
    for side, bone in ((1, "leftUpperLeg"), (-1, "rightUpperLeg")):
        rings = [((0.085 * side, y, 0.0), r, r) for y, r in ((0.1, 0.05), (0.5, 0.062), (0.88, 0.076))]
        points = tube(rings, around=20)
        parts.append(Part("top", points, grid(3, 20, closed=True), rigid(bone, len(points))))
    return parts
