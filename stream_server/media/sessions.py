"""The sessions of one media process, by their names, and whether there is room for another one."""

from __future__ import annotations

from stream_server.errors import TooMany
from stream_server.ids import SessionId
from stream_server.media.control_wire import LiveSession
from stream_server.media.figures import living
from stream_server.media.options import MediaOptions
from stream_server.media.publisher import Publisher
from stream_server.media.show import Show
from stream_server.media.viewer import Viewer
from stream_server.signaling.media_plane import UnknownSession


class Sessions:
    """Publishers and viewers, each with its show."""

    def __init__(self, options: MediaOptions) -> None:
        self._options = options
        self.all: dict[SessionId, tuple[Show, Publisher | Viewer]] = {}

    def add(self, show: Show, peer: Publisher | Viewer) -> None:
        """A session begins."""
        self.all[peer.session_id] = show, peer

    def remove(self, session_id: SessionId) -> None:
        """It is over."""
        self.all.pop(session_id, None)

    def find(self, session_id: SessionId) -> tuple[Show, Publisher | Viewer]:
        """One session. Raises: UnknownSession."""
        found = self.all.get(session_id)
        if found is None:
            raise UnknownSession("session", session_id)
        return found

    def viewer(self, session_id: SessionId) -> tuple[Show, Viewer]:
        """A viewer's session. Raises: UnknownSession."""
        show, peer = self.find(session_id)
        if not isinstance(peer, Viewer):
            raise UnknownSession("session", session_id)
        return show, peer

    def make_room(self) -> None:
        """Before another one is let in. Raises: TooMany."""
        connecting = sum(not peer.is_connected for _, peer in self.all.values())
        if len(self.all) >= self._options.max_sessions or connecting >= self._options.max_connecting:
            raise TooMany(retry_after_s=2.0)

    def living(self) -> list[LiveSession]:
        """Every session, as other processes are told of it."""
        return living(self.all)
