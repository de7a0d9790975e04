"""Which timestamps of a picture's simulcast layers belong to the same captured frame. Pure.

Every layer counts from an offset of its own. The difference between two layers is constant to the tick, but their
sender reports tell it only to about a millisecond. So the reports give an estimate, and the frames vote: the exact
difference is the one that most frames of one layer have to a frame of the others.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from stream_server.media.rtp import CLOCK_RATES, signed_difference, unix_time

_FRAMES = 20
_ENOUGH_FRAMES = 15
_SHARE = 0.6
"""Of a layer's frames must agree; encoders drop single frames of single layers."""
_WINDOW_TICKS = 450
"""5 ms around what the reports say, which is good to 1 ms; neighbouring frames are at least 16 ms apart."""
_EVERY_FRAMES = 5
_PATIENCE_FRAMES = 100
_EVERY_FRAMES_THEN = 50
"""A vote costs half a millisecond; a layer that cannot be laid on the others is not to eat the loop."""


@dataclass
class _Layer:
    shift: int | None = None
    frames: deque[int] = field(default_factory=lambda: deque(maxlen=_FRAMES))
    seen: int = 0
    report: tuple[float, int] | None = None
    """When, and its own timestamp then."""


class LayerAlignment:
    """Lays all layers onto the timestamps of the one that came first."""

    def __init__(self, count: int) -> None:
        self._layers = [_Layer() for _ in range(count)]

    def shift(self, layer: int) -> int | None:
        """What to add to a timestamp of ``layer`` (modulo 2^32); None until it is known."""
        return self._layers[layer].shift

    def on_frame(self, layer: int, timestamp: int) -> None:
        """A new frame began."""
        found = self._layers[layer]
        found.frames.append(timestamp)
        found.seen += 1
        if found.shift is not None:
            return
        if all(one.shift is None for one in self._layers):
            found.shift = 0
        elif found.seen % (_EVERY_FRAMES if found.seen < _PATIENCE_FRAMES else _EVERY_FRAMES_THEN) == 0:
            found.shift = self._vote(found)

    def on_report(self, layer: int, ntp: int, timestamp: int) -> None:
        """A sender report arrived (RFC 3550 §6.4.1)."""
        self._layers[layer].report = unix_time(ntp), timestamp

    def forget(self, layer: int) -> None:
        """The layer begins anew, with another offset."""
        self._layers[layer] = _Layer()

    def _vote(self, candidate: _Layer) -> int | None:
        if len(candidate.frames) < _ENOUGH_FRAMES or candidate.report is None:
            return None
        known = [one for one in self._layers if one.shift is not None]
        reported = [one for one in known if one.report is not None]
        if not reported:
            return None
        newest = max(reported, key=lambda one: one.report[0] if one.report else 0.0)
        assert newest.report is not None
        assert newest.shift is not None
        apart_s = candidate.report[0] - newest.report[0]
        estimate = newest.report[1] + newest.shift + round(apart_s * CLOCK_RATES["video"]) - candidate.report[1]
        reference = {(timestamp + (one.shift or 0)) & 0xFFFFFFFF for one in known for timestamp in one.frames}
        votes: Counter[int] = Counter()
        for timestamp in candidate.frames:
            for other in reference:
                off = signed_difference(other, (timestamp + estimate) & 0xFFFFFFFF, 32)
                if abs(off) <= _WINDOW_TICKS:
                    votes[off] += 1
        if not votes:
            return None
        off, count = votes.most_common(1)[0]
        return (estimate + off) & 0xFFFFFFFF if count >= _SHARE * len(candidate.frames) else None
