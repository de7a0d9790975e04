"""Anchors: named places on a product where a body part, a wall or the floor meets it.

The names per category are a contract with the try-on code and the editor. All positions are metres in model space
(+Y up, +Z to the front), rotations are unit quaternions (x, y, z, w). On things that are worn, +X is the wearer's
left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ar_assets.errors import Refused

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
UPRIGHT: Quaternion = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Anchor:
    """One named place. ``rotation`` turns the anchor's own axes (see ``AnchorKind.axes``) into model space."""

    name: str
    position: Vector
    rotation: Quaternion = UPRIGHT

    def to_json(self) -> dict[str, Any]:
        """As in facts.json and ``asset.extras.vitrine``."""
        return {"name": self.name, "position": list(self.position), "rotation": list(self.rotation)}

    @classmethod
    def from_json(cls, data: Any) -> Anchor:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: Not an anchor, or a number that is not finite.
        """
        if not isinstance(data, dict) or not isinstance(data.get("name"), str):
            raise ValueError("an anchor has a name, a position and a rotation")
        x, y, z = _numbers(data.get("position"), 3)
        a, b, c, d = _numbers(data.get("rotation", UPRIGHT), 4)
        return cls(data["name"], (x, y, z), (a, b, c, d))


@dataclass(frozen=True)
class AnchorKind:
    """One place that a category asks for.

    ``axes`` says what the anchor's own axes mean; ``mirror`` names its twin on the other side of x = 0 (the
    editor moves both at once unless told otherwise).
    """

    name: str
    meaning: str
    axes: str = "as the model's"
    mirror: str | None = None


_AXIS = "+Y along the axis, +Z to the face that is looked at"
SCHEMA: dict[str, tuple[AnchorKind, ...]] = {
    "glasses": (
        AnchorKind("bridge", "where the frame rests on the nose, between the lenses"),
        AnchorKind("temple_left", "end of the left temple, behind the wearer's left ear", mirror="temple_right"),
        AnchorKind("temple_right", "end of the right temple, behind the wearer's right ear", mirror="temple_left"),
    ),
    "hat": (
        AnchorKind("crown_rim", "centre of the opening for the head", "+Y out of the crown, +Z to the brow"),
        AnchorKind("front", "middle of the front edge, above the brow"),
    ),
    "earring": (AnchorKind("hook", "where it passes through the ear lobe"),),
    "necklace": (
        AnchorKind("neck_front", "lowest point at the front, on the breastbone"),
        AnchorKind("neck_left", "where it passes the wearer's left shoulder", mirror="neck_right"),
        AnchorKind("neck_right", "where it passes the wearer's right shoulder", mirror="neck_left"),
    ),
    "watch": (
        AnchorKind("wrist_centre", "centre of the opening for the wrist"),
        AnchorKind("wrist_axis", "direction of the arm through the opening", _AXIS),
    ),
    "bracelet": (
        AnchorKind("wrist_centre", "centre of the opening for the wrist"),
        AnchorKind("wrist_axis", "direction of the arm through the opening", _AXIS),
    ),
    "ring": (
        AnchorKind("finger_centre", "centre of the opening for the finger"),
        AnchorKind("finger_axis", "direction of the finger through the opening", _AXIS),
    ),
    "shoe": (
        AnchorKind("heel", "rear end of the sole, on the ground"),
        AnchorKind("toe", "front end of the sole, on the ground"),
        AnchorKind("ankle", "centre of the opening for the foot"),
    ),
    "clothing": (
        AnchorKind("collar", "middle of the collar at the front"),
        AnchorKind("shoulder_left", "outer end of the left shoulder seam", mirror="shoulder_right"),
        AnchorKind("shoulder_right", "outer end of the right shoulder seam", mirror="shoulder_left"),
    ),
    "lipstick": (),
    "other": (),
}
CONTACT = {
    "floor": AnchorKind("floor_contact", "middle of where it stands"),
    "table": AnchorKind("table_contact", "middle of where it stands"),
    "wall": AnchorKind("wall_contact", "middle of where it touches the wall", "+Z away from the wall"),
}


def kinds(category: str, placement: str | None = None) -> tuple[AnchorKind, ...]:
    """The anchors that a category asks for; furniture has one, by where it is placed (floor unless told)."""
    if category == "furniture":
        return (CONTACT[placement or "floor"],)
    if category not in SCHEMA:
        raise ValueError(f"no such category: {category!r}")
    return SCHEMA[category]


def checked(sent: Any, category: str, placement: str | None, low: Vector, high: Vector) -> tuple[Anchor, ...]:
    """Anchors as an editor sent them, checked against the category and the model's bounds (``low``, ``high``).

    Every name of the category exactly once, every number finite, every position within the bounds grown to twice their
    size (an anchor may lie in the air beside the model, not a street away), rotations of a usable length; they come
    back in the category's order with rotations of length one.

    Raises:
        Refused: Code ``anchors_wrong``, with a sentence for the editor.
    """
    wanted = [kind.name for kind in kinds(category, placement)]
    if not isinstance(sent, list) or len(sent) > 16:
        raise _wrong("they are not a list")
    found: dict[str, Anchor] = {}
    for item in sent:
        try:
            anchor = Anchor.from_json(item)
        except ValueError as error:
            raise _wrong(str(error)) from error
        if anchor.name not in wanted:
            raise _wrong(f"{category} has no anchor named {anchor.name[:40]!r}")
        if anchor.name in found:
            raise _wrong(f"{anchor.name} is there twice")
        reach = max(b - a for a, b in zip(low, high, strict=True))
        for value, a, b in zip(anchor.position, low, high, strict=True):
            # A flat side has no size of its own to grow by, so a tenth of the largest is always allowed.
            slack = max((b - a) / 2, reach / 10)
            if not a - slack <= value <= b + slack:
                raise _wrong(f"{anchor.name} lies far outside the model")
        found[anchor.name] = Anchor(anchor.name, anchor.position, _unit(anchor))
    if missing := [name for name in wanted if name not in found]:
        raise _wrong(f"{', '.join(missing)} missing")
    return tuple(found[name] for name in wanted)


def _wrong(reason: str) -> Refused:
    return Refused("anchors_wrong", f"These anchors cannot be used: {reason}.")


def _unit(anchor: Anchor) -> Quaternion:
    length = math.sqrt(sum(part * part for part in anchor.rotation))
    if not 0.5 <= length <= 2.0:
        raise _wrong(f"the rotation of {anchor.name} is no unit quaternion")
    x, y, z, w = (part / length for part in anchor.rotation)
    return (x, y, z, w)


def _numbers(value: Any, count: int) -> list[float]:
    if not isinstance(value, list | tuple) or len(value) != count:
        raise ValueError(f"{count} numbers expected")
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in value):
        raise ValueError(f"{count} numbers expected")
    numbers = [float(part) for part in value]
    if not all(math.isfinite(part) and abs(part) < 1e6 for part in numbers):
        raise ValueError("a number is not finite")
    return numbers
