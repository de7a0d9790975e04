"""All of the gate's rules for one glTF document and the bytes that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ar_assets.gate.addresses import inline_data
from ar_assets.gate.draco import check_draco
from ar_assets.gate.extensions import DRACO, INSTANCING, KNOWN
from ar_assets.gate.hierarchy import check_hierarchy
from ar_assets.gate.layout import MESHOPT, Layout, read_layout
from ar_assets.gate.limits import Limits
from ar_assets.gate.numbers import check_finite, check_sparse, highest_index
from ar_assets.gate.pictures import check_picture
from ar_assets.gate.refusals import Reason, refuse
from ar_assets.gate.shape import Json, child, integer, objects, reference, text, texts

OpenBeside = Callable[[str], memoryview]
"""Gives the bytes of a file that came with the model, by its address; raises Refused when there is none."""

_COUNTED = (
    "animations",
    "buffers",
    "cameras",
    "materials",
    "meshes",
    "samplers",
    "scenes",
    "skins",
    "textures",
)
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_INDEX_TYPES = (5121, 5123, 5125)


@dataclass(frozen=True)
class Facts:
    """What a document that passed holds."""

    triangles: int
    nodes: int
    images: int
    pixels: int
    extensions: tuple[str, ...]


def check_gltf(document: Json, binary: memoryview, beside: OpenBeside, file_bytes: int, limits: Limits) -> Facts:
    """Hold a parsed document against every rule. ``binary`` is a GLB's second chunk, else empty. Raises: Refused."""
    _check_version(document)
    used = _check_extensions(document)
    for kind in _COUNTED:
        _bound(len(objects(document, kind)), kind, limits.objects)
    check_hierarchy(document, limits)
    layout = read_layout(document, _buffers(document, binary, beside, limits), file_bytes, limits)
    triangles = _check_meshes(document, layout, limits)
    check_sparse(layout)
    check_finite(layout)
    images, pixels = _check_images(document, layout, beside, limits)
    _check_textures(document, images)
    return Facts(triangles, len(objects(document, "nodes")), images, pixels, used)


def _bound(count: int, what: str, limit: int) -> None:
    if count > limit:
        raise refuse(Reason.TOO_MANY_PARTS, count=count, what=what, limit=limit)


def _check_version(document: Json) -> None:
    asset = child(document, "asset", "")
    version = text(asset, "version", "asset")
    if version is None or not version.startswith("2."):
        raise refuse(Reason.UNSUPPORTED_VERSION, version=version or "unknown")
    if text(asset, "minVersion", "asset") not in (None, "2.0"):
        raise refuse(Reason.UNSUPPORTED_VERSION, version=str(asset["minVersion"]))


def _check_extensions(document: Json) -> tuple[str, ...]:
    for name in texts(document, "extensionsRequired"):
        if name not in KNOWN:
            raise refuse(Reason.UNSUPPORTED_EXTENSION, name=name)
    return tuple(dict.fromkeys(texts(document, "extensionsUsed")))[:100]


def _buffers(document: Json, binary: memoryview, beside: OpenBeside, limits: Limits) -> list[memoryview | None]:
    found: list[memoryview | None] = []
    total = 0
    for index, buffer in enumerate(objects(document, "buffers")):
        where = f"buffers[{index}]"
        length = integer(buffer, "byteLength", where, low=1)
        uri = text(buffer, "uri", where)
        data: memoryview | None
        if uri is not None:
            inline = inline_data(uri, f"{where}.uri")
            data = memoryview(inline) if inline is not None else beside(uri)
        elif index == 0 and len(binary) > 0:
            data = binary
        elif any(child(child(buffer, "extensions", where), name, where).get("fallback") is True for name in MESHOPT):
            data = None
        else:
            raise refuse(Reason.OUT_OF_BOUNDS, where=where)
        total += 0 if data is None else len(data)
        if (data is not None and length > len(data)) or total > limits.zip_total_bytes:
            raise refuse(Reason.OUT_OF_BOUNDS, where=where)
        found.append(data)
    return found


def _check_meshes(document: Json, layout: Layout, limits: Limits) -> int:
    """All triangles, drawn or not, counting a mesh once. Raises: Refused."""
    materials = len(objects(document, "materials"))
    per_mesh: list[int] = []
    highest: dict[int, int | None] = {}
    primitives = 0
    for m, mesh in enumerate(objects(document, "meshes")):
        described = objects(mesh, "primitives", f"meshes[{m}]")
        primitives += len(described)
        _bound(primitives, "primitives", limits.objects)
        per_mesh.append(0)
        for p, primitive in enumerate(described):
            where = f"meshes[{m}].primitives[{p}]"
            reference(primitive, "material", where, materials)
            per_mesh[-1] += _primitive(primitive, where, layout, highest, limits)
    triangles = sum(per_mesh)
    if triangles == 0:
        raise refuse(Reason.NO_SHAPE)
    shown = [node for node in objects(document, "nodes") if "mesh" in node]
    drawn = sum(per_mesh[node["mesh"]] * _instances(node, layout) for node in shown)
    if triangles > limits.triangles or drawn > limits.drawn_triangles:
        raise refuse(Reason.TOO_MANY_TRIANGLES, count=max(triangles, drawn), limit=limits.triangles)
    return triangles


def _primitive(primitive: Json, where: str, layout: Layout, highest: dict[int, int | None], limits: Limits) -> int:
    accessors = layout.accessors
    vertices = _attributes(primitive, where, layout)
    for target in objects(primitive, "targets", where):
        for name in target:
            shaped = reference(target, name, f"{where}.targets", len(accessors))
            if shaped is not None and accessors[shaped].dense.count != vertices:
                raise refuse(Reason.OUT_OF_BOUNDS, where=f"{where}.targets.{name}")
    compressed = child(child(primitive, "extensions", where), DRACO, where)
    if compressed:
        view = reference(compressed, "bufferView", f"{where}.{DRACO}", len(layout.views))
        stretch = layout.views[view] if view is not None else None
        data = layout.buffers[stretch.buffer] if stretch is not None else None
        if stretch is None or data is None or stretch.is_compressed:
            raise refuse(Reason.MISSING_REFERENCE, where=f"{where}.{DRACO}")
        check_draco(data[stretch.offset : stretch.offset + stretch.length], f"{where}.{DRACO}", limits)
    count = vertices
    indices = reference(primitive, "indices", where, len(accessors))
    if indices is not None:
        dense = accessors[indices].dense
        if dense.component not in _INDEX_TYPES or (dense.columns, dense.rows) != (1, 1):
            raise refuse(Reason.JSON_WRONG_SHAPE, where=f"{where}.indices")
        count = dense.count
        if not compressed:
            if indices not in highest:
                highest[indices] = highest_index(layout, indices)
            top = highest[indices]
            if top is not None and top >= vertices:
                raise refuse(Reason.INDEX_OUT_OF_RANGE, where=f"{where}.indices")
    mode = integer(primitive, "mode", where, default=_TRIANGLES, high=6)
    return count // 3 if mode == _TRIANGLES else max(count - 2, 0) if mode in (_STRIP, _FAN) else 0


def _attributes(primitive: Json, where: str, layout: Layout) -> int:
    """Number of vertices; every attribute must have as many."""
    attributes = child(primitive, "attributes", where)
    counts = set()
    for name in attributes:
        accessor = reference(attributes, name, f"{where}.attributes", len(layout.accessors))
        if accessor is not None:
            counts.add(layout.accessors[accessor].dense.count)
    if "POSITION" not in attributes or len(counts) != 1:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=f"{where}.attributes")
    return int(counts.pop())


def _instances(node: Json, layout: Layout) -> int:
    instancing = child(child(node, "extensions", "nodes"), INSTANCING, "nodes")
    attributes = child(instancing, "attributes", "nodes")
    counts = []
    for name in attributes:
        accessor = reference(attributes, name, f"nodes.{INSTANCING}", len(layout.accessors))
        if accessor is not None:
            counts.append(layout.accessors[accessor].dense.count)
    return max(counts, default=1)


def _check_images(document: Json, layout: Layout, beside: OpenBeside, limits: Limits) -> tuple[int, int]:
    images = objects(document, "images")
    _bound(len(images), "pictures", limits.images)
    pixels = 0
    for index, image in enumerate(images):
        where = f"images[{index}]"
        pixels += check_picture(_image_data(image, where, layout, beside), f"{index}", limits).pixels
        if pixels > limits.pixels:
            size, limit = f"{pixels // 10**6} million pixels together", f"{limits.pixels // 10**6} million"
            raise refuse(Reason.PICTURE_TOO_LARGE, picture=f"{index}", size=size, limit=limit)
    return len(images), pixels


def _image_data(image: Json, where: str, layout: Layout, beside: OpenBeside) -> memoryview:
    uri = text(image, "uri", where)
    if uri is not None:
        inline = inline_data(uri, f"{where}.uri")
        return memoryview(inline) if inline is not None else beside(uri)
    index = reference(image, "bufferView", where, len(layout.views))
    if index is None:
        raise refuse(Reason.JSON_WRONG_SHAPE, where=where)
    view = layout.views[index]
    data = layout.buffers[view.buffer]
    if data is None or view.is_compressed:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    return data[view.offset : view.offset + view.length]


def _check_textures(document: Json, images: int) -> None:
    samplers = len(objects(document, "samplers"))
    for index, texture in enumerate(objects(document, "textures")):
        where = f"textures[{index}]"
        reference(texture, "source", where, images)
        reference(texture, "sampler", where, samplers)
        for name, extension in child(texture, "extensions", where).items():
            if isinstance(extension, dict):
                reference(extension, "source", f"{where}.{name}", images)
