"""The body: jacket, the head on its neck, and arms before both. Units as in `face`.

Shoulders are at y = 190, the desk hides what is below y = 520.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from avatar.stage.arms import REST, Arm, ArmArtist
from avatar.stage.face import Face, FaceArtist
from avatar.stage.layer import Layer
from avatar.stage.look import Look
from avatar.stage.pens import Point, curve, fill, linear, mix, stroke

TORSO_BOX = (-168.0, 90.0, 168.0, 570.0)


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
    """Draws the parts of the figure; what never changes is painted once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.head = FaceArtist(look)
        self.arms = ArmArtist(look)
        self.torso = Layer(self._draw_torso, (-170, 80, 170, 570))

    def _draw_torso(self, canvas: Any, _: object) -> None:
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
