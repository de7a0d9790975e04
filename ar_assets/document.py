"""A glTF document in memory: its JSON and its one binary chunk, read and written without losing anything.

The JSON stays a plain dictionary, so extensions and extras that nobody here knows survive a round trip byte for byte.
It reads files that passed the gate and carry uncompressed geometry; it checks the ranges that it follows nevertheless.
Compression, images and everything that rewrites geometry belong to the worker.
"""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ar_assets.errors import StepFailed

Json = dict[str, Any]
Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_COMPONENTS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_MOST_ELEMENTS = 64_000_000  # one accessor; 2 million triangles need a tenth of it


@dataclass
class Document:
    """One GLB: ``json`` may be changed in place, ``binary`` is replaced as a whole."""

    json: Json
    binary: bytes

    @classmethod
    def read(cls, source: bytes | Path | Document) -> Document:
        """Open a GLB (bytes or file); a document that is open already is handed back as it is.

        Raises:
            StepFailed: No GLB 2.0, or its chunks do not fit the file.
        """
        if isinstance(source, Document):
            return source
        raw = source if isinstance(source, bytes) else source.read_bytes()
        if len(raw) < 20 or struct.unpack_from("<II", raw) != (_MAGIC, 2):
            raise _broken("it is no GLB of version 2")
        head: Json | None = None
        binary = b""
        offset = 12
        while offset + 8 <= len(raw):
            length, kind = struct.unpack_from("<II", raw, offset)
            chunk = raw[offset + 8 : offset + 8 + length]
            if len(chunk) < length:
                raise _broken("a chunk is longer than the file")
            if kind == _JSON and head is None:
                head = json.loads(chunk)
            elif kind == _BIN and not binary:
                binary = chunk
            offset += 8 + length
        if not isinstance(head, dict):
            raise _broken("it has no JSON chunk")
        return cls(head, binary)

    def copy(self) -> Document:
        """A copy whose JSON can be changed without changing this one (the bytes are shared, they are immutable)."""
        return Document(json.loads(json.dumps(self.json)), self.binary)

    def to_bytes(self) -> bytes:
        """The GLB; chunks padded to four bytes as the specification asks (glTF 2.0 §4.4)."""
        head = json.dumps(self.json, separators=(",", ":"), ensure_ascii=False).encode()
        head += b" " * (-len(head) % 4)
        body = self.binary + b"\0" * (-len(self.binary) % 4)
        chunks = struct.pack("<II", len(head), _JSON) + head
        if body:
            chunks += struct.pack("<II", len(body), _BIN) + body
        return struct.pack("<III", _MAGIC, 2, 12 + len(chunks)) + chunks

    def items(self, name: str) -> list[Json]:
        """A list at the head of the document (``nodes``, ``materials``, …), empty where absent."""
        found = self.json.get(name, [])
        return found if isinstance(found, list) else []

    def view_bytes(self, index: int) -> memoryview:
        """The bytes of a buffer view. Raises StepFailed where it reaches outside."""
        view = self._at("bufferViews", index)
        if any(name.endswith("meshopt_compression") for name in view.get("extensions", {})):
            raise _broken("its geometry is compressed; decode it first")
        buffer = self._at("buffers", view.get("buffer", 0))
        uri = buffer.get("uri")
        if uri is None:
            data = self.binary
        elif isinstance(uri, str) and uri.startswith("data:") and ";base64," in uri:
            data = base64.b64decode(uri.split(",", 1)[1])
        else:
            raise _broken("a buffer lies outside the file")
        start = int(view.get("byteOffset", 0))
        end = start + int(view["byteLength"])
        if start < 0 or end > len(data):
            raise _broken("a buffer view reaches outside its buffer")
        return memoryview(data)[start:end]

    def accessor(self, index: int) -> NDArray[Any]:
        """The values of an accessor, (count, width); normalised integers come as float32 in 0…1 or -1…1.

        Raises:
            StepFailed: It reaches outside its buffer view, or is larger than any product needs.
        """
        spec = self._at("accessors", index)
        kind = _COMPONENTS.get(spec.get("componentType", 0))
        width = _WIDTHS.get(spec.get("type", ""))
        count = int(spec.get("count", 0))
        if kind is None or width is None or not 0 < count <= _MOST_ELEMENTS:
            raise _broken(f"accessor {index} has an unknown type or size")
        if "bufferView" in spec:
            values = self._strided(spec["bufferView"], int(spec.get("byteOffset", 0)), kind, width, count).copy()
        else:
            values = np.zeros((count, width), kind)
        if sparse := spec.get("sparse"):
            much = int(sparse["count"])
            where, what = sparse["indices"], sparse["values"]
            places = self._strided(
                where["bufferView"], int(where.get("byteOffset", 0)), _COMPONENTS[where["componentType"]], 1, much
            )
            if places.size and int(places.max()) >= count:
                raise _broken(f"accessor {index} is sparse outside its range")
            values[places[:, 0]] = self._strided(what["bufferView"], int(what.get("byteOffset", 0)), kind, width, much)
        if spec.get("normalized") and kind is not np.float32:
            most = np.float32(np.iinfo(values.dtype).max)
            return np.asarray(np.maximum(values.astype(np.float32) / most, -1.0), np.float32)
        return values

    def _strided(self, view: int, offset: int, kind: type, width: int, count: int) -> NDArray[Any]:
        size = np.dtype(kind).itemsize
        stride = int(self._at("bufferViews", view).get("byteStride", 0)) or size * width
        data = self.view_bytes(view)
        if offset < 0 or offset + stride * (count - 1) + size * width > len(data):
            raise _broken("an accessor reaches outside its buffer view")
        return np.ndarray((count, width), np.dtype(kind).newbyteorder("<"), data, offset, (stride, size))

    def image_bytes(self, index: int) -> bytes:
        """An image as it lies in the file (PNG, JPEG or WebP)."""
        image = self._at("images", index)
        if "bufferView" in image:
            return bytes(self.view_bytes(image["bufferView"]))
        uri = image.get("uri", "")
        if isinstance(uri, str) and uri.startswith("data:") and ";base64," in uri:
            return base64.b64decode(uri.split(",", 1)[1])
        raise _broken("an image lies outside the file")

    def append(self, data: bytes) -> int:
        """Add bytes to the binary chunk, aligned to four; the index of their new buffer view."""
        start = len(self.binary) + (-len(self.binary) % 4)
        self.binary = self.binary.ljust(start, b"\0") + data
        buffers = self.json.setdefault("buffers", [])
        if not buffers:
            buffers.append({"byteLength": 0})
        buffers[0]["byteLength"] = len(self.binary)
        views = self.json.setdefault("bufferViews", [])
        views.append({"buffer": 0, "byteOffset": start, "byteLength": len(data)})
        return len(views) - 1

    def roots(self) -> list[int]:
        """Indices of the root nodes of the scene that is shown."""
        scenes = self.items("scenes")
        if scenes:
            return list(self._at("scenes", self.json.get("scene", 0)).get("nodes", []))
        below = {child for node in self.items("nodes") for child in node.get("children", [])}
        return [index for index in range(len(self.items("nodes"))) if index not in below]

    def placed(self) -> list[tuple[int, Matrix]]:
        """Every node of the shown scene with its matrix in model space (column vectors), parents first."""
        found: list[tuple[int, Matrix]] = []
        todo = [(index, np.eye(4)) for index in reversed(self.roots())]
        seen: set[int] = set()
        while todo:
            index, above = todo.pop()
            if index in seen:
                raise _broken("a node is its own ancestor or has two parents")
            seen.add(index)
            node = self._at("nodes", index)
            matrix = above @ local_matrix(node)
            found.append((index, matrix))
            todo.extend((child, matrix) for child in reversed(node.get("children", [])))
        return found

    def _at(self, name: str, index: Any) -> Json:
        items = self.items(name)
        if not isinstance(index, int) or not 0 <= index < len(items) or not isinstance(items[index], dict):
            raise _broken(f"{name}[{index}] does not exist")
        return items[index]


def _broken(reason: str) -> StepFailed:
    return StepFailed("reading the model", reason)


def local_matrix(node: Json) -> Matrix:
    """A node's own matrix (4, 4) from ``matrix`` or translation, rotation (x, y, z, w) and scale."""
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    out = np.eye(4)
    out[:3, :3] = rotation_matrix(node.get("rotation", (0, 0, 0, 1))) * np.array(node.get("scale", (1, 1, 1)), float)
    out[:3, 3] = node.get("translation", (0, 0, 0))
    return out


def rotation_matrix(quaternion: Any) -> Matrix:
    """The rotation (3, 3) of a quaternion (x, y, z, w); one of length zero turns nothing."""
    x, y, z, w = (float(part) for part in quaternion)
    length = x * x + y * y + z * z + w * w
    if length < 1e-12:
        return np.eye(3)
    s = 2.0 / length
    return np.array(
        [
            [1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w)],
            [s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w)],
            [s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y)],
        ]
    )
