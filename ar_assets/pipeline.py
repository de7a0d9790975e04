"""From a brand's upload to the files that the player loads: `process`.

Between the steps a model is a **plain GLB** on disk: valid by the Khronos validator, no mesh compression, no
quantisation (float positions, normals, texture coordinates), no sparse accessors, one buffer, textures inside as PNG,
JPEG or WebP (EXT_texture_webp), extras and empty nodes kept. Import makes it, normalising and anchors write it anew,
rendering, USDZ and facts read it, and what the encoder wrote is decoded into it again before it is judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from ar_assets.categories import Category, Placement
from ar_assets.report import Report

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


@dataclass(frozen=True)
class ProcessOptions:
    """What the brand says about its upload; everything may be left to the defaults.

    ``stated_size_m`` is width, height, depth of the product page in metres; ``unit`` (m, cm, mm, inch, ft) overrides
    the unit found. ``anchors`` replaces the guess by what the brand placed in the editor, by anchor name.
    ``placement`` overrides the guess for rooms. ``usdz`` and ``pictures`` can be left out for quick runs.
    """

    category: Category = Category.OTHER
    stated_size_m: tuple[float, float, float] | None = None
    unit: str | None = None
    anchors: Mapping[str, Pose] | None = None
    placement: Placement | None = None
    usdz: bool = True
    pictures: bool = True


def process(source: Path, out: Path, options: ProcessOptions, progress: Progress | None = None) -> Report:
    """Turn the upload ``source`` into the published files in ``out`` (made if missing, must be empty).

    Blocks for seconds; wants a process of its own where untrusted files are handled, because native decoders run
    here. Starts and ends its own Node worker. On any error ``out`` is left empty.

    Raises: Refused (tell the brand), StepFailed (ours), WorkerLost (retry), OSError (disk), ValueError (options).
    """
    raise NotImplementedError((source, out, options, progress))
