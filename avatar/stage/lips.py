"""The mouth as it is drawn: lips, teeth, tongue. Units as in `face`."""

from __future__ import annotations

from typing import Any

import skia

from avatar.stage.look import Look
from avatar.stage.mouth import MouthShape
from avatar.stage.pens import curve, fill, mix, stroke

MOUTH_Y = 80.0
MOUTH_BOX = (-62.0, 55.0, 62.0, 136.0)
"""Lips, with what is around them; left, top, right, bottom."""


def draw_mouth(canvas: Any, look: Look, m: MouthShape, smile: float) -> None:
    """Draw one shape; ``smile`` is −0.5 (concerned) to 1."""
    half = 31.0 * (1 + 0.2 * m.wide - 0.3 * m.round) + 6.0 * max(smile, 0) * (1 - m.round)
    gap = 31.0 * m.open * (1 + 0.1 * m.round)
    lift = -10.5 * smile * (1 - 0.75 * m.round)
    top, bottom = MOUTH_Y - 0.22 * gap, MOUTH_Y + 0.78 * gap
    if m.tuck > 0.3:
        bottom = top + 4
    thin = 1 - 0.45 * m.press - 0.15 * max(m.wide, 0)
    upper, lower = 7.4 * thin + 1.8 * m.round, (10.0 * thin + 2.0 * m.round) * (1 - 0.45 * m.tuck)
    corner = MOUTH_Y + lift * (1 - 0.15 * m.open) + 0.12 * gap
    inner = skia.Path()
    inner.moveTo(-half, corner)
    inner.cubicTo(-half * 0.5, top - 1, -half * 0.25, top, 0, top + 1.2)
    inner.cubicTo(half * 0.25, top, half * 0.5, top - 1, half, corner)
    full = 0.62 + 0.33 * m.round
    inner.cubicTo(half * full, bottom + 1, half * full * 0.5, bottom + 2, 0, bottom + 2)
    inner.cubicTo(-half * full * 0.5, bottom + 2, -half * full, bottom + 1, -half, corner)
    inner.close()
    low = skia.Path()
    low.moveTo(-half, corner)
    wide = 0.72 + 0.33 * m.round
    low.cubicTo(-half * wide, bottom + lower * 0.95, -half * wide * 0.5, bottom + lower + 1, 0, bottom + lower + 1)
    low.cubicTo(half * wide * 0.5, bottom + lower + 1, half * wide, bottom + lower * 0.95, half, corner)
    low.cubicTo(half * 0.5, bottom + 1, -half * 0.5, bottom + 1, -half, corner)
    low.close()
    if gap > 1.6:
        canvas.drawPath(inner, fill("#4A1518"))
        canvas.save()
        canvas.clipPath(inner, doAntiAlias=True)
        if m.tongue > 0.05 and gap > 4:
            rise = bottom - 3 - 7 * m.tongue
            canvas.drawOval(skia.Rect.MakeLTRB(-half * 0.62, rise, half * 0.62, bottom + 18), fill("#C9605F"))
        if m.teeth > 0.05:
            height = (4.5 + 6.5 * min(gap / 14, 1)) * min(m.teeth + 0.15, 1)
            teeth = skia.Rect.MakeLTRB(-half * 0.8, top - 8, half * 0.8, top + height)
            canvas.drawRoundRect(teeth, 6, 6, fill("#FBF4EC"))
        canvas.restore()
    canvas.drawPath(low, fill(look.lips))
    canvas.drawOval(
        skia.Rect.MakeLTRB(-half * 0.36, bottom + lower * 0.25, half * 0.3, bottom + lower * 0.62),
        fill("#FFFFFF", 0.2),
    )
    high = skia.Path()
    high.moveTo(-half - 1.5, corner)
    high.cubicTo(-half * 0.6, top - upper * 0.75, -half * 0.3, top - upper * 1.25, -5, top - upper)
    high.quadTo(0, top - upper * 0.62, 5, top - upper)
    high.cubicTo(half * 0.3, top - upper * 1.25, half * 0.6, top - upper * 0.75, half + 1.5, corner)
    high.cubicTo(half * 0.5, top - 0.5, half * 0.25, top + 1.2, 0, top + 2)
    high.cubicTo(-half * 0.25, top + 1.2, -half * 0.5, top - 0.5, -half - 1.5, corner)
    high.close()
    canvas.drawPath(high, fill(mix(look.lips, "#5A1512", 0.25)))
    if gap <= 1.6:
        seam = curve(
            (-half - 2, corner - 0.6),
            (-half * 0.45, top + 3, half * 0.45, top + 3, half + 2, corner - 0.6),
            closed=False,
        )
        canvas.drawPath(seam, stroke(mix(look.lips, "#3A0A0A", 0.62), 2.3))
    for side in (-1, 1):
        canvas.drawPath(
            curve(
                (side * (half + 3), corner - 5),
                (side * (half + 7), corner - 2, side * (half + 7), corner + 2, side * (half + 4), corner + 5),
                closed=False,
            ),
            stroke(look.skin_shade, 2.2, 0.5 * max(smile, 0)),
        )
    shade = skia.Rect.MakeXYWH(-16, bottom + lower + 6, 32, 7)
    canvas.drawOval(shade, fill(look.skin_shade, 0.32))
