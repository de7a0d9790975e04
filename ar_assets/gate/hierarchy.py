"""Nodes and scenes: a forest of bounded size and depth, each node under one parent at most."""

from __future__ import annotations

from ar_assets.gate.limits import Limits
from ar_assets.gate.refusals import Reason, refuse
from ar_assets.gate.shape import Json, numbers, objects, reference, references

_TRANSFORM = {"translation": 3, "rotation": 4, "scale": 3, "matrix": 16}


def check_hierarchy(document: Json, limits: Limits) -> None:
    """Refuse cycles, second parents, deep chains, and scenes that name nodes which are not there. Raises: Refused."""
    nodes = objects(document, "nodes")
    if len(nodes) > limits.nodes:
        raise refuse(Reason.TOO_MANY_PARTS, count=len(nodes), what="nodes", limit=limits.nodes)
    counts = {kind: len(objects(document, kind)) for kind in ("meshes", "skins", "cameras", "scenes")}
    children: list[list[int]] = []
    parents = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        where = f"nodes[{index}]"
        for key, count in _TRANSFORM.items():
            numbers(node, key, where, count)
        reference(node, "mesh", where, counts["meshes"])
        reference(node, "skin", where, counts["skins"])
        reference(node, "camera", where, counts["cameras"])
        children.append(references(node, "children", where, len(nodes)))
        for one in children[-1]:
            if parents[one] != -1 or one == index:
                raise refuse(Reason.NODE_CYCLE, node=one)
            parents[one] = index
    _check_depth(children, parents, limits)
    for index, scene in enumerate(objects(document, "scenes")):
        for root in references(scene, "nodes", f"scenes[{index}]", len(nodes)):
            if parents[root] != -1:
                raise refuse(Reason.NODE_CYCLE, node=root)
    reference(document, "scene", "", counts["scenes"])


def _check_depth(children: list[list[int]], parents: list[int], limits: Limits) -> None:
    """With one parent each, what cannot be reached from a root is a cycle."""
    level = [index for index, parent in enumerate(parents) if parent == -1]
    reached = depth = 0
    while level:
        depth += 1
        reached += len(level)
        if depth > limits.node_depth:
            raise refuse(Reason.NODES_TOO_DEEP, limit=limits.node_depth)
        level = [one for index in level for one in children[index]]
    if reached != len(children):
        inside = next(index for index in range(len(children)) if _returns(index, parents))
        raise refuse(Reason.NODE_CYCLE, node=inside)


def _returns(start: int, parents: list[int]) -> bool:
    at, steps = parents[start], 0
    while at not in (-1, start) and steps <= len(parents):
        at, steps = parents[at], steps + 1
    return at == start
