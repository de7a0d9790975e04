"""Pictures of a GLB without a browser: rays by Embree, shading by NumPy, the same pixels on every run.

For posters, thumbnails, turntables and for judging whether an optimised file still looks like the input.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ar_assets.document import Document

Picture = NDArray[np.uint8]
"""(height, width, 4), sRGB with straight alpha."""
Frame = tuple[NDArray[np.float64], float]
"""Centre (3,) and radius of the ball that the camera looks at."""


def views(
    glb: bytes | Path | Document, count: int = 8, size: int = 320, *, frame: Frame | None = None
) -> list[Picture]:
    """``count`` square pictures from all around, ``size`` pixels wide, on transparent ground.

    ``frame`` is what the cameras look at; hand the input's (`frame_of`) to every file that is compared with it.
    """
    raise NotImplementedError


def frame_of(glb: bytes | Path | Document) -> Frame:
    """What the cameras look at for this model: middle and radius of its bounds."""
    raise NotImplementedError


def poster(glb: bytes | Path | Document, *, size: int = 1200, category: str = "other") -> Picture:
    """One large picture from the category's best side, with a soft shadow on the ground where the product stands."""
    raise NotImplementedError


def turntable(
    glb: bytes | Path | Document, *, size: int = 480, frames: int = 24, category: str = "other"
) -> list[Picture]:
    """One turn around the upright axis, for a short animation."""
    raise NotImplementedError


def webp(picture: Picture, quality: int = 86) -> bytes:
    """A still WebP."""
    raise NotImplementedError


def webp_loop(pictures: list[Picture], *, seconds: float = 4.0, quality: int = 72) -> bytes:
    """An endless WebP animation."""
    raise NotImplementedError
