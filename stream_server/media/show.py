"""One show in this process: its clock, its tracks, at most one publisher, and the viewers.

Where the publisher is in another media process, a `SisterSource` stands in its place: the tracks take that process's
packets as they are, and whoever watches notices no difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from stream_server.clock import Clock
from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import Encoding
from stream_server.media.dubs import FIRST_NUMBER, Dubs
from stream_server.media.egress import Egress
from stream_server.media.metrics import Counters
from stream_server.media.options import MediaOptions
from stream_server.media.outlet import Outlet, Piped
from stream_server.media.publisher import Publisher
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.show_reports import TICKS_PER_S, ShowReports, timestamps_of
from stream_server.media.sister import SisterSource
from stream_server.media.slate import SlatePlayer
from stream_server.media.source_news import SourceNews, StopReason
from stream_server.media.timeline import Timeline
from stream_server.media.track import Track
from stream_server.media.trunk_wire import Announcement, Batch, Standing
from stream_server.media.turn import Turn
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import ClockAnchor, MediaEvent, SlateFilm

_CHOICES_PER_S = 4
_STANDINGS_PER_S = 4
_SLATE_SESSION = SessionId("slate")


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
        open_outlet: Callable[[ShowId, Piped], Outlet],
        elsewhere: Callable[[], Announcement | None] = lambda: None,
    ) -> None:
        """``elsewhere``: what another process of the server says of the source that it has of the show."""
        self.show_id = show_id
        self.outlet = open_outlet(show_id, self)
        """To the other media processes."""
        self.timeline = Timeline(position_ms, clock.monotonic_s())
        self.tracks: dict[Kind, Track] = {
            "audio": Track("audio", self.timeline, egress, options.cached_packets, self.want_keyframe),
            "video": Track("video", self.timeline, egress, options.cached_packets, self.want_keyframe),
        }
        self.layers: list[Track] = [self.tracks["video"]]
        """Video tracks: one, and one for each further size that a publisher sends its picture in."""
        self._open_layer = partial(Track, "video", self.timeline, egress, options.cached_packets)
        for number, track in enumerate(self._all_tracks()):
            track.pipe = partial(self.outlet.pipe, number)
        open_sound = partial(Track, "audio", self.timeline, egress, options.cached_packets, lambda: None)
        self.dubs = Dubs(self.tracks["audio"], open_sound, self.outlet, partial(publisher_ended, self))
        self.publisher: Publisher | None = None
        """The show's own."""
        self.standby: Publisher | None = None
        """Stands in while the show's own publisher sends nothing."""
        self.on_air: Publisher | None = None
        """The one of the two whose packets go out; None before the first."""
        self.films: dict[str, SlateFilm] = {}
        """The slate, by codec."""
        self._slate: SlatePlayer | None = None
        """On air while nobody is."""
        self._turn = Turn()
        self._elsewhere = elsewhere
        self.sister: SisterSource | None = None
        """The process that has the publisher, if it is another one and somebody watches here."""
        self.viewers: dict[SessionId, Viewer] = {}
        self.had_source = False
        self.idle_since_s = clock.monotonic_s()
        self._clock = clock
        self._publisher_ended = publisher_ended
        self._ticks = itertools.count()
        self._news = SourceNews(show_id, emit)
        self._reports = ShowReports(show_id, self.timeline, clock, emit)

    @property
    def encodings(self) -> dict[Kind, Encoding]:
        """How the tracks of the last source are coded."""
        return {kind: track.encoding for kind, track in self.tracks.items() if track.encoding is not None}

    @property
    def is_empty(self) -> bool:
        """Nobody is here."""
        return self.publisher is None and self.standby is None and not self.viewers

    @property
    def is_watched(self) -> bool:
        """Somebody is here to see it."""
        return bool(self.viewers)

    @property
    def _incoming(self) -> Publisher | SisterSource | None:
        """Where packets come from."""
        return self.on_air or self.sister

    @property
    def best_tracks(self) -> dict[Kind, Track]:
        """What a new viewer begins with: of a picture in layers the largest."""
        if isinstance(self._incoming, SisterSource):
            return {**self.tracks, "video": self.layers[self._incoming.largest_layer]}
        largest = self.on_air.largest if self.on_air is not None else None
        return {**self.tracks, "video": largest.track} if largest is not None else self.tracks

    def want_keyframe(self, layer: int = 0) -> None:
        """Ask the publisher for a keyframe, if there is one, here or elsewhere, and it listens."""
        if self.on_air is not None:
            self.on_air.want_keyframe(layer)
        if self.sister is not None:
            self.sister.want_keyframe(layer)

    def anchor(self) -> ClockAnchor | None:
        """Where the clock stands; None while nothing flows."""
        return self._reports.anchor() if self.on_air is not None else None

    def flush(self) -> None:
        """Send what the last burst of datagrams brought."""
        for track in self._all_tracks():
            track.flush()
        self.dubs.flush()

    def tick(self, now_s: float) -> None:
        """Called `TICKS_PER_S` times a second."""
        number = next(self._ticks)
        self._news.tick(now_s)
        self._play_slate(now_s)
        for track in self._all_tracks():
            track.tick(now_s)
        on_air, incoming = self.on_air, self._incoming
        for publisher in (self.publisher, self.standby):
            if publisher is not None:
                publisher.tick(now_s)
        if incoming is not None:
            self._reports.to_viewers(self.viewers, incoming, self.dubs, number, now_s)
            self._adapt(incoming, number, now_s)
        if on_air is not None:
            self._reports.to_server(on_air, number, now_s, self._connected_viewers() + self.outlet.viewers)
            if number % (TICKS_PER_S // _STANDINGS_PER_S) == 0:
                self.outlet.stand(now_s, to_all=number % TICKS_PER_S == 0)
        self.dubs.tick(now_s, on_air, self.sister.dubs(now_s) if self.sister is not None else {})
        if self.sister is not None:
            self.sister.tick(now_s, self._connected_viewers(), self.best_estimate_bps(), self.dubs.wanted)
        if not self.is_empty:
            self.idle_since_s = now_s

    def seat(self, publisher: Publisher) -> None:
        """Take a new publisher in; its place is free."""
        if publisher.is_standby:
            self.standby = publisher
            self._turn.patience_s = publisher.patience_s
        else:
            self.publisher = publisher

    def detach_publisher(self, reason: StopReason, *, standby: bool = False) -> Publisher | None:
        """Close the publisher (or the standby); viewers stay and wait. Gives the one that was there."""
        if standby:
            publisher, self.standby = self.standby, None
        else:
            publisher, self.publisher = self.publisher, None
        if publisher is None:
            return None
        publisher.close()
        if publisher is self.on_air:
            self.on_air = None
            self._go_dark()
        self._news.stopped(publisher.session_id, reason, self._clock.monotonic_s(), self._taken_over_by(reason))
        return publisher

    def close(self) -> None:
        """End everything in it."""
        self.detach_publisher("deleted", standby=True)
        self.detach_publisher("deleted")
        self._news.close()
        self.end_slate()
        if self.sister is not None:
            self.sister.leave()
            self.sister = None
        for viewer in self.viewers.values():
            viewer.close()
        self.viewers.clear()
        self.dubs.close()
        for track in self._all_tracks():
            track.close()

    # ------------------------------------------------------------ Audience

    def admits(self, publisher: Publisher, is_start: bool, now_s: float) -> bool:
        """See `Audience`."""
        if publisher not in (self.publisher, self.standby):
            return False
        on_air = self.on_air
        self._turn.heard(now_s, is_own=not publisher.is_standby)
        if publisher is not on_air:
            is_turn = self._turn.may_begin(now_s, is_standby=publisher.is_standby, other_is_on_air=on_air is not None)
            if not is_turn or (publisher.is_standby and on_air is None and self._is_filmed_elsewhere()):
                return False
            is_bare = on_air is None and not publisher.was_offstage
            # Better heard without a picture than not at all; but never instead of somebody who is seen.
            may_begin = is_start and (not publisher.begins_with_sound or self._turn.is_dark(now_s))
            if not (may_begin or is_bare):
                publisher.ask_for_start(now_s)
                return False
            self.on_air = publisher
            self._on_media_started(publisher, now_s)
            if on_air is not None:
                on_air.rest()
        self._turn.aired_s = now_s
        return True

    def _is_filmed_elsewhere(self) -> bool:
        found = self._elsewhere()
        return found is not None and not found.is_slate

    def _taken_over_by(self, reason: StopReason) -> float | None:
        """Until when the word of a stop waits for somebody who takes over; None when nobody does."""
        now_s = self._clock.monotonic_s()
        if reason == "replaced" or self.publisher is not None:
            return self._turn.taken_over_by(now_s, by_stand_in=False)
        return None if self.standby is None else self._turn.taken_over_by(now_s, by_stand_in=True)

    def _on_media_started(self, publisher: Publisher, now_s: float) -> None:
        self._slate = None
        if self.sister is not None:
            self.sister.leave()
            self.sister = None
        encodings = {kind: source.chosen.encoding for kind, source in publisher.sources.items()}
        layers = [source.track for source in publisher.layers]
        answers = publisher.answers_keyframe_requests
        position_ms = self.timeline.position_ms(now_s)
        self.outlet.begin(publisher.session_id, encodings, len(layers), answers, position_ms, now_s)
        self._begin(encodings, layers, answers, now_s)
        self._reports.begin(now_s)
        self._news.started(publisher.session_id, is_standby=publisher.is_standby)

    def _play_slate(self, now_s: float) -> None:
        """Where nobody's packets go out for a while, the slate's do."""
        if self._slate is None and self._turn.is_dark(now_s):
            self._slate = self._open_slate(now_s)
        if self._slate is not None:
            self._slate.tick(now_s)
            self.layers[0].flush()

    def _open_slate(self, now_s: float) -> SlatePlayer | None:
        track = self.layers[0]
        film = self.films.get(track.encoding.codec) if track.encoding is not None else None
        if film is None or track.encoding is None or self.sister is not None or self._elsewhere() is not None:
            return None
        if self.on_air is not None:
            self.on_air.rest()  # connected, but silent; it has the air again with its next keyframe
            self.on_air = None
        if self.standby is None:
            self._news.dark()
        encodings: dict[Kind, Encoding] = {"video": track.encoding}
        position_ms = self.timeline.position_ms(now_s)
        self.outlet.begin(_SLATE_SESSION, encodings, 1, False, position_ms, now_s, is_slate=True)
        self._begin(encodings, [track], False, now_s)
        return SlatePlayer(film, track, now_s)

    def end_slate(self) -> None:
        """The picture comes from elsewhere, or not at all any more."""
        self._turn.aired_s = float("inf")
        if self._slate is not None:
            self._slate = None
            self._go_dark()

    def _go_dark(self) -> None:
        for track in self._all_tracks():
            track.end_source()
        self.outlet.withdraw()

    def open_layers(self, count: int) -> list[Track]:
        """See `Audience`."""
        while len(self.layers) < count:
            want = partial(self.want_keyframe, len(self.layers))
            track = self._open_layer(want, beside=self.layers[0])
            self.layers.append(track)
            track.pipe = partial(self.outlet.pipe, len(self.layers))
        return self.layers[:count]

    def on_publisher_ended(self, publisher: Publisher, reason: str) -> None:
        """See `Audience`."""
        self._publisher_ended(self, publisher, reason)

    # ------------------------------------------------------------ Following, Piped

    def expect(self, announcement: Announcement) -> None:
        """Another process had a source of this show, as told: whoever comes may wait for the next one here."""
        self.had_source = True
        self.timeline.note(announcement.position_ms, announcement.at_s)
        for kind, encoding in announcement.encodings.items():
            self.tracks[kind].encoding = encoding

    def follow(self, source: SisterSource, now_s: float) -> None:
        """See `Following`."""
        self.end_slate()
        self.sister = source
        self.dubs.begin()
        announcement = source.announcement
        self.expect(announcement)
        layers = self.open_layers(announcement.layers)
        self._begin(announcement.encodings, layers, announcement.answers_keyframe_requests, now_s)
        source.tick(now_s, self._connected_viewers(), self.best_estimate_bps(), self.dubs.wanted)

    def unfollow(self) -> None:
        """See `Following`."""
        self.sister = None
        self.dubs.begin()
        for track in self._all_tracks():
            track.end_source()

    def take(self, batch: Batch) -> None:
        """See `Following`."""
        if batch.track >= FIRST_NUMBER:
            self.dubs.take(batch, self._clock.monotonic_s())
            return
        tracks = self._all_tracks()
        if batch.track < len(tracks):
            track = tracks[batch.track]
            for packet in batch.packets:
                track.relay(packet, batch.at_s)

    def backlog(self) -> Iterator[tuple[int, float, Sequence[MediaPacket]]]:
        """See `Piped`. A keyframe keeps its age, so that it is as fresh or stale there as here."""
        now_s = self._clock.monotonic_s()
        for number, track in enumerate(self._all_tracks()):
            track.flush()
            found = track.backlog(now_s) if track.kind == "video" else None
            if found is not None:
                arrived_s, packets = found
                yield number, arrived_s, packets[:1]
                yield number, now_s, packets[1:]

    def standing(self, now_s: float) -> Standing | None:
        """See `Piped`."""
        publisher = self.on_air
        if publisher is None:
            return None
        sent = tuple(publisher.sent_layers(now_s))
        timestamps, dubs = timestamps_of(publisher, now_s), self.dubs.flowing(now_s)
        return Standing(self.show_id, *self.timeline.newest_frame(), now_s, timestamps, sent, dubs)

    # ------------------------------------------------------------ inside

    def _begin(self, encodings: dict[Kind, Encoding], layers: list[Track], answers: bool, now_s: float) -> None:
        """Packets come from somewhere else from now on."""
        self.had_source = True
        tracks = [*layers, self.tracks["audio"]] if "audio" in encodings else layers
        for track in tracks:
            track.begin_source(encodings[track.kind], answers_keyframe_requests=answers)
            track.timeline.leads = track.kind == "video" or "video" not in encodings
            track.restart_waiting(now_s)
        for viewer in list(self.viewers.values()):
            if not viewer.follow(encodings):
                viewer.on_link_closed("failed")
            elif layers:
                viewer.begin_source(layers, now_s)

    def best_estimate_bps(self) -> float | None:
        """The largest bandwidth estimate of any viewer of this show, in whatever process; None while there is none."""
        estimates = [viewer.choice.estimate_bps for viewer in self.viewers.values() if viewer.is_connected]
        return max((bps for bps in (*estimates, self.outlet.best_bps) if bps is not None), default=None)

    def _connected_viewers(self) -> int:
        return sum(viewer.is_connected for viewer in self.viewers.values())

    def _all_tracks(self) -> list[Track]:
        return [self.tracks["audio"], *self.layers]

    def _adapt(self, incoming: Publisher | SisterSource, number: int, now_s: float) -> None:
        """Choose each viewer's layer `_CHOICES_PER_S` times a second, spread over the ticks."""
        layers = incoming.announcement.layers if isinstance(incoming, SisterSource) else len(incoming.layers)
        if layers < 2:
            return
        sent = incoming.sent_layers(now_s)
        if not sent:
            return
        turns = TICKS_PER_S // _CHOICES_PER_S
        for viewer in list(self.viewers.values())[number % turns :: turns]:
            viewer.adapt(sent, self.layers, now_s)
