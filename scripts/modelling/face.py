"""Her face: one surface for skull and jaw, a mouth that lies on it in every vowel, eyes with lids, brows."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.modelling.shapes import LOOK, Part, Points, about, ball, blob, bump, grid, rigid, towards

HEAD = (0.0, 1.6, 0.0)
FACE = (0.092, 0.122, 0.102)
DROPS = {"aa": 0.013, "oh": 0.01, "ee": 0.004, "ih": 0.004, "ou": 0.005}
"""How far the jaw goes down in each vowel."""
EYE = (0.0395, 1.603)
LARGER = 1.14
"""Eyes that are read from afar."""
MOUTH_Y = 1.536
MOUTHS: dict[str, tuple[float, float, float]] = {
    # half width, half gap, lift of the corners
    "rest": (0.0255, 0.0004, 0.0045),
    "aa": (0.0255, 0.0150, 0.002),
    "ih": (0.0280, 0.0055, 0.004),
    "ee": (0.0305, 0.0070, 0.0045),
    "oh": (0.0175, 0.0140, 0.0),
    "ou": (0.0120, 0.0075, 0.0),
    "happy": (0.0310, 0.0004, 0.0100),
}


def _width(y: Any) -> Any:
    """Half the head's width at full height: cheeks are wide, the chin is narrow."""
    low = np.clip((HEAD[1] - np.asarray(y)) / FACE[1], 0, 1)
    return FACE[0] * (1 - 0.2 * low**2.2)


def _jaw(y: Any) -> Any:
    return np.clip((1.555 - np.asarray(y)) / 0.05, 0, 1)


def _relief(x: Any, y: Any) -> Any:
    """Nose, the hollow of the eyes, chin: how far each stands out from the egg."""
    x, y = np.asarray(x), np.asarray(y)
    nose = 0.0145 * bump(x, 0.0115) * bump(y - 1.572, 0.017)
    bridge = 0.006 * bump(x, 0.011) * bump(y - 1.6, 0.026)
    hollow = 0.0035 * (bump(x - EYE[0], 0.024) + bump(x + EYE[0], 0.024)) * bump(y - EYE[1], 0.02)
    chin = 0.005 * bump(x, 0.022) * bump(y - 1.497, 0.014)
    return nose + bridge - hollow + chin


def face_z(x: Any, y: Any) -> Any:
    """How far forward the face is."""
    fall = np.clip(1 - (np.asarray(x) / _width(y)) ** 2 - ((np.asarray(y) - HEAD[1]) / FACE[1]) ** 2, 0.0, 1.0)
    return FACE[2] * np.sqrt(fall) + _relief(x, y)


def _moved_z(x: Any, y: Any, drop: float) -> Any:
    """The same while the jaw is down: what is seen at a height was higher before."""
    before = np.asarray(y, float)
    for _ in range(6):
        before = y + drop * _jaw(before)
    return face_z(x, before)


def head() -> Part:
    """Skull and face; the jaw follows the vowels."""
    points, faces = ball(HEAD, FACE, 40, 54)
    x, y = points[:, 0], points[:, 1]
    low = np.clip((HEAD[1] - y) / FACE[1], 0, 1)
    points[:, 0] *= 1 - 0.2 * low**2.2
    is_front = points[:, 2] > 0
    points[:, 2] += np.where(is_front, _relief(x, y), 0)
    jaw = _jaw(y) * np.clip((points[:, 2] + 0.02) / 0.02, 0, 1)
    morphs = {"jaw": np.stack([0 * jaw, -DROPS["aa"] * jaw, 0 * jaw], 1)}
    cheeks = (bump(np.abs(x) - 0.056, 0.02) * bump(y - 1.562, 0.017)) * is_front
    nose = bump(x, 0.013) * bump(y - 1.566, 0.012) * is_front
    under = bump(x, 0.01) * bump(y - 1.5535, 0.005) + 0.55 * bump(x, 0.016) * bump(y - 1.518, 0.005)
    lids = bump(np.abs(x) - EYE[0], 0.026) * bump(y - EYE[1] - 0.012, 0.013) * is_front
    rim = np.clip((np.hypot(x / 0.092, (y - 1.61) / 0.12) - 0.72) / 0.28, 0, 1) + (points[:, 2] < 0.02)
    tint = towards(LOOK.skin, LOOK.blush, 0.42 * cheeks + 0.16 * nose)
    tint *= towards(LOOK.skin, LOOK.skin_shade, 0.5 * under * is_front + 0.3 * lids + 0.35 * np.clip(rim, 0, 1) ** 2)
    return Part("skin", points, faces, rigid("head", len(points)), morphs, 0.66, tint)


def _mouth_rim(name: str, outer: float, count: int) -> Points:
    """The edge of the opening, ``outer`` beyond it; it lies on the face."""
    half, gap, lift = MOUTHS[name]
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    x = np.sin(turn) * (half + outer * 0.55)
    side = np.cos(turn)
    # the lower lip is fuller, the upper one has a bow
    lip = np.where(side > 0, outer * (0.75 + 0.3 * bump(np.abs(x) - 0.006, 0.0052)), outer * 1.2)
    y = MOUTH_Y + side * gap * np.where(side > 0, 0.7, 1.3) + side * lip + lift * (np.abs(x) / half) ** 2
    y = y - 0.3 * gap
    return np.stack([x, y, _moved_z(x, y, DROPS.get(name, 0.0)) + 0.0015], 1)


def lips() -> Part:
    """A ring round the opening."""
    count, across = 44, (0.0, 0.3, 0.65, 0.9, 1.0)

    def ring(name: str) -> Points:
        rows = []
        for share in across:
            rim = _mouth_rim(name, 0.0076 * share, count)
            rim[:, 2] += 0.005 * np.sin(np.pi * min(share + 0.14, 1.0))
            rows.append(rim)
        return np.concatenate(rows)

    rest = ring("rest")
    morphs = {name: ring(name) - rest for name in MOUTHS if name != "rest"}
    # darker towards the opening, and the upper lip darker than the lower one
    turn = np.tile(np.linspace(0, 2 * np.pi, count, endpoint=False), len(across))
    inside = np.repeat(1 - np.array(across), count)
    tint = np.repeat((1 - 0.16 * inside**2 - 0.08 * np.clip(np.cos(turn), 0, 1))[:, None], 3, 1)
    faces = grid(len(across), count, closed=True)[:, ::-1]
    return Part("lips", rest, faces, rigid("head", len(rest)), morphs, 0.38, tint)


def opening(colour: str, share: float, ahead: float, part: str) -> Part:
    """What is seen between the lips: the dark, and before it the upper teeth or the tongue."""
    count, shares = 36, (1.0, 0.75, 0.5, 0.25, 0.02)

    def disc(name: str) -> Points:
        rim = _mouth_rim(name, 0.0006, count)
        rim[:, 0] *= share
        if part == "teeth":
            rim[:, 1] = rim[:, 1].max() - (rim[:, 1].max() - rim[:, 1]) * 0.32
        elif part == "tongue":
            rim[:, 1] = rim[:, 1].min() + (rim[:, 1] - rim[:, 1].min()) * 0.42
        middle = np.array([0.0, (rim[:, 1].max() + rim[:, 1].min()) / 2])
        rows = []
        for near in shares:
            at = middle + (rim[:, :2] - middle) * near
            rows.append(np.column_stack([at, _moved_z(at[:, 0], at[:, 1], DROPS.get(name, 0.0)) + ahead]))
        return np.concatenate(rows)

    rest = disc("rest")
    faces = grid(len(shares), count, closed=True)
    morphs = {name: disc(name) - rest for name in MOUTHS if name != "rest"}
    return Part(colour, rest, faces, rigid("head", len(rest)), morphs, 0.95)


def eye(side: int) -> list[Part]:
    """White, iris, pupil and glints move with the eye's bone; lids, lashes and brow with the head."""
    bone = "leftEye" if side > 0 else "rightEye"
    x, y = EYE[0] * side, EYE[1]
    z = float(face_z(x, y))

    def dot(colour: str, dx: float, dy: float, radius: tuple[float, float], ahead: float, rough: float = 0.3) -> Part:
        rows = 8 if colour == "#FFFFFF" else 11
        return blob(colour, bone, (x + dx, y + dy, z + ahead), (*radius, 0.0022), rough, rows)

    white = blob("#FFF9F1", "head", (x, y - 0.0004, z - 0.0042), (0.0234, 0.0152, 0.0088), 0.4)
    # the lid's shadow lies on it
    white.tint = np.repeat((1 - 0.45 * np.clip((white.points[:, 1] - y - 0.002) / 0.012, 0, 1))[:, None], 3, 1)
    iris = dot("iris", 0, 0, (0.0122, 0.0126), 0.0036)
    iris.tint = np.repeat((0.5 + 0.5 * np.clip((y + 0.004 - iris.points[:, 1]) / 0.012, 0, 1))[:, None], 3, 1)
    pieces = [
        white,
        dot("#2B1610", 0, 0, (0.0132, 0.0136), 0.0030),
        iris,
        dot("#120A08", 0, 0.0004, (0.0062, 0.0068), 0.0052),
        dot("#FFFFFF", 0.0042, 0.0046, (0.0032, 0.0034), 0.0068),
        dot("#FFFFFF", -0.0046, -0.0052, (0.0014, 0.0015), 0.0064),
    ]
    for piece in pieces:
        # the face falls away to the temple, and the eye with it
        piece.points[:, 2] -= 0.42 * side * (piece.points[:, 0] - x)
    return [*(about(part, (x, y, z), LARGER) for part in (*pieces, *_lid(side, x, y))), _brow(side)]


def _lid(side: int, x: float, y: float) -> list[Part]:
    """A band of skin over the eye with lashes at its edge, which a blink draws down; a crease, and the lower lashes."""
    count, rows = 19, 6
    across = np.linspace(-1, 1, count)
    arc = np.sqrt(np.clip(1 - across**2, 0, 1))
    # almond: the outer corner lies higher
    lift = 0.0022 * across * side

    def laid(xs: Any, ys: Any, ahead: float) -> Points:
        bulge = 0.0088 * np.clip(1 - ((xs - x) / 0.0275) ** 2 - ((ys - y) / 0.0275) ** 2, 0, 1)
        return np.stack([xs, ys, face_z(xs, ys) + bulge + ahead], 1)

    def edge(closed: float) -> tuple[Any, Any]:
        return x + across * 0.0245, y + 0.0158 * arc**0.8 * (1 - 1.7 * closed) + lift

    def band(closed: float) -> Points:
        (low_x, low_y), high_y = edge(closed), y + 0.0225 * arc + lift + 0.001
        sheet = [
            laid(low_x + (x + across * 0.027 - low_x) * s, low_y + (high_y - low_y) * s, 0.0016)
            for s in np.linspace(0, 1, rows)
        ]
        return np.concatenate(sheet)

    def lash(closed: float) -> Points:
        low_x, low_y = edge(closed)
        out = np.clip(across * side, 0, 1)
        thick = 0.0022 + 0.0026 * out**2
        wing = 0.0046 * side * out**3
        return np.concatenate(
            [laid(low_x, low_y - 0.0009, 0.0026), laid(low_x + wing, low_y + thick * (0.35 + 0.65 * arc**0.5), 0.0030)]
        )

    def stroke(height: float, thick: float, wide: float) -> Points:
        ys = y + height * arc**0.9 + lift
        return np.concatenate([laid(x + across * wide, ys + k * thick * arc, 0.0022) for k in (0, 1)])

    name = "blinkLeft" if side > 0 else "blinkRight"
    parts = []
    for colour, shape, count_rows in (("skin", band, rows), ("hair", lash, 2)):
        rest = shape(0.13)
        faces = grid(count_rows, count, closed=False)
        parts.append(Part(colour, rest, faces, rigid("head", len(rest)), {name: shape(1.0) - rest}, 0.7))
    parts[0].tint = towards(LOOK.skin, LOOK.skin_shade, np.repeat(0.45 - 0.3 * np.linspace(0, 1, rows), count))
    for colour, line in (("skin_shade", stroke(0.0232, 0.0011, 0.0255)), ("hair", stroke(-0.0152, -0.0011, 0.0225))):
        parts.append(Part(colour, line, grid(2, count, closed=False), rigid("head", len(line)), rough=0.9))
    return parts


def _brow(side: int) -> Part:
    """A soft stroke, thick at the nose and thin at the temple."""
    across = np.linspace(0, 1, 14)
    x = (0.0185 + 0.0455 * across) * side
    y = 1.6385 + 0.0085 * np.sin(np.pi * (0.06 + 0.7 * across)) - 0.002 * (1 - across)
    taper = np.sqrt(np.clip(np.sin(np.pi * (0.05 + 0.94 * across)), 0, 1))
    thick = 0.0032 * taper * (1.1 - 0.4 * across)
    points = np.concatenate([np.stack([x, y + k * thick, face_z(x, y + k * thick) + 0.0028], 1) for k in (-1, 1)])
    faces = grid(2, 14, closed=False)
    morph = np.zeros_like(points)
    morph[:, 1] = 0.0035
    return Part(
        "hair", points, faces if side > 0 else faces[:, ::-1], rigid("head", len(points)), {"happy": morph}, rough=0.9
    )
