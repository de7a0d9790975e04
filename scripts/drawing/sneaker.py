"""A leather court shoe (centimetres): heel at x = 0, toe at x = 29, right shoe seen from its outer side (-Y)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scripts.drawing.nets import surface
from scripts.drawing.shapes import Array, Mesh, circle, joined, rounded_rectangle, smooth_curve, swept, tube
from scripts.drawing.studio import Set, Thing, bumped, paint, picture
from scripts.drawing.textures import mixed, noise

LENGTH = 29.0
_X = np.array([0.0, 1.0, 3.0, 6.0, 10.0, 14.0, 18.0, 21.5, 24.5, 27.0, 28.5, 29.0])
_OUT = np.array([0.0, 2.1, 3.15, 3.45, 3.4, 3.75, 4.5, 4.9, 4.65, 3.5, 1.9, 0.0])
_IN = np.array([0.0, 2.1, 3.1, 3.2, 2.75, 2.9, 4.0, 4.75, 4.9, 4.05, 2.3, 0.0])
_TOP_X = np.array([0.0, 4.0, 9.0, 10.5, 13.0, 16.0, 19.0, 21.5, 24.0, 26.5, 28.4, 29.0])
_TOP = np.array([17.0, 17.0, 16.0, 13.2, 11.5, 9.6, 7.9, 6.9, 6.25, 5.65, 4.7, 4.0])
_COLLAR_X = np.array([0.0, 1.2, 3.0, 5.5, 8.0, 10.0, 11.6, 13.0, 30.0])
_COLLAR = np.array([9.9, 9.8, 8.9, 7.9, 8.5, 9.9, 11.2, 13.0, 16.0])


def _curve(x: Array, at: Array, values: Array) -> Array:
    """Smoothly through the values (cosine pieces rounded by averaging)."""
    dense = np.linspace(at[0], at[-1], 400)
    rough = np.interp(dense, at, values)
    width = 17
    soft = np.convolve(
        np.pad(rough, width, mode="edge"), np.hanning(2 * width + 1) / np.hanning(2 * width + 1).sum(), "valid"
    )
    soft[:6], soft[-6:] = rough[:6], rough[-6:]
    return np.interp(x, dense, soft)


def _smooth_max(a: Array, b: Array, k: float) -> Array:
    h = np.clip(0.5 + 0.5 * (a - b) / k, 0, 1)
    return b * (1 - h) + a * h + k * h * (1 - h)


def _step(x: Array, at: float | Array, width: float) -> Array:
    t = np.clip((x - at) / width + 0.5, 0, 1)
    return t * t * (3 - 2 * t)


def _spring(x: Array) -> Array:
    """How far toe and heel rise from the ground."""
    return 1.15 * np.clip((x - 20) / 9, 0, 1) ** 2.2 + 0.25 * np.clip((3 - x) / 3, 0, 1) ** 2


def _inside(x: Array, y: Array, z: Array, shrink: float) -> Array:
    """About the distance to the last's surface, negative inside."""
    half = np.where(y < 0, _curve(x, _X, _OUT), _curve(x, _X, _IN)) - shrink
    ground = 2.0 + 0.75 * _spring(x)
    rise = np.clip((z - ground) / (_curve(x, _TOP_X, _TOP) - ground - shrink), 0, 1.3)
    # The upper leans inward as it rises; at the ankle it stands up and narrows to the leg.
    ankle = 1 - _step(x, 11.5, 7.0)
    narrow = 1 - ankle * (0.30 * _step(z, 6.0, 9.0)) - (1 - ankle) * 0.05 * rise
    flat = 2.35 + 3.2 * ankle
    heel_in = 0.55 * _step(z, 6.2, 6.5) * (1 - _step(x, 3.0, 5.0))
    body = ((np.abs(y) / np.maximum(half * narrow, 0.05)) ** 2.5 + np.abs(rise) ** flat) ** 0.4 - 1
    near_end = _smooth_max(-(x - shrink - 0.15 - heel_in), x - (LENGTH - 0.1 - shrink), 0.3)
    return _smooth_max(body * np.maximum(half, 1.2), near_end, 0.5)


def _throat(x: Array, y: Array) -> Array:
    """1 in the slit over the tongue."""
    middle = 0.15
    wide = 1.15 + 0.25 * np.clip((14 - x) / 4, 0, 1)
    return np.asarray((1 - _step(np.abs(y - middle), wide, 0.25)) * _step(x, 8.0, 1.0) * (1 - _step(x, 18.9, 0.9)))


def _panels(x: Array, z: Array) -> dict[str, Array]:
    """Where the leather lies double, seen from the side; 0..1."""
    heel = 1 - _step(x - 0.42 * (z - 5.0), 4.6, 0.35)
    stay = _step(x, 9.4, 0.35) * (1 - _step(x, 20.0, 0.6)) * _step(z - (9.2 - 0.48 * (x - 10)), -0.2, 0.35)
    toe = _step(x - 0.12 * (z - 4) ** 2, 21.8, 0.35)
    return {"heel": heel, "stay": stay, "toe": toe}


def upper() -> Mesh:
    """The leather, with the foot's opening."""

    def field(x: Array, y: Array, z: Array) -> Array:
        panels = _panels(x, z)
        double = np.maximum(np.maximum(panels["heel"], panels["stay"]), panels["toe"])
        outside = _inside(x, y, z, 0.0) - 0.10 * double + 0.32 * _throat(x, y) * _step(z, 6.0, 1.0)
        inside = _inside(x, y, z, 0.62)
        collar = z - _curve(x, _COLLAR_X, _COLLAR) - 0.25 * np.abs(y) * 0.2
        opened = _smooth_max(outside, collar, 0.45)
        hole = np.maximum(inside, x - 12.6)
        return _smooth_max(opened, -hole, 0.4)

    return surface(field, (-0.6, -5.6, 1.2), (29.8, 5.6, 13.6), 0.085)


def _beyond_footprint(x: Array, y: Array) -> Array:
    """Signed distance to the last's outline seen from above, on the grid of ``x`` and ``y``; negative inside."""
    along = np.linspace(0, 1, 160)
    xs = LENGTH * (0.5 - 0.5 * np.cos(np.pi * along))
    outer = np.stack([xs, -_curve(xs, _X, _OUT)], -1)
    inner = np.stack([xs, _curve(xs, _X, _IN)], -1)[::-1]
    outline = smooth_curve(np.concatenate([outer, inner[1:-1]])[::4], 360, closed=True)
    ends = np.roll(outline, -1, 0)
    px, py = (np.ravel(part) for part in np.broadcast_arrays(x[..., 0], y[..., 0]))
    nearest, crossings = np.full(px.shape, 1e9), np.zeros(px.shape, bool)
    for (ax, ay), (bx, by) in zip(outline, ends, strict=True):
        dx, dy = bx - ax, by - ay
        t = np.clip(((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy + 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.hypot(px - ax - t * dx, py - ay - t * dy))
        crossings ^= ((ay > py) != (by > py)) & (px < dx * (py - ay) / (by - ay + 1e-12) + ax)
    signed = np.where(crossings, -nearest, nearest)
    return signed.reshape(np.broadcast_shapes(x.shape, y.shape))


def sole() -> Mesh:
    """The rubber cup with its stitched groove."""

    def field(x: Array, y: Array, z: Array) -> Array:
        spring = _spring(x)
        side = _beyond_footprint(x, y) - 0.40 + 0.05 * (z - 1.5)
        top = z - (2.75 - 0.45 * _step(x, 9, 8) + 0.75 * spring + 0.45 * _step(x, 27.0, 2.5))
        bottom = spring - z
        groove = 0.08 * np.exp(-(((top + 0.5) / 0.08) ** 2))
        foxing = 0.05 * np.exp(-(((z - 0.62 - spring) / 0.07) ** 2))
        return _smooth_max(_smooth_max(side + groove + foxing, top, 0.25), bottom, 0.45)

    return surface(field, (-1.2, -6.2, -0.4), (30.4, 6.2, 4.6), 0.085)


def _top_at(x: Array, y: Array) -> Array:
    """Height of the upper's outside above a point (bisection)."""
    low, high = np.full_like(x, 4.0), np.full_like(x, 14.0)
    for _ in range(26):
        middle = (low + high) / 2
        panels = _panels(x, middle)
        value = _inside(x, y, middle, 0.0) - 0.10 * np.maximum(panels["stay"], panels["toe"]) + 0.32 * _throat(x, y)
        low, high = np.where(value < 0, middle, low), np.where(value < 0, high, middle)
    return (low + high) / 2


def _side_at(x: Array, z: Array) -> Array:
    """The outer side's y (negative) at a point of the elevation."""
    low, high = np.full_like(x, -6.0), np.full_like(x, 0.0)
    for _ in range(26):
        middle = (low + high) / 2
        panels = _panels(x, z)
        double = np.maximum(np.maximum(panels["heel"], panels["stay"]), panels["toe"])
        value = _inside(x, middle, z, 0.0) - 0.10 * double
        low, high = np.where(value < 0, low, middle), np.where(value < 0, middle, high)
    return (low + high) / 2


def laces() -> tuple[Mesh, Mesh]:
    """Six flat bars over the tongue, and the eyelets they come from."""
    bars, eyes = [], []
    for n, x0 in enumerate(np.linspace(12.5, 18.4, 5)):
        reach = np.interp(x0, [11, 14, 18.5], [1.55, 1.9, 2.1])
        y = np.linspace(0.15 - reach, 0.15 + reach, 40)
        x = x0 + 0.12 * np.sin(y * 0.7) * (-1) ** n
        z = _top_at(x, np.clip(y, -9, 9))
        bridge = np.where(
            np.abs(y - 0.15) < 1.5,
            np.interp(y, [-1.45, 1.75], [float(np.interp(-1.45, y, z)), float(np.interp(1.75, y, z))]),
            z,
        )
        lifted = np.maximum(z, bridge + 0.25 * np.clip(1 - ((y - 0.15) / 1.5) ** 2, 0, 1)) + 0.10
        lifted[:3] -= np.array([0.2, 0.12, 0.03])
        lifted[-3:] -= np.array([0.03, 0.12, 0.2])
        bars.append(swept(np.stack([x, y, lifted], -1), rounded_rectangle(0.62, 0.17, 0.08, 5), up=(0.35, 0, 1)))
        for side in (0.15 - reach, 0.15 + reach):
            top = float(_top_at(np.array([x0]), np.array([side]))[0])
            t = np.linspace(0, 2 * np.pi, 25)[:-1]
            eyes.append(
                swept(
                    np.stack([x0 + 0.2 * np.cos(t), side + 0.2 * np.sin(t), np.full(24, top + 0.02)], -1),
                    circle(0.06, 8),
                    True,
                )
            )
    return joined(*bars), joined(*eyes)


def tongue() -> Mesh:
    """The padded tongue standing out of the throat."""
    x = np.linspace(19.0, 10.1, 60)
    z = _top_at(np.maximum(x, 11.4), np.full(60, 0.15)) - 0.3
    z = np.where(x < 11.4, z[np.argmin(np.abs(x - 11.4))] + (11.4 - x) * 0.8, z)
    path = np.stack([x, np.full(60, 0.15), z], -1)
    wide = np.interp(x, [10.1, 10.3, 10.9, 12, 19], [0.6, 0.85, 1.0, 1.0, 0.8])
    thick = np.interp(x, [10.1, 10.4, 11, 13, 19], [0.45, 0.8, 0.8, 0.65, 0.5])
    return swept(path, rounded_rectangle(3.5, 0.8, 0.38, 8), False, np.stack([wide, thick], -1), up=(0.4, 0, 1))


def stitches() -> Mesh:
    """Double rows along the edges of the panels, outer side."""
    rows = []
    z = np.linspace(3.6, 7.6, 70)
    for gap in (0.28, 0.5):
        rows.append(np.stack([4.6 + 0.42 * (z - 5.0) - gap, z], -1))
    z = np.linspace(3.3, 6.4, 60)
    for gap in (0.28, 0.5):
        rows.append(np.stack([21.8 + 0.12 * (z - 4) ** 2 + gap, z], -1))
    x = np.linspace(9.9, 19.6, 110)
    for gap in (0.3, 0.52):
        rows.append(np.stack([x, 9.0 - 0.48 * (x - 10) + gap], -1))
    out = []
    for row in rows:
        even = smooth_curve(row, int(np.sum(np.linalg.norm(np.diff(row, axis=0), axis=1)) / 0.14))
        y = _side_at(even[:, 0], even[:, 1]) - 0.015
        for a in range(0, len(even) - 2, 3):
            piece = np.stack([even[a : a + 3, 0], y[a : a + 3], even[a : a + 3, 1]], -1)
            out.append(tube(piece, 0.035, 4, sides=6))
    return joined(*out)


@dataclass(frozen=True)
class Colours:
    """One colourway, CSS colours."""

    leather: str
    heel: str
    rubber: str
    lining: str
    lace: str
    thread: str
    paper: str


COLOURS = {
    "green": Colours("#DCD9D1", "#1F6B4C", "#D9D4C8", "#DCCFB9", "#E2DFD8", "#D8D3C8", "#DEE5DC"),
    "sand": Colours("#CDB592", "#B2946C", "#E9DFCB", "#E6DCCB", "#E4D5BB", "#E9DDC5", "#EEE5D8"),
    "navy": Colours("#24324F", "#1A2338", "#F0EEE8", "#D9CDB8", "#EDEBE6", "#5C6A87", "#DFE3E8"),
}


def _split(mesh: Mesh, keep: Array) -> Mesh:
    """The triangles whose first corner is to be kept."""
    faces = mesh.faces[keep[mesh.faces[:, 0]]]
    return Mesh(mesh.points, faces, mesh.uv)


_PARTS: dict[str, Mesh] = {}
_TEXTURE = (30.0, 14.0)
"""Length and height, in centimetres, of the picture that colours both sides."""


def _parts() -> dict[str, Mesh]:
    """The geometry, made once."""
    if not _PARTS:
        leather = upper()
        x, y, z = leather.points.T
        lining = (_inside(x, y, z, 0.48) < 0) & (x < 13.2)
        _PARTS.update(
            leather=_split(leather, ~lining),
            lining=_split(leather, lining),
            sole=sole(),
            tongue=tongue(),
            stitches=stitches(),
        )
        _PARTS["laces"], _PARTS["eyes"] = laces()
    return _PARTS


def sneaker(colours: Colours) -> list[Thing]:
    """One shoe, standing along X."""
    parts = _parts()
    creases = noise(1024, 60, 31, 4)

    z, x = np.meshgrid(np.linspace(0, _TEXTURE[1], 1400), np.linspace(0, _TEXTURE[0], 3000), indexing="ij")
    tab = _step(4.6 + 0.42 * (z - 5.0) - x, 0.0, 0.03) * _step(z, 5.6, 0.03)
    skin = picture(mixed(colours.leather, colours.heel, tab.astype(np.float32)), (1 / _TEXTURE[0], 1 / _TEXTURE[1]))
    hide = bumped(paint(skin, 0.42, specular=0.4), creases, 0.012, (0.16, 0.16))

    return [
        Thing(parts["leather"], hide),
        Thing(parts["lining"], paint(colours.lining, 0.95, specular=0.1, sheen=0.4)),
        Thing(parts["sole"], bumped(paint(colours.rubber, 0.6, specular=0.35), noise(512, 100, 3), 0.006, (0.5, 0.5))),
        Thing(parts["tongue"], paint(colours.leather, 0.5, specular=0.35)),
        Thing(parts["laces"], paint(colours.lace, 0.9, specular=0.1, sheen=0.3)),
        Thing(parts["eyes"], paint(colours.leather, 0.4)),
        Thing(parts["stitches"], paint(colours.thread, 0.8)),
    ]


def standing(things: list[Thing], turn: float, x: float = 0, y: float = 0, mirror: bool = False) -> list[Thing]:
    """Centred, turned about Z; ``mirror`` makes the left shoe."""
    out = []
    for thing in things:
        mesh = thing.mesh.moved(-LENGTH / 2, 0, 0)
        if mirror:
            mesh = Mesh(mesh.points * np.array([1, -1, 1]), mesh.faces[:, ::-1], mesh.uv)
        out.append(Thing(mesh.turned("z", turn).moved(x, y), thing.material))
    return out


def sneaker_pictures() -> dict[str, Set]:
    """Each colourway from the outer side, and the white pair."""
    shots = {
        f"court-sneaker-{name}": Set(
            standing(sneaker(colours), 202, mirror=True), 26, colours.paper, (0, 0, 0.2), height=17, fov=16
        )
        for name, colours in COLOURS.items()
    }
    white = sneaker(COLOURS["green"])
    pair = [*standing(white, 218, -4, -7), *standing(white, 206, 4, 7, mirror=True)]
    shots["court-sneaker-pair"] = Set(pair, 33, COLOURS["green"].paper, (0, 0, 0.13), height=24, fov=16)
    return shots
