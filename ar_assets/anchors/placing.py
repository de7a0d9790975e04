"""Anchors in the file: named empty nodes at the root and, as optimisers delete empty nodes, in ``asset.extras`` too.

``asset.extras.vitrine`` is the truth when the two differ: nodes are there for people and for other tools.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ar_assets.anchors.model import Anchor
from ar_assets.document import Document, Json

PREFIX = "anchor_"
"""Node names start with it, so that a mesh named "front" is never taken for an anchor (three.js strips colons)."""


def write(document: Document, anchors: Iterable[Anchor], *, category: str) -> None:
    """Put anchors into ``document`` (changed in place), replacing those that are there."""
    remove(document)
    chosen = list(anchors)
    nodes = document.json.setdefault("nodes", [])
    scenes = document.json.setdefault("scenes", [{"nodes": document.roots()}])
    scene = scenes[document.json.setdefault("scene", 0)]
    for anchor in chosen:
        scene.setdefault("nodes", []).append(len(nodes))
        nodes.append(
            {
                "name": PREFIX + anchor.name,
                "translation": list(anchor.position),
                "rotation": list(anchor.rotation),
                "extras": {"vitrine": {"anchor": anchor.name}},
            }
        )
    extras = _extras(document, make=True)
    extras["category"] = category
    extras["anchors"] = [anchor.to_json() for anchor in chosen]


def read(document: Document) -> tuple[Anchor, ...]:
    """The anchors of a document: from ``asset.extras.vitrine``, else from nodes; empty where there are none.

    Entries that are no anchors (a brand's own extras) are passed over.
    """
    found: dict[str, Anchor] = {}
    for item in _list(_extras(document).get("anchors")):
        try:
            anchor = Anchor.from_json(item)
        except ValueError:
            continue
        found.setdefault(anchor.name, anchor)
    return tuple(found.values()) if found else in_nodes(document)


def in_nodes(document: Document) -> tuple[Anchor, ...]:
    """The anchors that exist as nodes, wherever an optimiser or an artist has hung them."""
    found: dict[str, Anchor] = {}
    for index, matrix in document.placed():
        name = _anchor_name(document.items("nodes")[index])
        if name is None or name in found:
            continue
        axes = matrix[:3, :3]
        lengths = (axes**2).sum(0) ** 0.5
        x, y, z = (float(value) for value in matrix[:3, 3].tolist())
        turned = quaternion(axes / lengths) if lengths.min() > 1e-9 else (0.0, 0.0, 0.0, 1.0)
        found[name] = Anchor(name, (x, y, z), turned)
    return tuple(found.values())


def remove(document: Document) -> None:
    """Take the anchors of an earlier run out: their nodes and their entries in ``asset.extras``."""
    nodes = document.items("nodes")
    gone = {index for index, node in enumerate(nodes) if _is_ours(node)}
    if gone:
        holders = [(node, "children") for node in nodes] + [(scene, "nodes") for scene in document.items("scenes")]
        for holder, key in holders:
            kept = [index for index in holder.get(key, []) if index not in gone]
            if kept:
                holder[key] = kept
            else:
                holder.pop(key, None)
        _drop_nodes(document, gone)
    _extras(document).pop("anchors", None)


def _drop_nodes(document: Document, gone: set[int]) -> None:
    """Remove nodes for good and renumber what points to nodes (glTF 2.0: children, scenes, skins, animations)."""
    nodes = document.items("nodes")
    kept = [index for index in range(len(nodes)) if index not in gone]
    number = {old: new for new, old in enumerate(kept)}
    for node in nodes:
        if "children" in node:
            node["children"] = [number[child] for child in node["children"]]
    for scene in document.items("scenes"):
        if "nodes" in scene:
            scene["nodes"] = [number[root] for root in scene["nodes"]]
    for skin in document.items("skins"):
        skin["joints"] = [number[joint] for joint in skin.get("joints", []) if joint in number]
        if skin.get("skeleton") in number:
            skin["skeleton"] = number[skin["skeleton"]]
    for animation in document.items("animations"):
        for channel in animation.get("channels", []):
            target = channel.get("target", {})
            if target.get("node") in number:
                target["node"] = number[target["node"]]
    document.json["nodes"] = [nodes[index] for index in kept]


def _anchor_name(node: Json) -> str | None:
    told = node.get("extras")
    told = told.get("vitrine") if isinstance(told, dict) else None
    if isinstance(told, dict) and isinstance(told.get("anchor"), str):
        return str(told["anchor"])
    name = node.get("name")
    return name[len(PREFIX) :] if isinstance(name, str) and name.startswith(PREFIX) else None


def _is_ours(node: Json) -> bool:
    return _anchor_name(node) is not None and not {"mesh", "skin", "camera", "children"} & node.keys()


def _extras(document: Document, *, make: bool = False) -> Json:
    asset = document.json.setdefault("asset", {"version": "2.0"})
    extras = asset.get("extras")
    ours = extras.get("vitrine") if isinstance(extras, dict) else None
    if isinstance(ours, dict):
        return ours
    fresh: Json = {}
    if make:
        asset["extras"] = {**(extras if isinstance(extras, dict) else {}), "vitrine": fresh}
    return fresh


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def quaternion(axes: Any) -> tuple[float, float, float, float]:
    """The unit quaternion (x, y, z, w) of a rotation (3, 3) (Shepperd's method: divide by the largest part)."""
    m = [[float(value) for value in row] for row in axes]
    trace = m[0][0] + m[1][1] + m[2][2]
    parts = [m[0][0], m[1][1], m[2][2], trace]
    largest = parts.index(max(parts))
    if largest == 3:
        q = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1], 1 + trace]
    else:
        i, j, k = largest, (largest + 1) % 3, (largest + 2) % 3
        q = [0.0, 0.0, 0.0, m[k][j] - m[j][k]]
        q[i] = 1 + m[i][i] - m[j][j] - m[k][k]
        q[j] = m[j][i] + m[i][j]
        q[k] = m[k][i] + m[i][k]
    length = sum(part * part for part in q) ** 0.5 or 1.0
    x, y, z, w = (part / length for part in q)
    return (x, y, z, w) if w >= 0 else (-x, -y, -z, -w)
