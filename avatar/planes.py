"""The picture as encoders take it: the planes of 4:2:0 are kept, and patched where the drawing changed.

NV12, luma and interleaved chroma: x264 keeps its pictures so, every hardware encoder takes it.

What is patched is, to the last bit, what converting the whole picture would give.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

from avatar.stage.placement import Area

FORMAT = "nv12"
_STEP = 32
"""Patches are converted in sizes of whole steps: libswscale sets itself up anew for each size, which costs more than
converting a patch that is somewhat larger."""
_MARGIN = 2
"""Chroma at a patch's rim is made of the pixels beyond it, too."""
_KEPT_SIZES = 64


@dataclass
class _Converter:
    """libswscale, set up for one size."""

    source: Any
    pixels: NDArray[np.uint8]
    """What ``source`` holds: (height, width × 4), RGBA."""
    reformatter: VideoReformatter


class Planes:
    """BT.709 in limited range; `frame` is what goes to the encoder, always the same one."""

    def __init__(self, width: int, height: int) -> None:
        """Even numbers."""
        self._width, self._height = width, height
        self.frame: Any = av.VideoFrame(width, height, FORMAT)
        self._planes = _planes(self.frame)
        self._converters: OrderedDict[tuple[int, int], _Converter] = OrderedDict()

    def patch(self, pixels: NDArray[np.uint8], area: Area) -> None:
        """Take over one area of ``pixels``: RGBA, (height, width, 4)."""
        left, width = _around(area.x, area.width, self._width)
        top, height = _around(area.y, area.height, self._height)
        converter = self._converter(width, height)
        converter.pixels[:] = pixels[top : top + height, left : left + width].reshape(height, width * 4)
        # One thread: a pool for each patch costs more than the patch.
        made = converter.reformatter.reformat(
            converter.source,
            format=FORMAT,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        (luma, chroma), (new_luma, new_chroma) = self._planes, _planes(made)
        x, y = area.x - left, area.y - top
        across = slice(area.x, area.x + area.width)
        from_across = slice(x, x + area.width)
        luma[area.y : area.y + area.height, across] = new_luma[y : y + area.height, from_across]
        # Half the rows; as many bytes in a row, two for every other pixel.
        rows, from_row = area.height // 2, y // 2
        chroma[area.y // 2 : area.y // 2 + rows, across] = new_chroma[from_row : from_row + rows, from_across]

    def _converter(self, width: int, height: int) -> _Converter:
        size = (width, height)
        if size not in self._converters:
            source = av.VideoFrame(width, height, "rgba")
            pixels = _rows(source.planes[0])[:, : width * 4]
            self._converters[size] = _Converter(source, pixels, VideoReformatter())
            while len(self._converters) > _KEPT_SIZES:
                self._converters.popitem(last=False)
        self._converters.move_to_end(size)
        return self._converters[size]


def _around(start: int, length: int, limit: int) -> tuple[int, int]:
    """Where a patch of whole steps begins that holds ``length`` and a margin, within ``limit``; and its length."""
    wanted = -(-(length + 2 * _MARGIN) // _STEP) * _STEP
    if wanted >= limit:
        return 0, limit
    return min(max(start - _MARGIN, 0), limit - wanted), wanted


def _planes(frame: Any) -> list[NDArray[np.uint8]]:
    return [_rows(plane) for plane in frame.planes]


def _rows(plane: Any) -> NDArray[np.uint8]:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
