"""Textures: smaller sides, the format and quality that their role needs, no alpha channel that no material looks at.

WebP, or JPEG without chroma subsampling where that is closer to the original in as few bytes: WebP halves the
resolution of what it takes for colour, which in a normal map is one of the two slopes. Measured on a shoe's normal map,
which was JPEG before: 51.3 dB in 215 KB of JPEG, 48.0 dB in 207 KB of WebP; smooth maps are better as WebP.

Every picture is decoded and encoded again, so that no uploaded byte is ever served. Done here by Pillow instead of
sharp in the worker: the worker stays one file without native parts, libwebp is the same, and it encodes on all cores.
"""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ar_assets.document import Document, Json
from ar_assets.gate import Reason
from ar_assets.gate.refusals import refuse

_METHOD = 4
_JPEG_QUALITIES = (46, 54, 62, 70, 78, 85, 92)
_JPEG_MAY_BE_LARGER = 1.02


class Role(StrEnum):
    """What a picture is to its materials; the most demanding one when it has several."""

    NORMAL = "normal"
    COLOUR = "colour"
    DATA = "data"


@dataclass(frozen=True)
class Textures:
    """Longest side in pixels, and WebP's quality (0 to 100) by role; JPEG gets as many bytes as that takes."""

    max_px: int = 2048
    colour: int = 80
    normal: int = 88
    data: int = 80

    def quality(self, role: Role) -> int:
        """By role."""
        return {Role.COLOUR: self.colour, Role.NORMAL: self.normal, Role.DATA: self.data}[role]


@dataclass(frozen=True)
class Use:
    """Of one picture: the role that decides its quality, and whether a material needs its alpha."""

    role: Role
    has_alpha: bool


class TextureEncoder:
    """Encodes a document's pictures and remembers the results, so that a second try costs only what changed.

    ``folder`` is the caller's and must outlive it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def encode(self, document: Document, options: Textures) -> list[dict[str, Any]]:
        """Encode all pictures; a list as the worker's ``optimise`` takes it. Raises: Refused (broken_picture)."""
        uses = picture_uses(document)
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="webp") as pool:
            paths = list(pool.map(lambda item: self._one(document, item[0], item[1], options), uses.items()))
        return [
            {"image": image, "path": str(path), "type": f"image/{path.suffix.removeprefix('.')}"}
            for image, path in zip(uses, paths, strict=True)
        ]

    def _one(self, document: Document, image: int, use: Use, options: Textures) -> Path:
        data = document.image_bytes(image)
        quality = options.quality(use.role)
        name = hashlib.sha256(data).hexdigest()[:24]
        stem = f"{name}-{options.max_px}-{quality}-{int(use.has_alpha)}"
        for kind in ("webp", "jpeg"):
            if (known := self._folder / f"{stem}.{kind}").exists():
                return known
        picture = opened_picture(data, f"{image}", options.max_px, has_alpha=use.has_alpha)
        kind, encoded = encode_picture(picture, quality)
        path = self._folder / f"{stem}.{kind}"
        path.write_bytes(encoded)
        return path


def opened_picture(data: bytes, name: str, max_px: int, *, has_alpha: bool) -> Image.Image:
    """A PNG, JPEG or WebP as RGB or RGBA with sides of at most ``max_px``. Raises: Refused (broken_picture)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns about sizes that the gate has allowed, and odd metadata
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
                picture = _plain(opened, has_alpha=has_alpha)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise refuse(Reason.BROKEN_PICTURE, picture=name) from error
    longest = max(picture.size)
    if longest <= max_px:
        return picture
    width, height = (max(1, round(side * max_px / longest)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def encode_picture(picture: Image.Image, quality: int) -> tuple[str, bytes]:
    """``webp`` or ``jpeg``, and the bytes: WebP of ``quality``, or a JPEG that is closer in no more bytes."""
    best = _webp(picture, quality)
    if picture.mode == "RGBA":
        return "webp", best
    largest: bytes | None = None
    low, high = 0, len(_JPEG_QUALITIES)
    while low < high:
        middle = (low + high) // 2
        tried = _jpeg(picture, _JPEG_QUALITIES[middle])
        if len(tried) <= len(best) * _JPEG_MAY_BE_LARGER:
            largest, low = tried, middle + 1
        else:
            high = middle
    if largest is None:
        return "webp", best
    wanted = _seen(picture)
    return ("jpeg", largest) if _error(wanted, largest) < _error(wanted, best) else ("webp", best)


def _seen(picture: Image.Image) -> NDArray[np.float32]:
    """At half its size: products are looked at smaller than their textures, and there the errors average out."""
    width, height = (max(1, side // 2) for side in picture.size)
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX), dtype=np.float32)


def _error(wanted: NDArray[np.float32], encoded: bytes) -> float:
    with Image.open(io.BytesIO(encoded)) as opened:
        return float(np.mean((_seen(opened.convert("RGB")) - wanted) ** 2))


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=_METHOD, exact=picture.mode == "RGBA")
    return out.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
    return out.getvalue()


def _plain(opened: Image.Image, *, has_alpha: bool) -> Image.Image:
    """8 bits, RGB or RGBA. Sixteen-bit greys would be clipped by Pillow's own conversion."""
    if opened.mode.startswith("I"):
        return opened.point(lambda value: value / 256).convert("L").convert("RGB")
    return opened.convert("RGBA" if has_alpha else "RGB")


def picture_uses(document: Document) -> dict[int, Use]:
    """For every picture: its role, and whether a material needs its alpha."""
    images = document.items("images")
    found: dict[int, set[Role]] = {image: set() for image in range(len(images))}
    alphas: set[int] = set()
    for material in document.items("materials"):
        for slot, texture in _slots(material):
            image = image_of(document, texture)
            if image not in found:
                continue
            found[image].add(_ROLES.get(slot, Role.DATA))
            if slot == "baseColorTexture" and material.get("alphaMode", "OPAQUE") != "OPAQUE":
                alphas.add(image)
            if slot in _ALPHA_SLOTS:
                alphas.add(image)
    order = (Role.NORMAL, Role.COLOUR, Role.DATA)
    return {
        image: Use(next((role for role in order if role in roles), Role.COLOUR), image in alphas)
        for image, roles in found.items()
    }


def image_of(document: Document, texture: int) -> int | None:
    """Number of the picture behind a texture, the WebP one where it has two."""
    textures = document.items("textures")
    if not 0 <= texture < len(textures):
        return None
    webp = textures[texture].get("extensions", {}).get("EXT_texture_webp", {}).get("source")
    source = webp if webp is not None else textures[texture].get("source")
    return source if isinstance(source, int) else None


_ROLES = {
    "normalTexture": Role.NORMAL,
    "clearcoatNormalTexture": Role.NORMAL,
    "baseColorTexture": Role.COLOUR,
    "diffuseTexture": Role.COLOUR,
    "emissiveTexture": Role.COLOUR,
    "sheenColorTexture": Role.COLOUR,
    "specularColorTexture": Role.COLOUR,
    "diffuseTransmissionColorTexture": Role.COLOUR,
}
_ALPHA_SLOTS = ("sheenRoughnessTexture", "specularTexture", "diffuseTransmissionTexture")
"""Extensions that read the alpha channel of their picture."""


def _slots(material: Json) -> Iterable[tuple[str, int]]:
    """Name and texture of every slot of a material and its extensions."""
    owners = [material, material.get("pbrMetallicRoughness", {}), *material.get("extensions", {}).values()]
    for owner in owners:
        if not isinstance(owner, dict):
            continue
        for slot, info in owner.items():
            if slot.endswith("Texture") and isinstance(info, dict) and isinstance(info.get("index"), int):
                yield slot, info["index"]
