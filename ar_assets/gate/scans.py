"""Formats without materials of their own kind: OBJ with MTL, STL, PLY. Counted, bounded, and nothing outside named."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator

import numpy as np

from ar_assets.gate.addresses import file_beside
from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason, refuse

_STL_HEADER, _STL_FACET = 84, 50
_PLY_TYPES = {
    **dict.fromkeys(("char", "int8", "uchar", "uint8"), 1),
    **dict.fromkeys(("short", "int16", "ushort", "uint16"), 2),
    **dict.fromkeys(("int", "int32", "uint", "uint32", "float", "float32"), 4),
    **dict.fromkeys(("double", "float64"), 8),
}
_MAX_LINE = 1 << 16
_MAX_PLY_HEADER = 1 << 16
_LIBRARY = re.compile(rb"^[ \t]*mtllib[ \t]([^\r\n]*)", re.MULTILINE)
_MAP = re.compile(rb"^[ \t]*(?:map_\w+|bump|disp|decal|norm|refl)[ \t]([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_OPTION_VALUE = re.compile(r"(?:on|off|[-+.\deE]+)$")
_MAX_NAME = 1000
_PIECE = 1 << 22


def check_obj(data: bytes, name: str, limits: Limits) -> int:
    """Triangles of an OBJ (a face of n corners is n - 2). Raises: Refused."""
    _check_text(data, name, limits)
    triangles = 0
    for piece in _pieces(data):
        lines = _Lines(piece)
        corners = lines.words[lines.first == ord("f")] - 1
        triangles += int(np.maximum(corners - 2, 0).sum())
        if triangles > limits.triangles:
            raise refuse(Reason.TOO_MANY_TRIANGLES, count=triangles, limit=limits.triangles)
        if lines.has_word_among_numbers():
            raise refuse(Reason.NOT_FINITE, where=name)
    if triangles == 0:
        raise refuse(Reason.NO_SHAPE)
    return triangles


def material_libraries(data: bytes, name: str, names: Iterable[str]) -> list[str]:
    """Entries of the zip that an OBJ names as its MTL files. Raises: Refused."""
    known = list(names)
    named = dict.fromkeys(_slashes(found[1][:_MAX_NAME].strip()) for found in _LIBRARY.finditer(data))
    return [file_beside(one, name, known) for one in named if one]


def material_pictures(data: bytes, name: str, names: Iterable[str], limits: Limits) -> dict[str, str]:
    r"""For each texture that an MTL names: the entry of the zip meant. Raises: Refused.

    Exporters write the path on the author's disk (``C:\work\red.png``): the file of that name in the zip is meant.
    """
    _check_text(data, name, limits)
    known = list(names)
    found: dict[str, str] = {}
    for line in _MAP.finditer(data):
        if len(line[1]) > _MAX_NAME:
            raise refuse(Reason.BROKEN_TEXT, name=name, line=data.count(b"\n", 0, line.start()) + 1)
        written = picture_name(line[1].decode("utf-8", "replace"))
        if written not in found:
            plain = written.replace("\\", "/")
            is_absolute = plain.startswith("/") or plain[1:3] == ":/"
            found[written] = file_beside(plain.rsplit("/", 1)[-1] if is_absolute else plain, name, known)
        if len(found) > limits.images:
            raise refuse(Reason.TOO_MANY_PARTS, count=len(found), what="pictures", limit=limits.images)
    return found


def picture_name(arguments: str) -> str:
    """The file name at the end of an MTL map line, after options like ``-s 1 1 1``; it may hold spaces itself."""
    rest = arguments.strip()
    while rest.startswith("-"):
        _, _, rest = rest.partition(" ")
        rest = rest.lstrip()
        word, _, after = rest.partition(" ")
        while after and _OPTION_VALUE.match(word):
            rest = after.lstrip()
            word, _, after = rest.partition(" ")
    return rest


def check_stl(data: bytes, name: str, limits: Limits) -> int:
    """Triangles of a binary or text STL. Raises: Refused."""
    if is_binary_stl(data):
        count = struct.unpack_from("<I", data, 80)[0]
        _hold(count, limits)
        facets = np.frombuffer(data, dtype=np.uint8, offset=_STL_HEADER).reshape(count, _STL_FACET)[:, :48]
        if not np.isfinite(np.ascontiguousarray(facets).view("<f4")).all():
            raise refuse(Reason.NOT_FINITE, where=name)
        return int(count)
    _check_text(data, name, limits)
    count = data.lower().count(b"endfacet")
    _hold(count, limits)
    # Normals may be nan (exporters write that for slivers); they are computed anew
    if any(_Lines(piece).has_word_among_numbers() for piece in _pieces(data)):
        raise refuse(Reason.NOT_FINITE, where=name)
    return count


def is_binary_stl(data: bytes | memoryview) -> bool:
    """A binary STL's length follows from its count; the word ``solid`` at the start proves nothing."""
    if len(data) < _STL_HEADER:
        return False
    return int(struct.unpack_from("<I", data, 80)[0]) * _STL_FACET + _STL_HEADER == len(data)


def check_ply(data: bytes, name: str, limits: Limits) -> int:
    """Faces of a PLY; its header must not promise more rows than the file has bytes for. Raises: Refused."""
    end = data.find(b"end_header", 0, _MAX_PLY_HEADER)
    if end < 0:
        raise refuse(Reason.BROKEN_TEXT, name=name, line=1)
    is_text, needed, faces, count, vertices = True, 0, 0, 0, 0
    for number, line in enumerate(data[:end].decode("ascii", "replace").splitlines(), 1):
        words = line.split()
        if words[:1] == ["format"]:
            is_text = words[1:2] == ["ascii"]
        elif words[:1] == ["element"]:
            if len(words) != 3 or not words[2].isdecimal() or len(words[2]) > 10:
                raise refuse(Reason.BROKEN_TEXT, name=name, line=number)
            count = int(words[2])
            faces = count if words[1] == "face" else faces
            vertices = count if words[1] == "vertex" else vertices
            needed += count if is_text else 0
        elif words[:1] == ["property"]:
            size = _PLY_TYPES.get(words[2] if words[1:2] == ["list"] and len(words) == 5 else (words[1:2] or [""])[0])
            if size is None:
                raise refuse(Reason.BROKEN_TEXT, name=name, line=number)
            needed += 0 if is_text else size * count
    if needed > len(data):
        raise refuse(Reason.DECLARES_TOO_MUCH, megabytes=needed >> 20, limit=len(data) >> 20)
    if vertices > 3 * limits.triangles:
        raise refuse(Reason.TOO_MANY_TRIANGLES, count=vertices // 3, limit=limits.triangles)
    if is_text:
        _check_text(data, name, limits)
        if b"n" in data[end + len("end_header") :].lower():  # nan, inf
            raise refuse(Reason.NOT_FINITE, where=name)
    _hold(faces, limits)
    return faces


def _hold(triangles: int, limits: Limits) -> None:
    if triangles == 0:
        raise refuse(Reason.NO_SHAPE)
    if triangles > limits.triangles:
        raise refuse(Reason.TOO_MANY_TRIANGLES, count=triangles, limit=limits.triangles)


def _check_text(data: bytes, name: str, limits: Limits) -> None:
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
    if len(ends) > limits.text_lines:
        raise refuse(Reason.TOO_MANY_PARTS, count=len(ends), what="lines", limit=limits.text_lines)
    around = np.concatenate(([-1], ends, [len(data)]))
    lengths = np.diff(around)
    if int(lengths.max()) > _MAX_LINE:
        raise refuse(Reason.BROKEN_TEXT, name=name, line=int(lengths.argmax()) + 1)
    if b"\0" in data:
        raise refuse(Reason.BROKEN_TEXT, name=name, line=data.count(b"\n", 0, data.index(b"\0")) + 1)


def _pieces(data: bytes) -> Iterator[bytes]:
    """The text in pieces of whole lines, 4 MB at a time: arrays about it are several times as large."""
    start = 0
    while start < len(data):
        end = len(data) if len(data) - start <= _PIECE else data.rfind(b"\n", start, start + _PIECE) + 1
        yield data[start:end]
        start = end


class _Lines:
    """What the lines of a piece of text begin with (0 for an empty line) and how many words each has."""

    def __init__(self, piece: bytes) -> None:
        text = np.frombuffer(piece, dtype=np.uint8)
        self._text = text
        blank = (text == ord(" ")) | (text == ord("\t")) | (text == ord("\r")) | (text == ord("\n"))
        begins = ~blank
        begins[1:] &= blank[:-1]
        before = np.concatenate(([0], np.cumsum(begins, dtype=np.int64)))
        ends = np.flatnonzero(text == ord("\n"))
        self._starts = np.concatenate(([0], ends + 1))
        bounds = np.append(self._starts, len(text))
        self.words = before[bounds[1:]] - before[bounds[:-1]]
        where = np.flatnonzero(begins)
        heads = np.zeros(len(self.words), dtype=np.uint8)
        filled = self.words > 0
        heads[filled] = text[where[before[bounds[:-1][filled]]]]
        self.first = heads

    def has_word_among_numbers(self) -> bool:
        """Whether a line that begins with ``v`` holds an ``n`` beyond its tag: nan or inf, never a number."""
        places = np.flatnonzero((self._text | 0x20) == ord("n"))
        lines = np.searchsorted(self._starts, places, side="right") - 1
        after_v = self._text[np.maximum(places - 1, 0)] == ord("v")
        return bool(((self.first[lines] == ord("v")) & ~after_v).any())


def _slashes(written: bytes) -> str:
    return written.decode("utf-8", "replace").replace("\\", "/").removeprefix("./")
