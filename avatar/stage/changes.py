"""Which pixels differ between two poses: what need not be drawn again is neither drawn, nor converted, nor sent."""

from __future__ import annotations

from typing import NamedTuple

from avatar.stage.arms import Arm, arm_box
from avatar.stage.face import (
    HEAD_BOX,
    JAW_BOX,
    NECK,
    UPPER_BOX,
    Face,
    jaw_of,
    same_lower,
    same_upper,
)
from avatar.stage.figure import TORSO_BOX, Pose
from avatar.stage.lips import MOUTH_BOX
from avatar.stage.placement import Area, Box, Placement, turned


class Placed(NamedTuple):
    """A pose where it is drawn: head and torso move by whole pixels, so less than one changes nothing."""

    head: tuple[int, int]
    """The pixel of the head's origin."""
    tilt: float
    torso_y: int
    """The row of the torso's origin."""
    face: Face
    left: Arm
    right: Arm


def placed(pose: Pose, at: Placement) -> Placed:
    """Where a pose is drawn."""
    head = (
        round(at.x + at.scale * pose.head[0]),
        round(at.y + at.scale * (pose.head[1] - 0.6 * pose.breath)),
    )
    torso_y = round(at.y - at.scale * pose.breath)
    return Placed(head, pose.tilt, torso_y, pose.face, pose.left, pose.right)


def head_box(figure: Placed, at: Placement, part: Box = HEAD_BOX) -> Box:
    """What the head, or a part of it, covers; in pixels."""
    return at.pixels(turned(part, figure.tilt, NECK), *figure.head)


def torso_box(figure: Placed, at: Placement) -> Box:
    """What the torso covers above the desk; in pixels."""
    left, top, right, bottom = at.pixels(TORSO_BOX, at.x, figure.torso_y)
    return left, top, right, min(bottom, at.desk_line + 2 * at.scale)


def changed(before: Placed, now: Placed, at: Placement) -> tuple[Area, ...]:
    """Where the picture is to be drawn again; at most five areas, which may overlap a little."""
    parts: list[Box] = []
    if (before.head, before.tilt) != (now.head, now.tilt):
        parts.append(_both(head_box(before, at), head_box(now, at)))
    elif before.face != now.face:
        if not same_upper(before.face, now.face):
            parts.append(head_box(now, at, UPPER_BOX))
        if jaw_of(before.face) != jaw_of(now.face):
            parts.append(head_box(now, at, JAW_BOX))
        elif not same_lower(before.face, now.face):
            parts.append(head_box(now, at, MOUTH_BOX))
    if before.torso_y != now.torso_y:
        parts.append(_both(torso_box(before, at), torso_box(now, at)))
    for side, old, new in ((-1, before.left, now.left), (1, before.right, now.right)):
        if old != new:
            parts.append(at.pixels(_both(arm_box(old, side), arm_box(new, side))))
    return tuple(area for part in _joined(parts) if (area := at.area(part)) is not None)


def _both(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _size(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _joined(parts: list[Box]) -> list[Box]:
    """The same ground in as few boxes as pay: two that overlap much are one."""
    joined: list[Box] = []
    for part in parts:
        for n, other in enumerate(joined):
            both = _both(part, other)
            if _size(both) <= 1.05 * (_size(part) + _size(other)):
                joined[n] = both
                break
        else:
            joined.append(part)
    return joined
