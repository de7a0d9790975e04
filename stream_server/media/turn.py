"""Whose turn it is, of a show's own publisher and its stand-in. Pure.

The own publisher has the air whenever its packets flow. When they stop, viewers see the stand-in long before the
network gives the connection up; when they flow again, steadily, the own publisher has the air back.
"""

from __future__ import annotations

SILENT_S = 1.2
"""The stand-in's turn after so long without a packet of the own publisher."""
STEADY_S = 0.6
"""The own publisher's turn again after packets came for so long without a silence."""


class Turn:
    """Remembers when the own publisher was heard."""

    def __init__(self) -> None:
        self._heard_s = float("-inf")
        self._flows_since_s = float("inf")

    def heard(self, now_s: float, *, is_own: bool) -> None:
        """A packet came."""
        if is_own:
            if now_s - self._heard_s > SILENT_S:
                self._flows_since_s = now_s
            self._heard_s = now_s

    def is_over(self, now_s: float, *, own_is_on_air: bool) -> bool:
        """Whether the one on air gives way to the other."""
        silent = now_s - self._heard_s > SILENT_S
        return silent if own_is_on_air else not silent and now_s - self._flows_since_s >= STEADY_S
