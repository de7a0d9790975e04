"""Parts of the drawing that keep their shape: painted once per size and angle, then laid down like a cut-out.

On whole pixels a cut-out costs a tenth of its curves and gradients; between pixels, or turned while it is laid down,
skia's sampling costs more than painting it again. So angles come in steps and places are rounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil, floor
from typing import Any

from avatar.stage.pens import Point, surface

KEPT = 40
"""Cut-outs per layer, the oldest goes; at 720p all together are below 60 MB."""


class Layer:
    """A cut-out with transparent surroundings."""

    def __init__(
        self,
        paint: Callable[[Any, int], None],
        box: tuple[float, float, float, float],
        pivot: Point = (0.0, 0.0),
        kept: int = KEPT,
    ) -> None:
        """``paint`` draws one of its shapes inside ``box`` (left, top, right, bottom) turned about ``pivot``."""
        self._paint, self._box, self._pivot, self._kept = paint, box, pivot, kept
        self._images: OrderedDict[tuple[float, float, int], Any] = OrderedDict()

    def draw(self, canvas: Any, angle: float = 0.0, shape: int = 0) -> None:
        """Lay it down where the canvas' matrix (scale and place only) says, to the nearest pixel."""
        matrix = canvas.getTotalMatrix()
        key = (round(matrix.getScaleX(), 3), angle, shape)
        image = self._images.get(key)
        if image is None:
            image = self._images[key] = self._made(*key)
            while len(self._images) > self._kept:
                self._images.popitem(last=False)
        self._images.move_to_end(key)
        left, top = self._corner(key[0])
        canvas.save()
        canvas.resetMatrix()
        canvas.drawImage(image, round(matrix.getTranslateX()) + left, round(matrix.getTranslateY()) + top)
        canvas.restore()

    def _corner(self, scale: float) -> tuple[int, int]:
        """Whole pixels from the origin: what is painted beside a cut-out then meets it exactly."""
        return floor(self._box[0] * scale), floor(self._box[1] * scale)

    def _made(self, scale: float, angle: float, shape: int) -> Any:
        left, top = self._corner(scale)
        made = surface(ceil(self._box[2] * scale) - left, ceil(self._box[3] * scale) - top)
        canvas = made.getCanvas()
        canvas.translate(-left, -top)
        canvas.scale(scale, scale)
        canvas.rotate(angle, *self._pivot)
        self._paint(canvas, shape)
        return made.makeImageSnapshot()
