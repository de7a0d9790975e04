"""What a media process tells about itself: its sessions, and how many of what live in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stream_server.ids import SessionId
from stream_server.media.control_wire import LiveSession
from stream_server.media.publisher import Publisher
from stream_server.media.show import Show
from stream_server.media.viewer import Viewer

Sessions = Mapping[SessionId, tuple[Show, Publisher | Viewer]]


def living(sessions: Sessions) -> list[LiveSession]:
    """Every session. Whoever publishes a dub is a publisher, but never a source of the show."""
    return [
        LiveSession(
            show.show_id,
            id_,
            peer.role,
            isinstance(peer, Publisher) and peer.is_source and show.dubs.booth_of(peer) is None,
            isinstance(peer, Publisher) and peer.is_standby,
        )
        for id_, (show, peer) in sessions.items()
    ]


def gauges(shows: Iterable[Show], sessions: Sessions) -> dict[str, float]:
    """How many there are right now, by name."""
    peers = [peer for _, peer in sessions.values()]
    shows = list(shows)
    return {
        "shows": sum(show.sister is None for show in shows),
        "publishers": sum(isinstance(peer, Publisher) and peer.is_connected for peer in peers),
        "viewers": sum(isinstance(peer, Viewer) and peer.is_connected for peer in peers),
        "viewers_reduced": sum(
            isinstance(peer, Viewer) and peer.is_connected and peer.choice.reason in ("bandwidth", "loss")
            for peer in peers
        ),
        "viewers_dubbed": sum(show.dubs.wanted.total() for show in shows),
        "dubs": sum(len(show.dubs.publishers) for show in shows),
        "connecting": sum(not peer.is_connected for peer in peers),
    }
