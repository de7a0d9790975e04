"""What the fashion brand makes to wear: sunglasses, earrings, hat."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.drawing.shapes import (
    Array,
    ball,
    circle,
    extruded,
    grid,
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
from scripts.drawing.studio import Set, Thing, bumped, metal, paint, picture
from scripts.drawing.textures import noise, tortoise, weave

GOLD, SILVER = metal("#D9A95B", 0.16), metal("#D6D8DA", 0.14)


def placed(
    things: list[Thing], turn: float = 0, x: float = 0, y: float = 0, z: float = 0, tip: float = 0
) -> list[Thing]:
    """Things tipped back about X, turned about Z and set down."""
    return [Thing(t.mesh.turned("x", tip).turned("z", turn).moved(x, y, z), t.material, t.glow) for t in things]


# ---- sunglasses (centimetres; seen from the front, arms going back along +Y)

LENS = [
    (-2.55, 0.75),
    (-2.35, 1.75),
    (-1.2, 2.15),
    (0.4, 2.2),
    (1.8, 1.95),
    (2.5, 1.1),
    (2.35, -0.3),
    (1.5, -1.75),
    (0.0, -2.25),
    (-1.5, -1.85),
    (-2.3, -0.7),
]
"""Outline of the right lens about its own centre; the nose is to the left."""


def _face(points: Array) -> Array:
    """Wrap the flat front around a head."""
    points[:, 1] += 0.028 * points[:, 0] ** 2
    return points


def sunglasses(acetate: dict[str, Any], lens_colour: str, opacity: float) -> list[Thing]:
    """Rounded acetate frame 14 cm wide, standing as on a table."""
    outline = smooth_curve(LENS, 160, closed=True)
    centre = 3.55
    rims, lenses = [], []
    for side in (1, -1):
        flat = np.stack([side * (outline[:, 0] + centre), np.zeros(160), outline[:, 1]], -1)
        thick = 0.30 + 0.10 * np.clip(outline[:, 1] / 2.2, 0, 1)
        rim = swept(
            flat,
            rounded_rectangle(1.0, 0.42, 0.14, 7),
            True,
            np.stack([thick * 1.9, np.full(160, 1.0)], -1),
            up=(0, 1, 0),
        )
        rims.append(rim.bent(_face))
        rings = np.linspace(0, 1, 24)[:, None, None]
        loop = np.concatenate([flat, flat[:1]])
        middle = np.array([side * centre, 0, 0])
        sheet = middle + (loop - middle)[None] * rings
        sheet[..., 1] += -0.10 * (1 - rings[..., 0] ** 2) + 0.02
        lenses.append(grid(sheet).bent(_face))
    bridge = swept(
        smooth_curve(
            [(-1.35, -0.02, 0.55), (-0.7, -0.06, 1.05), (0, -0.08, 1.2), (0.7, -0.06, 1.05), (1.35, -0.02, 0.55)], 50
        ),
        rounded_rectangle(0.62, 0.44, 0.18, 7),
        up=(0, 1, 0),
    ).bent(_face)
    arms = []
    for side in (1, -1):
        path = smooth_curve(
            [
                (6.15, 0.95, 1.55),
                (6.55, 1.25, 1.6),
                (6.85, 2.0, 1.6),
                (6.95, 4.5, 1.45),
                (6.9, 8.0, 1.3),
                (6.75, 10.6, 1.05),
                (6.55, 12.6, 0.1),
                (6.3, 14.2, -1.5),
            ],
            120,
        )
        path[:, 0] *= side
        t = np.linspace(0, 1, 120)
        tall = np.interp(t, [0, 0.12, 0.5, 0.75, 1], [0.95, 0.9, 0.52, 0.5, 0.72])
        wide = np.interp(t, [0, 0.15, 1], [0.42, 0.34, 0.3])
        arms.append(swept(path, rounded_rectangle(1, 1, 0.3, 7), False, np.stack([wide, tall], -1), up=(0, 0, 1)))
    hinges = [rounded_box(0.22, 0.05, 0.22, 0.02).moved(side * 6.05, 0.62, 1.5) for side in (1, -1)]
    glass = {"type": "mask", "opacity": opacity, "bsdf": paint(lens_colour, 0.03, specular=0.45)}
    drop = [Thing(joined(*rims, bridge, *arms), acetate), Thing(joined(*lenses), glass), Thing(joined(*hinges), SILVER)]
    # Resting on rims and arm tips: the front leans back a little.
    return [Thing(t.mesh.moved(z=2.6).turned("x", -3.2), t.material) for t in drop]


def sunglasses_pictures() -> dict[str, Set]:
    """Three frames, three-quarter view."""
    shine = {"specular": 0.6, "clearcoat": 0.8, "clearcoat_gloss": 0.95}
    frames = {
        "tortoise": (
            paint(picture(tortoise("#7A4318", "#1F0F08", 5), (1, 2)), 0.25, **shine),
            "#20120A",
            0.93,
            "#EFE3D6",
        ),
        "black": (paint("#0C0C0E", 0.2, **shine), "#0D0E10", 0.94, "#E6E4E0"),
        "honey": (paint(picture(tortoise("#D99A45", "#B87322", 8), (1, 3)), 0.22, **shine), "#142018", 0.9, "#ECE7D6"),
    }
    return {
        f"solano-sunglasses-{name}": Set(
            placed(sunglasses(acetate, lens, opacity), -27, -2.5, -5.2), 15.2, paper, (0, 0, 0.13), height=19, fov=17
        )
        for name, (acetate, lens, opacity, paper) in frames.items()
    }


# ---- earrings (millimetres)


def earring(wire: dict[str, Any]) -> list[Thing]:
    """A hook, a hoop and a pearl of 9 mm, hanging from z = 0."""
    hook = tube(
        [
            (0, 5.5, -7.5),
            (0, 4.8, -2.5),
            (0, 2.6, 0.2),
            (0, 0.2, 0.6),
            (0, -1.3, -1.2),
            (0, -1.6, -4.0),
            (0, -1.4, -6.2),
        ],
        0.42,
        90,
    )
    angle = np.linspace(0, 2 * np.pi, 121)[:-1]
    hoop = swept(
        np.stack([5.2 * np.sin(angle), np.full(120, -1.4), -11.4 + 5.2 * np.cos(angle)], -1),
        circle(0.62, 20),
        True,
        up=(0, 1, 0),
    )
    loop = swept(
        np.stack([np.full(60, 0.0), -1.4 + 1.0 * np.sin(angle[::2]), -17.1 + 1.0 * np.cos(angle[::2])], -1),
        circle(0.3, 14),
        True,
        up=(1, 0, 0),
    )
    cap = turned_profile(rounded([(0, 0.5, 0), (1.0, 0.3, 0.3), (1.9, -0.5, 0.4), (2.0, -0.8, 0)], 6), 60).moved(
        0, -1.4, -18.4
    )
    pearl = ball(4.6, 140).scaled(1, 1, 1.03).moved(0, -1.4, -23.3)
    tint = np.clip(0.5 + 0.6 * (noise(512, 3, 6, 2) - 0.5), 0, 1)[..., None]
    lustre = np.array([0.955, 0.915, 0.875], np.float32) * (1 - tint) + np.array([0.93, 0.93, 0.925], np.float32) * tint
    nacre = paint(
        picture(lustre.astype(np.float32)),
        0.32,
        specular=0.65,
        clearcoat=0.9,
        clearcoat_gloss=0.93,
        sheen=0.35,
        sheen_tint=0.8,
    )
    return [Thing(joined(hook, hoop, loop, cap), wire), Thing(pearl, nacre)]


def earring_pictures() -> dict[str, Set]:
    """Pairs hanging from a plaster arch, and a close view."""

    def stand(wire: dict[str, Any], clay: str) -> list[Thing]:
        plaster = paint(clay, 0.9, specular=0.15)
        slab = extruded(rounded_rectangle(58, 62, 29, 40) + np.array([0, 12.0]), 9, 1.2).moved(0, 8, 0)
        base = rounded_box(74, 40, 8, 4).moved(0, 6, -23)
        pins = [tube([(x, 4, 17), (x, -2.6, 17)], 0.8, 12) for x in (-12, 12)]
        pairs = [t for x, turn in ((-12, 16), (12, -10)) for t in placed(earring(wire), turn, x, -1.0, 17.9)]
        things = [Thing(slab, plaster), Thing(base, plaster), Thing(joined(*pins), wire), *pairs]
        return [Thing(t.mesh.moved(z=27), t.material) for t in things]

    return {
        "alba-pearl-earrings-gold": Set(stand(GOLD, "#B98E74"), 62, "#EBDDCE", (0, 0, 0.5), turn=-14, height=8, fov=17),
        "alba-pearl-earrings-silver": Set(
            stand(SILVER, "#8FA09C"), 62, "#DEE1E2", (0, 0, 0.52), turn=-14, height=8, fov=17
        ),
        "alba-pearl-earrings-close": Set(
            stand(GOLD, "#B98E74"), 62, "#EBDDCE", (0.19, 0, 0.5), turn=16, height=6, fov=8.2
        ),
    }


# ---- hat (centimetres)


def hat(felt: str, ribbon: str) -> list[Thing]:
    """A fedora: pinched crown 11 cm high, brim 7 cm, ribbon with a flat bow."""
    profile = resampled(
        rounded(
            [
                (0.01, 11.2, 0),
                (3.6, 11.25, 2.5),
                (6.3, 10.6, 2.6),
                (8.0, 4.2, 3),
                (8.7, 0.55, 0.9),
                (10, 0.25, 0.5),
                (15.4, 0.6, 0),
                (15.75, 0.45, 0.2),
                (15.4, 0.2, 0.2),
                (10, -0.15, 0.5),
                (8.3, 0.1, 0),
            ],
            14,
        ),
        420,
    )
    body = turned_profile(profile, 320)

    def block(points: Array) -> Array:
        x, y, z = points.T.copy()
        radius = np.hypot(x, y)
        angle = np.arctan2(y, x)
        up = np.clip(z / 11, 0, 1)
        crown = np.clip((9.2 - radius) / 1.5, 0, 1)
        # A teardrop dent along the top, and two pinches at the front (-Y).
        ridge = np.exp(-((x / 2.5) ** 2)) * np.exp(-((np.clip(np.abs(y + 0.4) - 4.2, 0, 9) / 1.9) ** 2))
        z = z - 2.9 * ridge * np.clip((up - 0.72) / 0.25, 0, 1) * crown
        for side in (-1, 1):
            spot = (
                np.exp(-(((angle - (-np.pi / 2 + side * 0.62)) / 0.34) ** 2))
                * np.exp(-(((up - 0.83) / 0.2) ** 2))
                * crown
            )
            radius = radius * (1 - 0.27 * spot)
        z = z + 0.9 * np.sin(angle) * up**2 * crown * 1.0
        out = np.clip((radius - 8.8) / 7, 0, 1)
        z = z + out**1.6 * (
            2.3 * np.cos(angle) ** 2
            - 1.3 * np.clip(-np.sin(angle), 0, 1) ** 2
            + 0.9 * np.clip(np.sin(angle), 0, 1) ** 3
        )
        return np.stack([radius * np.cos(angle) * 0.93, radius * np.sin(angle) * 1.1, z], -1)

    band_profile = resampled(np.array([(8.88, 0.5), (8.6, 1.0), (8.22, 3.3), (8.12, 3.75), (8.0, 3.8)]), 60)
    band = turned_profile(band_profile, 320).bent(block)
    bow = [rounded_box(3.4, 0.35, 2.7, 0.2).moved(dx, 0, 2.15) for dx in (-1.75, 1.75)] + [
        rounded_box(0.9, 0.6, 2.9, 0.2).moved(0, -0.05, 2.15)
    ]
    curl = joined(*bow).bent(lambda p: np.stack([p[:, 0], p[:, 1] + 0.045 * p[:, 0] ** 2, p[:, 2]], -1))
    tilt = curl.turned("x", -9).turned("z", 90).moved(7.95, 0.5, 0.35)
    wool = bumped(paint(felt, 0.95, specular=0.12, sheen=0.9, sheen_tint=0.6), noise(1024, 150, 4, 3), 0.05, (4, 3))
    silk = bumped(paint(ribbon, 0.5, specular=0.35), weave(512, 40), 0.02, (24, 1))
    return [Thing(body.bent(block), wool), Thing(band, silk), Thing(tilt, silk)]


def hat_pictures() -> dict[str, Set]:
    """Two colours in three-quarter view, one from above."""

    def down(things: list[Thing], turn: float) -> list[Thing]:
        return placed(things, turn, 0, 0, 0.95)

    return {
        "vela-felt-hat-camel": Set(
            down(hat("#B68A58", "#2B211B"), 38), 30, "#EDE5DA", (0, 0, 0.16), height=15, fov=16.5
        ),
        "vela-felt-hat-ink": Set(down(hat("#28324A", "#0E1013"), 38), 30, "#DFE2E5", (0, 0, 0.16), height=15, fov=16.5),
        "vela-felt-hat-above": Set(down(hat("#B68A58", "#2B211B"), 58), 30, "#EDE5DA", (0, 0, 0.12), height=46, fov=17),
    }
