"""What we tell a publisher: when to make a keyframe, how much to send. Pure."""

from __future__ import annotations

KEYFRAME_INTERVAL_S = 0.5
"""Keyframes are large: however many viewers ask, the publisher is asked this often at most."""
MIN_BPS = 150_000
_BAD_LOSS = 0.10
_GOOD_LOSS = 0.02
_GROWTH = 1.08
_KEEPS_UP = 0.85
_PATIENCE = 3
"""Seconds that even the best viewer must lag behind: one estimate may be a keyframe's queue."""


class KeyframeRequests:
    """Lets through one request per half second; one that came too early waits for its time."""

    def __init__(self) -> None:
        self._asked_s = float("-inf")
        self._is_wanted = False

    def want(self) -> None:
        """Somebody needs a keyframe."""
        self._is_wanted = True

    def on_keyframe(self) -> None:
        """One arrived: everybody who waited has it."""
        self._is_wanted = False

    def take(self, now_s: float) -> bool:
        """True when the publisher must be asked now."""
        if not self._is_wanted or now_s - self._asked_s < KEYFRAME_INTERVAL_S:
            return False
        self._asked_s = now_s
        self._is_wanted = False
        return True


class BitrateLimit:
    """The most a publisher may send: begins at the cap, falls with loss and with the audience, grows back slowly.

    For loss the rule is the loss-based half of Google congestion control (draft-ietf-rmcat-gcc-02 §6). For the
    audience it is its best viewer: more than that one can take helps nobody. A receiver's estimate is at most half
    above what it receives, so it counts only while it is below that.
    """

    def __init__(self, cap_bps: int) -> None:
        self._cap_bps = cap_bps
        self._for_loss = cap_bps
        self._for_audience = cap_bps
        self._behind = 0

    @property
    def bps(self) -> int:
        """The limit now."""
        return min(self._for_loss, self._for_audience)

    def on_audience(self, best_bps: float | None, received_bps: float) -> int:
        """Take the estimate of the best viewer, once a second, and what the publisher sends; gives the limit."""
        is_behind = best_bps is not None and best_bps < _KEEPS_UP * received_bps
        self._behind = self._behind + 1 if is_behind else 0
        if best_bps is not None and self._behind >= _PATIENCE:
            self._for_audience = max(MIN_BPS, int(best_bps))
            self._behind = 0
        elif not is_behind:
            self._for_audience = min(self._cap_bps, int(self._for_audience * _GROWTH))
        return self.bps

    def on_loss(self, fraction: float) -> int:
        """Take the share lost in the last second; gives the limit from now on."""
        limit = self._for_loss
        if fraction > _BAD_LOSS:
            limit = int(limit * (1 - 0.5 * fraction))
        elif fraction < _GOOD_LOSS:
            limit = int(limit * _GROWTH)
        self._for_loss = max(MIN_BPS, min(limit, self._cap_bps))
        return self.bps


class RetransmissionBudget:
    """How many packets one viewer may be sent again: a share of those it was sent, some in advance.

    Whatever is asked for, and however often, repair stays a fraction of the picture: on a network that is too narrow
    already, an answer to every request would leave no room for anything else.
    """

    def __init__(self, share: float, burst: float) -> None:
        self._share = share
        self._burst = burst
        self._left = burst

    def earn(self, sent: int) -> None:
        """So many packets were sent for the first time."""
        self._left = min(self._burst, self._left + sent * self._share)

    def take(self) -> bool:
        """Spend one packet, if there is one left."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
