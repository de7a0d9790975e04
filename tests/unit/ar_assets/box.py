"""A small GLB drawn by hand: a box with two colours as variants, for the tests of shape, pictures and USDZ."""

from __future__ import annotations

import numpy as np

from ar_assets.document import Document

_FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def box(width: float, height: float, depth: float, *, centre: tuple[float, float, float] = (0, 0, 0)) -> Document:
    """A box with flat normals, red or blue by variant."""
    half = np.array([width, height, depth]) / 2
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half + centre
    points: list[np.ndarray] = []
    normals: list[np.ndarray] = []
    order: list[int] = []
    for face in _FACES:
        a, b, c, d = (corners[index] for index in face)
        normal = np.cross(b - a, c - a)
        start = len(points)
        points += [a, b, c, d]
        normals += [normal / np.linalg.norm(normal)] * 4
        order += [start, start + 1, start + 2, start, start + 2, start + 3]
    document = Document({"asset": {"version": "2.0"}}, b"")
    views = [
        document.append(np.array(points, np.float32).tobytes()),
        document.append(np.array(normals, np.float32).tobytes()),
        document.append(np.array(order, np.uint16).tobytes()),
    ]
    low, high = np.min(points, 0).tolist(), np.max(points, 0).tolist()
    document.json |= {
        "accessors": [
            {"bufferView": views[0], "componentType": 5126, "count": 24, "type": "VEC3", "min": low, "max": high},
            {"bufferView": views[1], "componentType": 5126, "count": 24, "type": "VEC3"},
            {"bufferView": views[2], "componentType": 5123, "count": 36, "type": "SCALAR"},
        ],
        "materials": [
            {
                "name": name,
                "pbrMetallicRoughness": {"baseColorFactor": color, "metallicFactor": 0, "roughnessFactor": 0.6},
            }
            for name, color in (("red", [0.8, 0.05, 0.05, 1]), ("blue", [0.05, 0.05, 0.8, 1]))
        ],
        "meshes": [
            {
                "primitives": [
                    {
                        "attributes": {"POSITION": 0, "NORMAL": 1},
                        "indices": 2,
                        "material": 0,
                        "extensions": {
                            "KHR_materials_variants": {
                                "mappings": [{"material": 0, "variants": [0]}, {"material": 1, "variants": [1]}]
                            }
                        },
                    }
                ]
            }
        ],
        "nodes": [{"mesh": 0, "name": "Box"}],
        "scenes": [{"nodes": [0]}],
        "scene": 0,
        "extensionsUsed": ["KHR_materials_variants"],
        "extensions": {"KHR_materials_variants": {"variants": [{"name": "Rosso Été"}, {"name": "青"}]}},
    }
    return document
