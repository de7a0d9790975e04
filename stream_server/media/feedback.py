"""What we tell a publisher: when to make a keyframe, how much to send. Pure."""

from __future__ import annotations

KEYFRAME_INTERVAL_S = 0.5
"""Keyframes are large: however many viewers ask, the publisher is asked this often at most."""
MIN_BPS = 150_000
_BAD_LOSS = 0.10
_GOOD_LOSS = 0.02
_GROWTH = 1.08


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
    """The most a publisher may send: begins at the cap, falls with loss, grows back slowly.

    The rule is the loss-based half of Google congestion control (draft-ietf-rmcat-gcc-02 §6).
    """

    def __init__(self, cap_bps: int) -> None:
        self._cap_bps = cap_bps
        self.bps = cap_bps

    def on_loss(self, fraction: float) -> int:
        """Take the share lost in the last second; gives the limit from now on."""
        if fraction > _BAD_LOSS:
            self.bps = int(self.bps * (1 - 0.5 * fraction))
        elif fraction < _GOOD_LOSS:
            self.bps = int(self.bps * _GROWTH)
        self.bps = max(MIN_BPS, min(self.bps, self._cap_bps))
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
