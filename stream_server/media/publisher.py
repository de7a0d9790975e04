"""One publisher: its link, its sources, and the feedback it gets."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Literal, Protocol

from stream_server.media.feedback import BitrateLimit, KeyframeRequests
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.negotiation import Negotiation
from stream_server.media.picture import starts_keyframe
from stream_server.media.rtp import (
    Kind,
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


class Audience(Protocol):
    """The show, as its publisher sees it."""

    def on_media_started(self, publisher: Publisher, now_s: float) -> None:
        """The first packet arrived and is about to go out."""

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
    ) -> None:
        self.negotiation = negotiation
        self.session_id = negotiation.session_id
        self.link: Link
        self.is_connected = False
        self.is_source = False
        """Media flows (or has flowed) into the show."""
        self._ssrc = secrets.randbelow(0xFFFFFFFF) + 1
        self._sdes = write_sdes(self._ssrc, "vitrine")
        self._counters = counters
        self._audience = audience
        self._clock_s = clock_s
        self._keyframes = KeyframeRequests()
        self._bitrate = BitrateLimit(cap_bps)
        self._reported_s = 0.0
        self._by_type: dict[int, Source] = {}
        self._by_rtx_type: dict[int, Source] = {}
        clock = SourceClock()
        self.sources: dict[Kind, Source] = {}
        for section in negotiation.sections:
            if section.kind is None:
                continue
            chosen = section.chosen[0]
            ssrcs = tuple(section.media.ssrcs)
            source = Source(section.kind, chosen, ssrcs, tracks[section.kind], clock, counters)
            self.sources[section.kind] = source
            self._by_type[chosen.format.payload_type] = source
            if chosen.rtx is not None:
                self._by_rtx_type[chosen.rtx.payload_type] = source
        video = self.sources.get("video")
        self.answers_keyframe_requests = video is not None and "nack pli" in video.chosen.format.feedback

    def want_keyframe(self) -> None:
        """A viewer cannot decode what it has."""
        self._keyframes.want()
        self._ask_for_keyframe(self._clock_s())

    def tick(self, now_s: float) -> None:
        """Repeat requests, send reports. Called twenty times a second."""
        if not self.is_connected:
            return
        for source in self.sources.values():
            self._repair(source, now_s)
        self._ask_for_keyframe(now_s)
        if now_s - self._reported_s >= REPORT_S:
            self._report(now_s)

    def take_statistics(self) -> dict[Kind, SourceStatistics]:
        """What arrived since the last call, by track."""
        return {kind: source.take_statistics() for kind, source in self.sources.items()}

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
        source = self._by_type.get(header.payload_type)
        if source is None:
            source = self._by_rtx_type.get(header.payload_type)
            if source is not None:
                source.on_retransmission(packet, header, without_padding(packet, header), now_s)
            return
        if not self.is_source:
            self.is_source = True
            self._audience.on_media_started(self, now_s)
        is_first = source.ssrc is None
        source.on_media(packet, header, now_s)
        if source.kind == "video":
            if starts_keyframe(source.chosen.encoding.codec, packet[header.payload_start :]):
                self._keyframes.on_keyframe()
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
                for source in self.sources.values():
                    if source.is_about(report.ssrc):
                        info = report.sender_info
                        source.on_sender_report(info.ntp_timestamp, info.rtp_timestamp, now_s)

    def on_moved(self, path: Path) -> None:
        """See `LinkHandler`: whatever we send goes through the link, which knows."""

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        """See `LinkHandler`."""
        self._audience.on_publisher_ended(self, reason)

    # ------------------------------------------------------------ feedback

    def _repair(self, source: Source, now_s: float) -> None:
        nacks = source.nacks(self._ssrc, now_s)
        if nacks is not None:
            self.link.send_rtcp(nacks)
        if source.kind == "video" and source.take_gave_up():
            self._keyframes.want()

    def _ask_for_keyframe(self, now_s: float) -> None:
        video = self.sources.get("video")
        if video is None or video.ssrc is None or not self.answers_keyframe_requests:
            return
        if self._keyframes.take(now_s):
            self._counters.plis_sent += 1
            self.link.send_rtcp(write_pli(self._ssrc, video.ssrc))

    def _report(self, now_s: float) -> None:
        """Receiver report, source description and bitrate limit in one compound."""
        self._reported_s = now_s
        blocks = []
        for source in self.sources.values():
            found = source.block(now_s)
            if found is None:
                continue
            blocks.append(found[0])
            if source.kind == "video":
                self._bitrate.on_loss(found[1])
        compound = write_receiver_report(self._ssrc, blocks) + self._sdes
        video = self.sources.get("video")
        if video is not None and video.ssrc is not None:
            compound += write_remb(self._ssrc, self._bitrate.bps, [video.ssrc])
        self.link.send_rtcp(compound)
