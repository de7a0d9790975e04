"""Which unit a model was drawn in, judged by the stated dimensions or by what such a product can measure.

glTF is in metres by definition, yet many exporters write the numbers of the modelling tool. A wrong guess would be
worse than none: nothing is scaled where the stated dimensions agree with the file or where nothing else fits better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

METRES = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "ft": 0.3048}
"""Length of one unit in metres."""

PLAUSIBLE_M = {
    "glasses": (0.11, 0.19),
    "hat": (0.18, 0.6),
    "earring": (0.006, 0.15),
    "necklace": (0.1, 0.6),
    "watch": (0.03, 0.27),
    "bracelet": (0.04, 0.25),
    "ring": (0.015, 0.05),
    "shoe": (0.1, 0.42),
    "clothing": (0.2, 1.9),
    "furniture": (0.15, 4.5),
}
"""Smallest and largest longest side of a product of the category."""

_AGREES = 1.12  # packaging pages round, straps stick out
_LIKELY = ("m", "cm", "mm", "inch", "ft")


@dataclass(frozen=True)
class SizeFinding:
    """What the size of a model tells.

    ``unit`` is the unit in which the file's numbers make sense (None: none does), ``scale`` turns them into metres,
    ``is_sure`` whether the stated dimensions say so, ``code`` one of ``agrees``, ``unit_fits_stated``,
    ``unit_fits_category``, ``stated_differs``, ``implausible``, ``unknown``.
    """

    code: str
    unit: str | None
    scale: float
    is_sure: bool


def judge(size: Sequence[float], category: str, stated_m: Sequence[float] | None = None) -> SizeFinding:
    """Judge ``size`` (three sides as the file's numbers say) for a category and, if known, the stated sides in metres.

    Sides are compared sorted, as brands and tools disagree about which one is the depth.
    """
    longest = max(size, default=0.0)
    if longest <= 0:
        return SizeFinding("unknown", None, 1.0, is_sure=False)
    if stated_m is not None and max(stated_m) > 0:
        for unit in _LIKELY:
            if _fits(size, stated_m, METRES[unit]):
                code = "agrees" if unit == "m" else "unit_fits_stated"
                return SizeFinding(code, unit, METRES[unit], is_sure=True)
        return SizeFinding("stated_differs", None, 1.0, is_sure=False)
    low, high = PLAUSIBLE_M.get(category, (0.0, float("inf")))
    if low <= longest <= high:
        return SizeFinding("unknown" if high == float("inf") else "agrees", "m", 1.0, is_sure=False)
    fitting = [unit for unit in _LIKELY if low <= longest * METRES[unit] <= high]
    if fitting:
        return SizeFinding("unit_fits_category", fitting[0], METRES[fitting[0]], is_sure=False)
    return SizeFinding("implausible", None, 1.0, is_sure=False)


def _fits(size: Sequence[float], stated_m: Sequence[float], unit: float) -> bool:
    """Whether the two longest sides agree (the third is often missing or measured without its thin parts)."""
    ours = sorted((side * unit for side in size), reverse=True)
    theirs = sorted(stated_m, reverse=True)
    pairs = [(a, b) for a, b in zip(ours[:2], theirs[:2], strict=True) if b > 0]
    return bool(pairs) and all(1 / _AGREES <= max(a, 1e-9) / b <= _AGREES for a, b in pairs)
