"""Pictures that wrap around shapes: noise, wool loops, wood grain, tortoiseshell. Seeded, and seamless where asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]


def noise(size: int, cells: int, seed: int, octaves: int = 4, stretch: float = 1.0) -> Pixels:
    """Seamless smooth noise in 0..1, ``cells`` waves across; ``stretch`` pulls it along the rows."""
    random = np.random.default_rng(seed)
    frequency = np.fft.fftfreq(size) * size
    fy, fx = np.meshgrid(frequency, frequency, indexing="ij")
    radius = np.hypot(fx * stretch, fy)
    amplitude = np.zeros_like(radius)
    for octave in range(octaves):
        centre = cells * 2**octave
        amplitude += 0.5**octave * np.exp(-(((radius - centre) / (0.5 * centre)) ** 2)) / centre
    field = np.fft.ifft2(np.fft.fft2(random.standard_normal((size, size))) * amplitude).real
    low, high = np.percentile(field, [0.5, 99.5])
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), np.float32)


def mixed(a: str, b: str, amount: Pixels) -> Pixels:
    """Two CSS colours mixed per pixel (sRGB values)."""
    low, high = (np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32) for code in (a, b))
    return (low + (high - low) * amount[..., None]).astype(np.float32)


def speckled(colour: str, speck: str, seed: int, size: int = 1024, count: int = 900) -> Pixels:
    """Glaze: slightly uneven colour with fine iron specks."""
    random = np.random.default_rng(seed)
    amount = 0.06 * noise(size, 5, seed)
    y, x = np.mgrid[-4:5, -4:5]
    for _ in range(count):
        radius = random.uniform(0.5, 2.1)
        row, column = random.integers(0, size, 2)
        spot = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1) * random.uniform(0.3, 0.9)
        rows, columns = (row + y) % size, (column + x) % size
        amount[rows, columns] = np.maximum(amount[rows, columns], spot)
    return mixed(colour, speck, np.clip(amount, 0, 1))


def loops(size: int = 1024, count: int = 5200, seed: int = 3) -> Pixels:
    """Bouclé: heights of many small woollen loops, seamless."""
    random = np.random.default_rng(seed)
    height = np.zeros((size, size), np.float32)
    reach = 22
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    for _ in range(count):
        row, column = random.integers(0, size, 2)
        angle = random.uniform(0, np.pi)
        long, wide, tilt = random.uniform(7, 13), random.uniform(4, 8), random.uniform(0.5, 1)
        u = (x * np.cos(angle) + y * np.sin(angle)) / long
        v = (-x * np.sin(angle) + y * np.cos(angle)) / wide
        ring = np.exp(-(((np.hypot(u, v) - 0.75) / 0.38) ** 2)) * tilt
        rows, columns = (row + y.astype(int)) % size, (column + x.astype(int)) % size
        height[rows, columns] = np.maximum(height[rows, columns] * 0.97, ring)
    return height


def grain(light: str, dark: str, seed: int, size: int = 1024) -> Pixels:
    """Oak: long fibres along the columns, with slow bands."""
    fibres = noise(size, 60, seed, 3, stretch=0.04)
    bands = noise(size, 4, seed + 1, 2, stretch=0.15)
    return mixed(light, dark, np.clip(0.55 * fibres + 0.5 * bands - 0.1, 0, 1))


def tortoise(base: str, blotch: str, seed: int, size: int = 1024) -> Pixels:
    """Acetate: dark clouds in a lighter mass."""
    field = noise(size, 4, seed, 3)
    return mixed(base, blotch, np.clip((field - 0.4) * 3.2, 0, 1))


def weave(size: int = 512, threads: int = 64) -> Pixels:
    """Plain weave: heights of threads passing over and under."""
    t = np.arange(size) / size * threads * np.pi
    across, along = np.meshgrid(t, t, indexing="ij")
    return (0.5 + 0.25 * (np.sin(across) * np.cos(along) + np.abs(np.sin(along)) * 0.6)).astype(np.float32)
