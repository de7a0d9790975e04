"""All shows of the media process: takes offers in, keeps the sessions, ends what is to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from stream_server.clock import Clock
from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import choose_for_publisher, choose_for_viewer
from stream_server.media.control_wire import LiveSession
from stream_server.media.departures import Departures
from stream_server.media.directory import Known
from stream_server.media.door import Door
from stream_server.media.egress import Egress
from stream_server.media.endpoint import Endpoint
from stream_server.media.exchange import Exchange
from stream_server.media.figures import gauges
from stream_server.media.metrics import Counters
from stream_server.media.options import MediaOptions
from stream_server.media.publisher import Publisher
from stream_server.media.sdp import parse_offer
from stream_server.media.sessions import Sessions
from stream_server.media.show import Show
from stream_server.media.show_reports import TICKS_PER_S
from stream_server.media.slate import checked
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import (
    Answer,
    BadOffer,
    ClockAnchor,
    DubStanding,
    MediaEvent,
    NoPublisher,
    PublisherPresent,
    SentPicture,
    SentSound,
    SlateFilm,
)

log = structlog.get_logger(__name__)


class Relay:
    """The media plane itself; `ControlServer` gives it to other processes.

    All calls run to their end without waiting, so no two of them ever see each other half done.
    """

    def __init__(
        self,
        options: MediaOptions,
        clock: Clock,
        make_egress: Callable[[Counters], Egress],
        emit: Callable[[MediaEvent], None],
    ) -> None:
        self._options = options
        self._clock = clock
        self._emit = emit
        self.counters = Counters()
        self._egress = make_egress(self.counters)
        self._shows: dict[ShowId, Show] = {}
        self._sessions = Sessions(options)
        self.endpoint = Endpoint(clock, self.counters, self.flush)
        self._departures = Departures(self.endpoint, self._sessions, self.counters, emit)
        self._door = Door(self.endpoint, clock.monotonic_s)
        self._exchange = Exchange(options.index, options.trunk_paths, self, self.counters, clock.monotonic_s)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Relay]:
        """Listen for as long as the block lasts; then end every session properly. Raises: OSError."""
        options = self._options
        self.endpoint.open(options.addresses, options.port, options.public_address)
        try:
            async with self._exchange.run(), asyncio.TaskGroup() as group:
                sweep = self.endpoint.sweep(options.connect_timeout_s, options.consent_timeout_s)
                tasks = [
                    group.create_task(sweep, name="media sweep"),
                    group.create_task(self._tick(), name="media tick"),
                ]
                try:
                    yield self
                finally:
                    for task in tasks:
                        task.cancel()
                    for show_id in list(self._shows):
                        self.end_show(show_id)
        finally:
            self._egress.close()
            self.endpoint.close()

    # ------------------------------------------------------------ MediaPlane

    def publish(
        self,
        show_id: ShowId,
        session_id: SessionId,
        offer: str,
        position_ms: float,
        *,
        replace: bool,
        standby: bool = False,
        patience_s: float = 0.0,
        offers: Sequence[str] = (),
        dub: str | None = None,
    ) -> Answer:
        """See `MediaPlane.publish`. Raises: BadOffer, PublisherPresent, NoPublisher, TooMany."""
        if dub is not None:
            return self._publish_dub(show_id, session_id, offer, dub, replace=replace, standby=standby)
        parsed = parse_offer(offer)
        sections = choose_for_publisher(parsed)
        show = self._shows.get(show_id)
        present = show.publisher if show is not None else None
        known = self._exchange.find(show_id)
        elsewhere = self._exchange.source_of(show_id)
        is_elsewhere = present is None and elsewhere is not None and not elsewhere.is_slate
        # A stand-in can take over only where the one is for whom it stands in.
        is_taken = is_elsewhere if standby else is_elsewhere or (present is not None and self._is_alive(present))
        if is_taken and (standby or not replace):
            raise PublisherPresent(show_id)
        self._sessions.make_room()
        if show is None:
            show = self._open_show(show_id, position_ms, known)
        elif known is not None:
            show.timeline.note(known.position_ms, known.at_s)
        self._departures.drop_publisher(show, "replaced", standby=standby)
        negotiation = self._door.negotiation(session_id, parsed, sections)
        publisher = Publisher(
            negotiation,
            show.tracks,
            self._options.max_publish_bps,
            self.counters,
            show,
            self._clock.monotonic_s,
            is_standby=standby,
            patience_s=patience_s,
            offers=offers,
        )
        show.seat(publisher)
        return self._admitted(show, publisher)

    def _publish_dub(
        self, show_id: ShowId, session_id: SessionId, offer: str, name: str, *, replace: bool, standby: bool
    ) -> Answer:
        parsed = parse_offer(offer)
        sections = choose_for_publisher(parsed)
        if [section.kind for section in sections if section.kind is not None] != ["audio"]:
            raise BadOffer("a dub is sound alone", acceptable=True)
        show = self._shows.get(show_id)
        if show is None or (show.publisher is None and show.standby is None):
            raise NoPublisher(show_id)
        self._sessions.make_room()
        booth = show.dubs.booth(name)
        is_taken = booth.publisher is not None and self._is_alive(booth.publisher)
        if is_taken and (not replace or booth.for_any_presenter):
            raise PublisherPresent(show_id)
        self._departures.drop_dub(show, booth, "replaced")
        negotiation = self._door.negotiation(session_id, parsed, sections)
        clock_s = self._clock.monotonic_s
        publisher = Publisher(negotiation, {"audio": booth.track}, 0, self.counters, booth, clock_s, is_standby=standby)
        booth.seat(publisher, for_any_presenter=not replace)
        return self._admitted(show, publisher)

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`. Raises: BadOffer, NoPublisher, TooMany."""
        parsed = parse_offer(offer)
        show = self._shows.get(show_id) or self._open_known(show_id)
        sections = choose_for_viewer(parsed, show.encodings if show is not None else {})
        if show is None or not show.had_source:
            raise NoPublisher(show_id)
        self._sessions.make_room()
        negotiation = self._door.negotiation(session_id, parsed, sections)
        viewer = Viewer(
            negotiation,
            show.best_tracks,
            show_id,
            self.counters,
            self._clock.monotonic_s,
            lambda viewer, reason: self._departures.close_viewer(show, viewer, reason),
        )
        viewer.link = self._door.open_link(negotiation, viewer)
        show.viewers[session_id] = viewer
        self._sessions.add(show, viewer)
        self.counters.joins += 1
        self._exchange.connect(show)
        return negotiation.answer(viewer.link, viewer.sends, show_id)

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`. Raises: BadOffer, StaleEtag, UnknownSession."""
        _, peer = self._sessions.find(session_id)
        answer = peer.negotiation.patch(peer.link, fragment, if_match)
        if answer is not None:
            self.endpoint.add(peer.link)
        return answer

    def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`. Raises: UnknownSession."""
        self._departures.delete(*self._sessions.find(session_id))

    def picture(self, session_id: SessionId) -> SentPicture:
        """See `MediaPlane.picture`. Raises: UnknownSession."""
        return self._sessions.viewer(session_id)[1].sent_picture()

    def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """See `MediaPlane.choose_sound`. Raises: UnknownSession."""
        show, viewer = self._sessions.viewer(session_id)
        show.dubs.choose(viewer, dub, self._clock.monotonic_s())
        return self.sound(session_id)

    def sound(self, session_id: SessionId) -> SentSound:
        """See `MediaPlane.sound`. Raises: UnknownSession."""
        show, viewer = self._sessions.viewer(session_id)
        return show.dubs.sent(viewer, self._clock.monotonic_s())

    def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """See `MediaPlane.dubs`."""
        show = self._shows.get(show_id)
        return show.dubs.standings(self._clock.monotonic_s()) if show is not None else []

    def put_slate(self, show_id: ShowId, films: Sequence[SlateFilm]) -> None:
        """See `SlatePlane.put_slate`. Raises: Invalid."""
        found = checked(films)
        show = self._shows.get(show_id)
        if show is not None:
            show.films = found

    def end_show(self, show_id: ShowId) -> None:
        """See `MediaPlane.end_show`."""
        self._close_show(show_id)
        self._exchange.forget(show_id)

    # ------------------------------------------------------------ House

    def following(self, show_id: ShowId) -> Show | None:
        """See `House`."""
        return self._shows.get(show_id)

    def yield_to_sister(self, show_id: ShowId) -> None:
        """See `House`."""
        show = self._shows.get(show_id)
        if show is not None:
            self._departures.drop_publishers(show, "replaced")
            show.end_slate()

    def send_stand_in_away(self, show_id: ShowId) -> None:
        """See `House`."""
        show = self._shows.get(show_id)
        if show is not None and show.standby is not show.on_air:
            self._departures.drop_publisher(show, "replaced", standby=True)

    def fail(self, show_id: ShowId) -> None:
        """See `House`."""
        self._close_show(show_id)

    def flush(self) -> None:
        """See `House`."""
        for show in self._shows.values():
            try:
                show.flush()
            except Exception:
                log.exception("media could not be sent", show_id=show.show_id)

    def _close_show(self, show_id: ShowId) -> None:
        show = self._shows.pop(show_id, None)
        if show is None:
            return
        self._departures.drop_publishers(show, "deleted")
        for viewer in list(show.viewers.values()):
            self._departures.close_viewer(show, viewer, "deleted")
        show.close()
        self._exchange.close_outlet(show_id)

    # ------------------------------------------------------------ what lives

    def sessions(self) -> list[LiveSession]:
        """Every session."""
        return self._sessions.living()

    def anchors(self) -> list[ClockAnchor]:
        """The clocks of the shows that flow."""
        return [anchor for show in self._shows.values() if (anchor := show.anchor()) is not None]

    def metrics(self) -> dict[str, float]:
        """Counters and gauges by name."""
        return {
            **self.counters.read(),
            **gauges(self._shows.values(), self._sessions.all),
            "sisters": self._exchange.sisters,
            "tcp_connections": len(self.endpoint.tcp),
        }

    # ------------------------------------------------------------ inside

    def _open_known(self, show_id: ShowId) -> Show | None:
        """A show that another process has, or had last."""
        known = self._exchange.find(show_id)
        if known is None:
            return None
        show = self._open_show(show_id, 0.0, known)
        show.expect(known.newest)
        return show

    def _open_show(self, show_id: ShowId, position_ms: float, known: Known | None) -> Show:
        if known is not None:
            position_ms = known.position_at(self._clock.monotonic_s())
        show = Show(
            show_id,
            position_ms,
            self._egress,
            self._options,
            self.counters,
            self._clock,
            self._emit,
            self._departures.publisher_ended,
            self._exchange.open_outlet,
            lambda: self._exchange.source_of(show_id),
        )
        self._shows[show_id] = show
        return show

    def _admitted(self, show: Show, publisher: Publisher) -> Answer:
        negotiation = publisher.negotiation
        publisher.link = self._door.open_link(negotiation, publisher)
        self._sessions.add(show, publisher)
        self.counters.publishes += 1
        return negotiation.answer(publisher.link, {}, show.show_id)

    def _is_alive(self, publisher: Publisher) -> bool:
        silent_s = self._clock.monotonic_s() - publisher.link.last_seen_s
        return silent_s < self._options.stall_timeout_s

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1 / TICKS_PER_S)
            now_s = self._clock.monotonic_s()
            for show in list(self._shows.values()):
                try:
                    show.tick(now_s)
                except Exception:  # fault boundary of one show
                    log.exception("a show failed", show_id=show.show_id)
                    self._close_show(show.show_id)
                    continue
                never_started = not show.had_source and show.is_empty
                is_elsewhere = self._exchange.source_of(show.show_id) is not None
                patience_s = self._options.unwatched_s if is_elsewhere else self._options.forget_show_s
                if never_started or now_s - show.idle_since_s > patience_s:
                    self._close_show(show.show_id)
