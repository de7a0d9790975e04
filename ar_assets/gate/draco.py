"""The head of a Draco mesh, so that its face and point counts are known before a decoder allocates them.

Layout: Draco bitstream specification 2.2, sections "Header" and "Connectivity".
"""

from __future__ import annotations

import struct

from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason, refuse

_HAS_METADATA = 0x8000
_MESH = 1
_SEQUENTIAL, _EDGEBREAKER = 0, 1


def check_draco(data: memoryview, where: str, limits: Limits) -> None:
    """Refuse what is no Draco mesh of version 2.2, or counts beyond the limits. Raises: Refused.

    Metadata (never written for glTF) would stand before the counts and is refused as well.
    """
    try:
        magic, major, minor, kind, method, flags = struct.unpack_from("<5sBBBBH", data)
        if magic != b"DRACO" or (major, minor) != (2, 2) or kind != _MESH or flags & _HAS_METADATA:
            raise refuse(Reason.OUT_OF_BOUNDS, where=where)
        if method == _SEQUENTIAL:
            first, at = _varint(data, 11)
            faces, (points, _) = first, _varint(data, at)
        elif method == _EDGEBREAKER:
            points, at = _varint(data, 12)  # one byte of traversal type before it
            faces, _ = _varint(data, at)
        else:
            raise refuse(Reason.OUT_OF_BOUNDS, where=where)
    except (struct.error, IndexError) as error:
        raise refuse(Reason.OUT_OF_BOUNDS, where=where) from error
    if faces > limits.triangles or points > 3 * limits.triangles:
        raise refuse(Reason.TOO_MANY_TRIANGLES, count=faces, limit=limits.triangles)


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    for _ in range(10):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at
    raise IndexError(at)
