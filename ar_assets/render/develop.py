"""From light to a picture: smoothing what was sampled sparsely, tone mapping, backdrop, shadow on the ground."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ar_assets.document import Floats
from ar_assets.render.camera import Camera
from ar_assets.render.scene import Scene
from ar_assets.render.trace import Layers, openness

Picture = NDArray[np.uint8]
"""(height, width, 4), sRGB with straight alpha."""


def developed(layers: Layers, *, backdrop: Floats | None = None, shadow: Floats | None = None) -> Picture:
    """The picture of traced layers.

    ``backdrop`` (height, width, 3) is linear light behind the product, None leaves the picture transparent;
    ``shadow`` (height, width) is how much of the ground's light is missing, 0…1.
    """
    light = layers.light + layers.soft * _smoothed(layers)[..., None]
    cover = layers.cover[..., None]
    toned = neutral(light / np.maximum(cover, 1e-3))
    alpha = np.clip(cover, 0, 1)
    if backdrop is not None:
        ground = backdrop * (1 - shadow[..., None]) if shadow is not None else backdrop
        color = toned * alpha + ground * (1 - alpha)
        alpha = np.ones_like(alpha)
    elif shadow is not None:
        whole = alpha + shadow[..., None] * (1 - alpha)
        color = toned * alpha / np.maximum(whole, 1e-4)
        alpha = whole
    else:
        color = toned
    out = np.concatenate([_encoded(np.clip(color, 0, 1)), alpha], 2)
    return np.asarray(np.round(out * 255), np.uint8)


def neutral(color: NDArray[Any]) -> Floats:
    """Khronos PBR Neutral: keeps a product's base colours, bends only highlights (KhronosGroup/ToneMapping)."""
    start, desaturation = np.float32(0.8 - 0.04), np.float32(0.15)
    low = color.min(-1, keepdims=True)
    color = color - np.where(low < 0.08, low - 6.25 * low * low, 0.04)
    peak = color.max(-1, keepdims=True)
    room = 1 - start
    bent = 1 - room * room / np.maximum(peak + room - start, 1e-6)
    squeezed = color * bent / np.maximum(peak, 1e-6)
    part = 1 - 1 / (desaturation * np.maximum(peak - bent, 0) + 1)
    return np.asarray(np.where(peak < start, color, squeezed * (1 - part) + bent * part), np.float32)


def _encoded(light: Floats) -> Floats:
    return np.asarray(np.where(light < 0.0031308, light * 12.92, 1.055 * np.maximum(light, 1e-6) ** (1 / 2.4) - 0.055))


def _smoothed(layers: Layers) -> Floats:
    """Openness without grain: three widening passes that stop at edges (à-trous, Dammertz et al. 2010)."""
    values = layers.open_
    if float(values.min()) >= 1.0:
        return values
    normal, depth = layers.guide[..., :3], layers.guide[..., 3]
    for step in (1, 2, 4):
        total, weights = values.copy(), np.ones_like(values)
        for dy in (-step, 0, step):
            for dx in (-step, 0, step):
                if not dx and not dy:
                    continue
                other = np.roll(normal, (dy, dx), (0, 1))
                alike = np.clip(np.einsum("hwc,hwc->hw", normal, other), 0, 1) ** 16
                alike = alike * np.exp(-np.abs(depth - np.roll(depth, (dy, dx), (0, 1))) * np.float32(60))
                total += np.roll(values, (dy, dx), (0, 1)) * alike
                weights += alike
        values = total / weights
    return np.asarray(values, np.float32)


def ground_shadow(scene: Scene, camera: Camera, size: int, height: float) -> Floats:
    """How much light a floor at ``height`` (scene units) misses under the product, (size, size), 0…1.

    Traced at a third of the size: the shadow of a room of soft boxes has no edge but where the product touches.
    """
    small = max(size // 3, 16)
    index = np.arange(small * small)
    x = ((index % small + 0.5) / small * 2 - 1).astype(np.float32)
    y = (1 - (index // small + 0.5) / small * 2).astype(np.float32)
    towards = camera.rays(x, y)
    down = towards[:, 1] < -1e-3
    far = np.where(down, (height - camera.position[1]) / np.where(down, towards[:, 1], -1), 0)
    at = (camera.position + towards * far[:, None]).astype(np.float32)
    near = np.flatnonzero(down & (np.hypot(at[:, 0], at[:, 2]) < 2.2))
    missing = np.zeros(small * small, np.float32)
    if len(near):
        up = np.broadcast_to(np.array([0, 1, 0], np.float32), (len(near), 3))
        free = openness(scene, at[near], up, near, 40)
        fade = np.clip((2.2 - np.hypot(at[near, 0], at[near, 2])) / 0.8, 0, 1)
        missing[near] = (1 - free) * fade
    grown = Image.fromarray(missing.reshape(small, small), "F").resize((size, size), Image.Resampling.BICUBIC)
    dark = np.clip(np.asarray(grown, np.float32), 0, 1)
    return np.asarray(0.72 * dark**1.15, np.float32)


def backdrop(size: int) -> Floats:
    """A softly lit paper backdrop, (size, size, 3) linear: lightest behind the product, a touch warm."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    away = np.hypot(x - 0.5, (y - 0.46) * 0.9)
    value = 0.93 - 0.34 * np.clip(away / 0.75, 0, 1) ** 1.8
    return np.asarray(value[..., None] * np.array([1.0, 0.985, 0.965], np.float32), np.float32)
