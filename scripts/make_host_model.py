"""Makes our host as VRM 1.0: the same woman whom `avatar.stage` draws, as a figure that a browser can move.

    python scripts/make_host_model.py [TARGET]     default: client_web/public/host/vitrine-host.vrm

Everything is computed: surfaces are turned profiles and swept tubes, one colour each (no textures), smooth normals.
One humanoid skeleton carries them; the face has morph targets for the five vowels and the eyelids. Metres, +Y up, she
looks along +Z as VRM 1.0 wants it. Colours are those of `avatar.stage.look.Look`. Own work, Apache-2.0.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib as gl
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from vrm_file import Bytes, linear, normals  # noqa: E402

from avatar.stage.look import Look  # noqa: E402  after the path is set

TARGET = ROOT / "client_web" / "public" / "host" / "vitrine-host.vrm"
Points = NDArray[np.float64]
LOOK = Look()

BONES: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0, 0.94, 0)),
    "spine": ("hips", (0, 1.05, 0)),
    "chest": ("spine", (0, 1.2, 0)),
    "neck": ("chest", (0, 1.42, -0.01)),
    "head": ("neck", (0, 1.5, 0)),
    "leftEye": ("head", (0.041, 1.607, 0.083)),
    "rightEye": ("head", (-0.041, 1.607, 0.083)),
    "leftUpperArm": ("chest", (0.16, 1.372, 0)),
    "leftLowerArm": ("leftUpperArm", (0.415, 1.375, 0)),
    "leftHand": ("leftLowerArm", (0.645, 1.375, 0)),
    "rightUpperArm": ("chest", (-0.16, 1.372, 0)),
    "rightLowerArm": ("rightUpperArm", (-0.415, 1.375, 0)),
    "rightHand": ("rightLowerArm", (-0.645, 1.375, 0)),
    "leftUpperLeg": ("hips", (0.09, 0.9, 0)),
    "leftLowerLeg": ("leftUpperLeg", (0.09, 0.49, 0)),
    "leftFoot": ("leftLowerLeg", (0.09, 0.08, 0)),
    "rightUpperLeg": ("hips", (-0.09, 0.9, 0)),
    "rightLowerLeg": ("rightUpperLeg", (-0.09, 0.49, 0)),
    "rightFoot": ("rightLowerLeg", (-0.09, 0.08, 0)),
}
"""VRM's bones: parent, and where each turns, in the T pose."""
NAMES = list(BONES)
SHAPES = ("aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight", "happy")


@dataclass
class Part:
    """A surface of one colour. ``bones`` weights each vertex between at most two bones."""

    colour: str
    points: Points
    faces: NDArray[np.int64]
    bones: list[tuple[str, str, float]]
    """Per vertex: first bone, second, share of the second."""
    morphs: dict[str, Points] = field(default_factory=dict)
    """How far each vertex goes for a shape; same length as ``points``."""
    rough: float = 0.8


def grid(rows: int, columns: int, *, closed: bool) -> NDArray[np.int64]:
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
) -> tuple[Points, NDArray[np.int64]]:
    """An ellipsoid."""
    tilt = np.linspace(-np.pi / 2 + 1e-3, np.pi / 2 - 1e-3, rows)
    rings = [
        ((centre[0], centre[1] + radii[1] * np.sin(t), centre[2]), radii[0] * np.cos(t), radii[2] * np.cos(t))
        for t in tilt
    ]
    return tube(rings, around=around), grid(rows, around, closed=True)


def rigid(bone: str, count: int) -> list[tuple[str, str, float]]:
    """All of a part moves with one bone."""
    return [(bone, bone, 0.0)] * count


def blob(colour: str, bone: str, centre: Any, radii: Any, rough: float = 0.8, rows: int = 18) -> Part:
    """An ellipsoid that moves with one bone."""
    points, faces = ball(centre, radii, rows)
    return Part(colour, points, faces, rigid(bone, len(points)), rough=rough)


HEAD = (0.0, 1.6, 0.0)
FACE = (0.092, 0.122, 0.102)


def face_z(x: Any, y: Any) -> Any:
    """How far forward the face is."""
    fall = np.clip(1 - (np.asarray(x) / _width(y)) ** 2 - ((np.asarray(y) - HEAD[1]) / FACE[1]) ** 2, 0.0, 1.0)
    return FACE[2] * np.sqrt(fall)


def _width(y: Any) -> Any:
    """Half the head's width at full height: cheeks are wide, the chin is narrow."""
    low = np.clip((HEAD[1] - np.asarray(y)) / FACE[1], 0, 1)
    return FACE[0] * (1 - 0.17 * low**2)


def head() -> Part:
    """Skull and face in one surface; the jaw follows the vowels."""
    points, faces = ball(HEAD, FACE, 34, 40)
    low = np.clip((HEAD[1] - points[:, 1]) / FACE[1], 0, 1)
    points[:, 0] *= 1 - 0.17 * low**2
    nose = np.exp(-((points[:, 0] / 0.012) ** 2) - ((points[:, 1] - 1.574) / 0.02) ** 2) * (points[:, 2] > 0)
    points[:, 2] += 0.013 * nose
    jaw = np.clip((1.555 - points[:, 1]) / 0.05, 0, 1) * (points[:, 2] > -0.02)
    morphs = {}
    for name, drop in {"aa": 0.014, "oh": 0.01, "ee": 0.004, "ih": 0.004, "ou": 0.005}.items():
        morphs[name] = np.stack([0 * jaw, -drop * jaw, 0 * jaw], 1)
    return Part(LOOK.skin, points, faces, rigid("head", len(points)), morphs, 0.62)


MOUTH_Y = 1.536
MOUTHS: dict[str, tuple[float, float, float]] = {
    # half width, half gap, lift of the corners
    "rest": (0.0235, 0.0006, 0.0035),
    "aa": (0.0245, 0.0165, 0.001),
    "ih": (0.0265, 0.0055, 0.003),
    "ee": (0.029, 0.007, 0.0035),
    "oh": (0.0165, 0.0145, 0.0),
    "ou": (0.0115, 0.0075, 0.0),
    "happy": (0.0295, 0.0006, 0.009),
}


def _mouth_rim(name: str, outer: float, count: int) -> Points:
    """The edge of the opening, ``outer`` beyond it; it lies on the face."""
    half, gap, lift = MOUTHS[name]
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    x = np.sin(turn) * (half + outer * 0.55)
    side = np.cos(turn)
    # the lower lip is fuller, the upper one has a bow
    lip = np.where(side > 0, outer * (0.8 + 0.25 * np.exp(-((np.abs(x) - 0.006) ** 2) / 3e-5)), outer * 1.15)
    y = MOUTH_Y + side * gap * np.where(side > 0, 0.7, 1.3) + side * lip + lift * (np.abs(x) / half) ** 2
    y = y - 0.3 * gap
    return np.stack([x, y, face_z(x, y) + 0.0015], 1)


def lips() -> Part:
    """A ring round the opening."""
    count, across = 40, (0.0, 0.35, 0.75, 1.0)

    def ring(name: str) -> Points:
        rows = []
        for share in across:
            rim = _mouth_rim(name, 0.0072 * share, count)
            rim[:, 2] += 0.0056 * np.sin(np.pi * min(share + 0.12, 1.0))
            rows.append(rim)
        return np.concatenate(rows)

    rest = ring("rest")
    morphs = {name: ring(name) - rest for name in MOUTHS if name != "rest"}
    faces = grid(len(across), count, closed=True)[:, ::-1]
    return Part(LOOK.lips, rest, faces, rigid("head", len(rest)), morphs, 0.4)


def opening(colour: str, share: float, depth: float, part: str) -> Part:
    """What is seen between the lips: the dark, and before it the upper teeth or the tongue."""
    count = 32

    def disc(name: str) -> Points:
        rim = _mouth_rim(name, 0.0006, count)
        middle = rim.mean(axis=0)
        rim[:, 0] *= share
        if part == "teeth":
            top = rim[:, 1].max()
            rim[:, 1] = np.maximum(rim[:, 1], top - min(0.0058, 1.1 * MOUTHS[name][1]))
        elif part == "tongue":
            bottom = rim[:, 1].min()
            rim[:, 1] = np.minimum(rim[:, 1], bottom + 0.5 * MOUTHS[name][1])
        rim[:, 2] += depth
        middle[1:] = rim[:, 1:].mean(axis=0)
        middle[0] = 0
        return np.concatenate([rim, middle[None]])

    rest = disc("rest")
    faces = np.array([(n, count, (n + 1) % count) for n in range(count)], np.int64)
    morphs = {name: disc(name) - rest for name in MOUTHS if name != "rest"}
    return Part(colour, rest, faces, rigid("head", len(rest)), morphs, 0.9)


def eye(side: int) -> list[Part]:
    """White, iris, pupil and glint move with the eye's bone; lid and lashes with the head."""
    bone = "leftEye" if side > 0 else "rightEye"
    x, y = 0.041 * side, 1.607
    z = float(face_z(x, y))

    def dot(colour: str, dx: float, dy: float, radius: tuple[float, float], ahead: float, rough: float = 0.3) -> Part:
        return blob(colour, bone, (x + dx, y + dy, z + ahead), (*radius, 0.002), rough, 8)

    white = blob("#FFFBF5", "head", (x, y, z - 0.0045), (0.0215, 0.0155, 0.0085), 0.4)
    pieces = [
        white,
        dot(LOOK.iris, -0.001 * side, 0, (0.0108, 0.0125), 0.0036),
        dot("#1B0F0C", -0.001 * side, 0, (0.0058, 0.007), 0.005),
        dot("#FFFFFF", 0.0035, 0.0045, (0.0026, 0.003), 0.0066),
    ]
    return [*pieces, *lid(side, x, y, z)]


def lid(side: int, x: float, y: float, z: float) -> list[Part]:
    """A band of skin over the eye with lashes at its edge; a blink draws it down."""
    count, rows = 15, 5
    across = np.linspace(-1, 1, count)

    def edge(closed: float) -> Points:
        height = 0.0152 * np.sqrt(np.clip(1 - across**2, 0, 1))
        return np.stack([x + across * 0.0235, y + height * (1 - 1.75 * closed) + 0.0008, 0 * across], 1)

    def band(closed: float) -> Points:
        low = edge(closed)
        high = np.stack([x + across * 0.026, y + 0.021 * np.sqrt(np.clip(1 - across**2, 0, 1)) + 0.001, 0 * across], 1)
        sheet = np.concatenate([low + (high - low) * share for share in np.linspace(0, 1, rows)])
        bulge = 0.0068 * np.clip(1 - ((sheet[:, 0] - x) / 0.026) ** 2 - ((sheet[:, 1] - y) / 0.026) ** 2, 0, 1)
        sheet[:, 2] = face_z(sheet[:, 0], sheet[:, 1]) + bulge + 0.0018
        return sheet

    def lash(closed: float) -> Points:
        low = band(closed)[:count]
        # thicker and longer to the outside
        out = 0.0016 + 0.0016 * np.clip(across * side, 0, 1)
        high = low + np.stack([0.0022 * side * np.clip(across * side, 0, 1) ** 2, out, 0 * out], 1)
        low, high = low + [0, -0.0008, 0.0012], high + [0, 0, 0.0012]
        return np.concatenate([low, high])

    name = "blinkLeft" if side > 0 else "blinkRight"
    parts = []
    for colour, shape, count_rows in ((LOOK.skin, band, rows), (LOOK.hair, lash, 2)):
        rest = shape(0.0)
        faces = grid(count_rows, count, closed=False)
        parts.append(Part(colour, rest, faces, rigid("head", len(rest)), {name: shape(1.0) - rest}, 0.7))
    return parts


def brow(side: int) -> Part:
    """A soft stroke."""
    across = np.linspace(0, 1, 12)
    x = (0.02 + 0.043 * across) * side
    y = 1.637 + 0.0085 * np.sin(np.pi * (0.16 + 0.72 * across))
    thick = 0.0034 * np.sin(np.pi * np.clip(0.25 + 0.75 * across, 0, 0.98))
    rows = [np.stack([x, y + k * thick, face_z(x, y + k * thick) + 0.003], 1) for k in (-1, 1)]
    points = np.concatenate(rows)
    faces = grid(2, 12, closed=False)
    morph = np.zeros_like(points)
    morph[:, 1] = 0.005
    part = Part(LOOK.hair_light, points, faces if side > 0 else faces[:, ::-1], rigid("head", len(points)), rough=0.9)
    part.morphs["happy"] = morph
    return part


def hair() -> list[Part]:
    """A bob with a side parting: a cap that leaves the face free, and a curtain that swings in at the chin."""
    rows, around = 30, 64
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    front = np.clip(np.cos(turn), 0, 1)
    # how far down the hair goes: to the hairline in front (higher at the parting), to the chin elsewhere
    line = 1.662 + 0.012 * np.sin(turn - 0.6)
    # hair falls beside the face from where it is wider than the cheekbones
    is_face = 1 / (1 + np.exp(-(np.cos(turn) - 0.42) * 26))
    bottom = is_face * line + (1 - is_face) * (1.487 + 0.012 * np.cos(turn))
    sheet = []
    for share in np.linspace(0, 1, rows):
        y = 1.742 + (bottom - 1.742) * share
        up = np.clip((y - 1.6) / 0.142, 0, 1)
        width = np.where(y > 1.6, 0.112 * np.sqrt(np.clip(1 - up**2, 0.0, 1)), 0.112 + 0.006 * np.sin((1.6 - y) * 22))
        width = width - 0.022 * np.clip((1.54 - y) / 0.06, 0, 1) ** 2
        strands = 1 + 0.014 * np.cos(turn * 13) * np.clip(share * 2, 0, 1)
        deep = np.where(np.cos(turn) > 0, 1.03, 1.12)
        sheet.append(
            np.stack(
                [np.sin(turn) * width * strands, y, np.cos(turn) * width * strands * deep + 0.002 - 0.004 * front], 1
            )
        )
    points = np.concatenate(sheet)
    parts = [Part(LOOK.hair, points, grid(rows, around, closed=True)[:, ::-1], rigid("head", len(points)), rough=0.38)]
    parts += [lock(1), lock(-1)]
    return parts


def lock(side: int) -> Part:
    """A lock from the parting over the forehead to the temple."""
    steps, across = 16, 7
    rows = []
    for t in np.linspace(0, 1, steps):
        x = -0.022 + (0.111 if side > 0 else -0.066) * t**0.9
        y = 1.722 - 0.128 * t**1.7
        width = 0.021 * np.sin(np.pi * (0.2 + 0.72 * t)) + 0.004
        z = 0.108 * np.sqrt(max(0.0, 1 - (x / 0.121) ** 2 - ((y - 1.6) / 0.19) ** 2)) + 0.004
        k = np.linspace(-1, 1, across)
        rows.append(np.stack([x + 0 * k, y + k * width, z + 0.007 * (1 - k**2)], 1))
    points = np.concatenate(rows)
    faces = grid(steps, across, closed=False)
    return Part(LOOK.hair, points, faces if side < 0 else faces[:, ::-1], rigid("head", len(points)), rough=0.38)


def torso() -> list[Part]:
    """Blouse, jacket with lapels, neck; the trousers end below what a camera shows."""

    def along(points: Points) -> list[tuple[str, str, float]]:
        result = []
        for y in points[:, 1]:
            if y < 1.2:
                result.append(("hips", "spine", float(np.clip((y - 0.95) / 0.2, 0, 1))))
            else:
                result.append(("spine", "chest", float(np.clip((y - 1.2) / 0.1, 0, 1))))
        return result

    profile = [  # height, half width, half depth, forward
        (0.86, 0.165, 0.115, 0), (0.95, 0.162, 0.112, 0), (1.05, 0.135, 0.096, 0), (1.12, 0.132, 0.096, 0.002),
        (1.2, 0.146, 0.106, 0.006), (1.27, 0.16, 0.112, 0.008), (1.33, 0.168, 0.102, 0.004), (1.375, 0.16, 0.085, 0),
        (1.405, 0.132, 0.07, -0.002), (1.425, 0.09, 0.058, -0.006), (1.436, 0.054, 0.05, -0.008),
    ]  # fmt: skip
    fine = np.linspace(0.86, 1.436, 34)
    columns = [np.interp(fine, [p[0] for p in profile], [p[k] for p in profile]) for k in (1, 2, 3)]
    rings = [((0.0, float(y), float(f)), float(w), float(d)) for y, w, d, f in zip(fine, *columns, strict=True)]
    body = tube(rings, around=48)
    faces = grid(len(rings), 48, closed=True)
    parts = [Part(LOOK.jacket, body, faces, along(body))]
    for colour, low, slope, most, ahead in (
        (LOOK.top, 1.165, 0.36, 0.078, 0.003),
        (LOOK.skin, 1.33, 0.62, 0.05, 0.005),
    ):
        heights = np.linspace(low, 1.43, 20)
        width, depth, forward = (np.interp(heights, fine, column) for column in columns)
        half = np.minimum(np.clip((heights - low) * slope, 0.0005, most), width * 0.9)
        k = np.linspace(-1, 1, 15)[None, :]
        x = half[:, None] * k
        z = forward[:, None] + depth[:, None] * np.sqrt(1 - (x / width[:, None]) ** 2) + ahead
        sheet = np.stack([x, heights[:, None] + 0 * k, z], 2).reshape(-1, 3)
        parts.append(Part(colour, sheet, grid(20, 15, closed=False), along(sheet)))
    for side in (1, -1):
        parts.append(lapel(side))
    rings = [((0, 1.415, -0.004), 0.047, 0.047), ((0, 1.44, -0.006), 0.039, 0.041)]
    rings += [((0, 1.5, -0.002), 0.037, 0.041), ((0, 1.54, 0.004), 0.04, 0.045)]
    throat = tube(rings)
    weights = [("chest", "neck", float(np.clip((y - 1.41) / 0.04, 0, 1))) for y in throat[:, 1]]
    parts.append(Part(LOOK.skin, throat, grid(4, 32, closed=True), weights, rough=0.62))
    parts.append(blob(LOOK.accent, "chest", (0.083, 1.305, 0.112), (0.011, 0.011, 0.005), 0.3, 10))
    for side in (1, -1):
        parts.append(blob(LOOK.accent, "head", (0.089 * side, 1.545, 0.018), (0.0075, 0.0095, 0.0075), 0.25, 10))
    return parts


def lapel(side: int) -> Part:
    """A fold of the jacket beside the blouse."""
    heights = np.linspace(1.165, 1.42, 12)
    inner = np.clip((heights - 1.16) * 0.34, 0.001, 0.068)
    width = 0.034 * np.sin(np.pi * np.clip((heights - 1.15) / 0.3, 0, 1)) + 0.006
    depth = np.interp(heights, [1.16, 1.27, 1.33, 1.375, 1.42], [0.108, 0.124, 0.11, 0.088, 0.056])
    rows = []
    for k in (0.0, 1.0):
        x = inner + width * k
        rows.append(np.stack([x * side, heights, depth * np.sqrt(np.clip(1 - (x / 0.18) ** 2, 0, 1)) + 0.006], 1))
    faces = grid(2, 12, closed=False)
    points = np.concatenate(rows)
    return Part(LOOK.jacket_shade, points, faces[:, ::-1] if side > 0 else faces, rigid("chest", len(points)))


def arm(side: int) -> list[Part]:
    """Sleeve with a cuff, and a hand with fingers held together."""
    name = "left" if side > 0 else "right"
    xs = np.array([0.16, 0.18, 0.2, 0.28, 0.36, 0.4, 0.43, 0.5, 0.57, 0.625])
    radii = np.array([0.05, 0.0505, 0.051, 0.049, 0.046, 0.045, 0.044, 0.041, 0.038, 0.038])
    points = tube([((float(x), 1.372, 0.0), float(r), float(r)) for x, r in zip(xs, radii, strict=True)], axis=0)
    weights = []
    for x in points[:, 0]:
        if x < 0.25:
            weights.append((f"{name}UpperArm", f"{name}UpperArm", 0.0))
        else:
            weights.append((f"{name}UpperArm", f"{name}LowerArm", float(np.clip((x - 0.385) / 0.06, 0, 1))))
    parts = [Part(LOOK.jacket, points, grid(len(xs), 32, closed=True), weights)]
    parts.append(blob(LOOK.jacket, f"{name}UpperArm", (0.16, 1.372, 0.0), (0.05, 0.05, 0.05)))
    cuff = tube(
        [((x, 1.372, 0.0), r, r) for x, r in ((0.6, 0.04), (0.612, 0.041), (0.63, 0.04), (0.632, 0.03))], axis=0
    )
    parts.append(Part(LOOK.jacket_shade, cuff, grid(4, 32, closed=True), rigid(f"{name}LowerArm", len(cuff))))
    hand = f"{name}Hand"
    wrist = tube([((x, 1.372, 0.0), a, b) for x, a, b in (
        (0.61, 0.021, 0.024), (0.65, 0.018, 0.028), (0.69, 0.016, 0.038), (0.72, 0.014, 0.039), (0.728, 0.004, 0.02))],
        axis=0)  # fmt: skip
    parts.append(Part(LOOK.skin, wrist, grid(5, 32, closed=True), rigid(hand, len(wrist)), rough=0.62))
    for n, (z, reach) in enumerate(((0.029, 0.072), (0.01, 0.08), (-0.009, 0.074), (-0.027, 0.058))):
        parts.append(finger(hand, (0.718 - 0.003 * n, 1.372, z), (0.718 + reach, 1.368, z * 1.12)))
    parts.append(finger(hand, (0.668, 1.368, 0.026), (0.718, 1.362, 0.066)))
    if side < 0:
        for part in parts:
            part.points[:, 0] *= -1
            part.faces = part.faces[:, ::-1]
    return parts


def finger(bone: str, start: tuple[float, float, float], end: tuple[float, float, float]) -> Part:
    """A rounded finger."""
    a, b = np.array(start), np.array(end)
    shares = np.array([0, 0.3, 0.6, 0.85, 0.96, 1.0])
    radii = np.array([0.0098, 0.0094, 0.0088, 0.0078, 0.005, 0.0008])
    rings = [(tuple((a + (b - a) * s).tolist()), float(r), float(r)) for s, r in zip(shares, radii, strict=True)]
    points = tube(rings, axis=0, around=12)
    return Part(LOOK.skin, points, grid(len(shares), 12, closed=True), rigid(bone, len(points)), rough=0.62)


def figure() -> list[Part]:
    """Everything, surfaces of one colour joined."""
    parts = [head(), *hair(), *torso(), lips()]
    parts += [opening("#4A1518", 1.0, 0.0016, "dark"), opening("#C9605F", 0.8, 0.0022, "tongue")]
    parts += [opening("#FBF4EC", 0.84, 0.0028, "teeth")]
    for side in (1, -1):
        parts += [*eye(side), brow(side), *arm(side)]
    for side in (1, -1):
        leg = "leftUpperLeg" if side > 0 else "rightUpperLeg"
        rings = [((0.085 * side, y, 0.0), r, r) for y, r in ((0.1, 0.05), (0.5, 0.062), (0.88, 0.076))]
        points = tube(rings, around=20)
        parts.append(Part(LOOK.top, points, grid(3, 20, closed=True), rigid(leg, len(points))))
    return parts


def vrm(parts: list[Part]) -> gl.GLTF2:
    """The file: one mesh with morph targets for the face, one for the rest, on one skin."""
    model = gl.GLTF2(asset=gl.Asset(version="2.0", generator="vitrine scripts/make_host_model.py"))
    data = Bytes(model)
    for name, (parent, at) in BONES.items():
        origin = BONES[parent][1] if parent else (0.0, 0.0, 0.0)
        offset = [round(a - b, 5) for a, b in zip(at, origin, strict=True)]
        children = [NAMES.index(child) for child, (above, _) in BONES.items() if above == name]
        model.nodes.append(gl.Node(name=name, translation=offset, children=children))
    inverse = np.tile(np.eye(4, dtype=np.float32), (len(NAMES), 1, 1))
    for n, (_, at) in enumerate(BONES.values()):
        inverse[n, 3, :3] = -np.array(at)  # column by column
    model.skins.append(gl.Skin(joints=list(range(len(NAMES))), skeleton=0))
    model.skins[0].inverseBindMatrices = data.add(inverse.reshape(-1, 16), "MAT4")
    for name, chosen in (("face", [p for p in parts if p.morphs]), ("body", [p for p in parts if not p.morphs])):
        model.meshes.append(mesh(name, chosen, model, data))
        model.nodes.append(gl.Node(name=name, mesh=len(model.meshes) - 1, skin=0))
    count = len(NAMES)
    model.scenes.append(gl.Scene(nodes=[0, count, count + 1]))
    model.scene = 0
    model.extensionsUsed = ["VRMC_vrm"]
    model.extensions = {"VRMC_vrm": description(face_node=count)}
    model.buffers.append(gl.Buffer(byteLength=len(data.blob)))
    model.set_binary_blob(bytes(data.blob))
    return model


def mesh(name: str, parts: list[Part], model: gl.GLTF2, data: Bytes) -> gl.Mesh:
    """One primitive per colour."""
    made = gl.Mesh(name=name)
    for colour, rough in dict.fromkeys((part.colour, part.rough) for part in parts):
        some = [part for part in parts if (part.colour, part.rough) == (colour, rough)]
        starts = np.cumsum([0, *(len(part.points) for part in some)])
        points = np.concatenate([part.points for part in some]).astype(np.float32)
        faces = np.concatenate([part.faces + start for part, start in zip(some, starts, strict=False)])
        # degenerate triangles at the poles say nothing
        faces = faces[(faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])]
        smooth = np.concatenate([normals(part.points, part.faces) for part in some]).astype(np.float32)
        joints = np.zeros((len(points), 4), np.uint8)
        weights = np.zeros((len(points), 4), np.float32)
        for n, (first, second, share) in enumerate(bone for part in some for bone in part.bones):
            joints[n, 0], weights[n, 0] = NAMES.index(first), 1 - share
            if share > 0:
                joints[n, 1], weights[n, 1] = NAMES.index(second), share
        joints[weights == 0] = 0
        model.materials.append(
            gl.Material(
                name=colour,
                doubleSided=True,
                pbrMetallicRoughness=gl.PbrMetallicRoughness(
                    baseColorFactor=linear(colour), metallicFactor=0.0, roughnessFactor=rough
                ),
            )
        )
        primitive = gl.Primitive(
            attributes=gl.Attributes(
                POSITION=data.add(points, "VEC3", target=34962, bounds=True),
                NORMAL=data.add(smooth, "VEC3", target=34962),
                JOINTS_0=data.add(joints, "VEC4", target=34962),
                WEIGHTS_0=data.add(weights, "VEC4", target=34962),
            ),
            indices=data.add(faces.astype(np.uint16).reshape(-1), "SCALAR", target=34963),
            material=len(model.materials) - 1,
        )
        if name == "face":
            for shape in SHAPES:
                moved = [part.morphs.get(shape, np.zeros_like(part.points)) for part in some]
                target = np.concatenate(moved).astype(np.float32)
                primitive.targets.append({"POSITION": data.add(target, "VEC3", target=34962, bounds=True)})
        made.primitives.append(primitive)
    if name == "face":
        made.weights = [0.0] * len(SHAPES)
        made.extras = {"targetNames": list(SHAPES)}
    return made


def description(face_node: int) -> dict[str, Any]:
    """VRM 1.0: who may use it, which node is which bone, which morph is which expression, how the eyes turn."""

    def expression(*shapes: str) -> dict[str, Any]:
        binds = [{"node": face_node, "index": SHAPES.index(shape), "weight": 1.0} for shape in shapes]
        return {"isBinary": False, "morphTargetBinds": binds}

    expressions = {shape: expression(shape) for shape in SHAPES}
    expressions["blink"] = expression("blinkLeft", "blinkRight")
    turn = {"inputMaxValue": 90.0, "outputScale": 12.0}
    return {
        "specVersion": "1.0",
        "meta": {
            "name": "Vitrine host",
            "version": "1",
            "authors": ["Vitrine contributors"],
            "copyrightInformation": "Apache-2.0",
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
            "otherLicenseUrl": "https://www.apache.org/licenses/LICENSE-2.0",
            "avatarPermission": "everyone",
            "commercialUsage": "corporation",
            "creditNotation": "unnecessary",
            "allowRedistribution": True,
            "modification": "allowModificationRedistribution",
        },
        "humanoid": {"humanBones": {name: {"node": n} for n, name in enumerate(NAMES)}},
        "expressions": {"preset": expressions},
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": [0.0, 0.107, 0.08],
            **{
                f"rangeMap{way}": dict(turn)
                for way in ("HorizontalInner", "HorizontalOuter", "VerticalDown", "VerticalUp")
            },
        },
    }


def main() -> None:
    """Write the file."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join(vrm(figure()).save_to_bytes()))
    print(f"{target.name}: {target.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
