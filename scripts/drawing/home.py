"""Products of the home brand: mug, lamp, chair."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.drawing.shapes import (
    Array,
    Mesh,
    ball,
    circle,
    cushion,
    joined,
    resampled,
    rounded,
    rounded_rectangle,
    smooth_curve,
    swept,
    turned_profile,
)
from scripts.drawing.studio import Set, Thing, bumped, metal, paint, picture
from scripts.drawing.textures import grain, loops, mixed, noise, speckled

# ---- mug (centimetres)

MUG_GLAZES = {"sand": ("#DCCBB2", "#8A6B4A"), "sea": ("#44728C", "#1E3A4C"), "charcoal": ("#3B3C3F", "#15161A")}


def mug(glaze: str, seed: int = 1) -> list[Thing]:
    """A thrown mug, 9.2 cm high: glazed body, bare foot, three-finger handle."""
    colour, speck = MUG_GLAZES[glaze]
    outside = rounded(
        [
            (3.55, 1.15, 0),
            (4.05, 1.5, 0.35),
            (4.25, 3.2, 2.0),
            (4.3, 9.0, 0.0),
            (4.3, 9.2, 0.14),
            (4.02, 9.2, 0.14),
            (3.95, 8.4, 0),
            (3.85, 1.6, 1.0),
            (3.0, 1.0, 0.6),
            (0, 0.95, 0),
        ],
        10,
    )
    dense = resampled(outside, 420)
    ripple = (
        0.018
        * np.sin(dense[:, 1] * 7.5)
        * np.clip((dense[:, 1] - 1.6) / 1.2, 0, 1)
        * np.clip((8.7 - dense[:, 1]) / 0.8, 0, 1)
    )
    dense[:, 0] += np.where(dense[:, 0] > 0.5, ripple, 0)
    body = turned_profile(dense, 192)
    foot = turned_profile(
        rounded(
            [(0, 0.25, 0), (2.7, 0.25, 0.1), (2.9, 0.0, 0.1), (3.35, 0.0, 0.2), (3.75, 1.3, 0.3), (3.4, 1.5, 0)], 6
        ),
        128,
    )
    path = smooth_curve(
        [(4.1, 0, 7.9), (5.2, 0, 8.15), (6.65, 0, 7.55), (7.1, 0, 6.0), (6.65, 0, 4.4), (5.4, 0, 3.15), (4.1, 0, 2.75)],
        90,
    )
    thick = 0.36 + 0.16 * np.abs(np.linspace(-1, 1, 90)) ** 3
    handle = swept(path, circle(1.0, 32), False, np.stack([thick, thick * 1.9], -1), up=(0, 1, 0))
    material = paint(picture(speckled(colour, speck, seed), (2, 1)), 0.24, specular=0.55)
    clay = bumped(paint("#B99B7C", 0.85, specular=0.2), noise(512, 80, 4), 0.02, (3, 1))
    return [Thing(body, material), Thing(handle, material), Thing(foot, clay)]


def turned(things: list[Thing], degrees: float, x: float = 0, y: float = 0) -> list[Thing]:
    """Things turned about Z and set down elsewhere."""
    return [Thing(t.mesh.turned("z", degrees).moved(x, y), t.material, t.glow) for t in things]


def mug_pictures() -> dict[str, Set]:
    """Each glaze alone, and the three together."""
    papers = {"sand": "#EFE6DA", "sea": "#E2E8E9", "charcoal": "#E8E5E1"}
    shots = {
        f"tide-mug-{glaze}": Set(turned(mug(glaze, n), -32, -1.1), 12.2, papers[glaze], (0, 0, 0.36), height=17)
        for n, glaze in enumerate(MUG_GLAZES)
    }
    trio = [
        *turned(mug("sea", 5), -150, -6.6, 3.2),
        *turned(mug("charcoal", 6), -55, 6.2, 4.2),
        *turned(mug("sand", 7), -25, -0.6, -3.2),
    ]
    shots["tide-mug-trio"] = Set(trio, 19, "#EBE4DB", (0, 0, 0.2), height=21, fov=18)
    return shots


# ---- lamp (centimetres)


def lamp(foot_material: dict[str, Any], lit: float = 1.0) -> list[Thing]:
    """Opal globe of 22 cm on a turned foot, 36 cm in all."""
    foot = turned_profile(
        rounded(
            [
                (0, 0, 0),
                (8.2, 0, 0.3),
                (8.4, 0.9, 0.5),
                (7.6, 1.7, 0.8),
                (2.4, 2.5, 2.2),
                (1.35, 5.5, 2.5),
                (1.2, 10.4, 1),
                (2.1, 11.4, 0.7),
                (3.6, 12.0, 0.4),
                (3.9, 13.2, 0.35),
                (3.7, 14.4, 0.3),
                (2, 14.6, 0),
            ],
            12,
        ),
        160,
    )
    globe = ball(11.0, 120).moved(z=25.0)
    rows = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    around = np.ones((1, 8), np.float32)
    brightness = 0.5 + 0.3 * np.exp(-(((rows - 0.40) / 0.27) ** 2))
    warm = np.stack([brightness * 1.0, brightness * (0.8 + 0.03 * rows), brightness * (0.54 + 0.06 * rows)], -1)
    glow = picture(warm * around[..., None] * lit, raw=True)
    opal = {"type": "plastic", "diffuse_reflectance": {"type": "rgb", "value": [0.2, 0.185, 0.165]}}
    cable_path = smooth_curve(
        [(0, 8.2, 0.5), (0.6, 12, 0.35), (4, 17, 0.35), (12, 22, 0.35), (26, 26, 0.35), (50, 30, 0.35)], 120
    )
    cable = swept(cable_path, circle(0.33, 14))
    return [Thing(foot, foot_material), Thing(globe, opal, glow), Thing(cable, paint("#4A4038", 0.8))]


def lamp_pictures() -> dict[str, Set]:
    """Both metals lit in the studio, and the brass one in the evening."""
    brass = metal("#C79A4B", 0.22)
    black = paint("#17181A", 0.38, specular=0.5)
    wall: dict[str, Any] = {"look_at": (0, 0, 0.47), "height": 9.0, "fov": 17.0}
    return {
        "orb-table-lamp-brass": Set(lamp(brass), 39, "#E9DED0", key=0.74, fill=0.8, ambient=0.36, bloom=0.25, **wall),
        "orb-table-lamp-black": Set(lamp(black), 39, "#DFDBD4", key=0.74, fill=0.8, ambient=0.36, bloom=0.25, **wall),
        "orb-table-lamp-evening": Set(
            lamp(brass, 2.6),
            39,
            "#A58A70",
            key=0.035,
            fill=0.08,
            ambient=0.05,
            exposure=0.95,
            bloom=0.4,
            turn=14,
            look_at=(0.04, 0, 0.5),
            height=7,
            fov=19,
        ),
    }


# ---- chair (centimetres)

CHAIR_COVERS = {"oat": ("#F0E7D8", "#B9AB95"), "forest": ("#40634F", "#182A20"), "rust": ("#C4683F", "#6E2E18")}
"""Top and depth of the wool loops."""


def _barrel(inner: float, outer: float, low: float, high: Array, arc: float) -> Mesh:
    """A curved, stuffed back: a rounded section swept along an arc that opens to the front."""
    steps = 140
    angle = np.radians(np.linspace(90 - arc / 2 - 90, 90 + arc / 2 - 90, steps)) + np.pi / 2
    middle = (inner + outer) / 2
    path = np.stack([middle * np.cos(angle), middle * np.sin(angle), np.zeros(steps)], -1)
    section = rounded_rectangle(1, 1, 0.46, 14)
    swell = np.linspace(-1, 1, steps)
    ends = np.clip((1 - np.abs(swell)) / 0.09, 0, 1)
    round_end = np.sqrt(np.clip(1 - (1 - ends) ** 2, 0, 1))
    curve = smooth_curve(np.stack([np.linspace(0, 1, len(high)), high / 100], -1), 200)
    tall = np.interp(np.abs(swell), curve[:, 0], curve[:, 1] * 100)
    width = (outer - inner) * (0.05 + 0.95 * round_end)
    height = (tall - low) * (0.6 + 0.4 * round_end)
    body = swept(path, section, False, np.stack([width, height], -1))
    centre = low + (tall - low) / 2
    points = body.points.copy()
    rows = np.concatenate([np.repeat(centre, len(section) + 1), np.repeat(centre[[0, -1]], 2 * (len(section) + 1))])
    points[:, 2] += rows[: len(points)]
    return Mesh(points, body.faces, body.uv * np.array([1.0, 1.0]))


def chair(cover: str) -> list[Thing]:
    """A round lounge chair, 82 cm wide, on an oak base."""
    relief = loops()
    light, dark = CHAIR_COVERS[cover]
    wool = mixed(dark, light, np.clip(0.15 + 0.75 * relief + 0.25 * (noise(1024, 12, 9) - 0.5), 0, 1))

    def cloth(repeat: tuple[float, float]) -> dict[str, Any]:
        base = paint(picture(wool, repeat), 0.95, specular=0.08, sheen=0.6, sheen_tint=0.5)
        return bumped(base, relief, 0.12, repeat)

    back = _barrel(27.5, 41, 24, np.array([73, 72.5, 69, 61, 54, 51]), 268).scaled(1, 0.98, 1)
    seat = cushion(66, 62, 17, 5.0, 2.2).moved(0, -5, 34.5)
    ring = turned_profile(rounded([(0, 20, 0), (31, 20, 1), (35, 21, 2), (36, 27, 2), (34, 29, 1), (0, 29, 0)], 6), 160)
    oak = paint(picture(grain("#C99F6B", "#9C7443", 12), (1, 1)), 0.42, specular=0.35)
    legs = []
    for x, y in ((-25, -22), (25, -22), (-23, 24), (23, 24)):
        leg = turned_profile(rounded([(0, 0, 0), (1.75, 0, 0.3), (2.9, 21, 0), (0, 21, 0)], 4), 48)
        lean = np.array([x, y]) / 21 * 0.16
        points = leg.points.copy()
        points[:, 0] += x - (points[:, 2] - 21) * lean[0] * 1.0
        points[:, 1] += y - (points[:, 2] - 21) * lean[1] * 1.0
        legs.append(Mesh(points, leg.faces, leg.uv))
    pillow = cushion(44, 30, 13, 2.7, 0.5).turned("x", 68).moved(0, 16.5, 54)
    return [
        Thing(back, cloth((4, 5.3))),
        Thing(seat, cloth((2.2, 2.2))),
        Thing(pillow, cloth((1.5, 1.3))),
        Thing(ring, cloth((7.5, 3))),
        Thing(joined(*legs), oak),
    ]


def chair_pictures() -> dict[str, Set]:
    """Each cover from the front, and the oat one from the side."""
    papers = {"oat": "#E9E3DA", "forest": "#DFE2DA", "rust": "#EADDD2"}
    shots = {
        f"harbour-lounge-chair-{cover}": Set(
            turned(chair(cover), -24), 92, papers[cover], (0, 0, 0.39), height=13, fov=17.5
        )
        for cover in CHAIR_COVERS
    }
    shots["harbour-lounge-chair-side"] = Set(
        turned(chair("oat"), 72), 92, papers["oat"], (0, 0, 0.39), height=11, fov=17.5
    )
    return shots
