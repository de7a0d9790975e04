"""What a picture says about itself in its first bytes: kind and size, without decoding it.

Uploads are hostile: a name or Content-Type proves nothing, and a decoder is a large surface. So the header is
read here by hand, and only PNG, JPEG and WebP of a sane size pass. Sources: PNG (ISO 15948) §11.2.2, JPEG
(ITU T.81) §B.2.2, WebP (RFC 9649) §2.5–2.7.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import ClassVar, Literal

from stream_server.errors import Invalid

MAX_SIDE_PX = 10_000
MAX_PIXELS = 50_000_000

PictureKind = Literal["png", "jpg", "webp"]
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_MAX_JPEG_SEGMENTS = 500


@dataclass(eq=False)
class BadPicture(Invalid):
    """The file is not a picture that we serve."""

    code: ClassVar[str] = "bad_picture"
    reason: str

    def __str__(self) -> str:
        return f"This picture cannot be used: {self.reason}."


@dataclass(frozen=True)
class PictureHeader:
    """Kind and size of a picture."""

    kind: PictureKind
    width_px: int
    height_px: int


def read_picture_header(data: bytes) -> PictureHeader:
    """Kind and size. Raises: BadPicture for anything but a PNG, JPEG or WebP of sane size."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        header = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        header = _jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        header = _webp(data)
    else:
        raise BadPicture("it is not a PNG, JPEG or WebP file")
    if not (1 <= header.width_px <= MAX_SIDE_PX and 1 <= header.height_px <= MAX_SIDE_PX):
        raise BadPicture(f"each side must have 1 to {MAX_SIDE_PX} pixels")
    if header.width_px * header.height_px > MAX_PIXELS:
        raise BadPicture(f"it has more than {MAX_PIXELS // 1_000_000} million pixels")
    return header


def _png(data: bytes) -> PictureHeader:
    if len(data) < 33 or data[8:16] != b"\x00\x00\x00\rIHDR":
        raise BadPicture("the PNG header is damaged")
    if b"IEND" not in data[-16:]:
        raise BadPicture("the PNG file is cut off")
    width, height = struct.unpack_from(">II", data, 16)
    return PictureHeader("png", width, height)


def _jpeg(data: bytes) -> PictureHeader:
    if data[-2:] != b"\xff\xd9" and b"\xff\xd9" not in data[-64:]:
        raise BadPicture("the JPEG file is cut off")
    at = 2
    for _ in range(_MAX_JPEG_SEGMENTS):
        while at < len(data) and data[at] == 0xFF and data[at + 1 : at + 2] == b"\xff":
            at += 1  # fill bytes (§B.1.1.2)
        if at + 4 > len(data) or data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker in _JPEG_BARE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _JPEG_SIZES and length >= 8 and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return PictureHeader("jpg", width, height)
        if length < 2 or marker == 0xDA:
            break
        at += 2 + length
    raise BadPicture("the JPEG header is damaged")


def _webp(data: bytes) -> PictureHeader:
    (size,) = struct.unpack_from("<I", data, 4)
    if len(data) < 30 or size + 8 > len(data) + 1:
        raise BadPicture("the WebP file is cut off")
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
    elif chunk == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    elif chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (value & 0x3FFF for value in struct.unpack_from("<HH", data, 26))
    else:
        raise BadPicture("the WebP header is damaged")
    return PictureHeader("webp", width, height)
