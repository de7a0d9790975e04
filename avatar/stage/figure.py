"""The body: jacket, arms that reach where they are told, and the head on its neck. Units as in `face`.

Shoulders are at y = 190, the desk hides what is below y = 520.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any

import skia

from avatar.stage.face import Face, FaceArtist
from avatar.stage.hands import RELAXED, HandPose, draw_hand
from avatar.stage.layer import Layer
from avatar.stage.look import Look
from avatar.stage.pens import Point, curve, fill, linear, mix, stroke

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

SHOULDER = (106.0, 210.0)
_UPPER, _LOWER = 168.0, 158.0
_STILL_AFTER = 3
"""Drawings of the same arm before it is kept."""


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


REST = Arm((44, 487), -74, RELAXED, back=True)


@dataclass(frozen=True)
class Pose:
    """The whole figure at one moment."""

    face: Face = field(default_factory=Face)
    head: Point = (0.0, 0.0)
    """Where the head has moved."""
    tilt: float = 0.0
    """Degrees, to her left."""
    breath: float = 0.0
    """Units that shoulders and chest are raised."""
    left: Arm = REST
    """The arm on the viewer's left."""
    right: Arm = REST
    """The arm on the viewer's right."""


class FigureArtist:
    """Draws poses; the torso is recorded once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._head = FaceArtist(look)
        self._torso = Layer(self._draw_torso, (-170, 80, 170, 570))
        self._still: dict[int, tuple[Arm, int, Layer]] = {}

    def draw_body(self, canvas: Any, pose: Pose) -> None:
        """Back hair and torso."""
        canvas.save()
        self._to_head(canvas, pose)
        self._head.draw_back(canvas, pose.tilt)
        canvas.restore()
        canvas.save()
        canvas.translate(0, -pose.breath)
        self._torso.draw(canvas)
        canvas.restore()

    def draw_head(self, canvas: Any, pose: Pose) -> None:
        """Face and front hair."""
        if canvas.quickReject(skia.Rect.MakeLTRB(*boxes(pose)[0])):
            return
        canvas.save()
        self._to_head(canvas, pose)
        self._head.draw(canvas, pose.face, pose.tilt)
        canvas.restore()

    def draw_arms(self, canvas: Any, pose: Pose) -> None:
        """Both arms; they come last, in front of face and desk."""
        for side, arm in ((-1, pose.left), (1, pose.right)):
            box = arm_box(arm, side)
            if canvas.quickReject(skia.Rect.MakeLTRB(*box)):
                continue
            # An arm that stays where it is (at rest, pointing) becomes a cut-out: curves cost more than a copy.
            held, times, layer = self._still.get(side, (None, 0, None))
            if held != arm or layer is None:
                layer, times = Layer(partial(self._draw_still, arm), box, kept=2), 0
            self._still[side] = (arm, min(times + 1, _STILL_AFTER), layer)
            if times >= _STILL_AFTER:
                layer.draw(canvas, shape=side)
            else:
                self._draw_arm(canvas, arm, side)

    def _draw_still(self, arm: Arm, canvas: Any, side: int) -> None:
        self._draw_arm(canvas, arm, side)

    @staticmethod
    def _to_head(canvas: Any, pose: Pose) -> None:
        # Whole pixels, so that the face stays put within its cut-out hair.
        matrix = canvas.getTotalMatrix()
        at = matrix.mapXY(pose.head[0], pose.head[1] - 0.6 * pose.breath)
        matrix.setTranslateX(float(round(at.x())))
        matrix.setTranslateY(float(round(at.y())))
        canvas.setMatrix(matrix)

    def _draw_torso(self, canvas: Any, _: int) -> None:
        look = self._look
        neck = curve(
            (-36, 96),
            (-34, 138, -40, 152, -84, 176),
            (-60, 262, 60, 262, 84, 176),
            (40, 152, 34, 138, 36, 96),
        )
        canvas.drawPath(
            neck,
            linear(
                (0, 100),
                (0, 215),
                [(0, look.skin_shade, 1), (0.4, mix(look.skin, look.skin_shade, 0.5), 1), (1, look.skin, 1)],
            ),
        )
        shadow = curve((-36, 100), (-30, 158, 30, 158, 36, 100))
        canvas.drawPath(shadow, fill(mix(look.skin_shade, "#6A3020", 0.35), 0.5))
        # The top under the jacket.
        top = curve(
            (-62, 178),
            (-40, 232, 40, 232, 62, 178),
            (90, 260, 80, 420, 70, 700),
            (30, 700, -30, 700, -70, 700),
            (-80, 420, -90, 260, -62, 178),
        )
        canvas.drawPath(
            top,
            linear(
                (0, 190),
                (0, 560),
                [(0, mix(look.top, "#FFFFFF", 0.1), 1), (0.5, look.top, 1), (1, mix(look.top, "#000000", 0.35), 1)],
            ),
        )
        canvas.drawPath(
            curve((-62, 178), (-40, 232, 40, 232, 62, 178), closed=False),
            stroke(mix(look.top, "#FFFFFF", 0.35), 3, 0.8),
        )
        for x in (-14, 16):
            fold = curve((x, 236), (x + 4, 300, x - 6, 360, x, 430), closed=False)
            canvas.drawPath(fold, stroke(mix(look.top, "#000000", 0.5), 4, 0.28))
        jacket = linear(
            (-150, 200),
            (150, 420),
            [(0, look.jacket, 1), (0.55, mix(look.jacket, look.jacket_shade, 0.25), 1), (1, look.jacket_shade, 1)],
        )
        for side in (-1, 1):
            body = curve(
                (side * 50, 160),
                (side * 78, 168, side * 116, 172, side * 136, 186),
                (side * 160, 236, side * 150, 340, side * 138, 430),
                (side * 134, 520, side * 140, 620, side * 142, 720),
                (side * 90, 720, side * 40, 720, side * -4, 720),
                (side * -4, 600, side * -6, 500, side * 0, 462),
                (side * 26, 380, side * 52, 260, side * 50, 160),
            )
            canvas.drawPath(body, jacket)
            seam = curve((side * 120, 214), (side * 112, 280, side * 114, 340, side * 118, 400), closed=False)
            canvas.drawPath(seam, stroke(look.jacket_shade, 3, 0.7))
            lapel = curve(
                (side * 46, 158),
                (side * 66, 160, side * 82, 172, side * 92, 194),
                (side * 96, 220, side * 92, 240, side * 88, 252),
                (side * 80, 250, side * 70, 247, side * 66, 247),
                (side * 72, 262, side * 76, 274, side * 74, 288),
                (side * 60, 340, side * 36, 404, side * 0, 464),
                (side * 28, 360, side * 50, 260, side * 46, 158),
            )
            canvas.drawPath(
                lapel,
                linear(
                    (side * 20, 200),
                    (side * 96, 300),
                    [(0, mix(look.jacket, "#FFFFFF", 0.45), 1), (1, mix(look.jacket, look.jacket_shade, 0.3), 1)],
                ),
            )
            canvas.drawPath(lapel, stroke(look.jacket_shade, 2.2, 0.8))
        # Over the lapels' meeting point one button, on her left a brooch in the brand's colour.
        canvas.drawCircle(8, 484, 7, fill(mix(look.jacket_shade, "#5A4030", 0.4)))
        canvas.drawCircle(7, 482.6, 4.2, fill(look.jacket, 0.35))
        canvas.drawCircle(58, 318, 9.0, fill(look.accent))
        canvas.drawCircle(55.5, 315, 3.2, fill("#FFFFFF", 0.55))

    def _draw_arm(self, canvas: Any, arm: Arm, side: int) -> None:
        look = self._look
        canvas.save()
        canvas.scale(side, 1)
        sx, sy = SHOULDER
        wx, wy = arm.wrist
        ex, ey = _elbow((sx, sy), (wx, wy))
        edge = mix(look.jacket_shade, "#8A6A50", 0.3)
        # The wrist ends in a cuff; the hand comes out of it.
        length = max(hypot(wx - ex, wy - ey), 1.0)
        ux, uy = (wx - ex) / length, (wy - ey) / length
        cuff = (wx - ux * 6, wy - uy * 6)
        canvas.save()
        canvas.translate(wx, wy)
        canvas.rotate(arm.turn)
        canvas.scale(-1, 1)
        canvas.scale(1.3, 1.3)
        draw_hand(canvas, look, arm.hand, back=arm.back)
        canvas.restore()
        upper, lower = _limb((sx, sy), (ex, ey), 40, 34), _limb((ex, ey), cuff, 34, 23)
        canvas.drawPath(upper, stroke(edge, 3.0, 0.5))
        canvas.drawPath(lower, stroke(edge, 3.0, 0.5))
        canvas.drawPath(upper, _across(look, (sx, sy), (ex, ey), 42))
        canvas.drawPath(lower, _across(look, (ex, ey), cuff, 34))
        nx, ny = -uy, ux
        seam = (cuff[0] - ux * 9, cuff[1] - uy * 9)
        a, b = (seam[0] + nx * 20, seam[1] + ny * 20), (seam[0] - nx * 20, seam[1] - ny * 20)
        canvas.drawLine(*a, *b, stroke(look.jacket_shade, 2.4, 0.9))
        canvas.restore()


def boxes(pose: Pose) -> tuple[Box, Box, Box, Box]:
    """What head, body, left and right arm cover, in the figure's units, shadows and strokes included."""
    x, y = pose.head
    y -= 0.6 * pose.breath
    head = (-166.0 + x, -194.0 + y, 166.0 + x, 194.0 + y)
    return head, (-165.0, 90.0, 165.0, 560.0), arm_box(pose.left, -1), arm_box(pose.right, 1)


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


def face_box(pose: Pose) -> Box:
    """What eyes, brows, mouth and chin cover; all that changes while the head is still."""
    x, y = pose.head
    y -= 0.6 * pose.breath
    return -106.0 + x, -76.0 + y, 106.0 + x, 158.0 + y


def mouth_box(pose: Pose) -> Box:
    """What mouth and chin cover; all that changes while eyes and brows are still."""
    left, _, right, bottom = face_box(pose)
    return left, pose.head[1] - 34.0, right, bottom


def _across(look: Look, a: Point, b: Point, radius: float) -> Any:
    """A sleeve's shading: light on the outer side."""
    length = max(hypot(b[0] - a[0], b[1] - a[1]), 1.0)
    nx, ny = -(b[1] - a[1]) / length * radius, (b[0] - a[0]) / length * radius
    light = mix(look.jacket, look.jacket_shade, 0.12)
    stops = [
        (0.0, mix(look.jacket, look.jacket_shade, 0.75), 1.0),
        (0.4, light, 1.0),
        (0.7, look.jacket, 1.0),
        (1.0, mix(look.jacket, look.jacket_shade, 0.65), 1.0),
    ]
    return linear((a[0] + nx, a[1] + ny), (a[0] - nx, a[1] - ny), stops)


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


def _limb(a: Point, b: Point, ra: float, rb: float) -> Any:
    """A tapering limb with round ends."""
    angle = degrees(atan2(b[1] - a[1], b[0] - a[0]))
    length = hypot(b[0] - a[0], b[1] - a[1])
    path = skia.Path()
    path.moveTo(0, -ra)
    path.lineTo(length, -rb)
    path.arcTo(skia.Rect.MakeLTRB(length - rb, -rb, length + rb, rb), -90, 180, False)
    path.lineTo(0, ra)
    path.arcTo(skia.Rect.MakeLTRB(-ra, -ra, ra, ra), 90, 180, False)
    path.close()
    matrix = skia.Matrix()
    matrix.setRotate(angle)
    matrix.postTranslate(a[0], a[1])
    path.transform(matrix)
    return path
