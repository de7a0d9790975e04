"""One viewer: its link, its feeds, and what it asks for."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Literal

from stream_server.media import round_trip
from stream_server.media.answer import SenderIds
from stream_server.media.codecs import Encoding
from stream_server.media.feed import Feed
from stream_server.media.layer_choice import LayerChoice, LayerRate
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.rtp import Kind, read_remb
from stream_server.media.seams import PayloadFeedback, ReceiverReport, SrtpKeys, TransportFeedback, parse_rtcp
from stream_server.media.track import Track
from stream_server.signaling.media_plane import SentPicture

_NACK, _PLI, _FIR, _APPLICATION = 1, 1, 4, 15
_LEARNING_REPORTS = 5
"""So many sender reports on end teach a viewer's clock how sound and picture belong together; two would do."""


class Viewer:
    """Handler of one viewer's link. ``ended`` is called once, when the link is gone."""

    role: Literal["viewer"] = "viewer"

    def __init__(
        self,
        negotiation: Negotiation,
        tracks: dict[Kind, Track],
        cname: str,
        counters: Counters,
        clock_s: Callable[[], float],
        ended: Callable[[Viewer, str], None],
    ) -> None:
        self.negotiation = negotiation
        self.session_id = negotiation.session_id
        self.link: Link
        self.is_connected = False
        self._counters = counters
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
        self.choice = LayerChoice(clock_s())
        """Of the picture's layers, while it comes in several."""
        self._sent: tuple[LayerRate, ...] = ()
        """The layers among which was chosen last."""
        self._by_ssrc = {feed.ids.ssrc: feed for feed in self.feeds.values()}
        self._own_ssrc = next(iter(self._by_ssrc), 0)
        self._measured_s = float("-inf")

    @property
    def sends(self) -> dict[Kind, SenderIds]:
        """The SSRCs to be named in the answer."""
        return {kind: feed.ids for kind, feed in self.feeds.items()}

    def follow(self, encodings: dict[Kind, Encoding]) -> bool:
        """The show's source changed; False when this viewer cannot decode the new one."""
        return all(feed.follow(encodings[kind]) for kind, feed in self.feeds.items() if kind in encodings)

    def begin_source(self, layers: Sequence[Track], now_s: float) -> None:
        """A publisher began; its picture comes on the first of ``layers``, or on all of them in different sizes."""
        self.choice = LayerChoice(now_s)
        self._sent = ()
        video = self.feeds.get("video")
        if video is None:
            return
        if len(layers) > 1:
            video.rest()  # until a keyframe of this source
        else:
            video.watch(layers[0], now_s)

    def adapt(self, sent: Sequence[LayerRate], layers: Sequence[Track], now_s: float) -> None:
        """Choose among the layers that are sent at present, at least one."""
        video = self.feeds.get("video")
        self._sent = tuple(sent)
        if video is not None:
            layer = self.choice.choose(sent, now_s)
            before = next((rate.bps for rate in sent if layers[rate.layer] is video.track), 0.0)
            after = next((rate.bps for rate in sent if rate.layer == layer), 0.0)
            video.watch(None if layer is None else layers[layer], now_s, is_rescue=after < before)

    def sent_picture(self) -> SentPicture:
        """What of the show's picture it gets at present. Of a picture in one size nothing is known here."""
        heights = {rate.layer: rate.height_px for rate in self._sent}
        choice = self.choice
        has_choice = len(heights) > 1
        return SentPicture(
            reason=choice.reason if has_choice else "best",
            height_px=heights.get(choice.layer, 0) if choice.layer is not None else 0,
            full_height_px=max(heights.values(), default=0),
            is_sound_only=has_choice and choice.layer is None,
        )

    def report(self, ntp: int, timestamps: dict[Kind, int], *, to_settled: bool) -> None:
        """Send sender reports for the tracks that flow; unless ``to_settled``, only for those that are new."""
        for kind, timestamp in timestamps.items():
            feed = self.feeds.get(kind)
            if feed is not None and (to_settled or feed.reports < _LEARNING_REPORTS):
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
        self._tell_round_trip(packet, now_s)
        for report in reports:
            if isinstance(report, ReceiverReport):
                self._on_reception(report, now_s)
            elif isinstance(report, TransportFeedback):
                feed = self._by_ssrc.get(report.media_ssrc)
                if feed is not None and report.fmt == _NACK:
                    asked = feed.resend(report.lost, now_s)
                    if feed is self.feeds.get("video"):
                        self.choice.on_repair(asked, now_s)
            elif isinstance(report, PayloadFeedback) and report.fmt == _APPLICATION:
                bps = read_remb(report.fci)
                if bps is not None:
                    self.choice.on_estimate(bps, now_s)
            elif isinstance(report, PayloadFeedback) and report.fmt in (_PLI, _FIR):
                # A FIR names its target in the control information, with media_ssrc 0 (RFC 5104 §4.3.1); there is
                # only one picture that a viewer can mean.
                self._counters.plis_received += 1
                video = self.feeds.get("video")
                if video is not None:
                    video.track.want_keyframe()

    def _tell_round_trip(self, compound: bytes, now_s: float) -> None:
        """Let the viewer learn how far away we are, so that it asks again for a lost packet in time."""
        if now_s - self._measured_s < round_trip.MIN_INTERVAL_S:
            return
        found = round_trip.read_reference_time(compound)
        if found is not None:
            self._measured_s = now_s
            self.link.send_rtcp(round_trip.write_reply(self._own_ssrc, *found, 0.0))

    def _on_reception(self, report: ReceiverReport, now_s: float) -> None:
        video = self.feeds.get("video")
        for block in report.reports:
            if video is not None and block.ssrc == video.ids.ssrc:
                self.choice.on_loss(block.fraction_lost / 256, now_s)

    def on_moved(self, path: Path) -> None:
        """See `LinkHandler`."""
        for feed in self.feeds.values():
            feed.move(path)

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        """See `LinkHandler`."""
        self._ended(self, reason)
