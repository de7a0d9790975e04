"""Arms that reach where they are told. Units as in `face`.

Gradients are dear, so each limb and hand is kept as a cut-out for every degree, and an arm that is held still as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any, NamedTuple

import skia

from avatar.stage.hands import RELAXED, HandPose, draw_hand
from avatar.stage.layer import Layer
from avatar.stage.look import Look
from avatar.stage.pens import Point, fill, linear, mix, stroke, surface
from avatar.stage.placement import Box, turned

SHOULDER = (106.0, 210.0)
_UPPER, _LOWER = 168.0, 158.0
_SHADES = 256


@dataclass(frozen=True)
class Arm:
    """Where a hand is and what it does."""

    wrist: Point
    """In the figure's units; her own side's x is positive for both arms (mirrored when drawn)."""
    turn: float = 0.0
    """Degrees; 0: fingers up, positive: away from the body."""
    hand: HandPose = RELAXED
    back: bool = False
    """Back of the hand to the viewer."""
    held: bool = False
    """It has arrived: likely to be drawn again just so."""


REST = Arm((44, 487), -74, RELAXED, back=True, held=True)


class _Limb(NamedTuple):
    """A part of a sleeve, lying at its origin."""

    angle: float
    """Degrees."""
    length: float
    radius: float
    end_radius: float
    shade_radius: float
    side: int


class _Hand(NamedTuple):
    """A hand with its wrist at the origin."""

    pose: HandPose
    back: bool
    turn: float
    """Degrees."""
    side: int


class ArmArtist:
    """Draws arms."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._edge = mix(look.jacket_shade, "#8A6A50", 0.3)
        self._sleeve = _sleeve(look)
        self._limbs = Layer(self._draw_limb, _limb_box, kept=128)
        self._hands = Layer(self._draw_hand, _hand_box, kept=48)
        self._held = Layer(self._draw_held, lambda shape: arm_box(*shape), kept=16)

    def draw(self, canvas: Any, arm: Arm, side: int) -> None:
        """``side`` is −1 for the arm on the viewer's left."""
        if arm.held:
            self._held.draw(canvas, shape=(arm, side))
        else:
            self._draw_arm(canvas, arm, side)

    def _draw_held(self, canvas: Any, shape: tuple[Arm, int]) -> None:
        self._draw_arm(canvas, *shape)

    def _draw_arm(self, canvas: Any, arm: Arm, side: int) -> None:
        look = self._look
        wx, wy = arm.wrist
        ex, ey = _elbow(SHOULDER, arm.wrist)
        # The wrist ends in a cuff; the hand comes out of it.
        length = max(hypot(wx - ex, wy - ey), 1.0)
        ux, uy = (wx - ex) / length, (wy - ey) / length
        cuff = (wx - ux * 6, wy - uy * 6)
        upper = _limb(SHOULDER, (ex, ey), 40, 34, 42, side)
        lower = _limb((ex, ey), cuff, 34, 23, 34, side)
        canvas.save()
        canvas.translate(side * wx, wy)
        self._hands.draw(canvas, shape=_Hand(arm.hand, arm.back, float(round(arm.turn)), side))
        canvas.restore()
        canvas.save()
        canvas.scale(side, 1)
        # An outline behind both, so that none runs across the elbow.
        for (x, y), limb in ((SHOULDER, upper), ((ex, ey), lower)):
            canvas.save()
            canvas.translate(x, y)
            canvas.drawPath(_outline(limb, 1.5), fill(self._edge, 0.5))
            canvas.restore()
        canvas.restore()
        for (x, y), limb in ((SHOULDER, upper), ((ex, ey), lower)):
            canvas.save()
            canvas.translate(side * x, y)
            self._limbs.draw(canvas, shape=limb)
            canvas.restore()
        along = radians(lower.angle)
        nx, ny = -sin(along), cos(along)
        sx, sy = cuff[0] - cos(along) * 9, cuff[1] - sin(along) * 9
        canvas.drawLine(
            side * (sx + nx * 20),
            sy + ny * 20,
            side * (sx - nx * 20),
            sy - ny * 20,
            stroke(look.jacket_shade, 2.4, 0.9),
        )

    def _draw_hand(self, canvas: Any, hand: _Hand) -> None:
        canvas.scale(hand.side, 1)
        canvas.rotate(hand.turn)
        canvas.scale(-1.3, 1.3)
        draw_hand(canvas, self._look, hand.pose, back=hand.back)

    def _draw_limb(self, canvas: Any, limb: _Limb) -> None:
        canvas.scale(limb.side, 1)
        across = skia.Matrix()
        across.setRotate(limb.angle - 90)
        across.preTranslate(-limb.shade_radius, 0)
        across.preScale(2 * limb.shade_radius / _SHADES, 1)
        clamp = skia.TileMode.kClamp
        shading = self._sleeve.makeShader(clamp, clamp, skia.SamplingOptions(), across)
        canvas.drawPath(_outline(limb), skia.Paint(Shader=shading, AntiAlias=True))


def _sleeve(look: Look) -> Any:
    """A sleeve's shading from side to side, light on the outer one; a row of pixels costs half of a gradient."""
    strip = surface(_SHADES, 1, opaque=True)
    stops = [
        (0.0, mix(look.jacket, look.jacket_shade, 0.75), 1.0),
        (0.4, mix(look.jacket, look.jacket_shade, 0.12), 1.0),
        (0.7, look.jacket, 1.0),
        (1.0, mix(look.jacket, look.jacket_shade, 0.65), 1.0),
    ]
    strip.getCanvas().drawRect(skia.Rect.MakeWH(_SHADES, 1), linear((0, 0), (_SHADES, 0), stops))
    return strip.makeImageSnapshot()


def arm_box(arm: Arm, side: int) -> Box:
    """What sleeve and hand cover; ``side`` is −1 for the arm on the viewer's left."""
    ex, ey = _elbow(SHOULDER, arm.wrist)
    along = radians(arm.turn)
    # The hand reaches 125 from the wrist, fingers spread 75 to either side of its middle.
    hx, hy = arm.wrist[0] + 62 * sin(along), arm.wrist[1] - 62 * cos(along)
    left = min(SHOULDER[0] - 46, ex - 46, hx - 80, arm.wrist[0] - 34)
    right = max(SHOULDER[0] + 46, ex + 46, hx + 80, arm.wrist[0] + 34)
    top = min(SHOULDER[1] - 46, ey - 46, hy - 80, arm.wrist[1] - 34)
    bottom = max(SHOULDER[1] + 46, ey + 46, hy + 80, arm.wrist[1] + 34)
    return (left, top, right, bottom) if side > 0 else (-right, top, -left, bottom)


def _elbow(shoulder: Point, wrist: Point) -> Point:
    """Where the elbow is, by the lengths of the arm: of the two places, the one that is lower and further out."""
    dx, dy = wrist[0] - shoulder[0], wrist[1] - shoulder[1]
    distance = max(hypot(dx, dy), 1.0)
    reach = min(distance, (_UPPER + _LOWER) * 0.995)
    along = (reach**2 + _UPPER**2 - _LOWER**2) / (2 * reach)
    height = max(_UPPER**2 - along**2, 0.0) ** 0.5
    ux, uy = dx / distance, dy / distance
    places = [(shoulder[0] + ux * along - uy * h, shoulder[1] + uy * along + ux * h) for h in (height, -height)]
    return max(places, key=lambda place: place[0] + 1.6 * place[1])


def _limb(a: Point, b: Point, radius: float, end_radius: float, shade_radius: float, side: int) -> _Limb:
    """From ``a`` to ``b``; angle and length in steps that cannot be seen."""
    angle = float(round(degrees(atan2(b[1] - a[1], b[0] - a[0]))))
    return _Limb(angle, round(hypot(b[0] - a[0], b[1] - a[1])), radius, end_radius, shade_radius, side)


def _hand_box(hand: _Hand) -> Box:
    left, top, right, bottom = turned((-84, -128, 84, 16), hand.turn, (0.0, 0.0))
    return (left, top, right, bottom) if hand.side > 0 else (-right, top, -left, bottom)


def _limb_box(limb: _Limb) -> Box:
    left, top, right, bottom = turned((-40, -40, limb.length + 34, 40), limb.angle, (0.0, 0.0))
    return (left, top, right, bottom) if limb.side > 0 else (-right, top, -left, bottom)


def _outline(limb: _Limb, wider: float = 0.0) -> Any:
    """A tapering limb with round ends."""
    ra, rb, length = limb.radius + wider, limb.end_radius + wider, limb.length
    path = skia.Path()
    path.moveTo(0, -ra)
    path.lineTo(length, -rb)
    path.arcTo(skia.Rect.MakeLTRB(length - rb, -rb, length + rb, rb), -90, 180, False)
    path.lineTo(0, ra)
    path.arcTo(skia.Rect.MakeLTRB(-ra, -ra, ra, ra), 90, 180, False)
    path.close()
    matrix = skia.Matrix()
    matrix.setRotate(limb.angle)
    path.transform(matrix)
    return path
