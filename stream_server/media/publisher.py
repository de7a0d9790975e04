"""One publisher: its link, its sources, and the feedback it gets."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from stream_server.media.feedback import BitrateLimit, KeyframeRequests
from stream_server.media.layer_choice import LayerRate
from stream_server.media.layers import Layers
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.picture import starts_keyframe
from stream_server.media.rtp import (
    Kind,
    RtpHeader,
    parse_rtp,
    without_padding,
    write_pli,
    write_receiver_report,
    write_remb,
    write_sdes,
)
from stream_server.media.seams import SenderReport, SrtpKeys, parse_rtcp
from stream_server.media.source import Source, SourceStatistics
from stream_server.media.timeline import SourceClock
from stream_server.media.track import Track

REPORT_S = 1.0
ASK_FOR_START_S = 0.5
KEYFRAME_PATIENCE_S = 2.0
"""Sound goes out without a picture when no keyframe has come for so long."""


class Audience(Protocol):
    """The show, as its publisher sees it."""

    def admits(self, publisher: Publisher, is_start: bool, now_s: float) -> bool:
        """A packet arrived; True when it may go out. ``is_start``: a picture can begin with it."""

    def open_layers(self, count: int) -> list[Track]:
        """Video tracks for the layers of one picture."""

    def best_estimate_bps(self) -> float | None:
        """What the viewer with the best network can take; None while nobody says."""

    def on_publisher_ended(self, publisher: Publisher, reason: str) -> None:
        """The link is gone."""


class Publisher:
    """Handler of one publisher's link."""

    role: Literal["publisher"] = "publisher"

    def __init__(
        self,
        negotiation: Negotiation,
        tracks: dict[Kind, Track],
        cap_bps: int,
        counters: Counters,
        audience: Audience,
        clock_s: Callable[[], float],
        *,
        is_standby: bool = False,
        patience_s: float = 0.0,
        offers: Sequence[str] = (),
    ) -> None:
        self.is_standby = is_standby
        """Stands in for the show's own publisher."""
        self.patience_s = patience_s
        """How long the show's own publisher is waited for, if this one stands in."""
        self.offers = tuple(offers)
        """Dubs that it makes when somebody wants them."""
        self.negotiation = negotiation
        self.session_id = negotiation.session_id
        self.link: Link
        self.is_connected = False
        self.is_source = False
        """Its media flows into the show."""
        self.was_offstage = False
        """Packets of it have been left out: it can begin only where a picture does."""
        self.begins_with_sound = False
        """No keyframe has come although it was waited for: sound goes out alone until one does."""
        self._awaits_keyframe = False
        self._waits_since_s: float | None = None
        self._asked_for_start_s = float("-inf")
        self._offstage_ssrc: int | None = None
        self._ssrc = secrets.randbelow(0xFFFFFFFF) + 1
        self._sdes = write_sdes(self._ssrc, "vitrine")
        self._counters = counters
        self._audience = audience
        self._clock_s = clock_s
        self._bitrate = BitrateLimit(cap_bps)
        self._reported_s = 0.0
        self._by_type: dict[int, Layers] = {}
        self._by_rtx_type: dict[int, Layers] = {}
        clock = SourceClock()
        self.sources: dict[Kind, Source] = {}
        """One for each kind; of a picture in layers the first."""
        self.layers: list[Source] = []
        """All encodings of the picture: one, or one for each simulcast layer."""
        for section in negotiation.sections:
            if section.kind is None:
                continue
            chosen = section.chosen[0]
            count = len(section.layers) or 1
            taken = audience.open_layers(count) if section.kind == "video" else [tracks["audio"]]
            layers = Layers(section, taken, clock, counters)
            self.sources[section.kind] = layers.sources[0]
            self._by_type[chosen.format.payload_type] = layers
            if chosen.rtx is not None:
                self._by_rtx_type[chosen.rtx.payload_type] = layers
            if section.kind == "video":
                self.layers = layers.sources
        self._all = [*self.layers, *(source for kind, source in self.sources.items() if kind == "audio")]
        self._keyframes = [KeyframeRequests() for _ in self.layers]
        video = self.sources.get("video")
        self.answers_keyframe_requests = video is not None and "nack pli" in video.chosen.format.feedback

    def want_keyframe(self, layer: int = 0) -> None:
        """A viewer cannot decode what it has of a layer."""
        if layer < len(self.layers):
            self._keyframes[layer].want()
            self._ask_for_keyframes(self._clock_s())

    def flows(self, kind: Kind) -> bool:
        """Packets of this kind have come."""
        sources = self.layers if kind == "video" else [self.sources[kind]]
        return any(source.ssrc is not None for source in sources)

    def sent_layers(self, now_s: float) -> list[LayerRate]:
        """The layers that come at present, the smallest picture first."""
        sent = [source for source in self.layers if source.is_sent(now_s)]
        sent.sort(key=lambda source: (source.pixels, source.layer))
        return [LayerRate(source.layer, source.bps, min(source.size or (0, 0))) for source in sent]

    @property
    def largest(self) -> Source | None:
        """The layer with the largest picture of those that come."""
        now_s = self._clock_s()
        return max(self.layers, key=lambda source: (source.is_sent(now_s), source.pixels), default=None)

    def tick(self, now_s: float) -> None:
        """Repeat requests, send reports. Called twenty times a second."""
        if not self.is_connected:
            return
        for source in self._all:
            self._repair(source, now_s)
        self._ask_for_keyframes(now_s)
        if now_s - self._reported_s >= REPORT_S:
            self._report(now_s)

    def take_statistics(self) -> dict[Kind, SourceStatistics]:
        """What arrived since the last call, by track."""
        taken = {kind: source.take_statistics() for kind, source in self.sources.items()}
        for source in self.layers[1:]:
            taken["video"].add(source.take_statistics())
        return taken

    def close(self) -> None:
        """Say goodbye. May be called twice."""
        self.is_connected = False
        self.link.close()

    # ------------------------------------------------------------ LinkHandler

    def on_connected(self, keys: SrtpKeys) -> None:
        """See `LinkHandler`."""
        self.is_connected = True

    def on_rtp(self, packet: bytes, now_s: float) -> None:
        """See `LinkHandler`."""
        try:
            header = parse_rtp(packet)
        except ValueError:
            self._counters.stray_datagrams += 1
            return
        self._counters.packets_received += 1
        self._counters.octets_received += len(packet)
        layers = self._by_type.get(header.payload_type)
        if not self._is_admitted(packet, header, layers, now_s):
            return
        if layers is None:
            layers = self._by_rtx_type.get(header.payload_type)
            repaired = None if layers is None else layers.repaired_by(packet, header)
            if repaired is not None:
                repaired.on_retransmission(packet, header, without_padding(packet, header), now_s)
            return
        source = layers.sender_of(packet, header)
        if source is None:
            return
        is_first = source.ssrc is None
        source.on_media(packet, header, now_s)
        if source.kind == "video":
            if starts_keyframe(source.chosen.encoding.codec, packet[header.payload_start :]):
                self._keyframes[source.layer].on_keyframe()
            self._repair(source, now_s)
        if is_first:
            self._report(now_s)  # without a bitrate limit Chromium stays at 300 kbit/s: tell it at once

    def on_rtcp(self, packet: bytes, now_s: float) -> None:
        """See `LinkHandler`."""
        try:
            reports = parse_rtcp(packet)
        except ValueError:
            self._counters.stray_datagrams += 1
            return
        for report in reports:
            if isinstance(report, SenderReport):
                for source in self._all:
                    if source.is_about(report.ssrc):
                        info = report.sender_info
                        source.on_sender_report(info.ntp_timestamp, info.rtp_timestamp, now_s)

    def on_moved(self, path: Path) -> None:
        """See `LinkHandler`: whatever we send goes through the link, which knows."""

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        """See `LinkHandler`."""
        self._audience.on_publisher_ended(self, reason)

    def _is_admitted(self, packet: bytes, header: RtpHeader, layers: Layers | None, now_s: float) -> bool:
        """Whether a packet may go out. Before it is our turn nothing is kept of it."""
        is_start, was_source = False, self.is_source
        is_picture = layers is not None and layers.sources[0].kind == "video"
        if not was_source or (self._awaits_keyframe and is_picture):
            if layers is None:
                return False
            is_start = "video" not in self.sources
            self.begins_with_sound = False
            if is_picture:
                self._offstage_ssrc = header.ssrc
                codec = self.sources["video"].chosen.encoding.codec
                is_start = starts_keyframe(codec, packet[header.payload_start :])
                self._awaits_keyframe = self._awaits_keyframe and not is_start
            elif self._waits_since_s is not None and now_s - self._waits_since_s >= KEYFRAME_PATIENCE_S:
                is_start = self.begins_with_sound = True
        self.is_source = self._audience.admits(self, is_start, now_s)
        self.was_offstage = self.was_offstage or not self.is_source
        if self.is_source and not was_source:
            self._waits_since_s = None
            self._awaits_keyframe = self.begins_with_sound
        if self._awaits_keyframe and (is_picture or layers is None):
            self.ask_for_start(now_s)
            return False
        return self.is_source

    def ask_for_start(self, now_s: float) -> None:
        """It is our turn: ask for a picture to begin with, twice a second."""
        ssrc = self._offstage_ssrc
        if self._waits_since_s is None and not self.is_source:
            self._waits_since_s = now_s
        if ssrc is None or not self.answers_keyframe_requests or now_s - self._asked_for_start_s < ASK_FOR_START_S:
            return
        self._asked_for_start_s = now_s
        self._counters.plis_sent += 1
        self.link.send_rtcp(write_pli(self._ssrc, ssrc))

    def rest(self) -> None:
        """Somebody else has the air: what came so far has nothing to do with what comes when it is our turn again."""
        self.is_source = False
        self.was_offstage = True
        self.begins_with_sound = self._awaits_keyframe = False
        self._waits_since_s = None
        for source in self._all:
            source.rest()

    # ------------------------------------------------------------ feedback

    def _repair(self, source: Source, now_s: float) -> None:
        nacks = source.nacks(self._ssrc, now_s)
        if nacks is not None:
            self.link.send_rtcp(nacks)
        if source.kind == "video" and source.take_gave_up():
            self._keyframes[source.layer].want()

    def _ask_for_keyframes(self, now_s: float) -> None:
        if not self.answers_keyframe_requests:
            return
        for source, keyframes in zip(self.layers, self._keyframes, strict=True):
            if source.ssrc is not None and keyframes.take(now_s):
                self._counters.plis_sent += 1
                self.link.send_rtcp(write_pli(self._ssrc, source.ssrc))

    def _report(self, now_s: float) -> None:
        """Receiver report, source description and bitrate limit in one compound."""
        self._reported_s = now_s
        blocks = []
        losses = []
        for source in self._all:
            found = source.block(now_s)
            if found is None:
                continue
            blocks.append(found[0])
            if source.kind == "video":
                losses.append(found[1])
        if losses:
            self._bitrate.on_loss(max(losses))
        if len(self.layers) == 1:  # of several sizes each viewer gets what it can take
            self._bitrate.on_audience(self._audience.best_estimate_bps(), self.layers[0].bps)
        compound = write_receiver_report(self._ssrc, blocks) + self._sdes
        ssrcs = [source.ssrc for source in self.layers if source.ssrc is not None]
        if ssrcs:
            compound += write_remb(self._ssrc, self._bitrate.bps, ssrcs)
        self.link.send_rtcp(compound)
