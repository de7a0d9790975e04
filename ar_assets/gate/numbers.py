"""The numbers themselves: all finite, every index naming a vertex that exists."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ar_assets.gate.layout import FLOAT, Layout, Part, element_bytes
from ar_assets.gate.refusals import Reason, refuse

_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_ROWS_AT_ONCE = 1 << 20


def check_finite(layout: Layout) -> None:
    """Refuse NaN and infinity in any accessor whose bytes are in the file. Raises: Refused."""
    for index, accessor in enumerate(layout.accessors):
        parts = [accessor.dense] + ([accessor.sparse[1]] if accessor.sparse else [])
        for part in parts:
            if part.component == FLOAT and not all(np.isfinite(piece).all() for piece in _pieces(layout, part)):
                raise refuse(Reason.NOT_FINITE, where=f"accessors[{index}]")


def check_sparse(layout: Layout) -> None:
    """Sparse indices must rise strictly and stay inside their accessor. Raises: Refused."""
    for index, accessor in enumerate(layout.accessors):
        if accessor.sparse is None:
            continue
        previous = -1
        for piece in _pieces(layout, accessor.sparse[0]):
            flat = piece.ravel().astype(np.int64)
            if flat[0] <= previous or (np.diff(flat) <= 0).any() or flat[-1] >= accessor.dense.count:
                raise refuse(Reason.INDEX_OUT_OF_RANGE, where=f"accessors[{index}].sparse")
            previous = int(flat[-1])


def highest_index(layout: Layout, accessor: int) -> int | None:
    """The largest index that an accessor of indices holds; None when a decoder has to unfold it first."""
    part = layout.accessors[accessor].dense
    if part.view is None:
        return 0
    if layout.views[part.view].is_compressed:
        return None
    return max(int(piece.max()) for piece in _pieces(layout, part))


def _pieces(layout: Layout, part: Part) -> Iterator[NDArray[np.generic]]:
    """The rows of one part, a million at a time, without copying. Nothing when they are not in the file."""
    if part.view is None or layout.views[part.view].is_compressed:
        return
    view = layout.views[part.view]
    buffer = layout.buffers[view.buffer]
    if buffer is None:
        return
    components = element_bytes(part) // np.dtype(_TYPES[part.component]).itemsize
    for start in range(0, part.count, _ROWS_AT_ONCE):
        rows = min(_ROWS_AT_ONCE, part.count - start)
        yield np.ndarray(
            (rows, components),
            dtype=_TYPES[part.component],
            buffer=buffer,
            offset=view.offset + part.offset + start * part.stride,
            strides=(part.stride, np.dtype(_TYPES[part.component]).itemsize),
        )
