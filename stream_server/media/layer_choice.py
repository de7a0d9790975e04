"""Which simulcast layer one viewer gets, from its receiver's bandwidth estimate and loss. Pure.

The estimate (REMB) of a receiver is at most half above what it receives, so it can say that a layer is too much but
never that a larger one would fit. So: down at once on evidence, up by trial; a trial that fails makes the next wait
twice as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Reason = Literal["best", "bandwidth", "loss", "source"]
"""`best`: nothing better is sent. `source`: the publisher stopped sending the better one that was watched."""

SETTLE_S = 1.0
"""After a change, what was measured before says nothing about the new layer."""
FIRST_WAIT_S = 5.0
MAX_WAIT_S = 60.0
TRIAL_S = 10.0
"""A layer that fails sooner was a mistake: the next trial waits longer."""
_OVERUSED = 0.7
"""An estimate that fell below this share of a layer's rate: the queue in front of the viewer grows."""
_FITS = 0.9
_LOST = 0.10
_CLEAN = 0.02
_EVIDENCE_S = 1.5
"""How long loss must last; a single bad report is a burst."""
_ASKED_AGAIN = 0.3
"""Requests for so much of what is sent, repeated ones included, say the same as loss, and sooner: receivers that get
lost packets again report little loss."""
_TRIAL_WINDOW_S = 0.4
"""A trial that floods the network is noticed so soon."""
_PACKET_BITS = 8 * 1100
_LEAST_BPS = 100_000
"""Rates are not known at first."""
_HOPELESS = 0.5
"""An estimate below this share of the smallest layer's rate, or `_HOPELESS_LOSS`, for `_HOPELESS_S`: sound alone."""
_HOPELESS_LOSS = 0.3
_HOPELESS_S = 4.0


@dataclass(frozen=True)
class LayerRate:
    """A layer that is being sent."""

    layer: int
    bps: float
    height_px: int = 0
    """Shorter side of its picture; 0 before it is known."""


class LayerChoice:
    """One viewer's layer; None stands for sound alone."""

    def __init__(self, now_s: float) -> None:
        self.layer: int | None = None
        self.reason: Reason = "best"
        self._began = False
        self._changed_s = now_s
        self._raised_s = float("-inf")
        self._wait_s = FIRST_WAIT_S
        self._up_after_s = now_s
        self._ceiling: int | None = None
        """Place among the layers, from the smallest, that may not be exceeded before `_up_after_s`."""
        self._estimate_bps: float | None = None
        self._fell_s = float("-inf")
        self._lossy_since_s: float | None = None
        self._hopeless_since_s: float | None = None
        self._loss = 0.0
        self._dirty_s = float("-inf")
        self._asked: deque[tuple[float, int]] = deque(maxlen=256)
        """When how many packets were asked for again."""

    @property
    def estimate_bps(self) -> float | None:
        """The receiver's last estimate."""
        return self._estimate_bps

    def on_repair(self, packets: int, now_s: float) -> None:
        """The receiver asked for so many packets again."""
        self._asked.append((now_s, packets))

    def on_estimate(self, bps: float, now_s: float) -> None:
        """The receiver's estimate of what its network carries."""
        if self._estimate_bps is not None and bps < self._estimate_bps * 0.97:
            self._fell_s = now_s
        self._estimate_bps = bps

    def on_loss(self, fraction: float, now_s: float) -> None:
        """The share lost since the last report."""
        self._loss = fraction
        if fraction > _CLEAN:
            self._dirty_s = now_s
        if fraction <= _LOST:
            self._lossy_since_s = None
        elif self._lossy_since_s is None:
            self._lossy_since_s = now_s

    def choose(self, layers: Sequence[LayerRate], now_s: float) -> int | None:
        """The layer from now on; ``layers`` are those sent now, the smallest picture first, at least one."""
        if not self._began:
            self._began = True
            return self._take(layers, len(layers) - 1, "best", now_s)
        place = next((i for i, rate in enumerate(layers) if rate.layer == self.layer), None)
        if place is None and self.layer is not None:
            top = len(layers) - 1
            return self._take(layers, top if self._ceiling is None else min(top, self._ceiling), "source", now_s)
        reason = self._overload(layers, place, now_s)
        if reason is not None:
            assert place is not None
            return self._lower(layers, place, reason, now_s)
        return self._raise(layers, -1 if place is None else place, now_s)

    def _overload(self, layers: Sequence[LayerRate], place: int | None, now_s: float) -> Reason | None:
        if place is None:
            return None
        rate, estimate = layers[place].bps, self._estimate_bps
        on_trial = self._raised_s >= self._changed_s and now_s - self._changed_s < TRIAL_S
        if place > 0 and self._is_drowning(rate, _TRIAL_WINDOW_S if on_trial else _EVIDENCE_S, now_s):
            return "bandwidth" if on_trial or (estimate is not None and estimate < _FITS * rate) else "loss"
        if now_s - self._changed_s < SETTLE_S:
            return None
        if place == 0:
            return self._hopeless(rate, now_s)
        if estimate is not None and self._fell_s > self._changed_s and estimate < _OVERUSED * rate:
            return "bandwidth"
        if self._lossy_since_s is not None and now_s - max(self._lossy_since_s, self._changed_s) >= _EVIDENCE_S:
            return "loss"
        return None

    def _is_drowning(self, bps: float, window_s: float, now_s: float) -> bool:
        """Whether much of what was sent in the last ``window_s`` is asked for again."""
        if now_s - self._changed_s < window_s:
            return False
        asked = sum(count for at_s, count in self._asked if at_s >= now_s - window_s)
        return asked > _ASKED_AGAIN * max(bps, _LEAST_BPS) * window_s / _PACKET_BITS

    def _hopeless(self, bps: float, now_s: float) -> Reason | None:
        """Whether not even the smallest layer comes through; a picture that stutters is still worth having."""
        starved = self._estimate_bps is not None and self._estimate_bps < _HOPELESS * bps
        if not starved and self._loss < _HOPELESS_LOSS:
            self._hopeless_since_s = None
        elif self._hopeless_since_s is None:
            self._hopeless_since_s = now_s
        elif now_s - self._hopeless_since_s >= _HOPELESS_S:
            return "bandwidth" if starved else "loss"
        return None

    def _lower(self, layers: Sequence[LayerRate], place: int, reason: Reason, now_s: float) -> int | None:
        is_trial = self._raised_s > now_s - TRIAL_S
        if is_trial:
            self._wait_s = min(MAX_WAIT_S, self._wait_s * 2)
        else:
            self._wait_s = FIRST_WAIT_S
        self._up_after_s = now_s + self._wait_s
        estimate = self._estimate_bps
        lower = place - 1
        if reason == "bandwidth" and estimate is not None and not is_trial:  # else: the one before it did fit
            while lower > 0 and layers[lower].bps > _FITS * estimate:
                lower -= 1
        self._ceiling = lower
        return self._take(layers, lower, reason, now_s)

    def _raise(self, layers: Sequence[LayerRate], place: int, now_s: float) -> int | None:
        top = len(layers) - 1
        if place >= top:
            self.reason = "best"
            self._ceiling = None
            return self.layer
        if self._ceiling is None:  # never failed: the publisher began to send a better one
            return self._take(layers, top, "best", now_s)
        if now_s < self._up_after_s or now_s - self._dirty_s < min(FIRST_WAIT_S, self._wait_s):
            return self.layer
        self._raised_s = now_s
        self._ceiling = place + 1
        self._up_after_s = now_s + FIRST_WAIT_S
        return self._take(layers, place + 1, "best" if place + 1 == top else self.reason, now_s)

    def _take(self, layers: Sequence[LayerRate], place: int, reason: Reason, now_s: float) -> int | None:
        layer = layers[place].layer if place >= 0 else None
        if layer != self.layer:
            self._changed_s = now_s
            self._lossy_since_s = self._hopeless_since_s = None
        self.layer, self.reason = layer, reason
        return layer
