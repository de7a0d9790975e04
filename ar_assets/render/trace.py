"""Rays through pixels: what they meet, layer behind layer, and the light that comes back.

Deterministic: sample places are fixed, so a file gives the same picture on every run, and two files that differ little
give pictures that differ little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Floats
from ar_assets.render.camera import Camera
from ar_assets.render.light import studio
from ar_assets.render.scene import Scene
from ar_assets.render.shade import Hits, Surface, shade

_LAYERS = 12
_RAYS_AT_ONCE = 160_000
_STEP = np.float32(2e-5)  # of the scene's radius: past the surface just met
# Rotated grid: four samples whose columns and rows all differ
_PLACES = ((0.125, 0.375), (0.375, 0.875), (0.625, 0.125), (0.875, 0.625))


@dataclass(frozen=True)
class Quality:
    """``nearby`` rays per sample look for things that take light away (0: none); ``mirrors`` traces reflections."""

    nearby: int = 0
    mirrors: bool = False


@dataclass
class Layers:
    """Sums per pixel (height, width, …), linear: light that stays, light that ``open_`` scales, and coverage.

    ``guide`` is normal and depth of the first hit, for smoothing ``open_`` without crossing edges.
    """

    light: Floats
    soft: Floats
    open_: Floats
    cover: Floats
    guide: Floats


def trace(scene: Scene, camera: Camera, size: int, quality: Quality = Quality()) -> Layers:
    """Look through ``size`` x ``size`` pixels, four samples each."""
    pixels = size * size
    sums = Layers(
        np.zeros((pixels, 3), np.float32),
        np.zeros((pixels, 3), np.float32),
        np.zeros((pixels, 2), np.float32),
        np.zeros(pixels, np.float32),
        np.zeros((pixels, 4), np.float32),
    )
    index = np.arange(pixels)
    for number, (dx, dy) in enumerate(_PLACES):
        for start in range(0, pixels, _RAYS_AT_ONCE):
            chosen = index[start : start + _RAYS_AT_ONCE]
            x = ((chosen % size + dx) / size * 2 - 1).astype(np.float32)
            y = (1 - (chosen // size + dy) / size * 2).astype(np.float32)
            _follow(scene, camera, chosen, camera.rays(x, y), camera.half_tangent / size, quality, number, sums)
    quarter = np.float32(1 / len(_PLACES))
    for values in (sums.light, sums.soft, sums.cover):
        values *= quarter
    square = (size, size)
    return Layers(
        sums.light.reshape(*square, 3),
        sums.soft.reshape(*square, 3),
        (sums.open_[:, 0] / np.maximum(sums.open_[:, 1], 1)).reshape(square) + (sums.open_[:, 1] == 0).reshape(square),
        sums.cover.reshape(square),
        (sums.guide * quarter).reshape(*square, 4),
    )


def _follow(
    scene: Scene,
    camera: Camera,
    pixels: NDArray[np.int64],
    towards: Floats,
    spread: float,
    quality: Quality,
    number: int,
    sums: Layers,
) -> None:
    """Follow one bundle of rays until nothing shines through any more; adds to ``sums``."""
    count = len(pixels)
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
        solid = (look.through.max(1) < 0.01) & (weight.max(1) > 0.02)
        if quality.nearby and solid.any():
            some = np.flatnonzero(solid)
            free = openness(scene, at[some], look.normal[some], where[some] * 4 + number, quality.nearby)
            np.add.at(sums.open_, where[some], np.stack([free, np.ones_like(free)], 1))
            _add(sums.soft, where[some], soft[some])
            soft[some] = 0
        _add(sums.light, where, soft + sharp + mirrored)
        if layer == 0:
            _add(sums.guide, where, np.concatenate([look.normal, walked[alive, None]], 1))
        passing[alive] = weight * look.through
        origin[alive] = at + ahead * _STEP
        walked[alive] += _STEP
        alive = alive[passing[alive].max(1) > 0.004]
        if not len(alive):
            break
    sums.cover[pixels] += 1 - passing.mean(1)


def _add(target: Floats, where: NDArray[np.int64], values: Floats) -> None:
    # Within one bundle every pixel occurs once, so plain indexing adds correctly and is ten times np.add.at
    target[where] += values


def _unhidden(scene: Scene, at: Floats, look: Surface, hits: Hits) -> Floats:
    """How much of a mirror image is the studio and not the product itself, which is taken to be darker."""
    shiny = np.flatnonzero(look.mirrored.max(1) > 0.01)
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
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
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
