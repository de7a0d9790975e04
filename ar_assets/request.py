"""What a run of the pipeline is asked for, and how it tells where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ar_assets.categories import Category, Placement

Pose = tuple[tuple[float, float, float], tuple[float, float, float, float]]
"""Position in metres in model space, rotation as a quaternion x, y, z, w."""


class Step(StrEnum):
    """What `process` is doing, in this order; pages have a text for each."""

    GATE = "gate"
    IMPORT = "import"
    VALIDATE = "validate"
    NORMALISE = "normalise"
    ANCHORS = "anchors"
    OPTIMISE = "optimise"
    LEVELS = "levels"
    USDZ = "usdz"
    PICTURES = "pictures"
    VERIFY = "verify"
    PUBLISH = "publish"


class Progress(Protocol):
    """Hears how far the work is."""

    def step(self, step: Step, fraction: float) -> None:
        """``step`` has begun or moved on; ``fraction`` of the whole work (0 to 1) is done and never falls.

        May raise to stop the work: the error passes through `process` unchanged, after the output was removed.
        """


class Silence:
    """Hears nothing."""

    def step(self, step: Step, fraction: float) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class ProcessOptions:
    """What the brand says about its upload; everything may be left to the defaults.

    ``stated_size_m`` is width, height, depth of the product page in metres; ``unit`` (m, cm, mm, inch, ft) overrides
    the unit found; ``up`` (y, z) says which axis points up in the file. ``anchors`` replaces the guess by what the
    brand placed in the editor, by anchor name. ``placement`` overrides the guess for rooms. ``usdz`` and ``pictures``
    can be left out for quick runs.
    """

    category: Category = Category.OTHER
    stated_size_m: tuple[float, float, float] | None = None
    unit: str | None = None
    up: str | None = None
    anchors: Mapping[str, Pose] | None = None
    placement: Placement | None = None
    usdz: bool = True
    pictures: bool = True
