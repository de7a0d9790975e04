"""Short words for skia: colours, paints, smooth paths. Nothing here knows what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from avatar.errors import StageUnavailable

try:
    import skia
except ImportError as error:
    raise StageUnavailable("skia-python is not installed: pip install 'vitrine[avatar]'") from error

Point = tuple[float, float]
Paint = Any
Path = Any


@lru_cache(maxsize=256)
def rgb(colour: str) -> tuple[int, int, int]:
    """``#RRGGBB`` as three bytes."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=1024)
def mix(a: str, b: str, share: float) -> str:
    """The colour ``share`` of the way from ``a`` to ``b``."""
    return "#" + "".join(f"{round(x + (y - x) * share):02X}" for x, y in zip(rgb(a), rgb(b), strict=True))


@lru_cache(maxsize=2048)
def argb(colour: str, alpha: float = 1.0) -> int:
    """For skia."""
    return int(skia.Color(*rgb(colour), round(255 * alpha)))


def surface(width: int, height: int, *, opaque: bool = False) -> Any:
    """Something to draw on, in the byte order of the stage's own pixels: blits then copy instead of converting."""
    kind = skia.kOpaque_AlphaType if opaque else skia.kPremul_AlphaType
    return skia.Surface.MakeRaster(skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, kind))


@lru_cache(maxsize=512)
def fill(colour: str, alpha: float = 1.0) -> Paint:
    """A plain area; shared, not to be changed."""
    return skia.Paint(Color=argb(colour, alpha), AntiAlias=True)


@lru_cache(maxsize=512)
def stroke(colour: str, width: float, alpha: float = 1.0) -> Paint:
    """A line with round ends; shared, not to be changed."""
    return skia.Paint(
        Color=argb(colour, alpha),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def linear(a: Point, b: Point, stops: Sequence[tuple[float, str, float]]) -> Paint:
    """A gradient along a line; stops are (place, colour, alpha)."""
    shader = skia.GradientShader.MakeLinear(
        points=[a, b], colors=[argb(c, alpha) for _, c, alpha in stops], positions=[at for at, _, _ in stops]
    )
    return skia.Paint(Shader=shader, AntiAlias=True)


def radial(middle: Point, radius: float, stops: Sequence[tuple[float, str, float]]) -> Paint:
    """A gradient around a point."""
    shader = skia.GradientShader.MakeRadial(
        center=middle,
        radius=radius,
        colors=[argb(c, alpha) for _, c, alpha in stops],
        positions=[at for at, _, _ in stops],
    )
    return skia.Paint(Shader=shader, AntiAlias=True)


def soft(paint: Paint, sigma: float) -> Paint:
    """The same with blurred edges; dear, only for what is kept."""
    made = skia.Paint(paint)
    made.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, sigma))
    return made


def curve(start: Point, *cubics: tuple[float, float, float, float, float, float], closed: bool = True) -> Path:
    """A path of cubic Béziers."""
    path = skia.Path()
    path.moveTo(*start)
    for cubic in cubics:
        path.cubicTo(*cubic)
    if closed:
        path.close()
    return path


def smooth(points: Sequence[Point], *, closed: bool = False, tension: float = 1 / 6) -> Path:
    """A curve through all points (Catmull-Rom)."""
    path = skia.Path()
    count = len(points)
    path.moveTo(*points[0])
    for n in range(count if closed else count - 1):
        p0 = points[(n - 1) % count] if closed or n > 0 else points[0]
        p1, p2 = points[n], points[(n + 1) % count]
        p3 = points[(n + 2) % count] if closed or n + 2 < count else points[-1]
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) * tension,
            p1[1] + (p2[1] - p0[1]) * tension,
            p2[0] - (p3[0] - p1[0]) * tension,
            p2[1] - (p3[1] - p1[1]) * tension,
            p2[0],
            p2[1],
        )
    if closed:
        path.close()
    return path


def mirrored(points: Sequence[Point]) -> list[Point]:
    """Points of the right half and, back again, their mirror images."""
    return [*points, *((-x, y) for x, y in reversed(points) if abs(x) > 0.01)]
