"""Parts of the drawing that keep their shape: painted once per size, then laid down like a cut-out.

Blitting a cut-out costs a tenth of painting its curves and gradients again for every frame.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil, hypot
from typing import Any

import skia

_KEPT_SIZES = 4
_SAMPLING = skia.SamplingOptions(skia.FilterMode.kLinear)


class Layer:
    """A cut-out with transparent surroundings."""

    def __init__(self, paint: Callable[[Any], None], box: tuple[float, float, float, float]) -> None:
        """``paint`` draws it on a canvas, inside ``box`` (left, top, right, bottom)."""
        self._paint = paint
        self._box = skia.Rect.MakeLTRB(*box)
        self._images: OrderedDict[float, Any] = OrderedDict()

    def draw(self, canvas: Any) -> None:
        """Lay it down where the canvas' matrix says."""
        matrix = canvas.getTotalMatrix()
        scale = round(hypot(matrix.getScaleX(), matrix.getSkewY()), 2)
        image = self._images.get(scale)
        if image is None:
            image = self._images[scale] = self._made(scale)
            while len(self._images) > _KEPT_SIZES:
                self._images.popitem(last=False)
        target = skia.Rect.MakeXYWH(self._box.left(), self._box.top(), image.width() / scale, image.height() / scale)
        canvas.drawImageRect(image, target, _SAMPLING)

    def _made(self, scale: float) -> Any:
        surface = skia.Surface(ceil(self._box.width() * scale), ceil(self._box.height() * scale))
        canvas = surface.getCanvas()
        canvas.scale(scale, scale)
        canvas.translate(-self._box.left(), -self._box.top())
        self._paint(canvas)
        return surface.makeImageSnapshot()
