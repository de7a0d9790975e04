"""What a measured source sends: frames, each of packets of given sizes."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Traffic:
    """Frames at an even pace, repeated from the start when all were sent."""

    frames: tuple[tuple[int, ...], ...]
    """Sizes of each frame's packets, in bytes of payload."""
    frames_per_s: float

    @property
    def packets_per_s(self) -> float:
        """On the average."""
        return sum(map(len, self.frames)) / len(self.frames) * self.frames_per_s


def even(packets_per_s: int, burst: int, size: int) -> Traffic:
    """Frames of ``burst`` equal packets."""
    return Traffic(((size,) * burst,), packets_per_s / burst)


def like_chromium(bps: int, frames: int = 300, seed: int = 7) -> Traffic:
    """H.264 of Chromium (OpenH264) at 30 frames a second, as captured packets showed it.

    A frame is cut into the fewest packets of at most 1172 bytes, whose sizes differ by 0 or 1 byte, the smaller ones
    first; frames vary by a third around their mean, and every 300th is a keyframe of five times the size.
    """
    source = random.Random(seed)
    mean = bps / 8 / 30
    made = []
    for number in range(frames):
        scale = 5.0 if number % 300 == 0 else max(0.3, source.gauss(0.99, 0.33))
        size = int(mean * scale)
        count = -(-size // 1172)
        made.append(tuple(size // count + (1 if i >= count - size % count else 0) for i in range(count)))
    return Traffic(tuple(made), 30)


CHROMIUM = like_chromium(2_500_000)
