"""Tennis racquet and ball (centimetres), lying flat."""

from __future__ import annotations

from typing import Any

import numpy as np

from scripts.drawing.shapes import Array, Mesh, ball, circle, joined, rounded_rectangle, smooth_curve, swept, tube
from scripts.drawing.studio import Set, Thing, bumped, paint
from scripts.drawing.textures import noise

HEAD = (13.0, 16.9)
"""Half width and half length of the hoop's middle line."""


def _ellipse(t: Array) -> Array:
    return np.stack([HEAD[0] * np.sin(t), HEAD[1] * np.cos(t), np.zeros_like(t)], -1)


def racquet(frame: dict[str, Any], accent: dict[str, Any], grip_colour: str, string_colour: str) -> list[Thing]:
    """The hoop about the origin in the XY plane, handle toward -Y; 68.5 cm long."""
    t = np.linspace(0, 2 * np.pi, 281)[:-1]
    section = rounded_rectangle(1.15, 2.2, 0.5, 8)
    hoop = swept(_ellipse(t), section, True, up=(0, 0, 1))
    stripe_t = np.linspace(-0.62, 0.62, 90)
    stripes = [
        swept(_ellipse(stripe_t + middle), rounded_rectangle(1.2, 1.5, 0.5, 8), up=(0, 0, 1))
        for middle in (0.0, 2.25, -2.25)
    ]
    throat = [
        swept(
            smooth_curve(
                [
                    (x * 6.4, -14.6, 0),
                    (x * 4.6, -18.6, 0),
                    (x * 2.3, -23.5, 0),
                    (x * 1.15, -28.5, 0),
                    (x * 0.9, -31.5, 0),
                ],
                70,
            ),
            rounded_rectangle(1.5, 2.2, 0.55, 8),
            up=(0, 0, 1),
        )
        for x in (1, -1)
    ]
    shaft = swept(
        smooth_curve([(0, -28.2, 0), (0, -31, 0), (0, -33.5, 0)], 20),
        rounded_rectangle(3.1, 2.45, 0.8, 8),
        up=(0, 0, 1),
    )
    handle = swept(
        np.stack([np.zeros(120), np.linspace(-32.0, -51.0, 120), np.zeros(120)], -1),
        rounded_rectangle(3.2, 2.9, 0.9, 8),
        up=(0, 0, 1),
    )
    wrap_t = np.linspace(0, 1, 900)
    turns = wrap_t * 2 * np.pi * 11
    wrap = tube(np.stack([1.63 * np.cos(turns), -32.4 - 18.2 * wrap_t, 1.5 * np.sin(turns)], -1), 0.11, 900, sides=8)
    butt = swept(
        np.stack([np.zeros(24), np.linspace(-50.6, -52.0, 24), np.zeros(24)], -1),
        rounded_rectangle(3.7, 3.4, 1.1, 8),
        False,
        np.concatenate([np.linspace(0.88, 1.0, 14), np.full(10, 1.0)]),
        up=(0, 0, 1),
    )
    collar = swept(
        np.stack([np.zeros(10), np.linspace(-31.4, -32.6, 10), np.zeros(10)], -1),
        rounded_rectangle(3.5, 3.1, 0.9, 8),
        up=(0, 0, 1),
    )
    strings = []
    inner = (HEAD[0] - 0.3, HEAD[1] - 0.3)
    for x in np.linspace(-10.6, 10.6, 16):
        y = inner[1] * np.sqrt(1 - (x / inner[0]) ** 2)
        strings.append(_string(np.array([x, -y, 0]), np.array([x, y, 0]), 0.0))
    for n, y in enumerate(np.linspace(-14.2, 14.6, 19)):
        x = inner[0] * np.sqrt(1 - (y / inner[1]) ** 2)
        strings.append(_string(np.array([-x, y, 0]), np.array([x, y, 0]), np.pi * (n % 2)))
    leather = bumped(paint(grip_colour, 0.7, specular=0.25), noise(512, 60, 3), 0.02, (1, 6))
    return [
        Thing(joined(hoop, *throat, shaft), frame),
        Thing(joined(*stripes, collar), accent),
        Thing(joined(handle, wrap), leather),
        Thing(butt, paint("#17181A", 0.5)),
        Thing(joined(*strings), paint(string_colour, 0.35, specular=0.6)),
    ]


def _string(start: Array, end: Array, phase: float) -> Mesh:
    """A string that goes over and under the ones it crosses."""
    t = np.linspace(0, 1, 120)
    path = start + (end - start) * t[:, None]
    along = path[:, 0] if abs(end[0] - start[0]) > abs(end[1] - start[1]) else path[:, 1]
    crosses = abs(end[0] - start[0]) > abs(end[1] - start[1])
    path[:, 2] = 0.075 * np.cos(np.pi * along / 1.4133 + np.pi * 0.5 + phase) if crosses else 0.0
    return swept(path, circle(0.085, 8), up=(0, 0, 1))


def tennis_ball() -> list[Thing]:
    """A new ball with its seam."""
    t = np.linspace(0, 2 * np.pi, 300)[:-1]
    a, b = 0.75, 0.25
    seam = np.stack(
        [a * np.cos(t) + b * np.cos(3 * t), a * np.sin(t) - b * np.sin(3 * t), 2 * np.sqrt(a * b) * np.sin(2 * t)], -1
    )
    seam *= 3.34 / np.linalg.norm(seam, axis=1, keepdims=True)
    felt = bumped(
        paint("#CFDD3E", 1.0, specular=0.05, sheen=1.0, sheen_tint=0.8), noise(1024, 110, 21, 3), 0.05, (2, 1)
    )
    centre = swept(seam, circle(0.17, 10), True, up=(0.31, 0.22, 0.92))
    return [Thing(ball(3.35, 140), felt), Thing(centre, paint("#EDEFE2", 0.9))]


def racquet_pictures() -> dict[str, Set]:
    """Both paints from above, and the throat close."""
    shine = {"specular": 0.6, "clearcoat": 0.9, "clearcoat_gloss": 0.95}
    ink, coral = paint("#1A2233", 0.28, **shine), paint("#E9573B", 0.3, **shine)
    white, green = paint("#ECEBE6", 0.28, **shine), paint("#1F6B4C", 0.3, **shine)

    def lying(things: list[Thing]) -> list[Thing]:
        flat = [Thing(t.mesh.moved(0, 17.4, 1.25).turned("z", -38), t.material) for t in things]
        felt = [
            Thing(t.mesh.turned("x", 50).turned("z", 25).moved(13.5, -12.5, 3.35), t.material) for t in tennis_ball()
        ]
        return [*flat, *felt]

    return {
        "baseline-racquet-coral": Set(
            lying(racquet(ink, coral, "#16171A", "#E9E6DC")), 58, "#E7DCD0", (0, 0, 0.0), height=82, fov=15.5
        ),
        "baseline-racquet-white": Set(
            lying(racquet(white, green, "#EDEBE4", "#2B2E33")), 58, "#CFDAD2", (0, 0, 0.0), height=82, fov=15.5
        ),
        "baseline-racquet-close": Set(
            lying(racquet(ink, coral, "#16171A", "#E9E6DC")),
            58,
            "#E7DCD0",
            (0.03, 0.03, 0.0),
            turn=-24,
            height=38,
            fov=7.2,
        ),
    }
