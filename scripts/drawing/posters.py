"""Posters of the demo's shows (720 x 1280) and portraits of its hosts (256 x 256)."""

from __future__ import annotations

import numpy as np

from scripts.drawing import figure
from scripts.drawing.home import chair, lamp, mug, turned
from scripts.drawing.shapes import extruded, joined, rounded, rounded_box, rounded_rectangle, turned_profile
from scripts.drawing.sneaker import COLOURS, sneaker, standing
from scripts.drawing.sport import racquet, tennis_ball
from scripts.drawing.studio import Set, Thing, metal, paint
from scripts.drawing.vanity import lipstick, watch
from scripts.drawing.wear import GOLD, earring, placed


def _scaled(
    things: list[Thing], factor: float, x: float = 0, y: float = 0, z: float = 0, turn: float = 0
) -> list[Thing]:
    return [Thing(t.mesh.scaled(factor).turned("z", turn).moved(x, y, z), t.material, t.glow) for t in things]


def slow_mornings() -> Set:
    """Chair, side table, lamp and mug (centimetres)."""
    top = turned_profile(rounded([(0, 0, 0), (21, 0, 1), (21, 2.6, 1), (0, 2.6, 0)], 6), 120).moved(z=50)
    stem = turned_profile(
        rounded([(0, 0, 0), (14, 0, 0.6), (14, 1.4, 0.6), (2.2, 3, 2), (1.8, 48, 1), (6, 50, 2)], 6), 100
    )
    table = [Thing(joined(top, stem), paint("#3A2A20", 0.5, specular=0.4))]
    things = [
        *turned(chair("rust"), -20, -12, 6),
        *[Thing(t.mesh.moved(44, 6), t.material) for t in table],
        *_scaled(lamp(metal("#C79A4B", 0.22))[:2], 1.15, 47, 8, 52.6),
        *_scaled(mug("sand", 3), 1.0, 33, -2, 52.6, -30),
    ]
    return Set(
        things, 118, "#E4CDB6", (0.08, 0, 0.42), turn=4, height=9, fov=20, key=0.62, fill=0.8, ambient=0.32, bloom=0.3
    )


def first_serve() -> Set:
    """Racquet, ball and shoe on clay (centimetres)."""
    shine = {"specular": 0.6, "clearcoat": 0.9, "clearcoat_gloss": 0.95}
    frame = racquet(paint("#1A2233", 0.28, **shine), paint("#E9573B", 0.3, **shine), "#16171A", "#E9E6DC")
    lying = [Thing(t.mesh.moved(0, 17.4, 1.25).turned("z", -16).moved(-2, 10), t.material) for t in frame]
    balls = [
        Thing(t.mesh.turned("x", 50).turned("z", a).moved(x, y, 3.35), t.material)
        for a, x, y in ((25, 13, -9), (120, 9, -22))
        for t in tennis_ball()
    ]
    shoe = [Thing(t.mesh.moved(-17, -13), t.material) for t in standing(sneaker(COLOURS["green"]), 255)]
    line = rounded_box(5, 600, 0.06, 0.01).moved(21.5, 0, 0.03)
    return Set(
        [*lying, *balls, *shoe, Thing(line, paint("#F2EEE6", 0.9))], 62, "#B9643F", (0, 0, 0), turn=0, height=74, fov=19
    )


def small_things() -> Set:
    """Earrings, watch and lipstick on stones (millimetres)."""
    clay = paint("#C39A80", 0.9, specular=0.15)
    slab = Thing(extruded(rounded_rectangle(56, 92, 28, 40), 9, 1.2).moved(-10, 24, 62), clay)
    low = Thing(rounded_box(132, 84, 16, 6).moved(0, 6, 8), clay)
    step = Thing(
        turned_profile(rounded([(0, 16, 0), (24, 16, 0.6), (24, 34, 1.2), (0, 34, 0)], 6), 140).moved(32, 0),
        paint("#DCC3AC", 0.9, specular=0.15),
    )
    pairs = [t for x, turn in ((-22, 16), (2, -10)) for t in placed(earring(GOLD), turn, x, 15.5, 84)]
    time = [
        Thing(t.mesh.scaled(0.86).turned("z", -22).moved(33, -13, 34), t.material)
        for t in watch("#E2DED4", metal("#8D9094", 0.2), "#A2632F", "#E7CFA8")
    ]
    red = [Thing(t.mesh.scaled(0.8).turned("z", -30).moved(-48, -14, 16), t.material) for t in lipstick("coral")]
    return Set([slab, low, step, *pairs, *time, *red], 120, "#E9D3C2", (0, 0, 0.44), turn=-6, height=10, fov=17.5)


def face(look: figure.Look, turn: float, paper: str) -> tuple[Set, str]:
    """A head and shoulders, and the colour behind."""
    body = [*figure.head(look, 1.0, 1.0, 0.3), *figure.torso(look)]
    shoulders = [
        Thing(arm.mesh.moved(side * 12, 2.4, -15.6), arm.material) for side in (-1, 1) for arm in figure.upper_arm(look)
    ]
    return figure.portrait([*body, *shoulders], 44, (0, 0, 6.5), turn), paper


POSTERS = {
    "poster-slow-mornings": slow_mornings,
    "poster-first-serve": first_serve,
    "poster-small-things": small_things,
}
FACES = {"host-mira": (figure.MIRA, 10.0, "#D9A98A"), "host-teo": (figure.TEO, -10.0, "#9DB0A6")}


def on_paper(cut_out: np.ndarray, paper: str) -> np.ndarray:
    """A premultiplied cut-out over a soft round gradient of a colour."""
    high, wide = cut_out.shape[:2]
    y, x = np.mgrid[0:high, 0:wide]
    light = 1.08 - 0.28 * np.hypot((x - wide * 0.45) / wide, (y - high * 0.35) / high)
    colour = np.array([int(paper[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.asarray(np.clip(cut_out[..., :3] + (1 - cut_out[..., 3:]) * colour * light[..., None], 0, 1))
