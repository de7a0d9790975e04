"""What a picture's header says about its size, read by our own code so that no decoder has to start on a bomb."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason, refuse

_MAX_JPEG_SCANS = 100
"""A progressive JPEG has about ten; each scan costs a pass over all pixels."""
_MAX_JPEG_SEGMENTS = 2000
_JPEG_SOF = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True)
class Picture:
    """Format (png, jpeg, webp) and size in pixels."""

    format: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


def check_picture(data: memoryview, name: str, limits: Limits) -> Picture:
    """Read the header of one picture and hold it against the limits. Raises: Refused."""
    head = bytes(data[:32])
    if head.startswith(b"\xabKTX 20\xbb\r\n\x1a\n"):
        _ktx2(head, name, limits)
        raise refuse(Reason.UNSUPPORTED_PICTURE, picture=name, format="KTX2")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        picture = _png(head)
    elif head.startswith(b"\xff\xd8"):
        picture = _jpeg(data)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        picture = _webp(data)
    else:
        raise refuse(Reason.UNSUPPORTED_PICTURE, picture=name, format=_other_format(head))
    if picture is None or picture.pixels <= 0:
        raise refuse(Reason.BROKEN_PICTURE, picture=name)
    _hold(picture, name, limits)
    return picture


def _hold(picture: Picture, name: str, limits: Limits) -> None:
    if max(picture.width, picture.height) > limits.image_px:
        size, limit = f"{picture.width} x {picture.height}", f"{limits.image_px} x {limits.image_px}"
        raise refuse(Reason.PICTURE_TOO_LARGE, picture=name, size=size, limit=limit)


def _png(head: bytes) -> Picture | None:
    if head[8:16] != b"\x00\x00\x00\rIHDR" or len(head) < 26:
        return None
    width, height = struct.unpack_from(">II", head, 16)
    return Picture("png", width, height)


def _jpeg(data: memoryview) -> Picture | None:
    at, picture = 2, None
    for _ in range(_MAX_JPEG_SEGMENTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker in _JPEG_ALONE:
            at += 2
            continue
        if marker == 0xDA:
            break
        length = struct.unpack_from(">H", data, at + 2)[0]
        if length < 2 or at + 2 + length > len(data):
            return None
        if marker in _JPEG_SOF:
            if picture is not None or length < 8:
                return None
            height, width = struct.unpack_from(">HH", data, at + 5)
            picture = Picture("jpeg", width, height)
        at += 2 + length
    else:
        return None
    return picture if bytes(data[at:]).count(b"\xff\xda") <= _MAX_JPEG_SCANS else None


def _webp(data: memoryview) -> Picture | None:
    if len(data) < 30 or struct.unpack_from("<I", data, 4)[0] + 8 > len(data) + 1:
        return None
    kind, body = bytes(data[12:16]), data[20:]
    if kind == b"VP8 ":
        if bytes(body[3:6]) != b"\x9d\x01\x2a":
            return None
        width, height = struct.unpack_from("<HH", body, 6)
        return Picture("webp", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L":
        if body[0] != 0x2F:
            return None
        bits = struct.unpack_from("<I", body, 1)[0]
        return Picture("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        if body[0] & 0x02:  # animated: frames would multiply the pixels
            return None
        width = int.from_bytes(body[4:7], "little") + 1
        return Picture("webp", width, int.from_bytes(body[7:10], "little") + 1)
    return None


def _ktx2(head: bytes, name: str, limits: Limits) -> None:
    if len(head) >= 28:
        width, height = struct.unpack_from("<II", head, 20)
        _hold(Picture("ktx2", width, max(height, 1)), name, limits)


def _other_format(head: bytes) -> str:
    for start, name in ((b"GIF8", "GIF"), (b"BM", "BMP"), (b"DDS ", "DDS"), (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF")):
        if head.startswith(start):
            return name
    return "AVIF" if head[4:12] in (b"ftypavif", b"ftypavis") else "of an unknown kind"
