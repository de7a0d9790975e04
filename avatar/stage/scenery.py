"""The studio: a dark wall with a lit niche, like a display case, a desk, and the product on its stand.

Drawn once per shot and product and kept; only the figure moves before it.
"""

from __future__ import annotations

from typing import Any

import skia

from avatar.stage.camera import Framing
from avatar.stage.look import Look
from avatar.stage.pens import curve, fill, linear, mix, radial, smooth, soft, stroke, surface

MAX_PICTURE_BYTES = 8 * 1024 * 1024
MAX_PICTURE_PX = 6000


def decode_picture(data: bytes) -> Any | None:
    """A product picture (JPEG, PNG, WebP) at most 900 pixels large; None when it is none or too large."""
    if not 0 < len(data) <= MAX_PICTURE_BYTES:
        return None
    try:
        # The header alone says how large it would become.
        size = skia.Codec.MakeFromData(skia.Data.MakeWithCopy(data)).dimensions()
        if not 0 < max(size.width(), size.height()) <= MAX_PICTURE_PX:
            return None
        image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
    except RuntimeError:
        return None
    if image is None:
        return None
    share = min(900 / max(image.width(), image.height()), 1.0)
    kept = surface(max(round(image.width() * share), 1), max(round(image.height() * share), 1))
    sampling = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    kept.getCanvas().drawImageRect(image, skia.Rect.MakeWH(kept.width(), kept.height()), sampling)
    return kept.makeImageSnapshot()


def _arch(x: float, top: float, half: float, bottom: float) -> Any:
    path = skia.Path()
    path.moveTo(x - half, bottom)
    path.lineTo(x - half, top + half)
    path.arcTo(skia.Rect.MakeLTRB(x - half, top, x + half, top + 2 * half), 180, 180, False)
    path.lineTo(x + half, bottom)
    path.close()
    return path


def draw_backdrop(canvas: Any, look: Look, framing: Framing, picture: Any | None) -> None:
    """Wall, niche, plant, and the product on its stand."""
    width, height = framing.width, framing.height
    canvas.drawRect(
        skia.Rect.MakeWH(width, height), linear((0, 0), (0, height), [(0, look.wall, 1), (1, look.wall_dark, 1)])
    )
    # Fluting gives the wall a material.
    step = 26 * framing.scale / 0.86
    x = step / 2
    while x < width:
        canvas.drawRect(skia.Rect.MakeXYWH(x, 0, step * 0.32, height), fill("#000000", 0.10))
        canvas.drawRect(skia.Rect.MakeXYWH(x + step * 0.34, 0, step * 0.1, height), fill("#FFFFFF", 0.035))
        x += step
    middle, top, half = framing.arch
    canvas.drawCircle(
        middle,
        top + half,
        half * 1.9,
        radial((middle, top + half), half * 1.9, [(0, look.glow, 0.34), (1, look.glow, 0.0)]),
    )
    outer = _arch(middle, top, half, height)
    canvas.drawPath(
        outer,
        linear(
            (middle - half, 0),
            (middle + half, 0),
            [
                (0, look.niche_dark, 1),
                (0.5, mix(look.niche, look.glow, 0.3), 1),
                (1, mix(look.niche_dark, "#000000", 0.15), 1),
            ],
        ),
    )
    depth = half * 0.075
    inner = _arch(middle, top + depth, half - depth, height)
    canvas.drawPath(
        inner,
        radial(
            (middle, top + half * 0.75),
            half * 1.75,
            [
                (0, look.glow, 1),
                (0.38, mix(look.glow, look.niche, 0.55), 1),
                (0.75, look.niche, 1),
                (1, look.niche_dark, 1),
            ],
        ),
    )
    canvas.save()
    canvas.clipPath(inner, doAntiAlias=True)
    # Her own soft shadow on the niche's back.
    figure = skia.Rect.MakeXYWH(
        framing.x - 150 * framing.scale, framing.y - 130 * framing.scale, 320 * framing.scale, 700 * framing.scale
    )
    canvas.drawOval(figure, soft(fill(look.niche_dark, 0.5), 34 * framing.scale))
    canvas.restore()
    canvas.drawPath(inner, stroke(mix(look.glow, "#FFFFFF", 0.5), 2.5, 0.55))
    _plant(canvas, look, framing)
    _product(canvas, look, framing, picture)
    canvas.drawRect(
        skia.Rect.MakeWH(width, height),
        radial(
            (middle, height * 0.42),
            max(width, height) * 0.85,
            [(0, "#000000", 0.0), (0.6, "#000000", 0.0), (1, "#000000", 0.42)],
        ),
    )


def _plant(canvas: Any, look: Look, framing: Framing) -> None:
    middle, _, half = framing.arch
    x = max(middle - half - 96 * framing.scale, 34.0)
    base, s = framing.desk_y + 6, framing.scale * (0.95 if framing.width > framing.height else 0.62)
    canvas.save()
    canvas.translate(x, base)
    canvas.scale(s, s)
    leaves = ((-38, 210, -52), (6, 262, -8), (52, 204, 46), (-72, 138, -78), (84, 132, 72), (18, 176, 20))
    for n, (dx, length, lean) in enumerate(leaves):
        tone = mix(look.leaf, look.wall_dark if n % 2 else "#8CC49A", 0.32)
        tip = (dx + lean * 0.6, -60 - length)
        leaf = curve(
            (0, -64),
            (dx * 0.2 - 26, -64 - length * 0.4, dx - 20, -64 - length * 0.8, *tip),
            (dx + 34, -64 - length * 0.7, dx * 0.5 + 34, -64 - length * 0.3, 0, -64),
        )
        canvas.drawPath(leaf, linear((0, -64), tip, [(0, mix(tone, "#000000", 0.3), 1), (1, tone, 1)]))
        canvas.drawPath(
            curve((0, -64), (dx * 0.4, -64 - length * 0.4, dx, -64 - length * 0.7, *tip), closed=False),
            stroke("#FFFFFF", 1.6, 0.16),
        )
    vase = smooth([(-30, -82), (-46, -46), (-36, -4), (0, 2), (36, -4), (46, -46), (30, -82)], closed=True)
    canvas.drawPath(
        vase,
        linear(
            (-46, 0),
            (46, 0),
            [(0, look.desk_shade, 1), (0.35, look.desk, 1), (1, mix(look.desk_shade, "#5A4636", 0.4), 1)],
        ),
    )
    canvas.restore()


def _product(canvas: Any, look: Look, framing: Framing, picture: Any | None) -> None:
    x, y, w, h = framing.product
    middle, foot = x + w / 2, framing.desk_y + 8
    # A halo as from a spotlight, the stand, then the picture in its frame.
    canvas.drawCircle(
        middle, y + h / 2, w * 1.05, radial((middle, y + h / 2), w * 1.05, [(0, look.glow, 0.42), (1, look.glow, 0.0)])
    )
    brass = linear((middle - 7, 0), (middle + 7, 0), [(0, "#8A6A3C", 1), (0.4, "#F0D6A0", 1), (1, "#7A5A30", 1)])
    canvas.drawRect(skia.Rect.MakeLTRB(middle - 6, y + h, middle + 6, foot), brass)
    plate = skia.Rect.MakeXYWH(middle - w * 0.26, foot - 12, w * 0.52, 20)
    canvas.drawOval(
        plate,
        linear((plate.left(), 0), (plate.right(), 0), [(0, "#8A6A3C", 1), (0.4, "#F0D6A0", 1), (1, "#6A4A26", 1)]),
    )
    frame = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x - 9, y - 9, w + 18, h + 18), 22, 22)
    canvas.save()
    canvas.translate(0, 12)
    canvas.drawRRect(frame, soft(fill("#000000", 0.45), 16))
    canvas.restore()
    canvas.drawRRect(frame, linear((x, y), (x + w, y + h), [(0, "#FFFFFF", 1), (1, look.desk, 1)]))
    inside = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x, y, w, h), 15, 15)
    canvas.save()
    canvas.clipRRect(inside, doAntiAlias=True)
    if picture is None:
        _empty(canvas, look, x, y, w, h)
    else:
        share = max(w / picture.width(), h / picture.height())
        iw, ih = picture.width() * share, picture.height() * share
        place = skia.Rect.MakeXYWH(x + (w - iw) / 2, y + (h - ih) / 2, iw, ih)
        canvas.drawImageRect(picture, place, skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear))
    # A streak of light: there is glass before it.
    glass = curve(
        (x, y + h * 0.55),
        (x + w * 0.2, y + h * 0.4, x + w * 0.4, y + h * 0.15, x + w * 0.5, y),
        (x + w * 0.4, y, x + w * 0.2, y, x, y),
    )
    canvas.drawPath(glass, fill("#FFFFFF", 0.10))
    canvas.restore()


def _empty(canvas: Any, look: Look, x: float, y: float, w: float, h: float) -> None:
    """No product yet: the brand's colour and a bow of ribbon."""
    canvas.drawRect(
        skia.Rect.MakeXYWH(x, y, w, h),
        linear(
            (x, y),
            (x + w, y + h),
            [(0, mix(look.accent, "#FFFFFF", 0.82), 1), (1, mix(look.accent, "#FFFFFF", 0.62), 1)],
        ),
    )
    cx, cy, r = x + w / 2, y + h / 2, w * 0.16
    bag = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(cx - r, cy - r * 0.7, 2 * r, r * 1.9), r * 0.22, r * 0.22)
    canvas.drawRRect(bag, fill(look.accent))
    handle = skia.Path()
    handle.addArc(skia.Rect.MakeXYWH(cx - r * 0.5, cy - r * 1.25, r, r * 1.2), 180, 180)
    canvas.drawPath(handle, stroke(mix(look.accent, "#000000", 0.25), r * 0.15))


def draw_desk(canvas: Any, look: Look, framing: Framing) -> None:
    """The desk before her, with the line of light under its edge."""
    y, width, height = framing.desk_y, framing.width, framing.height
    thick = 34 * framing.scale
    top = skia.Rect.MakeLTRB(0, y, width, y + thick)
    canvas.drawRect(
        top,
        linear(
            (0, 0),
            (width, 0),
            [(0, look.desk_shade, 1), (framing.x / width, mix(look.desk, "#FFFFFF", 0.4), 1), (1, look.desk_shade, 1)],
        ),
    )
    canvas.drawLine(0, y + 1, width, y + 1, stroke("#FFFFFF", 2, 0.7))
    front = skia.Rect.MakeLTRB(0, y + thick, width, height)
    canvas.drawRect(
        front, linear((0, y + thick), (0, height), [(0, mix(look.wall, "#000000", 0.25), 1), (1, look.wall_dark, 1)])
    )
    canvas.drawRect(skia.Rect.MakeLTRB(0, y + thick, width, y + thick + 4), fill(look.accent))
    canvas.drawRect(
        skia.Rect.MakeLTRB(0, y + thick + 4, width, y + thick + 70),
        linear((0, y + thick + 4), (0, y + thick + 70), [(0, look.accent, 0.42), (1, look.accent, 0.0)]),
    )
