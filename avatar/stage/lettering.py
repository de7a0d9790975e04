"""Words in the picture, in every script: the "AI host" label and a viewer's question. HarfBuzz in skia shapes them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from math import ceil
from typing import Any

import skia

from avatar.model import language_of
from avatar.stage.pens import argb, fill

LABELS = {
    "en": "AI host",
    "zh": "AI 主播",
    "es": "Presentadora IA",
    "ja": "AI司会",
    "ko": "AI 호스트",
    "fr": "Animatrice IA",
    "de": "KI-Moderatorin",
    "pt": "Apresentadora IA",
    "ar": "مقدّمة بالذكاء الاصطناعي",
    "ru": "ИИ-ведущая",
}
"""What is always in the picture; unknown languages get English."""

_FAMILIES = ["Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Noto Sans CJK SC", "Noto Sans Arabic"]
_CJK = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR", "zh": "Noto Sans CJK SC"}
MAX_QUESTION_CHARS = 140


def label_of(lang: str) -> str:
    """The label's words in ``lang``."""
    return LABELS.get(language_of(lang), LABELS["en"])


@lru_cache(maxsize=1)
def _fonts() -> Any:
    fonts = skia.textlayout.FontCollection()
    fonts.setDefaultFontManager(skia.FontMgr())
    return fonts


def paragraph(
    text: str,
    size: float,
    colour: str,
    width: float,
    lang: str,
    *,
    bold: bool = False,
    centred: bool = False,
    height: float = 1e6,
) -> Any:
    """A laid out paragraph; shortened by an ellipsis until it is at most ``height`` high."""
    letters = skia.textlayout.TextStyle()
    letters.setFontSize(size)
    letters.setColor(argb(colour))
    cjk = _CJK.get(language_of(lang))
    letters.setFontFamilies([*_FAMILIES[:1], *([cjk] if cjk else []), *_FAMILIES[1:]])
    letters.setFontStyle(skia.FontStyle.Bold() if bold else skia.FontStyle.Normal())
    style = skia.textlayout.ParagraphStyle()
    style.setTextStyle(letters)
    rtl = is_right_to_left(text)
    if centred or rtl:
        style.setTextAlign(skia.textlayout.TextAlign.kCenter if centred else skia.textlayout.TextAlign.kRight)
    shown = text
    while True:
        builder = skia.textlayout.ParagraphBuilder.make(style, _fonts(), skia.Unicodes.ICU.Make())
        builder.pushStyle(letters)
        # The isolate makes the whole line run from the right, its last full stop and its numbers included.
        builder.addText(f"\u2067{shown}\u2069" if rtl else shown)
        made = builder.Build()
        made.layout(width)
        made.layout(min(ceil(made.LongestLine) + 1, width))
        if made.Height <= height or len(shown) < 8:
            return made
        shown = shown[: int(len(shown) * 0.9) - 1].rstrip(" …") + "…"


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from the right (Arabic, Hebrew)."""
    return next((kind != "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), False)


def draw_label(canvas: Any, lang: str, at: tuple[float, float], size: float, accent: str) -> None:
    """The label: a dark pill with a spark; 7:1 contrast on any picture."""
    words = paragraph(label_of(lang), size, "#FFFFFF", 600, lang, bold=True)
    width, height = words.MaxIntrinsicWidth, size * 1.9
    x, y = at
    pill = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x, y, width + height * 1.35, height), height / 2, height / 2)
    canvas.drawRRect(pill, fill("#0E1013", 0.78))
    rtl = is_right_to_left(label_of(lang))
    cx, cy, r = x + (width + height * 0.77 if rtl else height * 0.58), y + height / 2, size * 0.46
    spark = skia.Path()
    spark.moveTo(cx, cy - r)
    for px, py, qx, qy in ((r, 0, 0.18, -0.18), (0, r, 0.18, 0.18), (-r, 0, -0.18, 0.18), (0, -r, -0.18, -0.18)):
        spark.quadTo(cx + qx * r, cy + qy * r, cx + px, cy + py)
    canvas.drawPath(spark, fill(accent))
    words.paint(canvas, x + height * (0.37 if rtl else 0.98), y + (height - words.Height) / 2)


def draw_question(
    canvas: Any, text: str, lang: str, box: tuple[float, float, float, float], size: float, accent: str
) -> None:
    """A viewer's question on a light card; hostile text is cut and cleaned."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text[:MAX_QUESTION_CHARS]).strip()
    if not clean:
        return
    x, y, width, height = box
    words = paragraph(clean, size, "#0E1013", width - size * 2.2, lang, height=height - size * 1.3)
    card = skia.Rect.MakeXYWH(
        x, y, min(words.LongestLine + 1, width - size * 2.2) + size * 2.2, words.Height + size * 1.3
    )
    canvas.drawRRect(skia.RRect.MakeRectXY(card, 12, 12), fill("#FAFAF8", 0.96))
    bar = card.right() - 5 if is_right_to_left(clean) else x
    canvas.drawRRect(
        skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(bar, y + 10, 5, card.height() - 20), 2.5, 2.5), fill(accent)
    )
    words.paint(canvas, x + size * 1.1, y + size * 0.62)
