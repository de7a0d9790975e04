"""Parts of the drawing that keep their shape: painted once per size and angle, then laid down like a cut-out.

On whole pixels a cut-out costs a tenth of its curves and gradients; between pixels, or turned while it is laid down,
skia's sampling costs more than painting it again. So angles come in steps and places are rounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Any

from avatar.stage.pens import Point, surface

KEPT = 40
"""Cut-outs per layer, the oldest goes; at 720p all together are below 40 MB."""


class Layer:
    """A cut-out with transparent surroundings."""

    def __init__(
        self, paint: Callable[[Any], None], box: tuple[float, float, float, float], pivot: Point = (0.0, 0.0)
    ) -> None:
        """``paint`` draws it inside ``box`` (left, top, right, bottom), turned by any angle about ``pivot``."""
        self._paint, self._box, self._pivot = paint, box, pivot
        self._images: OrderedDict[tuple[float, float], Any] = OrderedDict()

    def draw(self, canvas: Any, angle: float = 0.0) -> None:
        """Lay it down where the canvas' matrix (scale and place only) says, to the nearest pixel."""
        matrix = canvas.getTotalMatrix()
        key = (round(matrix.getScaleX(), 3), angle)
        image = self._images.get(key)
        if image is None:
            image = self._images[key] = self._made(*key)
            while len(self._images) > KEPT:
                self._images.popitem(last=False)
        self._images.move_to_end(key)
        at = matrix.mapXY(self._box[0], self._box[1])
        canvas.save()
        canvas.resetMatrix()
        canvas.drawImage(image, round(at.x()), round(at.y()))
        canvas.restore()

    def _made(self, scale: float, angle: float) -> Any:
        left, top, right, bottom = self._box
        made = surface(ceil((right - left) * scale), ceil((bottom - top) * scale))
        canvas = made.getCanvas()
        canvas.scale(scale, scale)
        canvas.translate(-left, -top)
        canvas.rotate(angle, *self._pivot)
        self._paint(canvas)
        return made.makeImageSnapshot()
