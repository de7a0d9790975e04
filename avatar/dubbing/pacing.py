"""How fast a dubbed line is said, so that it fits where the original was said. Pure.

A dub begins with its original. It may run into the pause after it, be said up to a fifth faster or a tenth slower,
and end later than the original by what the next lines can make good; a line that would fall further behind is left
to the original.
"""

from __future__ import annotations

from dataclasses import dataclass

FASTEST = 1.2
"""Beyond a fifth, hurried speech is noticed before its words are."""
SLOWEST = 0.9
"""Slower sounds dull; silence is better."""
GAP_S = 0.12
"""Kept free before the next line."""
MAX_LAG_S = 3.0
"""A dub that would end so long after its original's turn is not said: by then prices and pins are others'."""


@dataclass(frozen=True)
class Fit:
    """How one line is said."""

    tempo: float
    """Above 1 faster."""
    seconds: float
    """How long it sounds at that tempo."""
    lag_s: float
    """How much of it sounds after the original's turn."""


class Pace:
    """Follows one dub from line to line."""

    def __init__(self) -> None:
        self.lag_s = 0.0
        """How late the next line begins."""

    def fit(self, natural_s: float, slot_s: float) -> Fit | None:
        """Place a line of ``natural_s`` into its original's turn, pause included; None when it is to be left out."""
        room_s = max(slot_s - self.lag_s - GAP_S, 0.01)
        tempo = min(max(natural_s / room_s, SLOWEST), FASTEST)
        seconds = natural_s / tempo
        lag_s = max(0.0, self.lag_s + seconds + GAP_S - slot_s)
        if lag_s > MAX_LAG_S:
            self.lag_s = max(0.0, self.lag_s - slot_s)
            return None
        self.lag_s = lag_s
        return Fit(tempo, seconds, lag_s)

    def reset(self) -> None:
        """What was being said is over: the next line begins on time."""
        self.lag_s = 0.0
