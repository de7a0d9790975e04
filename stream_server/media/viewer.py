"""One viewer: its link, its feeds, and what it asks for."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal

from stream_server.media.answer import SenderIds
from stream_server.media.codecs import Encoding
from stream_server.media.feed import Feed
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.rtp import Kind
from stream_server.media.seams import PayloadFeedback, SrtpKeys, TransportFeedback, parse_rtcp
from stream_server.media.track import Track

_NACK, _PLI, _FIR = 1, 1, 4


class Viewer:
    """Handler of one viewer's link. ``ended`` is called once, when the link is gone."""

    role: Literal["viewer"] = "viewer"

    def __init__(
        self,
        negotiation: Negotiation,
        tracks: dict[Kind, Track],
        cname: str,
        counters: Counters,
        want_keyframe: Callable[[], None],
        clock_s: Callable[[], float],
        ended: Callable[[Viewer, str], None],
    ) -> None:
        self.negotiation = negotiation
        self.session_id = negotiation.session_id
        self.link: Link
        self.is_connected = False
        self._counters = counters
        self._want_keyframe = want_keyframe
        self._clock_s = clock_s
        self._ended = ended
        taken = iter(secrets.SystemRandom().sample(range(1, 1 << 32), 4))
        self.feeds: dict[Kind, Feed] = {
            section.kind: Feed(
                tracks[section.kind], SenderIds(next(taken), next(taken)), section.chosen, cname, counters
            )
            for section in negotiation.sections
            if section.kind is not None
        }
        self._by_ssrc = {feed.ids.ssrc: feed for feed in self.feeds.values()}

    @property
    def sends(self) -> dict[Kind, SenderIds]:
        """The SSRCs to be named in the answer."""
        return {kind: feed.ids for kind, feed in self.feeds.items()}

    def follow(self, encodings: dict[Kind, Encoding]) -> bool:
        """The show's source changed; False when this viewer cannot decode the new one."""
        return all(feed.follow(encodings[kind]) for kind, feed in self.feeds.items() if kind in encodings)

    def report(self, ntp: int, timestamps: dict[Kind, int]) -> None:
        """Send sender reports for the tracks that flow."""
        for kind, timestamp in timestamps.items():
            feed = self.feeds.get(kind)
            if feed is not None:
                feed.report(ntp, timestamp)

    def close(self) -> None:
        """Stop sending and say goodbye. May be called twice."""
        for feed in self.feeds.values():
            feed.stop()
        self.is_connected = False
        self.link.close()

    # ------------------------------------------------------------ LinkHandler

    def on_connected(self, keys: SrtpKeys) -> None:
        """See `LinkHandler`."""
        self.is_connected = True
        now_s = self._clock_s()
        for feed in self.feeds.values():
            feed.start(self.link, keys, now_s)

    def on_rtp(self, packet: bytes, now_s: float) -> None:
        """Viewers send no media."""

    def on_rtcp(self, packet: bytes, now_s: float) -> None:
        """See `LinkHandler`."""
        try:
            reports = parse_rtcp(packet)
        except ValueError:
            self._counters.stray_datagrams += 1
            return
        for report in reports:
            if isinstance(report, TransportFeedback):
                feed = self._by_ssrc.get(report.media_ssrc)
                if feed is not None and report.fmt == _NACK:
                    feed.resend(report.lost, now_s)
            elif isinstance(report, PayloadFeedback) and report.fmt in (_PLI, _FIR):
                # A FIR names its target in the control information, with media_ssrc 0 (RFC 5104 §4.3.1); there is
                # only one picture that a viewer can mean.
                self._counters.plis_received += 1
                self._want_keyframe()

    def on_moved(self, path: Path) -> None:
        """See `LinkHandler`."""
        for feed in self.feeds.values():
            feed.move(path)

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        """See `LinkHandler`."""
        self._ended(self, reason)
