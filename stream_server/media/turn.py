"""Whose turn it is, of a show's own publisher and its stand-in. Pure.

The own publisher has the air whenever its packets flow. When they stop, viewers see the stand-in after as long as the
show's patience says, long before the network gives the connection up; when they flow again, steadily, the own
publisher has the air back.
"""

from __future__ import annotations

SILENT_S = 1.2
"""The own publisher is silent after so long without a packet; the least patience."""
STEADY_S = 0.6
"""The own publisher's turn again after packets came for so long without a silence."""


DARK_S = 2.0
"""Viewers have seen nothing new for so long: the slate is due, and whoever can be heard at least may begin."""
TAKE_OVER_S = 2.0
"""From the moment when somebody may take over to its first keyframe, at most."""


class Turn:
    """Remembers when the own publisher was heard, and when anybody's packets went out."""

    def __init__(self) -> None:
        self.patience_s = SILENT_S
        """How long the own publisher is waited for; not less than `SILENT_S`."""
        self.aired_s = float("inf")
        """When a packet of either went out last; infinite while there is nothing that viewers could miss."""
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
        if own_is_on_air:
            return self.stand_in_waits_s(now_s) < 0
        return now_s - self._heard_s <= SILENT_S and now_s - self._flows_since_s >= STEADY_S

    def may_begin(self, now_s: float, *, is_standby: bool, other_is_on_air: bool) -> bool:
        """Whether it is the turn of one who is not on air."""
        if other_is_on_air:
            return self.is_over(now_s, own_is_on_air=is_standby)
        return not is_standby or self.stand_in_waits_s(now_s) <= 0

    def is_dark(self, now_s: float) -> bool:
        """Whether viewers have seen nothing new for too long."""
        return now_s - self.aired_s >= DARK_S

    def taken_over_by(self, now_s: float, *, by_stand_in: bool) -> float:
        """When somebody who is there has taken over, at the latest."""
        return now_s + (max(0.0, self.stand_in_waits_s(now_s)) if by_stand_in else 0.0) + TAKE_OVER_S

    def stand_in_waits_s(self, now_s: float) -> float:
        """How long until a stand-in may begin; 0 or less when it may."""
        return self._heard_s + max(SILENT_S, self.patience_s) - now_s
