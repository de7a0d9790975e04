"""One incoming track of a publisher: order and repair, statistics, and on to the show's track."""

from __future__ import annotations

from dataclasses import dataclass

from stream_server.media.alignment import LayerAlignment
from stream_server.media.codecs import Chosen
from stream_server.media.metrics import Counters
from stream_server.media.picture import picture_size
from stream_server.media.reception import Reception
from stream_server.media.rtp import (
    CLOCK_RATES,
    MAX_PAYLOAD_BYTES,
    Kind,
    ReceptionBlock,
    RtpHeader,
    write_nack,
)
from stream_server.media.timeline import SourceClock
from stream_server.media.track import Track

_RATE_S = 1.0
"""How long octets are counted for one figure of the bitrate."""
_SILENT_S = 1.0
"""An SSRC that was silent for so long gives way to another one with the same payload type."""


@dataclass
class SourceStatistics:
    """What arrived since the last `Source.take_statistics`."""

    octets: int = 0
    frames: int = 0
    loss: float = 0.0

    def add(self, other: SourceStatistics) -> None:
        """Count another layer of the same picture in."""
        self.octets += other.octets
        self.frames = max(self.frames, other.frames)
        self.loss = max(self.loss, other.loss)


class Source:
    """Takes authentic packets of one payload type (and its retransmissions)."""

    def __init__(
        self,
        kind: Kind,
        chosen: Chosen,
        announced_ssrcs: tuple[int, ...],
        track: Track,
        clock: SourceClock,
        counters: Counters,
        alignment: LayerAlignment | None = None,
        layer: int = 0,
    ) -> None:
        self.kind = kind
        self.layer = layer
        self._alignment = alignment
        self._announced_ssrcs = announced_ssrcs
        self.chosen = chosen
        self.track = track
        self.size: tuple[int, int] | None = None
        """Of the picture, in pixels."""
        self.ssrc: int | None = None
        self._clock = clock
        self._counters = counters
        self._reception = Reception(CLOCK_RATES[kind])
        self._heard_s = 0.0
        self._rate_from_s = 0.0
        self._rate_octets = 0
        self.bps = 0.0
        """Of the media proper, lately."""
        self._frame_timestamp: int | None = None
        self._generation: int | None = None
        self._statistics = SourceStatistics()
        self._repairs = chosen.rtx is not None and "nack" in chosen.format.feedback

    def on_media(self, data: bytes, header: RtpHeader, now_s: float) -> None:
        """Take a packet of our payload type."""
        if header.ssrc != self.ssrc:
            if self.ssrc is not None and now_s - self._heard_s < _SILENT_S:
                return
            if self.ssrc is not None:
                self._begin_again()
            self.ssrc = header.ssrc
        self._heard_s = now_s
        self._statistics.octets += len(data)
        self._measure(len(data), now_s)
        arrival = self._reception.add(header.sequence, header.timestamp, now_s)
        if arrival is not None:
            sequence, is_newest = arrival
            self._pass_on(sequence, header, data[header.payload_start :], now_s, is_newest=is_newest)

    def on_retransmission(self, data: bytes, header: RtpHeader, payload: bytes, now_s: float) -> None:
        """Take a retransmission (RFC 4588). Browsers also fill this stream with empty ones to probe the network."""
        self._statistics.octets += len(data)
        if len(payload) <= 2 or self.ssrc is None:
            return
        sequence = self._reception.add_repaired(int.from_bytes(payload[:2], "big"))
        if sequence is not None:
            self._counters.rtx_received += 1
            header.has_padding = False
            self._pass_on(sequence, header, payload[2:], now_s, is_newest=False)

    def nacks(self, own_ssrc: int, now_s: float) -> bytes | None:
        """A request for what is missing, if it is time for one."""
        due = self._reception.to_ask_for(now_s)
        if not due or not self._repairs or self.ssrc is None:
            return None
        self._counters.nacks_sent += len(due)
        return write_nack(own_ssrc, self.ssrc, due)

    def take_gave_up(self) -> bool:
        """True, once, after packets were lost for good."""
        gave_up, self._reception.gave_up = self._reception.gave_up, False
        return gave_up

    def is_about(self, ssrc: int) -> bool:
        """True for our SSRC; FFmpeg reports before it sends, when only the offer names it."""
        return ssrc == self.ssrc or (self.ssrc is None and ssrc in self._announced_ssrcs)

    def on_sender_report(self, ntp: int, timestamp: int, now_s: float) -> None:
        """The publisher's report about this track."""
        self._reception.on_sender_report(ntp, now_s)
        if self._alignment is not None:
            self._alignment.on_report(self.layer, ntp, timestamp)
        shift = self._shift()
        if shift is not None:
            self._clock.on_report(self.kind, ntp, (timestamp + shift) & 0xFFFFFFFF, now_s)

    @property
    def pixels(self) -> int:
        """Of the picture; 0 before it is known."""
        return self.size[0] * self.size[1] if self.size is not None else 0

    def is_sent(self, now_s: float) -> bool:
        """Packets come, and it is known where they belong."""
        return self.ssrc is not None and self._shift() is not None and now_s - self._heard_s < _SILENT_S

    def block(self, now_s: float) -> tuple[ReceptionBlock, float] | None:
        """Our report about this track, and the share lost since the last one."""
        found = None if self.ssrc is None else self._reception.block(self.ssrc, now_s)
        if found is not None:
            self._statistics.loss = max(self._statistics.loss, found[1])
        return found

    def take_statistics(self) -> SourceStatistics:
        """What arrived since the last call."""
        taken, self._statistics = self._statistics, SourceStatistics()
        return taken

    def outgoing_timestamp(self, now_s: float) -> int | None:
        """The show's timestamp for now, comparable between the source's tracks."""
        timestamp = self._clock.timestamp_at(self.kind, now_s)
        return None if timestamp is None else self.track.timeline.out_of(timestamp)

    def rest(self) -> None:
        """Packets are left out from now on; the next one that comes here begins anew."""
        self.ssrc = None
        self._reception = Reception(CLOCK_RATES[self.kind])
        self._generation = None
        self._frame_timestamp = None
        if self._alignment is None:
            self._clock.forget_reports(self.kind)
        else:
            self._alignment.forget(self.layer)

    def _begin_again(self) -> None:
        self._reception = Reception(CLOCK_RATES[self.kind])
        if self._alignment is None:
            self._clock.forget_reports(self.kind)
        else:
            self._alignment.forget(self.layer)
        self.track.begin_source(
            self.chosen.encoding, answers_keyframe_requests="nack pli" in self.chosen.format.feedback
        )

    def _shift(self) -> int | None:
        """From our timestamps to those that all layers share."""
        return 0 if self._alignment is None else self._alignment.shift(self.layer)

    def _measure(self, octets: int, now_s: float) -> None:
        passed_s = now_s - self._rate_from_s
        if passed_s >= _RATE_S:
            rate = self._rate_octets * 8 / passed_s
            self.bps = rate if self.bps == 0.0 or passed_s > 2 * _RATE_S else (self.bps + rate) / 2
            self._rate_from_s, self._rate_octets = now_s, 0
        self._rate_octets += octets

    def _pass_on(self, sequence: int, header: RtpHeader, payload: bytes, now_s: float, *, is_newest: bool) -> None:
        if len(payload) > MAX_PAYLOAD_BYTES:
            return
        if self.kind == "video":
            size = picture_size(self.chosen.encoding.codec, payload)
            if size is not None:
                self.size = size
        begins_frame = is_newest and header.timestamp != self._frame_timestamp
        if begins_frame:
            self._frame_timestamp = header.timestamp
            self._statistics.frames += 1
            if self._alignment is not None:
                self._alignment.on_frame(self.layer, header.timestamp)
        shift = self._shift()
        if shift is None:
            return
        timestamp = (header.timestamp + shift) & 0xFFFFFFFF
        if begins_frame:
            self._clock.on_packet(self.kind, timestamp, now_s)
        self.track.push(
            sequence,
            timestamp,
            header.marker,
            header.has_padding,
            payload,
            now_s,
            is_newest=is_newest,
        )
        generation = self.track.timeline.generation
        if generation != self._generation:
            if self._generation is not None:  # timestamps jumped: what was reported about the old ones is void
                self._clock.forget_reports(self.kind)
            self._generation = generation
