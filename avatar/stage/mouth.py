"""From visemes to the mouth of one moment: fourteen drawn shapes, blended as neighbouring sounds colour each other.

Each sound pulls the mouth towards its shape with a dominance (Cohen and Massaro 1993, simplified): lips that must meet
for p or f win over their neighbours, a g hardly shows. The blend looks 90 ms around the moment and a little ahead,
because mouths move before they sound.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, pi
from typing import NamedTuple

from avatar.speech.ports import Mouth, Viseme


class MouthShape(NamedTuple):
    """What is drawn; 0 to 1 where not said otherwise."""

    open: float
    wide: float
    """−1 (narrow) to 1 (stretched)."""
    round: float
    teeth: float
    """How much of the upper teeth shows when there is an opening."""
    tongue: float
    """How high the tongue is."""
    press: float = 0.0
    """Lips pressed together (p, b, m)."""
    tuck: float = 0.0
    """Lower lip under the upper teeth (f, v)."""


CLOSED = MouthShape(0.0, 0.0, 0.0, 0.0, 0.0)

SHAPES: dict[Viseme, MouthShape] = {
    Viseme.SIL: CLOSED,
    Viseme.PP: MouthShape(0.0, -0.08, 0.05, 0.0, 0.0, press=1.0),
    Viseme.FF: MouthShape(0.14, 0.05, 0.0, 1.0, 0.0, tuck=1.0),
    Viseme.TH: MouthShape(0.26, 0.1, 0.0, 0.9, 1.0),
    Viseme.DD: MouthShape(0.26, 0.14, 0.0, 0.8, 0.7),
    Viseme.KK: MouthShape(0.34, 0.1, 0.0, 0.5, 0.2),
    Viseme.CH: MouthShape(0.26, -0.3, 0.6, 1.0, 0.2),
    Viseme.SS: MouthShape(0.16, 0.42, 0.0, 1.0, 0.2),
    Viseme.NN: MouthShape(0.24, 0.14, 0.0, 0.6, 0.8),
    Viseme.RR: MouthShape(0.32, -0.18, 0.4, 0.5, 0.4),
    Viseme.AA: MouthShape(1.0, 0.12, 0.0, 0.6, 0.3),
    Viseme.E: MouthShape(0.62, 0.4, 0.0, 0.7, 0.4),
    Viseme.I: MouthShape(0.38, 0.66, 0.0, 0.9, 0.4),
    Viseme.O: MouthShape(0.68, -0.36, 0.75, 0.2, 0.1),
    Viseme.U: MouthShape(0.36, -0.6, 1.0, 0.1, 0.1),
}

_DOMINANCE = {Viseme.PP: 4.5, Viseme.FF: 3.0, Viseme.SIL: 1.6, Viseme.CH: 1.3, Viseme.KK: 0.5, Viseme.NN: 0.7}
_REACH_S = 0.075
_AHEAD_S = 0.02
_LIPS = (Viseme.PP, Viseme.FF)
_MAX_SEGMENTS = 24


def _share(start_s: float, end_s: float) -> float:
    """Integral of a raised cosine of width ±`_REACH_S` between two times relative to its middle."""

    def upto(t: float) -> float:
        x = min(max(t / _REACH_S, -1.0), 1.0)
        return (x + 1) / 2 + _SIN[int((x + 1) * 100)] / (2 * pi)

    return upto(end_s) - upto(start_s)


_SIN = [-cos(pi * (n / 100 - 1) + pi / 2) * -1 for n in range(202)]
"""sin(πx) for x from −1 in steps of 0.01."""


class MouthTrack:
    """The mouth of one utterance at any time."""

    def __init__(self, mouths: Sequence[Mouth], seconds: float) -> None:
        self._starts = [mouth.at_s for mouth in mouths]
        self._mouths = mouths
        self._seconds = seconds

    def at(self, at_s: float) -> MouthShape:
        """The shape ``at_s`` after the sound began; closed before and after."""
        if not self._mouths or at_s >= self._seconds + _REACH_S or at_s < -_REACH_S:
            return CLOSED
        middle = at_s + _AHEAD_S
        first = max(bisect_right(self._starts, middle - _REACH_S) - 1, 0)
        total = 0.0
        mixed = [0.0] * 7
        before = self._starts[0]
        if middle - _REACH_S < before:
            total += _DOMINANCE[Viseme.SIL] * _share(-_REACH_S, before - middle)
        for n in range(first, min(first + _MAX_SEGMENTS, len(self._mouths))):
            start = self._starts[n]
            if start > middle + _REACH_S:
                break
            end = self._starts[n + 1] if n + 1 < len(self._starts) else self._seconds + 1.0
            mouth = self._mouths[n]
            weight = _DOMINANCE.get(mouth.viseme, 1.0) * _share(start - middle, end - middle)
            if weight <= 0:
                continue
            total += weight
            for k, value in enumerate(SHAPES[mouth.viseme]):
                mixed[k] += weight * value * (mouth.weight if k == 0 else 1.0)
        if total <= 0:
            return CLOSED
        return MouthShape(*(value / total for value in mixed))
