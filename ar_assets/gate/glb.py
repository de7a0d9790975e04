"""The container of a binary glTF: header, one JSON chunk, at most one binary chunk (glTF 2.0, section 4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ar_assets.gate.refusals import Reason, refuse

MAGIC = b"glTF"
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_HEADER, _CHUNK = 12, 8


@dataclass(frozen=True)
class Chunks:
    """The two parts of a GLB; ``binary`` is empty when there is none."""

    json: bytes
    binary: memoryview


def split(data: memoryview) -> Chunks:
    """The chunks of a whole GLB file. Every length must agree with the file's. Raises: Refused."""
    if len(data) < _HEADER + _CHUNK:
        raise refuse(Reason.BROKEN_CONTAINER, what="shorter than its header")
    magic, version, length = struct.unpack_from("<4sII", data)
    if magic != MAGIC:
        raise refuse(Reason.BROKEN_CONTAINER, what="no glTF signature")
    if version != 2:
        raise refuse(Reason.UNSUPPORTED_VERSION, version=version)
    if length != len(data):
        raise refuse(Reason.BROKEN_CONTAINER, what=f"{length} bytes announced, {len(data)} there")
    json_length, kind = struct.unpack_from("<II", data, _HEADER)
    start = _HEADER + _CHUNK
    if kind != _JSON or json_length > len(data) - start:
        raise refuse(Reason.BROKEN_CONTAINER, what="first chunk")
    text = bytes(data[start : start + json_length])
    return Chunks(text, _binary(data, start + json_length))


def _binary(data: memoryview, at: int) -> memoryview:
    rest = len(data) - at
    if rest == 0:
        return memoryview(b"")
    if rest < _CHUNK:
        raise refuse(Reason.BROKEN_CONTAINER, what="second chunk")
    length, kind = struct.unpack_from("<II", data, at)
    if kind != _BIN or length > rest - _CHUNK:
        raise refuse(Reason.BROKEN_CONTAINER, what="second chunk")
    # Chunks after the second are legal and ignored by readers; nothing a product needs, and a place to hide things.
    if rest - _CHUNK - length > 3:
        raise refuse(Reason.BROKEN_CONTAINER, what="more data after the second chunk")
    return data[at + _CHUNK : at + _CHUNK + length]
