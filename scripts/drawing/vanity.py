"""Small things of the fashion brand: watch and lipstick."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.drawing.shapes import (
    Array,
    Mesh,
    joined,
    resampled,
    rounded,
    rounded_box,
    rounded_rectangle,
    smooth_curve,
    swept,
    tube,
    turned_profile,
)
from scripts.drawing.studio import Set, Thing, bumped, metal, paint
from scripts.drawing.textures import noise
from scripts.drawing.wear import GOLD, placed

# ---- watch (millimetres; dial faces -Y)


def watch(dial: str, marks: dict[str, Any], leather: str, stitch: str) -> list[Thing]:
    """38 mm steel case on a closed strap, standing as in a window."""

    def facing(mesh: Mesh) -> Mesh:
        return mesh.turned("x", 90)

    case = facing(
        turned_profile(
            rounded(
                [
                    (0, -4.2, 0),
                    (15.5, -4.2, 1),
                    (18.6, -2.4, 1.2),
                    (19, 0.2, 0.8),
                    (18.2, 2.2, 0.7),
                    (17.3, 2.7, 0.3),
                    (16.9, 2.7, 0.15),
                    (16.6, 1.7, 0),
                ],
                8,
            ),
            200,
        )
    )
    face = facing(turned_profile(np.array([(16.8, 1.55), (16.0, 1.6), (0.01, 1.6)])[::-1], 200))
    hour_marks, hands = [], []
    for hour in range(12):
        long = 3.4 if hour % 3 == 0 else 2.3
        mark = (
            rounded_box(0.75 if hour % 3 else 1.0, 0.5, long, 0.15)
            .moved(0, -1.8, 14.6 - long / 2)
            .turned("y", hour * 30)
        )
        hour_marks.append(mark)
    minute_marks = [
        rounded_box(0.16, 0.1, 0.9, 0.03).moved(0, -1.66, 15.6).turned("y", minute * 6) for minute in range(60)
    ]
    for length, width, angle, out in ((8.6, 1.15, 305, 2.3), (12.9, 0.85, 60, 2.65)):
        hands.append(rounded_box(width, 0.22, length + 2.2, 0.1).moved(0, -out, length / 2 - 1.1).turned("y", angle))
    hub = facing(turned_profile(rounded([(0, 3.0, 0), (0.95, 3.0, 0.2), (0.95, 1.6, 0)][::-1], 4), 40))
    crown = (
        turned_profile(rounded([(0, 0, 0), (2.2, 0, 0.4), (2.3, 2.8, 0.4), (0, 3.0, 0)], 5), 60)
        .turned("y", 90)
        .moved(18.7, 0.6, 0)
    )
    lugs = [
        tube([(x, 0.6, side * 15.2), (x, 1.6, side * 19.5), (x, 3.6, side * 22.3)], 1.5, 30, taper=(1.15, 0.8))
        for x in (-9.9, 9.9)
        for side in (1, -1)
    ]
    loop = smooth_curve(
        [
            (0, 3.4, 20.5),
            (0, 9, 25.5),
            (0, 20, 29.5),
            (0, 36, 27),
            (0, 46, 14),
            (0, 48, -3),
            (0, 43, -19),
            (0, 30, -28.5),
            (0, 16, -29),
            (0, 8, -25.3),
            (0, 3.4, -20.5),
        ],
        260,
    )
    taper = np.interp(np.linspace(0, 1, 260), [0, 0.5, 1], [1, 0.86, 1])
    strap = swept(
        loop, rounded_rectangle(18, 2.5, 1.1, 8), False, np.stack([taper, np.ones(260)], -1), up=(0, 1, 0.001)
    )
    hide = bumped(paint(leather, 0.55, specular=0.35), noise(1024, 70, 11, 3), 0.12, (1, 8))
    seams = []
    for x in (-7.6, 7.6):
        for n in range(4, 62, 2):
            a, b = loop[n * 2], loop[n * 2 + 2]
            centre = (loop[:, 1].mean(), loop[:, 2].mean())
            lift = np.array([0, a[1] - centre[0], a[2] - centre[1]])
            lift = lift / np.linalg.norm(lift) * 1.32
            edge = np.array([x * taper[n * 2], 0, 0])
            seams.append(
                tube(np.array([a + lift + edge, (a + b) / 2 + lift * 1.06 + edge, b + lift + edge]), 0.26, 8, sides=8)
            )
    dial_paint = paint(dial, 0.35, specular=0.4)
    polish = metal("#CFD1D3", 0.12)
    glass = {"type": "mask", "opacity": 0.05, "bsdf": paint("#FFFFFF", 0.02, specular=0.9)}
    crystal = facing(turned_profile(resampled(np.array([(0.01, 3.15), (10, 3.0), (17.0, 2.6)]), 30), 120))
    things = [
        Thing(joined(case, crown, *lugs), polish),
        Thing(face, dial_paint),
        Thing(joined(*hour_marks, *hands, hub), marks),
        Thing(joined(*minute_marks), paint("#55575A", 0.5)),
        Thing(strap, hide),
        Thing(joined(*seams), paint(stitch, 0.8)),
        Thing(crystal, glass),
    ]
    leaning = [Thing(t.mesh.turned("x", -12), t.material) for t in things]
    lowest = min(float(t.mesh.points[:, 2].min()) for t in leaning)
    return [Thing(t.mesh.moved(z=-lowest), t.material) for t in leaning]


def watch_pictures() -> dict[str, Set]:
    """Both dials, and the white one close."""
    steel = metal("#8D9094", 0.2)
    tan = watch("#E2DED4", steel, "#A2632F", "#E7CFA8")
    navy = watch("#101B33", metal("#E3E4E6", 0.15), "#1A1A1C", "#4A4A4E")
    return {
        "meridian-watch-tan": Set(placed(tan, -26, 4, -14), 66, "#ECE3D7", (0, 0, 0.46), height=13, fov=16),
        "meridian-watch-navy": Set(placed(navy, -26, 4, -14), 66, "#DDE0E4", (0, 0, 0.46), height=13, fov=16),
        "meridian-watch-close": Set(placed(tan, -12, 0, -14), 66, "#ECE3D7", (0.03, 0, 0.48), height=12, fov=9.4),
    }


# ---- lipstick (millimetres)

SHADES = {"rosewood": "#96474A", "coral": "#DD523C", "berry": "#78203E", "nude": "#BF8470"}


def lipstick(shade: str) -> list[Thing]:
    """Open case, 76 mm with the bullet out."""
    outer = turned_profile(
        rounded([(0, 0, 0), (9.6, 0, 0.5), (9.8, 0.6, 0.4), (9.8, 27, 0.5), (9.2, 27.6, 0.3), (8.4, 27.6, 0)], 6), 160
    )
    collar = turned_profile(
        rounded([(8.7, 26, 0), (8.7, 39, 0.5), (8.2, 39.6, 0.3), (7.4, 39.6, 0.2), (7.2, 36, 0)], 6), 160
    )
    ring = turned_profile(rounded([(9.9, 23.6, 0), (10.05, 24, 0.2), (10.05, 26.4, 0.2), (9.9, 26.8, 0)], 5), 160)
    bullet = turned_profile(
        resampled(rounded([(6.6, 34, 0), (6.6, 62, 3), (5.4, 68.5, 4), (0.01, 70.5, 3)], 16), 220), 160
    )

    def slant(points: Array) -> Array:
        plane = 61.5 - points[:, 1] * 0.95
        over = points[:, 2] - plane
        # A soft minimum keeps the edge of the cut a little round.
        points[:, 2] -= np.where(over > -6, np.log1p(np.exp(np.clip(over * 2.4, -40, 40))) / 2.4, 0)
        return points

    colour = SHADES[shade]
    satin = paint(colour, 0.3, specular=0.5, clearcoat=0.25, clearcoat_gloss=0.8)
    return [
        Thing(outer, paint("#16171A", 0.3, specular=0.6, clearcoat=0.5)),
        Thing(joined(collar, ring), GOLD),
        Thing(bullet.bent(slant), satin),
    ]


def lipstick_cap() -> list[Thing]:
    """The cap, lying beside."""
    cap = turned_profile(rounded([(8.8, 0, 0), (9.8, 0, 0.3), (9.8, 36, 1.2), (8.9, 37, 0.6), (0, 37, 0)], 8), 160)
    inside = turned_profile(rounded([(0, 30, 0), (8.8, 30, 0), (8.8, 0, 0)], 2), 120)
    black = paint("#16171A", 0.3, specular=0.6, clearcoat=0.5)
    return [Thing(cap, black), Thing(inside, paint("#2A2A2C", 0.6))]


def lipstick_pictures() -> dict[str, Set]:
    """Each shade with its cap, and the four together."""
    papers = {"rosewood": "#EEDFDA", "coral": "#F3E0D8", "berry": "#EADCE0", "nude": "#F0E4DA"}
    shots = {}
    for shade, paper in papers.items():
        cap = [
            Thing(t.mesh.turned("x", 90).moved(z=9.8).turned("z", 62).moved(4, -24), t.material) for t in lipstick_cap()
        ]
        shots[f"satin-lipstick-{shade}"] = Set(
            [*placed(lipstick(shade), -28, -13, 0), *cap], 76, paper, (0, 0, 0.44), height=12, fov=17
        )
    row = [
        t
        for n, shade in enumerate(SHADES)
        for t in placed(lipstick(shade), -28 + 6 * n, -42 + 28 * n, (0, -6, 4, -3)[n])
    ]
    shots["satin-lipstick-shades"] = Set(row, 96, "#F0E2DB", (0, 0, 0.34), height=10, fov=17)
    return shots
