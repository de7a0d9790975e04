"""Writes surfaces on a skeleton as VRM 1.0: binary glTF with the extension VRMC_vrm; nothing is compressed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pygltflib as gl
from numpy.typing import NDArray

Array = NDArray[Any]
_TYPES = {np.dtype(np.float32): 5126, np.dtype(np.uint16): 5123, np.dtype(np.uint8): 5121}


class Bytes:
    """The binary part: arrays become accessors."""

    def __init__(self, model: gl.GLTF2) -> None:
        self._model, self.blob = model, bytearray()

    def add(
        self, array: Array, kind: str, *, target: int | None = None, bounds: bool = False, normalised: bool = False
    ) -> int:
        """The accessor's number."""
        view = gl.BufferView(buffer=0, byteOffset=len(self.blob), byteLength=array.nbytes, target=target)
        self._model.bufferViews.append(view)
        self.blob += array.tobytes()
        self.blob += b"\0" * (-len(self.blob) % 4)
        accessor = gl.Accessor(
            bufferView=len(self._model.bufferViews) - 1,
            componentType=_TYPES[array.dtype],
            count=array.size if kind == "SCALAR" else len(array),
            type=kind,
            normalized=normalised,
        )
        if bounds:
            accessor.min, accessor.max = array.min(axis=0).tolist(), array.max(axis=0).tolist()
        self._model.accessors.append(accessor)
        return len(self._model.accessors) - 1

    def morph(self, offsets: Array) -> int:
        """The accessor's number of a morph target; one that moves nothing takes no bytes."""
        if offsets.any():
            return self.add(offsets, "VEC3", target=34962, bounds=True)
        accessor = gl.Accessor(componentType=5126, count=len(offsets), type="VEC3", min=[0.0] * 3, max=[0.0] * 3)
        accessor.byteOffset = None
        self._model.accessors.append(accessor)
        return len(self._model.accessors) - 1


def linear(colour: str) -> list[float]:
    """A CSS colour as glTF wants it."""
    srgb = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    light = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return [*(round(float(value), 5) for value in light), 1.0]


def normals(points: Array, faces: Array) -> Array:
    """Smooth, weighted by the triangles' areas."""
    a, b, c = (points[faces[:, n]] for n in range(3))
    flat = np.cross(b - a, c - a)
    sums = np.zeros_like(points)
    for n in range(3):
        np.add.at(sums, faces[:, n], flat)
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.where(length > 1e-12, sums / np.maximum(length, 1e-12), [0.0, 0.0, 1.0])
