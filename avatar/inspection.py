"""Look at and listen to a film of the host: levels, gaps, and whether the mouth moves with the voice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from avatar.speech import loudness
from avatar.speech.ports import SAMPLE_RATE
from avatar.stage.camera import FRAMINGS, format_of
from avatar.stage.look import Look
from avatar.stage.pens import rgb

_HOP_S = 0.01
OPEN = 12.0
"""An opening (per 1000 pixels around the mouth) that is seen as an open mouth."""


@dataclass(frozen=True)
class Inspection:
    """What was found; times in seconds."""

    seconds: float
    lufs: float
    true_peak_db: float
    clipped: int
    """Samples at full scale."""
    gaps: tuple[tuple[float, float], ...]
    """Silences longer than 300 ms between sounds, pauses between sentences among them: begin and length."""
    open_in_silence: float
    """Share of the frames in silence whose mouth is open."""
    open_in_speech: float
    """Share of the loud frames whose mouth is open."""
    correlation: float
    """Between loudness and opening of the mouth, frame by frame."""


def sound_of(path: Path) -> NDArray[np.float32]:
    """All samples, mono, full scale 1.0."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        parts = [ready.to_ndarray()[0] for frame in container.decode(audio=0) for ready in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def openings_of(path: Path, look: Look | None = None) -> list[tuple[float, float]]:
    """For each frame its time and how open the mouth is: inside and teeth, per 1000 pixels around the mouth."""
    inside = np.array(rgb("#4A1518"), np.int16)
    lips = np.array(rgb((look or Look()).lips), np.int16)
    found: list[tuple[float, float]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            pixels: NDArray[Any] = frame.to_ndarray(format="rgb24")
            found.append((float(frame.time or 0.0), _opening(pixels, inside, lips)))
    return found


def _opening(pixels: NDArray[Any], inside: NDArray[np.int16], lips: NDArray[np.int16]) -> float:
    """The shot is not known to the film, so the place with more lips is taken."""
    height, width = pixels.shape[:2]
    best, opening = -1, 0.0
    for shot in ("medium", "close"):
        framing = FRAMINGS[(format_of(width, height), shot)]
        k = width / framing.width
        x, y, s = framing.x * k, framing.y * k, framing.scale * k
        part = pixels[int(y + 64 * s) : int(y + 116 * s), int(x - 38 * s) : int(x + 38 * s)].astype(np.int16)
        red = int((np.abs(part - lips).sum(axis=2) < 60).sum())
        if red > best:
            dark = (np.abs(part - inside).sum(axis=2) < 42).sum()
            teeth = (part.min(axis=2) > 205).sum()
            best, opening = red, float((dark + teeth) / max(part.shape[0] * part.shape[1], 1) * 1000)
    return opening


def inspect(path: Path) -> Inspection:
    """Measure a film."""
    sound = sound_of(path)
    hop = int(SAMPLE_RATE * _HOP_S)
    count = len(sound) // hop
    rms = np.sqrt((sound[: count * hop].reshape(count, hop) ** 2).mean(axis=1))
    quiet = rms < max(float(rms.max(initial=0.0)) / 100, 1e-4)
    gaps = tuple((start * _HOP_S, length * _HOP_S) for start, length in _runs(quiet) if length * _HOP_S > 0.3)
    openings = openings_of(path)
    # A frame is silent when the 60 ms around it and the 80 ms before are: mouths close a little later than they sound.
    still, loud, levels = [], [], []
    threshold = float(np.percentile(rms[~quiet], 60)) if (~quiet).any() else 1.0
    for at_s, opening in openings:
        n = int(at_s / _HOP_S)
        around = slice(max(n - 12, 0), n + 9)
        levels.append(float(rms[max(n - 2, 0) : n + 3].mean()) if n < count else 0.0)
        if n < count and quiet[around].all():
            still.append(opening)
        elif n < count and rms[max(n - 1, 0) : n + 3].min(initial=1.0) > threshold:
            loud.append(opening)
    peak = loudness.true_peak(sound)
    shapes = np.array([opening for _, opening in openings])
    is_flat = len(shapes) < 2 or not shapes.std() or not np.std(levels)
    return Inspection(
        seconds=len(sound) / SAMPLE_RATE,
        lufs=loudness.loudness_lufs(sound),
        true_peak_db=float(20 * np.log10(max(peak, 1e-9))),
        clipped=int((np.abs(sound) >= 0.9999).sum()),
        gaps=gaps,
        open_in_silence=float(np.mean([o > OPEN for o in still])) if still else 0.0,
        open_in_speech=float(np.mean([o > OPEN for o in loud])) if loud else 0.0,
        correlation=0.0 if is_flat else float(np.corrcoef(levels, shapes)[0, 1]),
    )


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(start, length) of each stretch of True that has False before and after it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(int(a), int(b - a)) for a, b in pairs if a > 0 and b < len(flags)]
