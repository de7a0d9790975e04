"""A first guess of the anchors from shape and category, for the brand to correct in the editor.

Rules of thumb on the cloud of points (metres, +Y up, +Z to the front, see `model`); each says where it looks. A guess
is always inside the bounds and never fails: what a shape does not show falls back to the bounding box.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ar_assets.anchors.model import UPRIGHT, Anchor, kinds
from ar_assets.anchors.placing import quaternion
from ar_assets.categories import Category, Placement

_SECTORS = 12
_FEWEST_IN_RING = 12

Points = NDArray[np.float64]
Spot = NDArray[np.float64]


def guess(points: Points, category: Category, placement: Placement | None = None) -> tuple[Anchor, ...]:
    """Every anchor that the category asks for, in its order; none for a shape without points."""
    wanted = [kind.name for kind in kinds(category.value, placement.value if placement else None)]
    if not wanted or not len(points):
        return ()
    if category is Category.FURNITURE:
        return (Anchor(wanted[0], _tuple(contact(points, placement or Placement.FLOOR))),)
    if category in (Category.WATCH, Category.BRACELET, Category.RING):
        centre, turned = opening(points)
        return Anchor(wanted[0], _tuple(centre)), Anchor(wanted[1], _tuple(centre), turned)
    spots = _RULES[category](points)
    return tuple(Anchor(name, _tuple(spots[name]), UPRIGHT) for name in wanted)


def guess_placement(size_m: tuple[float, float, float], category: Category) -> Placement | None:
    """Where it goes in a room: thin and upright on the wall, small on the table, else on the floor; None when worn."""
    if category.is_worn or category is Category.LIPSTICK:
        return None
    width, height, depth = size_m
    if depth < 0.12 * min(width, height) and height > 0.2:
        return Placement.WALL
    return Placement.TABLE if max(size_m) <= 0.55 else Placement.FLOOR


def contact(points: Points, placement: Placement) -> Spot:
    """Middle of the feet (lowest 2 % of the height), or of the back for what hangs on a wall."""
    low, high = points.min(0), points.max(0)
    if placement is Placement.WALL:
        return np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    feet = points[points[:, 1] <= low[1] + 0.02 * (high[1] - low[1])]
    middle = (feet.min(0) + feet.max(0)) / 2
    return np.array([middle[0], low[1], middle[2]])


def opening(points: Points) -> tuple[Spot, tuple[float, float, float, float]]:
    """Centre and pose of the hole of a ring, watch or bracelet: +Y through the hole, +Z to where it is thickest.

    Of the three axes of the bounding box the one whose line through the middle keeps farthest from every point.
    """
    low, high = points.min(0), points.max(0)
    middle = (low + high) / 2
    offsets = points - middle

    def clearance(axis: int) -> float:
        across = [other for other in range(3) if other != axis]
        radius = float(np.linalg.norm(offsets[:, across], axis=1).min())
        return radius / max(1e-9, float((high - low)[across].max()))

    axis = max(range(3), key=clearance)
    across = [other for other in range(3) if other != axis]
    # The face of a watch, the stone of a ring: the side to which most of the points lie
    mass = offsets.mean(0)
    side = max(across, key=lambda other: abs(float(mass[other])))
    face = np.zeros(3)
    face[side] = 1.0 if mass[side] >= 0 else -1.0
    through = np.zeros(3)
    through[axis] = 1.0
    right = np.cross(through, face)
    return middle, quaternion(np.stack([right, through, face], 1))


def _near(points: Points, mask: NDArray[np.bool_], otherwise: Spot) -> Spot:
    """Mean of the chosen points."""
    chosen = points[mask]
    return np.asarray(chosen.mean(0)) if len(chosen) else otherwise


def _glasses(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    size, middle = high - low, (low + high) / 2
    central = (np.abs(points[:, 0] - middle[0]) < 0.06 * size[0]) & (points[:, 2] > middle[2])
    bridge = _near(points, central, np.array([middle[0], low[1] + 0.62 * size[1], high[2]]))
    ends = points[:, 2] < low[2] + 0.06 * size[2]
    spots = {"bridge": np.array([middle[0], bridge[1], bridge[2]])}
    for name, side in (("temple_left", 1.0), ("temple_right", -1.0)):
        corner = np.array([middle[0] + side * size[0] / 2, middle[1], low[2]])
        spots[name] = _near(points, ends & (side * (points[:, 0] - middle[0]) > 0), corner)
    return spots


def _hat(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    found = _head_opening(points)
    if found is not None:
        (x, y, z), radius = found
        ring = points[np.abs(points[:, 1] - y) <= 0.04 * (high[1] - low[1])]
        ahead = ring[(np.abs(ring[:, 0] - x) < 0.25 * radius) & (ring[:, 2] > z)]
        brow = float(ahead[:, 2].min()) if len(ahead) else z + radius
        return {"crown_rim": np.array([x, y, z]), "front": np.array([x, y, brow])}
    crown = points[points[:, 1] > low[1] + 0.5 * (high[1] - low[1])]
    inner, outer = crown.min(0), crown.max(0)
    rim = low[1] + 0.12 * (high[1] - low[1])
    x, z = (inner[0] + outer[0]) / 2, (inner[2] + outer[2]) / 2
    return {"crown_rim": np.array([x, rim, z]), "front": np.array([x, rim, outer[2]])}


def _head_opening(points: Points) -> tuple[Spot, float] | None:
    """Centre and radius of the widest hole that a ring of points closes, at its lowest; None where there is none.

    Looked for in slices of the lower half: what hangs beside it (bells, flaps) or sticks out (a brim) does not move it.
    """
    low, high = points.min(0), points.max(0)
    height, wide = high[1] - low[1], float((high - low)[[0, 2]].max())
    found: list[tuple[float, float, float, float]] = []
    for step in range(14):
        bottom = low[1] + 0.04 * step * height
        some = points[(points[:, 1] >= bottom) & (points[:, 1] < bottom + 0.08 * height)][:, [0, 2]]
        if len(some) >= _FEWEST_IN_RING and (hole := _widest_hole(some[:: 1 + len(some) // 2000])) is not None:
            found.append((*hole, bottom + 0.04 * height))
    widest = max((radius for _, _, radius, _ in found), default=0.0)
    if widest < 0.06 * wide:
        return None
    for x, z, radius, y in found:
        if radius > 0.75 * widest:
            return np.array([x, y, z]), radius
    return None


def _widest_hole(flat: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Of points (n, 2): place and radius of the largest circle without points that has points on all sides."""
    low, high = flat.min(0), flat.max(0)
    best = None
    middle, step = (low + high) / 2, (high - low) / 2
    for _ in range(3):  # a grid over all, then finer ones around the best
        line = np.linspace(-1, 1, 17)
        spots = middle + np.stack(np.meshgrid(line, line), -1).reshape(-1, 2) * step
        away = np.linalg.norm(spots[:, None] - flat[None], axis=2)
        radii = away.min(1)
        for index in np.argsort(-radii):
            near = flat[away[index] < 1.8 * radii[index]] - spots[index]
            sectors = np.unique(np.floor(np.arctan2(near[:, 1], near[:, 0]) / (2 * np.pi) * _SECTORS))
            if len(sectors) >= _SECTORS - 1:
                if best is None or radii[index] > best[2]:
                    best = (float(spots[index][0]), float(spots[index][1]), float(radii[index]))
                break
        if best is None:
            return None
        middle, step = np.array(best[:2]), step / 6
    return best


def _earring(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    return {"hook": _near(points, points[:, 1] > high[1] - 0.04 * (high[1] - low[1]), (low + high) / 2)}


def _necklace(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    size, middle = high - low, (low + high) / 2
    spots = {"neck_front": _near(points, points[:, 1] < low[1] + 0.03 * size[1], middle)}
    upper = points[:, 1] > middle[1]
    for name, side in (("neck_left", 1.0), ("neck_right", -1.0)):
        far = side * (points[:, 0] - middle[0]) > 0.44 * size[0]
        spots[name] = _near(points, far & upper, np.array([middle[0] + side * size[0] / 2, high[1], middle[2]]))
    return spots


def _shoe(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    size, middle = high - low, (low + high) / 2
    along = 2 if size[2] >= size[0] else 0
    top = points[points[:, 1] > high[1] - 0.08 * size[1]].mean(0)
    # the foot goes in above the heel, so the toe is at the other end
    toe_is_high = bool(top[along] < middle[along])
    sole = points[:, 1] < low[1] + 0.15 * size[1]
    ends = {}
    for name, is_high in (("toe", toe_is_high), ("heel", not toe_is_high)):
        edge = high[along] if is_high else low[along]
        spot = _near(points, sole & (np.abs(points[:, along] - edge) < 0.08 * size[along]), middle.copy())
        spot[1], spot[along] = low[1], edge
        ends[name] = spot
    return {**ends, "ankle": np.array([top[0], high[1], top[2]])}


def _clothing(points: Points) -> dict[str, Spot]:
    low, high = points.min(0), points.max(0)
    size, middle = high - low, (low + high) / 2
    central = (np.abs(points[:, 0] - middle[0]) < 0.1 * size[0]) & (points[:, 2] > middle[2])
    neck = points[central]
    collar = neck[neck[:, 1].argmax()] if len(neck) else np.array([middle[0], high[1], high[2]])
    upper = points[points[:, 1] > high[1] - 0.18 * size[1]]
    spots = {"collar": np.array([middle[0], collar[1], collar[2]])}
    for name, side in (("shoulder_left", 1.0), ("shoulder_right", -1.0)):
        spots[name] = upper[(side * upper[:, 0]).argmax()]
    return spots


_RULES: dict[Category, Callable[[Points], dict[str, Spot]]] = {
    Category.GLASSES: _glasses,
    Category.HAT: _hat,
    Category.EARRING: _earring,
    Category.NECKLACE: _necklace,
    Category.SHOE: _shoe,
    Category.CLOTHING: _clothing,
}


def _tuple(spot: Spot) -> tuple[float, float, float]:
    x, y, z = (round(float(part), 6) + 0.0 for part in spot)
    return x, y, z
