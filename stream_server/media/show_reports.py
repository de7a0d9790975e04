"""What a show says about its media while it flows: sender reports to its viewers, clock and ingest to the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stream_server.clock import Clock
from stream_server.ids import SessionId, ShowId
from stream_server.media.dubs import Dubs
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import Kind, ntp_time
from stream_server.media.sister import SisterSource
from stream_server.media.timeline import Timeline
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import ClockAnchor, IngestReport, MediaEvent

TICKS_PER_S = 20
_REPORT_TICKS = 2 * TICKS_PER_S
_SETTLED_S = 3
"""A report costs as much as twenty delivered packets (60 µs); RFC 3550 §6.2 asks for one in 5 s."""


def timestamps_of(publisher: Publisher, now_s: float) -> dict[Kind, int]:
    """The outgoing timestamps for now, of each kind that flows."""
    timestamps: dict[Kind, int] = {}
    for kind, source in publisher.sources.items():
        timestamp = source.outgoing_timestamp(now_s)
        if timestamp is not None:
            timestamps[kind] = timestamp & 0xFFFFFFFF
    return timestamps


class ShowReports:
    """Of one show in this process."""

    def __init__(self, show_id: ShowId, timeline: Timeline, clock: Clock, emit: Callable[[MediaEvent], None]) -> None:
        self._show_id = show_id
        self._timeline = timeline
        self._clock = clock
        self._emit = emit
        self._reported_s = clock.monotonic_s()
        self._is_anchored = False

    def begin(self, now_s: float) -> None:
        """A publisher's packets go out from now on."""
        self._reported_s = now_s
        self._is_anchored = False

    def anchor(self) -> ClockAnchor:
        """Where the clock stands."""
        return ClockAnchor(self._show_id, *self._timeline.newest_frame())

    def to_viewers(
        self,
        viewers: Mapping[SessionId, Viewer],
        incoming: Publisher | SisterSource,
        dubs: Dubs,
        number: int,
        now_s: float,
    ) -> None:
        """A sender report a second for each viewer while it is new, then one in `_SETTLED_S`; spread over the ticks."""
        everybody = list(viewers.values())
        due = range(number % TICKS_PER_S, len(everybody), TICKS_PER_S)
        if not due:
            return
        timestamps = timestamps_of(incoming, now_s) if isinstance(incoming, Publisher) else incoming.timestamps(now_s)
        ntp = ntp_time(self._clock.now().timestamp())
        for place in due:
            viewer = everybody[place]
            if viewer.is_connected:
                is_turn = (place - number) % (_SETTLED_S * TICKS_PER_S) == 0
                viewer.report(ntp, dubs.timestamps(viewer, timestamps, now_s), to_settled=is_turn)

    def to_server(self, publisher: Publisher, number: int, now_s: float, viewers: int) -> None:
        """The clock once a second, how the media arrives every two."""
        leader: Kind = "video" if "video" in publisher.sources else "audio"
        if publisher.flows(leader) and (not self._is_anchored or number % TICKS_PER_S == 0):
            self._is_anchored = True
            self._emit(self.anchor())
        if number % _REPORT_TICKS == 0 and now_s > self._reported_s:
            self._emit(self._ingest(publisher, now_s, viewers))

    def _ingest(self, publisher: Publisher, now_s: float, viewers: int) -> IngestReport:
        interval_s, self._reported_s = now_s - self._reported_s, now_s
        statistics = publisher.take_statistics()
        largest = publisher.largest
        width_px, height_px = (largest.size if largest is not None else None) or (0, 0)
        seen = statistics.get("video")
        return IngestReport(
            show_id=self._show_id,
            bitrate_bps=round(sum(s.octets for s in statistics.values()) * 8 / interval_s),
            loss=round(max((s.loss for s in statistics.values()), default=0.0), 4),
            width_px=width_px,
            height_px=height_px,
            fps=round(seen.frames / interval_s, 1) if seen is not None else 0.0,
            viewers=viewers,
        )
