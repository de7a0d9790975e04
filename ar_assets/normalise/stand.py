"""Scale and place a whole model: one root node above all others carries it, geometry stays as the brand drew it."""

from __future__ import annotations

import numpy as np

from ar_assets.document import Document
from ar_assets.normalise.shape import Shape

ROOT = "vitrine_root"
_STANDS = ("shoe", "furniture", "other", "clothing")
_NEAR = 1e-3  # of the longest side: closer is where it should be


def offset_for(category: str, shape: Shape, placement: str | None = None) -> tuple[float, float, float]:
    """What moves a model of ``shape`` (metres) to the category's origin.

    Things that stand: middle of the footprint, on the ground. On a wall: middle of the back. Worn on the head, the
    wrist or a finger: nothing, as brands draw them around the wearer; but a model that lies more than its own size away
    from the origin is brought to it by the middle of its bounds.
    """
    low, high, size = shape.low, shape.high, shape.size
    middle = (low + high) / 2
    longest = float(size.max())
    if placement == "wall":
        wanted = np.array([middle[0], middle[1], low[2]])
    elif category in _STANDS:
        wanted = np.array([middle[0], low[1], middle[2]])
    elif float(np.abs(middle).max()) > longest:
        wanted = middle
    else:
        return 0.0, 0.0, 0.0
    if category == "other" and float(np.abs(wanted).max()) < longest:
        # A pivot that the brand chose inside its model is kept; only the ground is put right
        wanted = np.array([0.0, low[1], 0.0])
    wanted = np.where(np.abs(wanted) < _NEAR * longest, 0.0, wanted)
    x, y, z = (float(-value) + 0.0 for value in wanted.tolist())
    return x, y, z


def placed_anew(
    document: Document,
    scale: float,
    offset: tuple[float, float, float],
    rotation: tuple[float, float, float, float] | None = None,
) -> Document:
    """A copy scaled by ``scale``, turned by ``rotation`` and moved by ``offset`` (metres), through one new root node.

    Nothing is changed where none changes anything. Physical lengths that materials state grow with the model.
    """
    done = document.copy()
    if scale == 1.0 and not any(offset) and rotation is None:
        return done
    nodes = done.json.setdefault("nodes", [])
    scenes = done.json.setdefault("scenes", [{"nodes": done.roots()}])
    scene = scenes[done.json.setdefault("scene", 0)]
    nodes.append({"name": ROOT, "children": scene.get("nodes", [])})
    if scale != 1.0:
        nodes[-1]["scale"] = [scale] * 3
        for material in done.items("materials"):
            volume = material.get("extensions", {}).get("KHR_materials_volume", {})
            if "attenuationDistance" in volume:
                # thicknessFactor is in mesh space and scales with the node by itself; this one is in world space
                volume["attenuationDistance"] *= scale
    if rotation is not None:
        nodes[-1]["rotation"] = list(rotation)
    if any(offset):
        nodes[-1]["translation"] = list(offset)
    scene["nodes"] = [len(nodes) - 1]
    return done
