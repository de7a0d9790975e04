"""The slate: a still picture for the time when nobody is in the picture. Title, a word of patience, the product."""

from __future__ import annotations

import numpy as np
import skia
from numpy.typing import NDArray

from avatar.model import language_of
from avatar.stage.lettering import paragraph
from avatar.stage.look import Look
from avatar.stage.pens import fill, linear, surface
from avatar.stage.scenery import decode_picture

BACK_SOON = {
    "en": "Back in a moment",
    "zh": "马上回来",
    "es": "Volvemos enseguida",
    "ja": "まもなく再開します",
    "ko": "잠시 후 돌아옵니다",
    "fr": "De retour dans un instant",
    "de": "Gleich wieder da",
    "pt": "Voltamos já",
    "ar": "سنعود بعد لحظات",
    "ru": "Скоро вернёмся",
}
"""Unknown languages get English."""

_INK = "#ffffff"


def draw_slate(
    title: str, lang: str, picture: bytes | None, size: tuple[int, int] = (540, 960), look: Look | None = None
) -> NDArray[np.uint8]:
    """RGBA, (height, width, 4).

    What it says stands in the upper middle, which a long phone shows and no overlay covers. A ``picture`` (JPEG, PNG,
    WebP) that cannot be read is left out.
    """
    width, height = size
    look = look or Look()
    canvas_surface = surface(width, height)
    canvas = canvas_surface.getCanvas()
    image = decode_picture(picture) if picture else None
    canvas.drawRect(
        skia.Rect.MakeWH(width, height), linear((0, 0), (0, height), [(0, look.wall, 1), (1, look.wall_dark, 1)])
    )
    if image is not None:
        _veil(canvas, image, width, height)
    shade = linear((0, 0), (0, height), [(0, "#000000", 0.5), (1, "#000000", 0.72)])
    canvas.drawRect(skia.Rect.MakeWH(width, height), shade)
    inner = 0.74 * width
    top = 0.2 * height
    if image is not None:
        card = 0.46 * min(width, height)
        _card(canvas, image, (width - card) / 2, top, card)
        top += card + 0.045 * height
    else:
        top += 0.12 * height
    for text, share, bold, limit in (
        (BACK_SOON.get(language_of(lang), BACK_SOON["en"]), 0.062, True, 2),
        (title, 0.037, False, 3),
    ):
        if not text:
            continue
        letters = share * min(width, height * 9 / 16)
        words = paragraph(text, letters, _INK, inner, lang, bold=bold, centred=True, height=limit * letters * 1.5)
        words.layout(inner)
        words.paint(canvas, (width - inner) / 2, top)
        top += words.Height + 0.012 * height
    return np.asarray(canvas_surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType))


def _veil(canvas: skia.Canvas, image: skia.Image, width: int, height: int) -> None:
    """The product's picture fills the ground, out of focus."""
    scale = max(width / image.width(), height / image.height()) * 1.15
    w, h = image.width() * scale, image.height() * scale
    paint = skia.Paint(ImageFilter=skia.ImageFilters.Blur(36, 36, skia.TileMode.kClamp))
    place = skia.Rect.MakeXYWH((width - w) / 2, (height - h) / 2, w, h)
    canvas.drawImageRect(image, place, skia.SamplingOptions(skia.FilterMode.kLinear), paint)


def _card(canvas: skia.Canvas, image: skia.Image, x: float, y: float, size: float) -> None:
    """The picture in a rounded square, cut to fit."""
    place = skia.Rect.MakeXYWH(x, y, size, size)
    canvas.save()
    canvas.clipRRect(skia.RRect.MakeRectXY(place, 0.09 * size, 0.09 * size), True)
    canvas.drawRect(place, fill("#ffffff"))
    side = min(image.width(), image.height())
    part = skia.Rect.MakeXYWH((image.width() - side) / 2, (image.height() - side) / 2, side, side)
    canvas.drawImageRect(image, part, place, skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear))
    canvas.restore()
