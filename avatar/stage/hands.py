"""Hands: a palm and five fingers, each with a direction and a reach. A right hand; mirrored for the left.

Units as in `face`; the wrist is at the origin, the hand points up (−y). Poses are plain numbers and can be blended.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sin
from typing import Any, NamedTuple

import skia

from avatar.stage.look import Look
from avatar.stage.pens import fill, linear, mix, smooth, stroke


class HandPose(NamedTuple):
    """Five fingers from thumb to little finger."""

    angles: tuple[float, float, float, float, float]
    """Degrees from straight up; to the thumb's side is negative."""
    reach: tuple[float, float, float, float, float]
    """1 stretched, 0.3 folded into the palm."""
    bend: float = 0.0
    """How much the fingers curve towards the thumb's side: −1 to 1."""


OPEN = HandPose((-52, -14, -3, 8, 20), (1, 1, 1, 1, 1))
RELAXED = HandPose((-34, -8, -1, 6, 13), (0.9, 0.86, 0.84, 0.82, 0.8), 0.3)
POINTING = HandPose((-20, -6, 4, 10, 16), (0.62, 1.06, 0.34, 0.32, 0.3))
OFFER = HandPose((-44, -8, -2, 4, 11), (1, 1, 1, 1, 0.96), 0.12)
THREE = HandPose((-8, -15, -1, 13, 22), (0.5, 1.03, 1.05, 1, 0.3))
TWO = HandPose((-4, -13, 7, 10, 18), (0.48, 1.03, 1.05, 0.34, 0.3))
ONE = HandPose((-2, -3, 6, 11, 17), (0.48, 1.05, 0.34, 0.34, 0.3))
FIST = HandPose((-2, -6, 2, 8, 14), (0.5, 0.34, 0.34, 0.34, 0.32))
CHIN = HandPose((-30, -8, 4, 10, 16), (0.9, 0.95, 0.42, 0.38, 0.34), 0.25)

_BASES = ((-17.0, -16.0), (-15.0, -40.0), (-5.0, -44.0), (5.5, -42.5), (15.0, -37.0))
_LENGTHS = (31.0, 34.0, 39.0, 36.0, 28.0)
_WIDTHS = (13.5, 12.6, 12.8, 12.2, 10.8)


def blend(a: HandPose, b: HandPose, share: float) -> HandPose:
    """``share`` of the way from ``a`` to ``b``."""

    def between(x: tuple[float, ...], y: tuple[float, ...]) -> Any:
        return tuple(p + (q - p) * share for p, q in zip(x, y, strict=True))

    return HandPose(between(a.angles, b.angles), between(a.reach, b.reach), a.bend + (b.bend - a.bend) * share)


def alike(a: HandPose, b: HandPose) -> bool:
    """Whether nobody could tell them apart while they move."""
    turned = max(abs(p - q) for p, q in zip(a.angles, b.angles, strict=True))
    reached = max(abs(p - q) for p, q in zip(a.reach, b.reach, strict=True))
    return turned < 2 and reached < 0.05 and abs(a.bend - b.bend) < 0.05


@lru_cache(maxsize=8)
def _palm(look: Look) -> tuple[Any, Any]:
    shape = smooth(
        [
            (-10.5, 6),
            (-14, -6),
            (-21, -22),
            (-22, -40),
            (-12, -49),
            (4, -51),
            (17, -45),
            (21.5, -32),
            (17, -10),
            (11, 6),
        ],
        closed=True,
    )
    paint = linear(
        (-22, -40),
        (22, 0),
        [(0, mix(look.skin, "#FFF1DE", 0.25), 1), (0.6, look.skin, 1), (1, mix(look.skin, look.skin_shade, 0.55), 1)],
    )
    return shape, paint


def draw_hand(canvas: Any, look: Look, pose: HandPose, *, back: bool = False) -> None:
    """Draw a right hand seen from the palm, or from its ``back`` (with nails)."""
    edge = mix(look.skin_shade, "#7A4434", 0.25)
    palm, palm_paint = _palm(look)
    # Folded fingers lie on the palm, stretched ones behind its edge.
    order = (4, 3, 2, 1)
    for n in order:
        if pose.reach[n] >= 0.5:
            _finger(canvas, look, pose, n, edge, nail=back)
    canvas.drawPath(palm, stroke(edge, 2.4))
    canvas.drawPath(palm, palm_paint)
    # Roots of the fingers melt into the palm.
    for n in order:
        x, y = _BASES[n]
        if pose.reach[n] >= 0.5:
            canvas.drawCircle(x, y, _WIDTHS[n] / 2 - 0.6, fill(mix(look.skin, "#FFF1DE", 0.12)))
    for n in order:
        if pose.reach[n] < 0.5:
            _folded(canvas, look, n, edge)
    _finger(canvas, look, pose, 0, edge, nail=back)
    canvas.drawCircle(_BASES[0][0] + 2, _BASES[0][1], 7.4, fill(mix(look.skin, "#FFF1DE", 0.14)))
    if not back:
        crease = smooth([(-13, -30), (-6, -22), (-5, -8)])
        canvas.drawPath(crease, stroke(look.skin_shade, 1.8, 0.5))


def _finger(canvas: Any, look: Look, pose: HandPose, n: int, edge: str, *, nail: bool) -> None:
    x, y = _BASES[n]
    length = _LENGTHS[n] * pose.reach[n]
    first = radians(pose.angles[n])
    second = radians(pose.angles[n] - 26 * pose.bend + (16 if n == 0 else 0))
    mx, my = x + sin(first) * length * 0.5, y - cos(first) * length * 0.5
    ex, ey = mx + sin(second) * length * 0.5, my - cos(second) * length * 0.5
    path = skia.Path()
    path.moveTo(x, y)
    path.quadTo(mx, my, ex, ey)
    width = _WIDTHS[n]
    canvas.drawPath(path, stroke(edge, width + 2.4))
    canvas.drawPath(path, stroke(mix(look.skin, "#FFF1DE", 0.12), width))
    if nail:
        canvas.drawCircle(
            ex + sin(second) * 1.5, ey - cos(second) * 1.5, width * 0.28, fill(mix(look.lips, "#FFE0D2", 0.35))
        )


def _folded(canvas: Any, look: Look, n: int, edge: str) -> None:
    x, y = _BASES[n]
    width = _WIDTHS[n] + 0.8
    path = skia.Path()
    path.moveTo(x, y - 2)
    path.lineTo(x - 0.5, y + 11)
    canvas.drawPath(path, stroke(edge, width + 2.2))
    canvas.drawPath(path, stroke(mix(look.skin, "#FFF1DE", 0.08), width))
