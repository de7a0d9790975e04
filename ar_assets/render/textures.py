"""Textures as the renderer reads them: decoded once, with all smaller levels, sampled between levels and texels."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ar_assets.document import Document, Floats, Json
from ar_assets.errors import StepFailed

_REPEAT, _CLAMP = 10497, 33071
_MOST_PIXELS = 8192 * 8192


@dataclass(frozen=True)
class Pyramid:
    """An image and its halves down to one pixel, as RGBA packed into 32 bits, one after the other.

    ``starts``, ``wide`` and ``high`` say where each level lies and how large it is.
    """

    texels: NDArray[np.uint32]
    starts: NDArray[np.int32]
    wide: NDArray[np.int32]
    high: NDArray[np.int32]
    has_alpha: bool


@dataclass(frozen=True)
class Sampled:
    """A texture as a material uses it: pyramid, wrapping, set of coordinates, and their transform (2, 3)."""

    pyramid: Pyramid
    wrap: tuple[int, int]
    uv_set: int
    transform: Floats

    @property
    def place(self) -> tuple[object, ...]:
        """The same for two textures that give the same colours everywhere."""
        return id(self.pyramid), self.wrap, self.uv_set, self.transform.tobytes()

    @property
    def stretch(self) -> float:
        """Texels per unit of untransformed coordinates (geometric mean of both directions)."""
        area = abs(float(np.linalg.det(self.transform[:, :2])))
        return float(np.sqrt(max(area, 1e-12) * int(self.pyramid.wide[0]) * int(self.pyramid.high[0])))

    def __call__(self, uv: Floats, footprint: Floats) -> Floats:
        """Colours (n, 4) in 0…1 as stored (not linearised).

        ``uv`` (n, 2) are the mesh's own coordinates, ``footprint`` (n,) how many of their units one sample covers.
        """
        placed = uv @ self.transform[:, :2].T + self.transform[:, 2]
        last = len(self.pyramid.starts) - 1
        level = np.log2(np.maximum(footprint * np.float32(self.stretch), np.float32(1e-6)))
        level = np.clip(level, 0, last).astype(np.float32)
        low = level.astype(np.int32)
        part = (level - low)[:, None]
        fine = self._level(placed, low)
        return np.asarray(fine + (self._level(placed, np.minimum(low + 1, last)) - fine) * part, np.float32)

    def _level(self, uv: Floats, level: NDArray[np.int32]) -> Floats:
        pyramid = self.pyramid
        wide, high = pyramid.wide[level], pyramid.high[level]
        x, x1, fx = _place(uv[:, 0], wide, self.wrap[0])
        y, y1, fy = _place(uv[:, 1], high, self.wrap[1])
        row, row1 = pyramid.starts[level] + y * wide, pyramid.starts[level] + y1 * wide
        a, b, c, d = (_unpacked(pyramid.texels[place]) for place in (row + x, row + x1, row1 + x, row1 + x1))
        top, below = a + (b - a) * fx, c + (d - c) * fx
        return np.asarray((top + (below - top) * fy) * np.float32(1 / 255), np.float32)


def _unpacked(packed: NDArray[np.uint32]) -> Floats:
    return packed.view(np.uint8).reshape(-1, 4).astype(np.float32)


def _place(at: Floats, size: NDArray[np.int32], wrap: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Left (upper) and right (lower) texel and the part of the right one; texel centres lie at half numbers."""
    if wrap == _CLAMP:
        at = np.clip(at, 0, 1)
    elif wrap == _REPEAT:
        at = at - np.floor(at)
    else:
        at = 1 - np.abs(1 - (at - 2 * np.floor(at / 2)))
    place = at * size - np.float32(0.5)
    first = np.floor(place)
    part = (place - first)[:, None].astype(np.float32)
    low = first.astype(np.int32)
    if wrap == _REPEAT:
        return low % size, (low + 1) % size, part
    return np.clip(low, 0, size - 1), np.clip(low + 1, 0, size - 1), part


def pyramid_of(data: bytes, max_px: int) -> Pyramid:
    """Decode PNG, JPEG or WebP, made smaller by halves until no side exceeds ``max_px``.

    Raises:
        StepFailed: Not such an image, or larger than the gate lets through.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise StepFailed("rendering", "a texture is larger than 8192 x 8192 pixels")
            has_alpha = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
            image = opened.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise StepFailed("rendering", f"a texture cannot be decoded: {error}") from error
    while max(image.size) > max_px:
        image = image.reduce(2)
    levels = [image]
    while max(levels[-1].size) > 1:
        levels.append(levels[-1].reduce(2))
    sizes = np.array([level.width * level.height for level in levels], np.int32)
    return Pyramid(
        np.concatenate([np.asarray(level).reshape(-1, 4).view(np.uint32).ravel() for level in levels]),
        (np.cumsum(sizes) - sizes).astype(np.int32),
        np.array([level.width for level in levels], np.int32),
        np.array([level.height for level in levels], np.int32),
        has_alpha,
    )


class TextureShelf:
    """The decoded images of one document, each decoded once."""

    def __init__(self, document: Document, max_px: int) -> None:
        self._document = document
        self._max_px = max_px
        self._pyramids: dict[int, Pyramid] = {}

    def get(self, info: object) -> Sampled | None:
        """The texture that a textureInfo of a material names, or None where there is none."""
        if not isinstance(info, dict):
            return None
        texture = self._document.items("textures")[info["index"]]
        extensions = texture.get("extensions", {})
        source = extensions.get("EXT_texture_webp", {}).get("source", texture.get("source"))
        if source is None:
            return None
        if source not in self._pyramids:
            self._pyramids[source] = pyramid_of(self._document.image_bytes(source), self._max_px)
        samplers = self._document.items("samplers")
        sampler = samplers[texture["sampler"]] if "sampler" in texture else {}
        moved = info.get("extensions", {}).get("KHR_texture_transform", {})
        return Sampled(
            self._pyramids[source],
            (sampler.get("wrapS", _REPEAT), sampler.get("wrapT", _REPEAT)),
            int(moved.get("texCoord", info.get("texCoord", 0))),
            _transform(moved),
        )


def _transform(moved: Json) -> Floats:
    """KHR_texture_transform as a matrix (2, 3): scale, then rotate counter-clockwise, then move."""
    turn = float(moved.get("rotation", 0.0))
    sx, sy = (float(value) for value in moved.get("scale", (1.0, 1.0)))
    ox, oy = (float(value) for value in moved.get("offset", (0.0, 0.0)))
    c, s = float(np.cos(turn)), float(np.sin(turn))
    return np.array([[c * sx, s * sy, ox], [-s * sx, c * sy, oy]], np.float32)
