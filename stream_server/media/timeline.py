"""The show clock, and how the RTP timestamps of ever-changing sources are laid onto it. Pure.

The outgoing video timestamp *is* the show clock at 90 kHz (audio at 48 kHz). Where a source begins, the clock has
moved on with the wall; from there the source's own media clock drives it, so that a frame's stamp never depends on
how late it arrived.
"""

from __future__ import annotations

from dataclasses import dataclass

from stream_server.media.rtp import CLOCK_RATES, Kind, signed_difference, unix_time

MAX_JUMP_S = 10.0
"""A source whose timestamps run ahead of the wall by more, or fall back by more, has begun anew."""
MAX_SKEW_S = 2.0
"""Sender reports that put sound and picture further apart than they arrive are wrong, not the arrival."""
_LEAST_STEP_S = 0.01


class Timeline:
    """The show clock: driven by the newest frame, running on with the wall while there is none."""

    def __init__(self, position_ms: float, now_s: float) -> None:
        """A new show (position 0) stands still until `start`; a known one runs already."""
        self._position_ms = position_ms
        self._at_s = now_s
        self._runs = position_ms > 0

    def start(self, now_s: float) -> None:
        """Media begins: a clock that stood still runs from here."""
        if not self._runs:
            self._runs = True
            self._at_s = now_s

    def position_ms(self, now_s: float) -> float:
        """Where the show is now."""
        return self._position_ms + (now_s - self._at_s) * 1000 if self._runs else self._position_ms

    def note(self, position_ms: float, now_s: float) -> None:
        """The newest frame stands at ``position_ms`` and is being sent now."""
        if position_ms > self._position_ms:
            self._position_ms = position_ms
            self._at_s = now_s

    def newest_frame(self) -> tuple[float, float]:
        """Position of the newest frame in ms, and when it was sent."""
        return self._position_ms, self._at_s


class TrackTimeline:
    """Turns one track's incoming timestamps into outgoing ones; outlives its sources."""

    def __init__(self, timeline: Timeline, kind: Kind) -> None:
        self._timeline = timeline
        self._rate = CLOCK_RATES[kind]
        self._newest_in = 0
        self._newest_at_s = 0.0
        self._newest_out: int | None = None
        self._offset: int | None = None
        self.leads = kind == "video"
        """Whether this track's frames drive the show clock; sound does while a source has no picture."""
        self.generation = 0
        """Counts how often the mapping began anew, by a new source or a jump of the old one."""

    def begin_source(self) -> None:
        """The next packet comes from somewhere else: lay it where the clock stands then."""
        self._offset = None

    def map(self, timestamp: int, now_s: float, *, is_newest: bool) -> int:
        """The outgoing timestamp, unwrapped, of a packet; ``is_newest`` unless it was late or sent again."""
        if self._offset is None or (is_newest and self._jumps(timestamp, now_s)):
            self._anchor(timestamp, now_s)
        unwrapped = self._newest_in + signed_difference(timestamp, self._newest_in & 0xFFFFFFFF, 32)
        out = unwrapped + (self._offset or 0)
        if is_newest:
            self._newest_in, self._newest_at_s = unwrapped, now_s
            if self._newest_out is None or out > self._newest_out:
                self._newest_out = out
                if self.leads:
                    self._timeline.note(out * 1000 / self._rate, now_s)
        return out

    def adopt(self, timestamp: int, at_s: float) -> None:
        """A packet goes out that another process of the same show has laid on the timeline: 32 bits, and when."""
        reference = self._newest_out
        if reference is None:
            reference = round(self._timeline.position_ms(at_s) * self._rate / 1000)
        out = reference + signed_difference(timestamp, reference & 0xFFFFFFFF, 32)
        if self._newest_out is None or out > self._newest_out:
            self._newest_out = out
            if self.leads:
                self._timeline.start(at_s)
                self._timeline.note(out * 1000 / self._rate, at_s)

    def out_of(self, timestamp: int) -> int | None:
        """The outgoing timestamp for an incoming one near the newest; None before the source's first packet."""
        if self._offset is None:
            return None
        return self._newest_in + signed_difference(timestamp, self._newest_in & 0xFFFFFFFF, 32) + self._offset

    def _jumps(self, timestamp: int, now_s: float) -> bool:
        step_s = signed_difference(timestamp, self._newest_in & 0xFFFFFFFF, 32) / self._rate
        return step_s - (now_s - self._newest_at_s) > MAX_JUMP_S or step_s < -MAX_JUMP_S

    def _anchor(self, timestamp: int, now_s: float) -> None:
        self._timeline.start(now_s)
        start = round(self._timeline.position_ms(now_s) * self._rate / 1000)
        if self._newest_out is not None:
            start = max(start, self._newest_out + round(self._rate * _LEAST_STEP_S))
        self._newest_in = timestamp
        self._offset = start - timestamp
        self._newest_at_s = now_s
        self.generation += 1


@dataclass
class _Report:
    ntp_s: float
    timestamp: int
    arrived_s: float


class SourceClock:
    """One source's own clock: which timestamps of its tracks belong to the same instant.

    From its sender reports once every flowing track has one, by arrival until then.
    """

    def __init__(self) -> None:
        self._reports: dict[Kind, _Report] = {}
        self._newest: dict[Kind, tuple[int, float]] = {}
        self._origin: tuple[float, float] | None = None

    def on_packet(self, kind: Kind, timestamp: int, now_s: float) -> None:
        """The newest packet of a track arrived."""
        self._newest[kind] = timestamp, now_s

    def on_report(self, kind: Kind, ntp: int, timestamp: int, now_s: float) -> None:
        """A sender report arrived (RFC 3550 §6.4.1)."""
        self._reports[kind] = _Report(unix_time(ntp), timestamp, now_s)
        if self._origin is None:
            self._origin = self._reports[kind].ntp_s, now_s

    def forget_reports(self, kind: Kind) -> None:
        """The track's timestamps began anew: what was reported about the old ones is void."""
        self._reports.pop(kind, None)

    def timestamp_at(self, kind: Kind, now_s: float) -> int | None:
        """The track's own timestamp for now, 32 bits; at one ``now_s`` all tracks' answers belong together."""
        if kind not in self._newest:
            return None
        if self._reports_hold(now_s):
            return self._by_report(kind, now_s)
        return self._by_arrival(kind, now_s)

    def _by_arrival(self, kind: Kind, now_s: float) -> int:
        timestamp, arrived_s = self._newest[kind]
        return (timestamp + round((now_s - arrived_s) * CLOCK_RATES[kind])) & 0xFFFFFFFF

    def _by_report(self, kind: Kind, now_s: float) -> int:
        assert self._origin is not None
        report = self._reports[kind]
        source_now_s = self._origin[0] + now_s - self._origin[1]
        return (report.timestamp + round((source_now_s - report.ntp_s) * CLOCK_RATES[kind])) & 0xFFFFFFFF

    def _reports_hold(self, now_s: float) -> bool:
        if self._origin is None or any(kind not in self._reports for kind in self._newest):
            return False
        off_s = [
            signed_difference(self._by_report(kind, now_s), self._by_arrival(kind, now_s), 32) / CLOCK_RATES[kind]
            for kind in self._newest
        ]
        return max(off_s) - min(off_s) <= MAX_SKEW_S
