"""Parts of the drawing that keep their shape: painted once per size and angle, then laid down like a cut-out.

On whole pixels a cut-out costs a tenth of its curves and gradients; between pixels, or turned while it is laid down,
skia's sampling costs more than painting it again. So angles come in steps and places are rounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil, floor
from typing import Any, NamedTuple

from avatar.stage.pens import Point, surface
from avatar.stage.placement import Box, turned

KEPT = 40
"""Cut-outs per layer, the oldest goes; at 720p all together are below 160 MB."""


class _CutOut(NamedTuple):
    image: Any
    left: int
    top: int
    """Whole pixels from the origin: what is painted beside a cut-out then meets it exactly."""


class Layer:
    """A cut-out with transparent surroundings."""

    def __init__(
        self,
        paint: Callable[[Any, Any], None],
        box: Box | Callable[[Any], Box],
        pivot: Point = (0.0, 0.0),
        kept: int = KEPT,
    ) -> None:
        """``paint`` draws one of its shapes inside ``box`` (or what that says of it), turned about ``pivot``."""
        self._paint, self._box, self._pivot, self._kept = paint, box, pivot, kept
        self._made: OrderedDict[tuple[float, float, Hashable], _CutOut] = OrderedDict()

    def draw(self, canvas: Any, angle: float = 0.0, shape: Hashable = None) -> None:
        """Lay it down where the canvas' matrix (scale and place only) says, to the nearest pixel.

        What ``paint`` draws may depend on ``shape`` and on nothing else.
        """
        matrix = canvas.getTotalMatrix()
        key = (round(matrix.getScaleX(), 3), angle, shape)
        if key not in self._made:
            self._made[key] = self._make(*key)
            while len(self._made) > self._kept:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        made = self._made[key]
        canvas.save()
        canvas.resetMatrix()
        canvas.drawImage(
            made.image, round(matrix.getTranslateX()) + made.left, round(matrix.getTranslateY()) + made.top
        )
        canvas.restore()

    def _make(self, scale: float, angle: float, shape: Hashable) -> _CutOut:
        box = self._box(shape) if callable(self._box) else self._box
        box = turned(box, angle, self._pivot)
        left, top = floor(box[0] * scale) - 1, floor(box[1] * scale) - 1
        made = surface(ceil(box[2] * scale) + 1 - left, ceil(box[3] * scale) + 1 - top)
        canvas = made.getCanvas()
        canvas.translate(-left, -top)
        canvas.scale(scale, scale)
        canvas.rotate(angle, *self._pivot)
        self._paint(canvas, shape)
        return _CutOut(made.makeImageSnapshot(), left, top)
