"""Small files made by hand: one that is right, and from it one per class of attack or mistake."""

from __future__ import annotations

import base64
import copy
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

POINTS = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
CORNERS = struct.pack("<3H", 0, 1, 2) + b"\0\0"
BINARY = POINTS + CORNERS
RIGHT: Json = {
    "asset": {"version": "2.0"},
    "scene": 0,
    "scenes": [{"nodes": [0]}],
    "nodes": [{"mesh": 0}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
    "buffers": [{"byteLength": 44}],
    "bufferViews": [{"buffer": 0, "byteLength": 36}, {"buffer": 0, "byteOffset": 36, "byteLength": 6}],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
        {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
    ],
}


def document(change: Callable[[Json], object] | None = None) -> Json:
    """One triangle, changed."""
    made = copy.deepcopy(RIGHT)
    if change is not None:
        change(made)
    return made


def glb(
    made: Json | bytes | None = None, binary: bytes = BINARY, *, length: int | None = None, version: int = 2
) -> bytes:
    """A GLB of a document (or of raw JSON bytes)."""
    text = made if isinstance(made, bytes) else json.dumps(made or RIGHT).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    if binary:
        body += struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<4sII", b"glTF", version, 12 + len(body) if length is None else length) + body


def changed(change: Callable[[Json], object], binary: bytes = BINARY) -> bytes:
    """A GLB of one triangle, changed."""
    return glb(document(change), binary)


def png(width: int, height: int) -> bytes:
    """The head of a PNG and a little data: the size it claims is what counts."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def jpeg(width: int, height: int, scans: int = 1) -> bytes:
    """The head of a JPEG with so many scans."""
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    scan = b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00" + b"\0" * 4
    return b"\xff\xd8" + frame + scan * scans + b"\xff\xd9"


def webp(width: int, height: int, kind: bytes = b"VP8X", flags: int = 0) -> bytes:
    """The head of a WebP of one of its three kinds."""
    if kind == b"VP8X":
        body = bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    else:
        body = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    body += b"\0" * 12
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


def with_picture(data: bytes, count: int = 1) -> bytes:
    """A GLB of one triangle that carries the picture so many times over (same bytes)."""

    def change(made: Json) -> None:
        made["buffers"][0]["byteLength"] = len(BINARY) + len(data)
        made["bufferViews"].append({"buffer": 0, "byteOffset": len(BINARY), "byteLength": len(data)})
        made["images"] = [{"bufferView": 2, "mimeType": "image/png"} for _ in range(count)]

    return changed(change, BINARY + data)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def packed_link(name: str, target: str) -> bytes:
    """A zip with a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
        archive.writestr("model.glb", glb())
    return out.getvalue()


def overlapping_zip() -> bytes:
    """Two directory entries that share one file's bytes."""
    data = packed({"model.glb": glb(), "other.bin": b"x" * 2000}, zipfile.ZIP_STORED)
    at = data.rindex(b"PK\x01\x02")
    offset = struct.unpack_from("<I", data, data.index(b"PK\x01\x02") + 42)[0]
    return data[: at + 42] + struct.pack("<I", offset + 10) + data[at + 46 :]


def lying_zip() -> bytes:
    """An entry whose directory says it is smaller than what comes out."""
    data = bytearray(packed({"model.glb": glb(), "long.bin": b"\0" * 500_000}))
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 1000)
    return bytes(data)


def gltf(change: Callable[[Json], object] | None = None) -> bytes:
    """A .gltf of one triangle whose buffer lies in scene.bin."""

    def whole(made: Json) -> None:
        made["buffers"][0]["uri"] = "scene.bin"
        if change is not None:
            change(made)

    return json.dumps(document(whole)).encode()


def inline_gltf() -> bytes:
    """A .gltf of one triangle that carries its buffer as text."""
    made = document()
    made["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(BINARY).decode()
    return json.dumps(made).encode()


STL_BINARY = b"made by hand".ljust(80, b"\0") + struct.pack("<I", 1) + struct.pack("<12f", *range(12)) + b"\0\0"
STL_TEXT = b"""solid part
facet normal 0 0 1
 outer loop
  vertex 0 0 0
  vertex 1 0 0
  vertex 0 1 0
 endloop
endfacet
endsolid part
"""
OBJ = b"mtllib red.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nusemtl red\nf 1/1 2/1 3/1\n"
MTL = b"newmtl red\nKd 1 0 0\nmap_Kd red.png\n"
PLY = (
    b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    b"element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
)
