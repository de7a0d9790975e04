"""From light to a picture: smoothing what was sampled sparsely, tone mapping, backdrop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats
from ar_assets.render.trace import Layers
from ar_assets.render.vectors import largest, smallest

Picture = NDArray[np.uint8]
"""(height, width, 4), sRGB with straight alpha."""


def developed(layers: Layers, *, backdrop: Floats | None = None, shadow: Floats | None = None) -> Picture:
    """The picture of traced layers.

    ``backdrop`` (height, width, 3) is linear light behind the product, None leaves the picture transparent;
    ``shadow`` (height, width) is how much of the ground's light is missing, 0…1 (only with a backdrop).
    """
    light = layers.light + layers.soft * _smoothed(layers)[..., None]
    cover = layers.cover[..., None]
    toned = np.clip(neutral(light / np.maximum(cover, 1e-3)), 0, 1)
    alpha = np.clip(cover, 0, 1)
    window, size = layers.window, layers.size
    inside = np.s_[window.top : window.top + window.height, window.left : window.left + window.width]
    if backdrop is None:
        out = np.zeros((size, size, 4), np.float32)
        out[inside] = np.concatenate([_encoded(toned), alpha], 2)
    else:
        color = backdrop * (1 - shadow[..., None]) if shadow is not None else backdrop.copy()
        color[inside] = toned * alpha + color[inside] * (1 - alpha)
        out = np.concatenate([_encoded(color), np.ones((size, size, 1), np.float32)], 2)
    return np.asarray(np.round(out * 255), np.uint8)


def neutral(color: NDArray[Any]) -> Floats:
    """Khronos PBR Neutral: keeps a product's base colours, bends only highlights (KhronosGroup/ToneMapping)."""
    start, desaturation = np.float32(0.8 - 0.04), np.float32(0.15)
    low = smallest(color)[..., None]
    color = color - np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    peak = largest(color)[..., None]
    room = 1 - start
    bent = 1 - room * room / np.maximum(peak + room - start, 1e-6)
    squeezed = color * bent / np.maximum(peak, 1e-6)
    part = 1 - 1 / (desaturation * np.maximum(peak - bent, 0) + 1)
    return np.asarray(np.where(peak < start, color, squeezed * (1 - part) + bent * part), np.float32)


def _encoded(light: Floats) -> Floats:
    return np.asarray(np.where(light < 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-6) ** (1 / 2.4) - 0.055))


def _smoothed(layers: Layers) -> Floats:
    """Openness of every pixel without grain: widening passes that stop at edges (à-trous, Dammertz et al. 2010)."""
    values, weights = layers.open_[..., 0], layers.open_[..., 1]
    if not weights.any():
        return np.ones_like(values)
    normal, depth = layers.guide[..., :3], layers.guide[..., 3]
    for step in (1, 2, 4):
        total, whole = values * weights, weights.copy()
        for one, other in _pairs(step):
            alike = np.maximum(np.einsum("hwc,hwc->hw", normal[one], normal[other]), 0)
            for _ in range(4):  # to the 16th power
                alike *= alike
            alike *= np.exp(np.abs(depth[one] - depth[other]) * np.float32(-60))
            for here, there in ((one, other), (other, one)):
                part = alike * weights[there]
                total[here] += part * values[there]
                whole[here] += part
        known = whole > 1e-4
        values = np.where(known, total / np.maximum(whole, 1e-4), 1)
        weights = known.astype(np.float32)
    return np.asarray(values, np.float32)


def _pairs(step: int) -> list[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """Neighbours ``step`` pixels apart in the four directions, as two views of the same shape."""
    whole, ahead, behind = slice(None), slice(step, None), slice(None, -step)
    return [
        ((behind, whole), (ahead, whole)),
        ((whole, behind), (whole, ahead)),
        ((behind, behind), (ahead, ahead)),
        ((behind, ahead), (ahead, behind)),
    ]


def backdrop(size: int) -> Floats:
    """A softly lit paper backdrop, (size, size, 3) linear: lightest behind the product, a touch warm."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.hypot(x - 0.5, (y - 0.46) * 0.9)
    value = 0.95 - 0.25 * np.clip(away / 0.75, 0, 1) ** 1.8
    return np.asarray(value[..., None] * np.array([1.0, 0.985, 0.965], np.float32), np.float32)
