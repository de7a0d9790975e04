from __future__ import annotations

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stream_server.web.picture_header import BadPicture, PictureHeader, read_picture_header


def picture(kind: str, width: int = 40, height: int = 30, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#FF5A36").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (picture("JPEG", progressive=True, exif=b"Exif\0\0" + b"\0" * 400), "jpg"),
        (picture("WEBP"), "webp"),
        (picture("WEBP", lossless=True), "webp"),
        (picture("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"), "webp"),
    ],
)
def test_real_pictures_say_their_kind_and_size(data: bytes, kind: str) -> None:
    header = read_picture_header(data)
    assert (header.kind, header.width_px, header.height_px) == (kind, 40, 30)


def bomb(width: int, height: int) -> bytes:
    data = bytearray(picture("PNG"))
    struct.pack_into(">II", data, 16, width, height)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("PNG")[:40],
        picture("JPEG")[:100],
        picture("WEBP")[:-20],
        bomb(100_000, 10),
        bomb(9_999, 9_999),
        bomb(0, 10),
        b"\xff\xd8\xff\xda" + b"\0" * 50 + b"\xff\xd9",
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 2000 + b"\xff\xd9",
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\0" * 40,
        b"RIFF\x10\x00\x00\x00WEBP",
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadPicture):
        read_picture_header(data)


HEADS = [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\xff\xd8\xff", b"RIFF\x20\x00\x00\x00WEBPVP8 ", b""]


@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(head: bytes, rest: bytes) -> None:
    with contextlib.suppress(BadPicture):
        assert isinstance(read_picture_header(head + rest), PictureHeader)
