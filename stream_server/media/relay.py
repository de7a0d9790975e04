"""All shows of the media process: takes offers in, keeps the sessions, ends what is to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Literal

import structlog

from stream_server.clock import Clock
from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.media.codecs import choose_for_publisher, choose_for_viewer
from stream_server.media.control_wire import LiveSession
from stream_server.media.directory import Known
from stream_server.media.dtls import Identity
from stream_server.media.dubs import Booth
from stream_server.media.egress import Egress
from stream_server.media.endpoint import Endpoint
from stream_server.media.exchange import Exchange
from stream_server.media.figures import gauges, living
from stream_server.media.link import Link
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.options import MediaOptions
from stream_server.media.publisher import Publisher
from stream_server.media.sdp import parse_offer
from stream_server.media.show import TICKS_PER_S, Show, StopReason
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
    SessionClosed,
    UnknownSession,
)

log = structlog.get_logger(__name__)

_STOP_REASONS: dict[str, StopReason] = {"closed": "closed", "timeout": "timeout", "deleted": "deleted"}


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
        self._identity = Identity()
        self._shows: dict[ShowId, Show] = {}
        self._sessions: dict[SessionId, tuple[Show, Publisher | Viewer]] = {}
        self.endpoint = Endpoint(clock, self.counters, self.flush)
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
        offers: Sequence[str] = (),
        dub: str | None = None,
    ) -> Answer:
        """See `MediaPlane.publish`. Raises: BadOffer, PublisherPresent, NoPublisher, TooMany."""
        if dub is not None:
            return self._publish_dub(show_id, session_id, offer, dub, standby=standby)
        parsed = parse_offer(offer)
        sections = choose_for_publisher(parsed)
        show = self._shows.get(show_id)
        present = show.publisher if show is not None else None
        known = self._exchange.find(show_id)
        is_elsewhere = present is None and known is not None and known.source() is not None
        if not replace and not standby and (is_elsewhere or (present is not None and self._is_alive(present))):
            raise PublisherPresent(show_id)
        self._make_room()
        if show is None:
            show = self._open_show(show_id, position_ms, known)
        elif known is not None:
            show.timeline.note(known.position_ms, known.at_s)
        self._drop_publisher(show, "replaced", standby=standby)
        candidates, fingerprint = self.endpoint.candidates, self._identity.fingerprint
        negotiation = Negotiation(session_id, parsed, sections, fingerprint, candidates)
        publisher = Publisher(
            negotiation,
            show.tracks,
            self._options.max_publish_bps,
            self.counters,
            show,
            self._clock.monotonic_s,
            is_standby=standby,
            offers=offers,
        )
        publisher.link = self._open_link(negotiation, publisher)
        show.seat(publisher)
        self._sessions[session_id] = show, publisher
        self.counters.publishes += 1
        return negotiation.answer(publisher.link, {}, show_id)

    def _publish_dub(self, show_id: ShowId, session_id: SessionId, offer: str, name: str, *, standby: bool) -> Answer:
        parsed = parse_offer(offer)
        sections = choose_for_publisher(parsed)
        if [section.kind for section in sections if section.kind is not None] != ["audio"]:
            raise BadOffer("a dub is sound alone", acceptable=True)
        show = self._shows.get(show_id)
        if show is None or (show.publisher is None and show.standby is None):
            raise NoPublisher(show_id)
        self._make_room()
        booth = show.dubs.booth(name)
        self._drop_dub(show, booth, "replaced")
        candidates, fingerprint = self.endpoint.candidates, self._identity.fingerprint
        negotiation = Negotiation(session_id, parsed, sections, fingerprint, candidates)
        clock_s = self._clock.monotonic_s
        publisher = Publisher(negotiation, {"audio": booth.track}, 0, self.counters, booth, clock_s, is_standby=standby)
        publisher.link = self._open_link(negotiation, publisher)
        booth.seat(publisher)
        self._sessions[session_id] = show, publisher
        self.counters.publishes += 1
        return negotiation.answer(publisher.link, {}, show_id)

    def view(self, show_id: ShowId, session_id: SessionId, offer: str) -> Answer:
        """See `MediaPlane.view`. Raises: BadOffer, NoPublisher, TooMany."""
        parsed = parse_offer(offer)
        show = self._shows.get(show_id) or self._open_known(show_id)
        sections = choose_for_viewer(parsed, show.encodings if show is not None else {})
        if show is None or not show.had_source:
            raise NoPublisher(show_id)
        self._make_room()
        candidates, fingerprint = self.endpoint.candidates, self._identity.fingerprint
        negotiation = Negotiation(session_id, parsed, sections, fingerprint, candidates)
        viewer = Viewer(
            negotiation,
            show.best_tracks,
            show_id,
            self.counters,
            self._clock.monotonic_s,
            lambda viewer, reason: self._close_viewer(show, viewer, reason),
        )
        viewer.link = self._open_link(negotiation, viewer)
        show.viewers[session_id] = viewer
        self._sessions[session_id] = show, viewer
        self.counters.joins += 1
        self._exchange.connect(show)
        return negotiation.answer(viewer.link, viewer.sends, show_id)

    def patch(self, session_id: SessionId, fragment: str, if_match: str) -> Answer | None:
        """See `MediaPlane.patch`. Raises: BadOffer, StaleEtag, UnknownSession."""
        _, peer = self._session(session_id)
        answer = peer.negotiation.patch(peer.link, fragment, if_match)
        if answer is not None:
            self.endpoint.add(peer.link)
        return answer

    def close(self, session_id: SessionId) -> None:
        """See `MediaPlane.close`. Raises: UnknownSession."""
        show, peer = self._session(session_id)
        booth = show.dubs.booth_of(peer) if isinstance(peer, Publisher) else None
        if isinstance(peer, Viewer):
            self._close_viewer(show, peer, "deleted")
        elif booth is not None:
            self._drop_dub(show, booth, "deleted")
        else:
            self._drop_publisher(show, "deleted", standby=peer.is_standby)

    def picture(self, session_id: SessionId) -> SentPicture:
        """See `MediaPlane.picture`. Raises: UnknownSession."""
        return self._viewer(session_id)[1].sent_picture()

    def choose_sound(self, session_id: SessionId, dub: str | None) -> SentSound:
        """See `MediaPlane.choose_sound`. Raises: UnknownSession."""
        show, viewer = self._viewer(session_id)
        show.dubs.choose(viewer, dub, self._clock.monotonic_s())
        return self.sound(session_id)

    def sound(self, session_id: SessionId) -> SentSound:
        """See `MediaPlane.sound`. Raises: UnknownSession."""
        show, viewer = self._viewer(session_id)
        return show.dubs.sent(viewer, self._clock.monotonic_s())

    def dubs(self, show_id: ShowId) -> list[DubStanding]:
        """See `MediaPlane.dubs`."""
        show = self._shows.get(show_id)
        return show.dubs.standings(self._clock.monotonic_s()) if show is not None else []

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
            self._drop_publishers(show, "replaced")

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
        self._drop_publishers(show, "deleted")
        for viewer in list(show.viewers.values()):
            self._close_viewer(show, viewer, "deleted")
        show.close()
        self._exchange.close_outlet(show_id)

    # ------------------------------------------------------------ what lives

    def sessions(self) -> list[LiveSession]:
        """Every session."""
        return living(self._sessions)

    def anchors(self) -> list[ClockAnchor]:
        """The clocks of the shows that flow."""
        return [anchor for show in self._shows.values() if (anchor := show.anchor()) is not None]

    def metrics(self) -> dict[str, float]:
        """Counters and gauges by name."""
        return {
            **self.counters.read(),
            **gauges(self._shows.values(), self._sessions),
            "sisters": self._exchange.sisters,
            "tcp_connections": len(self.endpoint.tcp),
        }

    # ------------------------------------------------------------ inside

    def _session(self, session_id: SessionId) -> tuple[Show, Publisher | Viewer]:
        found = self._sessions.get(session_id)
        if found is None:
            raise UnknownSession("session", session_id)
        return found

    def _viewer(self, session_id: SessionId) -> tuple[Show, Viewer]:
        show, peer = self._session(session_id)
        if not isinstance(peer, Viewer):
            raise UnknownSession("session", session_id)
        return show, peer

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
            self._on_publisher_ended,
            self._exchange.open_outlet,
        )
        self._shows[show_id] = show
        return show

    def _open_link(self, negotiation: Negotiation, handler: Publisher | Viewer) -> Link:
        role: Literal["server", "client"] = negotiation.dtls_role
        link = Link(self._identity, role, negotiation.peer_fingerprint, handler, self._clock.monotonic_s())
        self.endpoint.add(link)
        return link

    def _make_room(self) -> None:
        connecting = sum(not peer.is_connected for _, peer in self._sessions.values())
        if len(self._sessions) >= self._options.max_sessions or connecting >= self._options.max_connecting:
            raise TooMany(retry_after_s=2.0)

    def _is_alive(self, publisher: Publisher) -> bool:
        silent_s = self._clock.monotonic_s() - publisher.link.last_seen_s
        return silent_s < self._options.stall_timeout_s

    def _on_publisher_ended(self, show: Show, publisher: Publisher, reason: str) -> None:
        if reason == "failed":
            self.counters.sessions_failed += 1
        booth = show.dubs.booth_of(publisher)
        if booth is not None:
            self._drop_dub(show, booth, reason)
        elif publisher in (show.publisher, show.standby):
            self._drop_publisher(show, _STOP_REASONS.get(reason, "failed"), standby=publisher.is_standby)

    def _drop_publishers(self, show: Show, reason: StopReason) -> None:
        for standby in (True, False):
            self._drop_publisher(show, reason, standby=standby)
        for booth in show.dubs.booths:
            self._drop_dub(show, booth, reason)

    def _drop_dub(self, show: Show, booth: Booth, reason: str) -> None:
        publisher = booth.leave()
        if publisher is not None:
            self._forget(show, publisher, reason)

    def _drop_publisher(self, show: Show, reason: StopReason, *, standby: bool = False) -> None:
        publisher = show.detach_publisher(reason, standby=standby)
        if publisher is not None:
            self._forget(show, publisher, reason)

    def _close_viewer(self, show: Show, viewer: Viewer, reason: str) -> None:
        if show.viewers.pop(viewer.session_id, None) is None:
            return
        if reason == "failed":
            self.counters.sessions_failed += 1
        show.dubs.forget(viewer)
        viewer.close()
        self._forget(show, viewer, reason)

    def _forget(self, show: Show, peer: Publisher | Viewer, reason: str) -> None:
        self.endpoint.remove(peer.link)
        self._sessions.pop(peer.session_id, None)
        self._emit(SessionClosed(show.show_id, peer.session_id, reason))

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
                known = self._exchange.find(show.show_id)
                is_elsewhere = known is not None and known.source() is not None
                patience_s = self._options.unwatched_s if is_elsewhere else self._options.forget_show_s
                if never_started or now_s - show.idle_since_s > patience_s:
                    self._close_show(show.show_id)
