"""Textures: every picture is encoded again, by its role, without what nobody looks at."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ar_assets.document import Document
from ar_assets.errors import Refused
from ar_assets.transforms.textures import Role, TextureEncoder, Textures, encode_picture, opened_picture, picture_uses
from tests.unit.ar_assets import attacks


def png(width: int, height: int, mode: str = "RGBA") -> bytes:
    """A soft gradient with a little of everything."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x % 256, y % 256, (x + y) % 256, 255 - x % 128], axis=2).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(out, "PNG")
    return out.getvalue()


def textured(picture: bytes, material: attacks.Json) -> Document:
    """One triangle with a material that uses the picture."""
    made = Document.read(attacks.glb())
    view = made.append(picture)
    made.json["images"] = [{"bufferView": view, "mimeType": "image/png"}]
    made.json["textures"] = [{"source": 0}]
    made.json["materials"] = [material]
    return made


COLOUR = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}


@pytest.mark.parametrize(
    ("material", "role", "has_alpha"),
    [
        (COLOUR, Role.COLOUR, False),
        (COLOUR | {"alphaMode": "BLEND"}, Role.COLOUR, True),
        ({"normalTexture": {"index": 0}}, Role.NORMAL, False),
        ({"occlusionTexture": {"index": 0}}, Role.DATA, False),
        (COLOUR | {"normalTexture": {"index": 0}}, Role.NORMAL, False),
        ({"extensions": {"KHR_materials_specular": {"specularTexture": {"index": 0}}}}, Role.DATA, True),
        ({"extensions": {"KHR_materials_sheen": {"sheenColorTexture": {"index": 0}}}}, Role.COLOUR, False),
    ],
)
def test_role_and_alpha_follow_from_the_materials(material: attacks.Json, role: Role, *, has_alpha: bool) -> None:
    use = picture_uses(textured(png(4, 4), material))[0]
    assert (use.role, use.has_alpha) == (role, has_alpha)


def test_sides_are_halved_to_the_limit_and_alpha_is_kept_where_it_is_needed(tmp_path: Path) -> None:
    document = textured(png(64, 32), COLOUR | {"alphaMode": "MASK"})
    (made,) = TextureEncoder(tmp_path).encode(document, Textures(max_px=16))
    with Image.open(made["path"]) as picture:
        assert (picture.size, picture.mode, made["type"]) == ((16, 8), "RGBA", "image/webp")


def test_equal_pictures_are_encoded_once(tmp_path: Path) -> None:
    encoder = TextureEncoder(tmp_path)
    document = textured(png(8, 8), COLOUR)
    first, again = encoder.encode(document, Textures()), encoder.encode(document, Textures())
    assert first == again
    assert len(list(tmp_path.iterdir())) == 1


def test_sixteen_bit_heights_are_scaled_and_not_clipped() -> None:
    out = io.BytesIO()
    Image.fromarray(np.full((4, 4), 40_000, dtype=np.uint16)).save(out, "PNG")
    picture = opened_picture(out.getvalue(), "0", 64, has_alpha=False)
    assert picture.getpixel((0, 0)) == (156, 156, 156)


def test_jpeg_is_taken_only_where_it_is_no_larger() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    for picture in (Image.fromarray(noise), Image.new("RGB", (64, 64), (128, 128, 255))):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=85, method=4)
        _, data = encode_picture(picture, 85)
        assert len(data) <= len(out.getvalue()) * 1.02


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    document = textured(b"\x89PNG\r\n\x1a\n" + b"\0" * 30, COLOUR)
    with pytest.raises(Refused) as refused:
        TextureEncoder(tmp_path).encode(document, Textures())
    assert refused.value.code == "broken_picture"
