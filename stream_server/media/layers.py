"""Who sends what in one section of a publisher: a single source, or the simulcast layers of one picture."""

from __future__ import annotations

from collections.abc import Sequence

from stream_server.media.alignment import LayerAlignment
from stream_server.media.codecs import Section
from stream_server.media.metrics import Counters
from stream_server.media.rtp import RtpHeader, named_in
from stream_server.media.sdp import REPAIRED_RID_EXTENSION, RID_EXTENSION
from stream_server.media.source import Source
from stream_server.media.timeline import SourceClock
from stream_server.media.track import Track


class Layers:
    """Finds the source of a packet.

    Layers share a payload type and their SSRCs are not announced; the first packets of each carry the layer's
    identifier in a header extension (RFC 8852), after that the SSRC tells.
    """

    def __init__(self, section: Section, tracks: Sequence[Track], clock: SourceClock, counters: Counters) -> None:
        assert section.kind is not None
        media = section.media
        alignment = LayerAlignment(len(tracks)) if len(tracks) > 1 else None
        self.sources = [
            Source(section.kind, section.chosen[0], tuple(media.ssrcs), track, clock, counters, alignment, layer)
            for layer, track in enumerate(tracks)
        ]
        self._by_rid = dict(zip(section.layers, self.sources, strict=True)) if alignment is not None else {}
        self._rid, self._repaired_rid = (media.extensions.get(u) for u in (RID_EXTENSION, REPAIRED_RID_EXTENSION))
        self._by_ssrc: dict[int, Source] = {}
        """Bounded by what a link lets through (`link.MAX_SSRCS`)."""
        self._by_rtx_ssrc: dict[int, Source] = {}

    def sender_of(self, packet: bytes, header: RtpHeader) -> Source | None:
        """The source that a media packet belongs to; None while it is not known."""
        return self._find(self._by_ssrc, self._rid, packet, header)

    def repaired_by(self, packet: bytes, header: RtpHeader) -> Source | None:
        """The source that a retransmission belongs to; None while it is not known."""
        return self._find(self._by_rtx_ssrc, self._repaired_rid, packet, header)

    def _find(self, known: dict[int, Source], extension: int | None, packet: bytes, header: RtpHeader) -> Source | None:
        if not self._by_rid:
            return self.sources[0]
        source = known.get(header.ssrc)
        if source is None and extension is not None:
            source = self._by_rid.get(named_in(packet, header, extension) or "")
            if source is not None:
                known[header.ssrc] = source
        return source
