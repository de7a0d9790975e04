"""One show in this process: its clock, its two tracks, at most one publisher, and the viewers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Literal

from stream_server.clock import Clock
from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import Encoding
from stream_server.media.egress import Egress
from stream_server.media.metrics import Counters
from stream_server.media.options import MediaOptions
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import Kind, ntp_time
from stream_server.media.timeline import Timeline
from stream_server.media.track import Track
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import (
    ClockAnchor,
    IngestReport,
    MediaEvent,
    SourceStarted,
    SourceStopped,
)

TICKS_PER_S = 20
_REPORT_TICKS = 2 * TICKS_PER_S
_CHOICES_PER_S = 4

StopReason = Literal["deleted", "closed", "timeout", "replaced", "failed"]


class Show:
    """Fault boundary of one show; the relay owns it and tells it the time."""

    def __init__(
        self,
        show_id: ShowId,
        position_ms: float,
        egress: Egress,
        options: MediaOptions,
        counters: Counters,
        clock: Clock,
        emit: Callable[[MediaEvent], None],
        publisher_ended: Callable[[Show, Publisher, str], None],
    ) -> None:
        self.show_id = show_id
        self.timeline = Timeline(position_ms, clock.monotonic_s())
        self.tracks: dict[Kind, Track] = {
            "audio": Track("audio", self.timeline, egress, options.cached_packets, self.want_keyframe),
            "video": Track("video", self.timeline, egress, options.cached_packets, self.want_keyframe),
        }
        self.layers: list[Track] = [self.tracks["video"]]
        """Video tracks: one, and one for each further size that a publisher sends its picture in."""
        self._open_layer = partial(Track, "video", self.timeline, egress, options.cached_packets)
        self.publisher: Publisher | None = None
        self.viewers: dict[SessionId, Viewer] = {}
        self.had_source = False
        self.idle_since_s = clock.monotonic_s()
        self._clock = clock
        self._emit = emit
        self._publisher_ended = publisher_ended
        self._ticks = itertools.count()
        self._reported_s = clock.monotonic_s()
        self._is_anchored = False

    @property
    def encodings(self) -> dict[Kind, Encoding]:
        """How the tracks of the last source are coded."""
        return {kind: track.encoding for kind, track in self.tracks.items() if track.encoding is not None}

    @property
    def is_empty(self) -> bool:
        """Nobody is here."""
        return self.publisher is None and not self.viewers

    @property
    def best_tracks(self) -> dict[Kind, Track]:
        """What a new viewer begins with: of a picture in layers the largest."""
        publisher = self.publisher
        largest = publisher.largest if publisher is not None else None
        return {**self.tracks, "video": largest.track} if largest is not None else self.tracks

    def want_keyframe(self, layer: int = 0) -> None:
        """Ask the publisher for a keyframe, if there is one and it listens."""
        if self.publisher is not None:
            self.publisher.want_keyframe(layer)

    def anchor(self) -> ClockAnchor | None:
        """Where the clock stands; None while nothing flows."""
        if self.publisher is None or not self.publisher.is_source:
            return None
        position_ms, at_s = self.timeline.newest_frame()
        return ClockAnchor(self.show_id, position_ms, at_s)

    def flush(self) -> None:
        """Send what the last burst of datagrams brought."""
        for track in self._all_tracks():
            track.flush()

    def tick(self, now_s: float) -> None:
        """Called `TICKS_PER_S` times a second."""
        number = next(self._ticks)
        for track in self._all_tracks():
            track.tick(now_s)
        publisher = self.publisher
        if publisher is not None:
            publisher.tick(now_s)
            if publisher.is_source:
                self._report_to_viewers(publisher, number, now_s)
                self._adapt(publisher, number, now_s)
                self._announce(publisher, number, now_s)
        if not self.is_empty:
            self.idle_since_s = now_s

    def detach_publisher(self, reason: StopReason) -> Publisher | None:
        """Close the publisher; viewers stay and wait. Gives the one that was there."""
        publisher, self.publisher = self.publisher, None
        if publisher is None:
            return None
        publisher.close()
        if publisher.is_source:
            for track in self._all_tracks():
                track.end_source()
            self._emit(SourceStopped(self.show_id, publisher.session_id, reason))
        return publisher

    def close(self) -> None:
        """End everything in it."""
        self.detach_publisher("deleted")
        for viewer in self.viewers.values():
            viewer.close()
        self.viewers.clear()
        for track in self._all_tracks():
            track.close()

    # ------------------------------------------------------------ Audience

    def on_media_started(self, publisher: Publisher, now_s: float) -> None:
        """See `Audience`."""
        if publisher is not self.publisher:
            return
        self.had_source = True
        has_video = "video" in publisher.sources
        sources = [*publisher.layers, *(source for kind, source in publisher.sources.items() if kind == "audio")]
        for source in sources:
            track = source.track
            track.begin_source(source.chosen.encoding, answers_keyframe_requests=publisher.answers_keyframe_requests)
            track.timeline.leads = source.kind == "video" or not has_video
            track.restart_waiting(now_s)
        encodings = {kind: source.chosen.encoding for kind, source in publisher.sources.items()}
        for viewer in list(self.viewers.values()):
            if not viewer.follow(encodings):
                viewer.on_link_closed("failed")
            elif publisher.layers:
                viewer.begin_source([source.track for source in publisher.layers], now_s)
        self._reported_s = now_s
        self._is_anchored = False
        self._emit(SourceStarted(self.show_id, publisher.session_id))

    def open_layers(self, count: int) -> list[Track]:
        """See `Audience`."""
        while len(self.layers) < count:
            want = partial(self.want_keyframe, len(self.layers))
            self.layers.append(self._open_layer(want, beside=self.layers[0]))
        return self.layers[:count]

    def on_publisher_ended(self, publisher: Publisher, reason: str) -> None:
        """See `Audience`."""
        self._publisher_ended(self, publisher, reason)

    # ------------------------------------------------------------ inside

    def _all_tracks(self) -> list[Track]:
        return [self.tracks["audio"], *self.layers]

    def _adapt(self, publisher: Publisher, number: int, now_s: float) -> None:
        """Choose each viewer's layer `_CHOICES_PER_S` times a second, spread over the ticks."""
        if len(publisher.layers) < 2:
            return
        sent = publisher.sent_layers(now_s)
        if not sent:
            return
        turns = TICKS_PER_S // _CHOICES_PER_S
        for viewer in list(self.viewers.values())[number % turns :: turns]:
            viewer.adapt(sent, self.layers, now_s)

    def _report_to_viewers(self, publisher: Publisher, number: int, now_s: float) -> None:
        """A sender report a second for each viewer, spread over the second."""
        viewers = list(self.viewers.values())[number % TICKS_PER_S :: TICKS_PER_S]
        if not viewers:
            return
        timestamps: dict[Kind, int] = {}
        for kind, source in publisher.sources.items():
            timestamp = source.outgoing_timestamp(now_s)
            if timestamp is not None:
                timestamps[kind] = timestamp & 0xFFFFFFFF
        ntp = ntp_time(self._clock.now().timestamp())
        for viewer in viewers:
            if viewer.is_connected:
                viewer.report(ntp, timestamps)

    def _announce(self, publisher: Publisher, number: int, now_s: float) -> None:
        leader: Kind = "video" if "video" in publisher.sources else "audio"
        if publisher.flows(leader) and (not self._is_anchored or number % TICKS_PER_S == 0):
            self._is_anchored = True
            anchor = self.anchor()
            if anchor is not None:
                self._emit(anchor)
        if number % _REPORT_TICKS == 0 and now_s > self._reported_s:
            self._emit(self._ingest_report(publisher, now_s))

    def _ingest_report(self, publisher: Publisher, now_s: float) -> IngestReport:
        interval_s, self._reported_s = now_s - self._reported_s, now_s
        statistics = publisher.take_statistics()
        largest = publisher.largest
        width_px, height_px = (largest.size if largest is not None else None) or (0, 0)
        seen = statistics.get("video")
        return IngestReport(
            show_id=self.show_id,
            bitrate_bps=round(sum(s.octets for s in statistics.values()) * 8 / interval_s),
            loss=round(max((s.loss for s in statistics.values()), default=0.0), 4),
            width_px=width_px,
            height_px=height_px,
            fps=round(seen.frames / interval_s, 1) if seen is not None else 0.0,
            viewers=sum(viewer.is_connected for viewer in self.viewers.values()),
        )
