"""Where the numbers of a glTF lie: buffers, buffer views, accessors, and how much they would unfold to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ar_assets.gate.limits import MB, Limits
from ar_assets.gate.refusals import Reason, refuse
from ar_assets.gate.shape import Json, child, integer, objects, reference, text

MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
COMPONENT_BYTES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
FLOAT = 5126
_SHAPES = {f"VEC{size}": (1, size) for size in (2, 3, 4)} | {f"MAT{size}": (size, size) for size in (2, 3, 4)}
_SHAPES["SCALAR"] = (1, 1)


@dataclass(frozen=True)
class View:
    """A stretch of a buffer. ``is_compressed``: its bytes come out of a decoder, not out of the file."""

    buffer: int
    offset: int
    length: int
    stride: int
    is_compressed: bool


@dataclass(frozen=True)
class Part:
    """Equally typed numbers in a row: ``columns`` of ``rows`` components each, ``stride`` bytes apart."""

    view: int | None
    offset: int
    component: int
    count: int
    columns: int
    rows: int
    stride: int


@dataclass(frozen=True)
class Accessor:
    """An accessor: its dense part, and a sparse one on top (indices, values)."""

    dense: Part
    sparse: tuple[Part, Part] | None


@dataclass
class Layout:
    """All of a document's buffers (None: only a decoder fills it), views and accessors, checked against each other."""

    buffers: list[memoryview | None]
    views: list[View] = field(default_factory=list)
    accessors: list[Accessor] = field(default_factory=list)
    decoded_bytes: int = 0


def read_layout(document: Json, buffers: Sequence[memoryview | None], file_bytes: int, limits: Limits) -> Layout:
    """Check every offset, length, count and declared size. ``buffers`` holds what stands behind each buffer.

    Raises: Refused.
    """
    layout = Layout(list(buffers))
    for kind in ("bufferViews", "accessors"):
        count = len(objects(document, kind))
        if count > limits.objects:
            raise refuse(Reason.TOO_MANY_PARTS, count=count, what=kind, limit=limits.objects)
    lengths = [integer(buffer, "byteLength", "buffers", low=1) for buffer in objects(document, "buffers")]
    for index, described in enumerate(objects(document, "bufferViews")):
        layout.views.append(_view(described, f"bufferViews[{index}]", lengths, layout))
    for index, described in enumerate(objects(document, "accessors")):
        accessor = _accessor(described, f"accessors[{index}]", layout)
        layout.accessors.append(accessor)
        layout.decoded_bytes += accessor.dense.count * element_bytes(accessor.dense)
    allowed = min(limits.decoded_bytes, max(limits.decoded_floor_bytes, limits.decoded_ratio * file_bytes))
    if layout.decoded_bytes > allowed:
        raise refuse(Reason.DECLARES_TOO_MUCH, megabytes=layout.decoded_bytes // MB, limit=allowed // MB)
    return layout


def element_bytes(part: Part) -> int:
    """Bytes of one element; columns of small matrices start at multiples of four (glTF 2.0, section 3.6.2.4)."""
    column = COMPONENT_BYTES[part.component] * part.rows
    return part.columns * (column if part.columns == 1 else (column + 3) & ~3)


def _view(described: Json, where: str, lengths: list[int], layout: Layout) -> View:
    buffer = reference(described, "buffer", where, len(lengths))
    if buffer is None:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=f"{where}.buffer")
    offset = integer(described, "byteOffset", where, default=0)
    length = integer(described, "byteLength", where, low=1)
    stride = integer(described, "byteStride", where, default=0, high=252)
    if offset + length > lengths[buffer]:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    extensions = child(described, "extensions", where)
    compressed = next((name for name in MESHOPT if name in extensions), None)
    if compressed is not None:
        _compressed(child(extensions, compressed, where), f"{where}.{compressed}", lengths, length, layout)
    elif layout.buffers[buffer] is None:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    return View(buffer, offset, length, stride, compressed is not None)


def _compressed(extension: Json, where: str, lengths: list[int], length: int, layout: Layout) -> None:
    buffer = reference(extension, "buffer", where, len(lengths))
    if buffer is None or layout.buffers[buffer] is None:
        raise refuse(Reason.MISSING_REFERENCE, where=f"{where}.buffer")
    end = integer(extension, "byteOffset", where, default=0) + integer(extension, "byteLength", where, low=1)
    if end > lengths[buffer]:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    unfolded = integer(extension, "count", where, low=1) * integer(extension, "byteStride", where, low=1, high=256)
    if unfolded != length:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    layout.decoded_bytes += unfolded


def _accessor(described: Json, where: str, layout: Layout) -> Accessor:
    component = integer(described, "componentType", where)
    shape = _SHAPES.get(text(described, "type", where) or "")
    if component not in COMPONENT_BYTES or shape is None:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=where)
    count = integer(described, "count", where, low=1)
    dense = _part(described, where, component, count, shape, layout)
    sparse = child(described, "sparse", where)
    if not sparse:
        return Accessor(dense, None)
    changed = integer(sparse, "count", f"{where}.sparse", low=1, high=count)
    indices, values = (child(sparse, key, f"{where}.sparse") for key in ("indices", "values"))
    kind = integer(indices, "componentType", f"{where}.sparse.indices")
    if kind not in (5121, 5123, 5125) or "bufferView" not in indices or "bufferView" not in values:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=f"{where}.sparse")
    return Accessor(
        dense,
        (
            _part(indices, f"{where}.sparse.indices", kind, changed, (1, 1), layout),
            _part(values, f"{where}.sparse.values", component, changed, shape, layout),
        ),
    )


def _part(described: Json, where: str, component: int, count: int, shape: tuple[int, int], layout: Layout) -> Part:
    view = reference(described, "bufferView", where, len(layout.views))
    offset = integer(described, "byteOffset", where, default=0)
    part = Part(view, offset, component, count, *shape, stride=0)
    tight = element_bytes(part)
    if view is None:
        return part
    stride = layout.views[view].stride or tight
    if stride < tight or offset + stride * (count - 1) + tight > layout.views[view].length:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    return Part(view, offset, component, count, *shape, stride=stride)
