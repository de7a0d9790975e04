"""A camera with a face in it: scikit-image's astronaut, moved along a known path, as y4m for Chromium.

Each frame carries its number as a row of black and white squares, so whoever sees a frame knows where its face is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from skimage import data

WIDTH, HEIGHT, FPS = 640, 480, 15
CODE_BITS = 10
CODE_PX = 16
"""The squares are this large, in the lowest rows: chroma subsampling and the encoder leave them readable."""

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Step:
    """How the still picture is moved in one frame, around the face."""

    dx_px: float = 0.0
    dy_px: float = 0.0
    degrees: float = 0.0
    scale: float = 1.0

    def matrix(self) -> npt.NDArray[np.float64]:
        """From places in the still picture to places in this frame, 3 x 3."""
        angle = math.radians(self.degrees)
        a, b = self.scale * math.cos(angle), self.scale * math.sin(angle)
        turn = np.array([[a, -b], [b, a]])
        shift = np.array(FACE) + (self.dx_px, self.dy_px) - turn @ np.array(FACE)
        return np.array([[a, -b, shift[0]], [b, a, shift[1]], [0.0, 0.0, 1.0]])


FACE = (330.0, 230.0)
"""About the middle of the face in the still picture."""


def still() -> Picture:
    """The face in a camera's picture, 640 x 480."""
    astronaut: Picture = data.astronaut()  # type: ignore[no-untyped-call]
    # 320 x 240 around the head, twice as large
    crop = Image.fromarray(astronaut[0:240, 60:380])
    return np.asarray(crop.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))


def path(frames: int) -> list[Step]:
    """A calm sway: to the sides, tilting, nearer and farther; the first third of it stands still."""
    rest = frames // 3
    steps = [Step()] * rest
    for index in range(frames - rest):
        t = 2 * math.pi * index / (frames - rest)
        steps.append(
            Step(
                dx_px=45 * math.sin(t),
                dy_px=18 * math.sin(2 * t),
                degrees=12 * math.sin(t),
                scale=1 + 0.12 * math.sin(2 * t),
            )
        )
    return steps


def frame(picture: Picture, step: Step, number: int | None) -> Picture:
    """One frame of the path, with its number when asked for."""
    back = np.linalg.inv(step.matrix())
    # PIL reads the middle of a pixel at (x + 0.5, y + 0.5)
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    read = (half @ back @ np.linalg.inv(half))[:2].ravel()
    moved = Image.fromarray(picture).transform(
        (WIDTH, HEIGHT), Image.Transform.AFFINE, data=tuple(read), resample=Image.Resampling.BICUBIC
    )
    drawn: Picture = np.array(moved, dtype=np.uint8)
    if number is not None:
        for bit in range(CODE_BITS):
            value = 235 if number >> bit & 1 else 16
            drawn[HEIGHT - CODE_PX :, bit * CODE_PX : (bit + 1) * CODE_PX] = value
    return drawn


def write_y4m(target: Path, steps: list[Step], *, numbered: bool = False, picture: Picture | None = None) -> Path:
    """Write the path as a camera file (0.46 MB a frame). Returns ``target``."""
    base = still() if picture is None else picture
    kept: dict[Step, Picture] = {}
    with target.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number, step in enumerate(steps):
            if numbered or step not in kept:
                kept[step] = frame(base, step, number if numbered else None)
            drawn = kept[step]
            out.write(b"FRAME\n")
            out.write(_planes(drawn))
    return target


def _planes(picture: Picture) -> bytes:
    """Full-range 4:2:0 planes (BT.601), as C420jpeg means."""
    y, cb, cr = (np.asarray(part, dtype=np.uint8) for part in Image.fromarray(picture).convert("YCbCr").split())

    def halved(plane: Picture) -> Picture:
        small = plane.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3))
        return np.asarray(np.rint(small), dtype=np.uint8)

    return y.tobytes() + halved(cb).tobytes() + halved(cr).tobytes()
