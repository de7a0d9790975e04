"""Where a shot's layout and its figure come to lie in a picture of some size; areas of its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from typing import Any, NamedTuple

import skia

from avatar.stage.camera import Framing
from avatar.stage.pens import Point

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; in the figure's units where not said otherwise."""


class Area(NamedTuple):
    """Pixels; even, so that a 4:2:0 picture can be cut there."""

    x: int
    y: int
    width: int
    height: int

    def meets(self, box: Box) -> bool:
        """Whether a box in pixels has any of it."""
        left, top, right, bottom = box
        return left < self.x + self.width and self.x < right and top < self.y + self.height and self.y < bottom


@dataclass(frozen=True)
class Placement:
    """A layout fills the picture and is cut where the shape differs."""

    framing: Framing
    width: int
    height: int
    share: float
    """Pixels per unit of the layout."""
    left: float
    top: float
    scale: float
    """Pixels per unit of the figure."""
    x: int
    y: int
    """The pixel of the figure's origin; whole, so that cut-outs lie where curves are drawn."""

    def layout(self) -> Any:
        """The canvas' matrix for the layout."""
        matrix = skia.Matrix()
        matrix.setScaleTranslate(self.share, self.share, self.left, self.top)
        return matrix

    def figure(self, x: int | None = None, y: int | None = None) -> Any:
        """The canvas' matrix for the figure, or for a part of it whose origin is at ``x``, ``y``."""
        matrix = skia.Matrix()
        matrix.setScaleTranslate(
            self.scale, self.scale, float(self.x if x is None else x), float(self.y if y is None else y)
        )
        return matrix

    @property
    def desk_line(self) -> int:
        """The row where the desk begins; it hides what is lower."""
        return max(int(self.framing.desk_y * self.share + self.top), 0)

    def pixels(self, box: Box, x: int | None = None, y: int | None = None) -> Box:
        """A box of the figure in pixels, or of a part of it whose origin is at ``x``, ``y``."""
        k = self.scale
        px, py = self.x if x is None else x, self.y if y is None else y
        return px + k * box[0], py + k * box[1], px + k * box[2], py + k * box[3]

    def area(self, box: Box) -> Area | None:
        """Whole, even pixels around a box in pixels, cut to the picture; None when it is outside."""
        # Smoothed edges and the colour of 4:2:0 reach one pixel further.
        left, top = max(int(box[0] - 1) // 2 * 2, 0), max(int(box[1] - 1) // 2 * 2, 0)
        right = min(-int(-(box[2] + 2) // 2) * 2, self.width)
        bottom = min(-int(-(box[3] + 2) // 2) * 2, self.height)
        return Area(left, top, right - left, bottom - top) if right > left and bottom > top else None


@lru_cache(maxsize=8)
def place(framing: Framing, width: int, height: int) -> Placement:
    """A framing in a picture of this size."""
    share = max(width / framing.width, height / framing.height)
    left, top = (width - framing.width * share) / 2, (height - framing.height * share) / 2
    x, y = round(left + framing.x * share), round(top + framing.y * share)
    return Placement(framing, width, height, share, left, top, share * framing.scale, x, y)


def turned(box: Box, angle: float, pivot: Point) -> Box:
    """What a box covers when it is turned by ``angle`` degrees."""
    if not angle:
        return box
    x0, y0 = pivot
    c, s = cos(radians(angle)), sin(radians(angle))
    corners = [(x - x0, y - y0) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [x0 + c * x - s * y for x, y in corners]
    down = [y0 + s * x + c * y for x, y in corners]
    return min(across), min(down), max(across), max(down)
