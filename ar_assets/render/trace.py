"""Rays through pixels: what they meet, layer behind layer, and the light that comes back.

Deterministic: sample places are fixed, so a file gives the same picture on every run, and two files that differ little
give pictures that differ little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats
from ar_assets.render.camera import Camera, Window
from ar_assets.render.light import studio
from ar_assets.render.scene import Scene
from ar_assets.render.shade import Hits, Surface, shade
from ar_assets.render.vectors import largest, mean, unit

_LAYERS = 12
_RAYS_AT_ONCE = 65_536  # what a processor's caches hold; twice as many take half as long again
_STEP = np.float32(2e-5)  # of the scene's radius: past the surface just met
# Rotated grid: four samples whose columns and rows all differ; the first two lie around the pixel's middle
_PLACES = ((0.125, 0.375), (0.875, 0.625), (0.375, 0.875), (0.625, 0.125))
_FEW = 2  # samples of an even pixel
_UNEVEN = np.float32(0.15)
_GLARE = np.float32(2.5)  # all of it white on a screen; more would only make the edges of highlights jagged


@dataclass(frozen=True)
class Quality:
    """``nearby`` rays of every second pixel look for things that take light away (0: none).

    ``mirrors`` traces reflections. ``sparing`` takes the second half of a pixel's samples only where its surroundings
    differ (edges, creases): textures are filtered, so inside a surface they show nothing new. For pictures to look at,
    not to measure by.
    """

    nearby: int = 0
    mirrors: bool = False
    sparing: bool = False


@dataclass
class Layers:
    """What was seen in the ``window`` of a picture of ``size`` x ``size``: arrays (height, width, …), linear.

    Light that stays, light that openness scales, coverage; ``open_`` is openness and its weight (0 where it was not
    looked for); ``guide`` is normal and depth of the first hit, for smoothing openness without crossing edges.
    """

    light: Floats
    soft: Floats
    open_: Floats
    cover: Floats
    guide: Floats
    window: Window
    size: int


def trace(scene: Scene, camera: Camera, size: int, quality: Quality = Quality()) -> Layers:
    """Look through the pixels of ``size`` x ``size`` where the scene can be, four samples each (but `Quality`)."""
    window = camera.window(scene.used.astype(np.float64), size)
    pixels = window.width * window.height
    sums = Layers(
        np.zeros((pixels, 3), np.float32),
        np.zeros((pixels, 3), np.float32),
        np.zeros((pixels, 2), np.float32),
        np.zeros(pixels, np.float32),
        np.zeros((pixels, 4), np.float32),
        window,
        size,
    )
    index = np.arange(pixels)
    taken = np.zeros(pixels, np.float32)
    for number, (dx, dy) in enumerate(_PLACES):
        if quality.sparing and number == _FEW:
            index = np.flatnonzero(_uneven(sums))
        taken[index] += 1
        for start in range(0, len(index), _RAYS_AT_ONCE):
            chosen = index[start : start + _RAYS_AT_ONCE]
            x = ((chosen % window.width + window.left + dx) / size * 2 - 1).astype(np.float32)
            y = (1 - (chosen // window.width + window.top + dy) / size * 2).astype(np.float32)
            _follow(scene, camera, chosen, camera.rays(x, y), quality, number, sums)
    for values in (sums.light, sums.soft, sums.guide):
        values /= taken[:, None]
    sums.cover /= taken
    shape = (window.height, window.width)
    for name, width in (("light", 3), ("soft", 3), ("open_", 2), ("guide", 4)):
        setattr(sums, name, getattr(sums, name).reshape(*shape, width))
    sums.cover = sums.cover.reshape(shape)
    return sums


def _uneven(sums: Layers) -> NDArray[np.bool_]:
    """Pixels (n,) beside which shape, distance, coverage or brightness change, after the first samples."""
    # Brightness by its root, as eyes and screens weigh it
    bright = np.sqrt(np.maximum(mean(sums.light) + mean(sums.soft), 0) / _FEW)
    felt = np.concatenate(
        [sums.guide * (np.array([1, 1, 1, 4], np.float32) / _FEW), sums.cover[:, None] / _FEW, bright[:, None]], 1
    ).reshape(sums.window.height, sums.window.width, 6)
    uneven = (felt[..., 4] > 0.01) & (felt[..., 4] < 0.99)
    for ahead, behind in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        step = np.abs(felt[ahead] - felt[behind]).max(2) > _UNEVEN
        uneven[ahead] |= step
        uneven[behind] |= step
    return uneven.ravel()


def _follow(
    scene: Scene,
    camera: Camera,
    pixels: NDArray[np.int64],
    towards: Floats,
    quality: Quality,
    number: int,
    sums: Layers,
) -> None:
    """Follow one bundle of rays until nothing shines through any more; adds to ``sums``."""
    count = len(pixels)
    spread = camera.half_tangent / sums.size
    # Openness changes slowly over a surface: every second pixel, as on a chequerboard, and the rest by smoothing
    row, column = np.divmod(pixels, sums.window.width)
    looks_around = (row + column) % 2 == 0 if quality.nearby and number == 0 else np.zeros(count, bool)
    seed = (row + sums.window.top) * sums.size + column + sums.window.left
    origin = np.broadcast_to(camera.position.astype(np.float32), (count, 3)).copy()
    walked = np.zeros(count, np.float32)
    passing = np.ones((count, 3), np.float32)
    alive = np.arange(count)
    for layer in range(_LAYERS):
        found = scene.rays.run(origin[alive], towards[alive], output=1)
        met = found["primID"] >= 0
        alive = alive[met]
        if not len(alive):
            break
        far = found["tfar"][met]
        ahead = towards[alive]
        walked[alive] += far
        hits = Hits(found["primID"][met], found["u"][met], found["v"][met], ahead, walked[alive] * np.float32(spread))
        look = shade(scene, studio(), hits, camera.upright)
        at = origin[alive] + ahead * far[:, None]
        weight = passing[alive]
        where = pixels[alive]
        soft, sharp = look.soft * weight, look.sharp * weight
        mirrored = look.mirrored * weight
        if quality.mirrors and layer < 3:
            mirrored = mirrored * _unhidden(scene, at, look, hits)
        if quality.sparing:
            mirrored = np.minimum(mirrored, _GLARE)
        if quality.nearby:
            solid = (largest(look.through) < 0.01) & (largest(weight) > 0.02)
            if len(some := np.flatnonzero(solid & looks_around[alive])):
                free = openness(scene, at[some], look.normal[some], seed[alive[some]], quality.nearby)
                _add(sums.open_, where[some], np.stack([free, np.ones_like(free)], 1))
            _add(sums.soft, where[solid], soft[solid])
            soft[solid] = 0
        _add(sums.light, where, soft + sharp + mirrored)
        if layer == 0:
            _add(sums.guide, where, np.concatenate([look.normal, walked[alive, None]], 1))
        passing[alive] = weight * look.through
        origin[alive] = at + ahead * _STEP
        walked[alive] += _STEP
        alive = alive[largest(passing[alive]) > 0.004]
        if not len(alive):
            break
    sums.cover[pixels] += 1 - mean(passing)


def _add(target: Floats, where: NDArray[np.int64], values: Floats) -> None:
    # Within one bundle every pixel occurs once, so plain indexing adds correctly and is ten times np.add.at
    target[where] += values


def _unhidden(scene: Scene, at: Floats, look: Surface, hits: Hits) -> Floats:
    """How much of a mirror image is the studio and not the product itself, which is taken to be darker."""
    shiny = np.flatnonzero(largest(look.mirrored) > 0.01)
    left = np.ones((len(at), 1), np.float32)
    if len(shiny):
        outward = scene.flat[hits.face[shiny]]
        outward = outward * -np.sign(np.einsum("ij,ij->i", outward, hits.towards[shiny]))[:, None]
        start = at[shiny] + outward * _STEP * 4
        blocked = scene.rays.run(start, np.ascontiguousarray(look.reflect[shiny]), query="OCCLUDED") == 0
        left[shiny[blocked]] = 0.3
    return left


def openness(scene: Scene, at: Floats, normal: Floats, seed: NDArray[np.int64], count: int) -> Floats:
    """Part of the half space over points (n, 3) that is free, by cosine, 0…1; ``seed`` (n,) turns the samples."""
    turned = (seed * 0.7548776662466927 % 1.0).astype(np.float32)
    shifted = (seed * 0.5698402909980532 % 1.0).astype(np.float32)
    across = np.where(np.abs(normal[:, 1:2]) > 0.9, np.array([[1, 0, 0]]), np.array([[0, 1, 0]]))
    side = np.cross(across, normal)
    side = unit(side)
    over = np.cross(normal, side)
    free = np.zeros(len(at), np.float32)
    start = at + normal * np.float32(4e-4)
    reach = np.full(len(at), 1.2, np.float32)
    for number in range(count):
        angle = 2 * np.pi * ((number * 0.618033988749895 + turned) % 1.0)
        part = (number + shifted) / count
        out = np.sqrt(part)
        towards = side * (np.cos(angle) * out)[:, None] + over * (np.sin(angle) * out)[:, None]
        towards = np.asarray(towards + normal * np.sqrt(1 - part)[:, None], np.float32)
        free += scene.rays.run(start, towards, dists=reach.copy(), query="OCCLUDED") != 0
    return np.asarray(free / count, np.float32)
