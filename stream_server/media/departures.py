"""How sessions end: out of their show, off the network and the list, counted, and told."""

from __future__ import annotations

from collections.abc import Callable

from stream_server.media.dubs import Booth
from stream_server.media.endpoint import Endpoint
from stream_server.media.metrics import Counters
from stream_server.media.publisher import Publisher
from stream_server.media.sessions import Sessions
from stream_server.media.show import Show
from stream_server.media.source_news import StopReason
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import MediaEvent, SessionClosed

_STOP_REASONS: dict[str, StopReason] = {"closed": "closed", "timeout": "timeout", "deleted": "deleted"}


class Departures:
    """Ends sessions of any show. Nothing here waits."""

    def __init__(
        self, endpoint: Endpoint, sessions: Sessions, counters: Counters, emit: Callable[[MediaEvent], None]
    ) -> None:
        self._endpoint = endpoint
        self._sessions = sessions
        self._counters = counters
        self._emit = emit

    def delete(self, show: Show, peer: Publisher | Viewer) -> None:
        """It asked to leave, or the server sends it away."""
        booth = show.dubs.booth_of(peer) if isinstance(peer, Publisher) else None
        if isinstance(peer, Viewer):
            self.close_viewer(show, peer, "deleted")
        elif booth is not None:
            self.drop_dub(show, booth, "deleted")
        else:
            self.drop_publisher(show, "deleted", standby=peer.is_standby)

    def publisher_ended(self, show: Show, publisher: Publisher, reason: str) -> None:
        """A publisher or the speaker of a dub is gone; ``reason`` as its link tells it."""
        if reason == "failed":
            self._counters.sessions_failed += 1
        booth = show.dubs.booth_of(publisher)
        if booth is not None:
            self.drop_dub(show, booth, reason)
        elif publisher in (show.publisher, show.standby):
            self.drop_publisher(show, _STOP_REASONS.get(reason, "failed"), standby=publisher.is_standby)

    def drop_publishers(self, show: Show, reason: StopReason) -> None:
        """Everybody who sends, the speakers of dubs too."""
        for standby in (True, False):
            self.drop_publisher(show, reason, standby=standby)
        for booth in show.dubs.booths:
            self.drop_dub(show, booth, reason)

    def drop_dub(self, show: Show, booth: Booth, reason: str) -> None:
        """The one who speaks a dub, if there is one."""
        publisher = booth.leave()
        if publisher is not None:
            self._forget(show, publisher, reason)

    def drop_publisher(self, show: Show, reason: StopReason, *, standby: bool = False) -> None:
        """The publisher (or the stand-in), if there is one; viewers stay."""
        publisher = show.detach_publisher(reason, standby=standby)
        if publisher is not None:
            self._forget(show, publisher, reason)

    def close_viewer(self, show: Show, viewer: Viewer, reason: str) -> None:
        """A viewer; one that has left already is let be."""
        if show.viewers.pop(viewer.session_id, None) is None:
            return
        if reason == "failed":
            self._counters.sessions_failed += 1
        show.dubs.forget(viewer)
        viewer.close()
        self._forget(show, viewer, reason)

    def _forget(self, show: Show, peer: Publisher | Viewer, reason: str) -> None:
        self._endpoint.remove(peer.link)
        self._sessions.remove(peer.session_id)
        self._emit(SessionClosed(show.show_id, peer.session_id, reason))
