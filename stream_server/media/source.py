"""One incoming track of a publisher: order and repair, statistics, and on to the show's track."""

from __future__ import annotations

from dataclasses import dataclass

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

_SILENT_S = 1.0
"""An SSRC that was silent for so long gives way to another one with the same payload type."""


@dataclass
class SourceStatistics:
    """What arrived since the last `Source.take_statistics`."""

    octets: int = 0
    frames: int = 0
    loss: float = 0.0


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
    ) -> None:
        self.kind = kind
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
        self._clock.on_report(self.kind, ntp, timestamp, now_s)

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

    def _begin_again(self) -> None:
        self._reception = Reception(CLOCK_RATES[self.kind])
        self._clock.forget_reports(self.kind)
        self.track.begin_source(
            self.chosen.encoding, answers_keyframe_requests="nack pli" in self.chosen.format.feedback
        )

    def _pass_on(self, sequence: int, header: RtpHeader, payload: bytes, now_s: float, *, is_newest: bool) -> None:
        if len(payload) > MAX_PAYLOAD_BYTES:
            return
        if self.kind == "video":
            size = picture_size(self.chosen.encoding.codec, payload)
            if size is not None:
                self.size = size
        if is_newest and header.timestamp != self._frame_timestamp:
            self._frame_timestamp = header.timestamp
            self._statistics.frames += 1
            self._clock.on_packet(self.kind, header.timestamp, now_s)
        self.track.push(
            sequence,
            header.timestamp,
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
