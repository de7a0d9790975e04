"""The head. Units: the face is about 190 wide, eyes at y = 0, chin at y = 124 when the mouth is shut."""

from __future__ import annotations

from typing import Any, NamedTuple

import skia

from avatar.stage.layer import Layer
from avatar.stage.lips import MOUTH_BOX, draw_mouth
from avatar.stage.look import Look
from avatar.stage.mouth import CLOSED, MouthShape
from avatar.stage.pens import Point, curve, fill, linear, mirrored, mix, radial, smooth, soft, stroke
from avatar.stage.placement import turned

EYE_X = 43.0
EYE_SIZE = 1.2
NECK = (0.0, 150.0)
"""About which the head tilts."""

HEAD_BOX = (-136.0, -168.0, 136.0, 164.0)
"""What the head covers with its hair, left, top, right, bottom; without tilt, as the others."""
UPPER_BOX = (-92.0, -66.0, 92.0, 59.0)
"""Brows, eyes and nose."""
JAW_BOX = (-103.0, -23.0, 103.0, 143.0)
"""Mouth and chin, with what of the cheeks a dropping chin stretches."""
_BACK_BOX = (-134.0, -163.0, 134.0, 163.0)
_FRONT_BOX = (-133.0, -168.0, 133.0, 104.0)
_BASE_BOX = (-112.0, -134.0, 112.0, 142.0)
_FLESH_BOX = (-104.0, -136.0, 104.0, 144.0)
_BROWS_BOX = (-92.0, -66.0, 92.0, -14.0)
_EYES_BOX = (-92.0, -46.0, 92.0, 58.0)


class Face(NamedTuple):
    """What a face does."""

    mouth: MouthShape = CLOSED
    smile: float = 0.5
    """−0.5 (concerned) to 1."""
    eyes: float = 1.0
    """0 shut, 1 open, up to 1.2 (surprised)."""
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    """−1 to 1 each; right and down are positive."""
    brow: float = 0.0
    """−1 (drawn together) to 1 (raised)."""
    brow_tilt: float = 0.0
    """One brow higher than the other: −1 to 1."""
    turn: float = 0.0
    """Head turned: −1 to 1; features shift sideways."""


def jaw_of(face: Face) -> int:
    """How far the chin has dropped; in steps of two units, less than the eye follows while it moves."""
    return 2 * round(6.5 * face.mouth.open)


def same_upper(a: Face, b: Face) -> bool:
    """Whether brows, eyes and nose are drawn alike."""
    return (_opening(a), *a[3:]) == (_opening(b), *b[3:])


def same_lower(a: Face, b: Face) -> bool:
    """Whether mouth and chin are."""
    return (a.mouth, a.smile, a.turn) == (b.mouth, b.smile, b.turn)


def _opening(face: Face) -> float:
    """How far the lids are apart; a broad smile narrows the eyes."""
    return round(max(min(face.eyes, 1.25) - 0.12 * max(face.smile - 0.6, 0), 0.0) * 25) / 25


def _coarse(tilt: float) -> float:
    """To half degrees, for parts whose outline is near the neck or under the front hair: less than a pixel."""
    return round(tilt * 2) / 2


class FaceArtist:
    """Draws the head; what never changes is recorded once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._back = Layer(self._draw_back_hair, _BACK_BOX, NECK, kept=32)
        # Gradients and soft clips are most of a head's cost: bare skin is kept for each of seven openings of the jaw.
        self._base = Layer(self._draw_base, lambda shape: turned(_BASE_BOX, shape[0], NECK), kept=128)
        self._flesh = Layer(self._draw_flesh, _FLESH_BOX, NECK, kept=16)
        self._upper = Layer(self._draw_upper, _EYES_BOX, NECK, kept=150)
        # Kept not for the next time (mouths are hardly ever alike) but to be cut cleanly where an area ends:
        # skia's smoothing of a curve depends on where the curve is clipped.
        self._brows = Layer(self._draw_brows, _BROWS_BOX, NECK, kept=60)
        self._mouth = Layer(self._draw_mouth, MOUTH_BOX, NECK, kept=4)
        self._front = Layer(self._draw_front_hair, _FRONT_BOX, NECK, kept=56)
        self._skin = radial(
            (-22, -34),
            215,
            [
                (0.0, mix(look.skin, "#FFF1DE", 0.42), 1),
                (0.45, look.skin, 1),
                (0.8, mix(look.skin, look.skin_shade, 0.55), 1),
                (1.0, look.skin_shade, 1),
            ],
        )
        self._cheek_shade = linear(
            (40, 0),
            (100, 8),
            [(0.0, look.skin_shade, 0.0), (1.0, look.skin_shade, 0.55)],
        )
        self._blush = [radial((side * 59, 43), 34, [(0, look.blush, 0.36), (1, look.blush, 0.0)]) for side in (-1, 1)]
        self._forehead = linear((0, -128), (0, -40), [(0, look.skin_shade, 0.75), (1, look.skin_shade, 0.0)])
        self._line = mix(look.hair, "#000000", 0.1)
        self._white = linear((0, -17), (0, 14), [(0, "#D8C6BC", 1), (0.45, "#FFFAF4", 1), (1, "#F4E6DC", 1)])
        self._iris = radial(
            (0, 3),
            15,
            [(0, mix(look.iris, "#FFC98A", 0.5), 1), (0.62, look.iris, 1), (1, mix(look.iris, "#000000", 0.55), 1)],
        )

    # ---- parts that move as one

    def draw_back(self, canvas: Any, tilt: float) -> None:
        """Hair behind neck and shoulders; ``tilt`` in degrees about `NECK`."""
        self._back.draw(canvas, _coarse(tilt))

    def _draw_back_hair(self, canvas: Any, _: object) -> None:
        look = self._look
        shape = smooth(
            mirrored(
                [
                    (0, -158), (58, -151), (104, -118), (126, -64), (130, -4), (128, 56),
                    (126, 104), (112, 142), (86, 158), (58, 150), (40, 120), (0, 116),
                ]
            ),
            closed=True,
        )  # fmt: skip
        canvas.drawPath(
            shape,
            linear(
                (-60, -170),
                (60, 160),
                [
                    (0, mix(look.hair, look.hair_light, 0.35), 1),
                    (0.5, look.hair, 1),
                    (1, mix(look.hair, "#000000", 0.25), 1),
                ],
            ),
        )
        for side in (-1, 1):
            for n, depth in enumerate((0, 9, 19)):
                strand = curve(
                    (side * (118 - depth), -40),
                    (side * (126 - depth), 20, side * (122 - depth), 90, side * (96 - depth), 146 - n),
                    closed=False,
                )
                canvas.drawPath(strand, stroke(look.hair_light, 3.2 - n * 0.6, 0.42 - n * 0.1))

    def _draw_ears(self, canvas: Any) -> None:
        look = self._look
        for side in (-1, 1):
            ear = smooth(
                [(side * x, y) for x, y in ((90, -14), (102, -20), (109, -6), (106, 16), (98, 33), (88, 30))],
                closed=True,
            )
            canvas.drawPath(ear, fill(mix(look.skin, look.skin_shade, 0.4)))
            inner = curve((side * 97, -8), (side * 105, -6, side * 103, 12, side * 95, 22), closed=False)
            canvas.drawPath(inner, stroke(look.skin_shade, 3, 0.8))
            # A drop earring in the brand's colour.
            canvas.drawLine(side * 99, 34, side * 100, 44, stroke("#E8C48A", 2.4))
            drop = smooth([(side * 100, 42), (side * 107, 56), (side * 100, 67), (side * 93, 56)], closed=True)
            canvas.drawPath(drop, fill(look.accent))
            canvas.drawOval(skia.Rect.MakeXYWH(side * 100 - 4.5, 49, 4.5, 6.5), fill("#FFFFFF", 0.5))

    def _draw_front_hair(self, canvas: Any, _: object) -> None:
        look = self._look
        dark = mix(look.hair, "#000000", 0.18)
        sheen = linear(
            (-80, -165),
            (70, -20),
            [(0, look.hair, 1), (0.28, mix(look.hair, look.hair_light, 0.75), 1), (0.5, look.hair, 1), (1, dark, 1)],
        )
        # Parted on her left; two curtains that frame the face.
        left = curve(
            (24, -148),
            (-44, -172, -112, -134, -124, -58),
            (-131, -8, -128, 48, -112, 98),
            (-107, 52, -106, 16, -99, -10),
            (-90, -44, -34, -46, 21, -92),
            (26, -108, 26, -128, 24, -148),
        )
        right = curve(
            (18, -150),
            (82, -160, 116, -114, 124, -58),
            (131, -6, 128, 50, 112, 100),
            (107, 52, 106, 16, 98, -12),
            (92, -48, 62, -66, 20, -94),
            (14, -112, 14, -132, 18, -150),
        )
        shadow = soft(fill(look.skin_shade, 0.55), 5)
        canvas.save()
        canvas.clipPath(self.outline(0.0), doAntiAlias=True)
        canvas.translate(0, 7)
        canvas.drawPath(left, shadow)
        canvas.drawPath(right, shadow)
        canvas.restore()
        canvas.drawPath(left, sheen)
        canvas.drawPath(right, sheen)
        strands = (
            ((16, -142), (-44, -128, -92, -92, -106, -26)),
            ((12, -148), (-60, -146, -108, -102, -117, -30)),
            ((10, -128), (-36, -104, -74, -78, -98, -34)),
            ((16, -112), (-24, -86, -58, -68, -88, -42)),
            ((30, -140), (68, -126, 100, -88, 109, -26)),
            ((36, -146), (86, -136, 112, -94, 119, -36)),
            ((26, -116), (58, -96, 84, -74, 98, -36)),
        )
        for n, (start, cubic) in enumerate(strands):
            canvas.drawPath(curve(start, cubic, closed=False), stroke(look.hair_light, 2.4, 0.5 if n != 1 else 0.75))

    # ---- the face itself

    def outline(self, jaw: float) -> Any:
        """The face from hairline to chin; ``jaw`` is how far the chin has dropped."""
        return curve(
            (0, -132),
            (66, -132, 101, -84, 99, -20),
            (98, 26, 90, 66 + jaw * 0.4, 62, 98 + jaw * 0.8),
            (42, 119 + jaw, 20, 126 + jaw, 0, 126 + jaw),
            (-20, 126 + jaw, -42, 119 + jaw, -62, 98 + jaw * 0.8),
            (-90, 66 + jaw * 0.4, -98, 26, -99, -20),
            (-101, -84, -66, -132, 0, -132),
        )

    def draw(self, canvas: Any, face: Face, tilt: float) -> None:
        """Head without back hair and neck."""
        self._base.draw(canvas, shape=(_coarse(tilt), jaw_of(face)))
        self._upper.draw(canvas, tilt, (_opening(face), face.gaze_x, face.gaze_y, face.turn))
        self._brows.draw(canvas, tilt, (face.brow, face.brow_tilt, face.turn))
        self._mouth.draw(canvas, tilt, (face.mouth, face.smile, face.turn))
        self._front.draw(canvas, tilt)

    def _draw_upper(self, canvas: Any, shape: tuple[float, float, float, float]) -> None:
        """Nose and eyes."""
        opening, gaze_x, gaze_y, turn = shape
        canvas.translate(7 * turn, 0)
        self._draw_nose(canvas, turn)
        for side in (-1, 1):
            self._draw_eye(canvas, opening, (gaze_x, gaze_y), side)

    def _draw_base(self, canvas: Any, shape: tuple[float, int]) -> None:
        """Ears and bare skin; ``shape`` is tilt and jaw."""
        tilt, jaw = shape
        canvas.rotate(tilt, *NECK)
        self._draw_ears(canvas)
        canvas.clipPath(self.outline(jaw), doAntiAlias=True)
        canvas.rotate(-tilt, *NECK)
        self._flesh.draw(canvas, tilt)

    def _draw_flesh(self, canvas: Any, _: object) -> None:
        """Skin with its shades, as large as the face can become."""
        canvas.drawRect(skia.Rect.MakeLTRB(*_FLESH_BOX), self._skin)
        canvas.drawRect(skia.Rect.MakeLTRB(40, -80, 104, 142), self._cheek_shade)
        for side, paint in ((-1, self._blush[0]), (1, self._blush[1])):
            canvas.drawCircle(side * 59, 43, 34, paint)
        canvas.drawRect(skia.Rect.MakeLTRB(-110, -140, 110, -36), self._forehead)

    def _draw_nose(self, canvas: Any, turn: float) -> None:
        look = self._look
        shift = 3 * turn
        canvas.drawPath(
            curve((9, 0), (14, 16, 17, 30, 15 + shift, 40), closed=False), stroke(look.skin_shade, 3.0, 0.16)
        )
        canvas.drawPath(
            curve(
                (-13 + shift, 45),
                (-11 + shift, 52, -5 + shift, 49, shift, 53),
                (5 + shift, 49, 11 + shift, 52, 13 + shift, 45),
                closed=False,
            ),
            stroke(mix(look.skin_shade, "#5A2A1E", 0.35), 3.2, 0.75),
        )
        canvas.drawOval(skia.Rect.MakeXYWH(shift - 6, 32, 9, 11), fill("#FFFFFF", 0.26))

    def _draw_eye(self, canvas: Any, open_: float, gaze: Point, side: int) -> None:
        look = self._look
        canvas.save()
        canvas.translate(side * EYE_X, 3)
        canvas.scale(EYE_SIZE, EYE_SIZE)
        up, down = 17.5 * open_, 10.5 * open_
        inner, outer = -side * 21.5, side * 22.5
        if open_ > 0.08:
            almond = skia.Path()
            almond.moveTo(inner, 4)
            almond.cubicTo(inner * 0.55, -up * 1.05 + 1, outer * 0.5, -up * 1.12, outer, -3)
            almond.cubicTo(outer * 0.75, down * 0.9, inner * 0.3, down * 1.35, inner, 4)
            almond.close()
            canvas.drawPath(almond, self._white)
            canvas.save()
            canvas.clipPath(almond, doAntiAlias=True)
            canvas.translate(7.5 * gaze[0], 4.5 * gaze[1] - 2)
            canvas.drawCircle(0, 0, 13.2, self._iris)
            canvas.drawCircle(0, 0, 6.0, fill("#1A0E0C"))
            canvas.drawCircle(-4.4, -5.0, 3.9, fill("#FFFFFF", 0.95))
            canvas.drawCircle(4.6, 5.0, 1.8, fill("#FFFFFF", 0.55))
            canvas.restore()
            lid = skia.Path()
            lid.moveTo(inner, 4)
            lid.cubicTo(inner * 0.55, -up * 1.05 + 1, outer * 0.5, -up * 1.12, outer, -3)
            lid.lineTo(outer * 1.3, -9)
            lid.cubicTo(outer * 0.62, -up * 1.42, inner * 0.55, -up * 1.3 - 1, inner, 4)
            lid.close()
            canvas.drawPath(lid, fill(self._line))
            crease = curve(
                (inner * 0.8, -up * 0.62 - 5),
                (inner * 0.3, -up * 1.5 - 3, outer * 0.6, -up * 1.5 - 3, outer * 1.02, -up * 0.5 - 6),
                closed=False,
            )
            canvas.drawPath(crease, stroke(mix(look.skin_shade, look.hair, 0.25), 2.0, 0.55))
            lower = curve(
                (inner * 0.5, down * 0.95 + 1.5),
                (inner * 0.1, down * 1.1 + 1.5, outer * 0.5, down * 0.95 + 1.2, outer * 0.95, 0),
                closed=False,
            )
            canvas.drawPath(lower, stroke(look.skin_shade, 2.0, 0.8))
        else:
            shut = curve((inner, 4), (inner * 0.5, 11, outer * 0.5, 11, outer * 1.08, 1), closed=False)
            canvas.drawPath(shut, stroke(self._line, 4.2))
            for dx, dy in ((0.55, 6.5), (0.85, 5)):
                canvas.drawLine(
                    outer * dx, 8.4 - 2.2 * dx, outer * (dx + 0.2), 8.4 - 2.2 * dx + dy, stroke(self._line, 2.4)
                )
        canvas.restore()

    def _draw_brows(self, canvas: Any, shape: tuple[float, float, float]) -> None:
        brow, brow_tilt, turn = shape
        canvas.translate(7 * turn, 0)
        for side in (-1, 1):
            self._draw_brow(canvas, brow, brow_tilt, side)

    def _draw_brow(self, canvas: Any, up: float, tilt: float, side: int) -> None:
        raised = up + 0.5 * tilt * side
        y = -37 - 7.5 * raised
        inner = y + 3.5 + max(-up, 0) * 5
        s = side
        brow = skia.Path()
        brow.moveTo(s * 21, inner + 3)
        brow.cubicTo(s * 34, y - 8, s * 54, y - 10, s * 73, y + 5)
        brow.cubicTo(s * 54, y - 3, s * 36, y + 1.5, s * 22, inner + 10)
        brow.close()
        canvas.drawPath(brow, fill(mix(self._look.hair, self._look.hair_light, 0.3)))

    def _draw_mouth(self, canvas: Any, shape: tuple[MouthShape, float, float]) -> None:
        mouth, smile, turn = shape
        canvas.translate(7.5 * turn, 0)
        draw_mouth(canvas, self._look, mouth, smile)
