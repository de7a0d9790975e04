"""A viewer that reads what it is sent: every packet opened, with its stamps, its arrival and the sender's reports.

Built on the light peers: nothing is decoded while it watches, so that it can look on for hours.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.light_viewer import AUDIO_TYPE, CHECK_S, VIDEO_TYPE, LightPeer, open_peer
from stream_server.ids import SessionId
from stream_server.media.rtp import RtpHeader, parse_rtp, signed_difference, unix_time, without_padding
from stream_server.media.seams import SenderReport, SrtpKeys, SrtpReceiver, parse_rtcp
from stream_server.signaling.media_plane import Answer

CLOCKS = {AUDIO_TYPE: 48_000, VIDEO_TYPE: 90_000}
_DRAIN_S = 0.002
_KEPT_ARRIVALS = 6000
"""Two minutes of sound."""


@dataclass(frozen=True)
class Arrival:
    """One packet of sound, or the last packet of a picture."""

    at_s: float
    """`time.perf_counter` here."""
    timestamp: int
    """RTP, as sent."""


@dataclass
class Line:
    """One medium's time line."""

    rate: int
    arrivals: deque[Arrival] = field(default_factory=lambda: deque(maxlen=_KEPT_ARRIVALS))
    report: tuple[float, int] | None = None
    """Of the newest sender report: the sender's wall clock (s) and the RTP time that belongs to it."""
    longest_gap_s: float = 0.0
    """Between two arrivals, since the last look."""

    def said_s(self, timestamp: int) -> float | None:
        """The sender's wall clock at an RTP time: what a player brings sound and picture together by."""
        if self.report is None:
            return None
        wall_s, at = self.report
        return wall_s + signed_difference(timestamp, at, 32) / self.rate

    def arrived(self, arrival: Arrival) -> None:
        """Take one."""
        if self.arrivals:
            self.longest_gap_s = max(self.longest_gap_s, arrival.at_s - self.arrivals[-1].at_s)
        self.arrivals.append(arrival)

    def lateness_s(self, since_s: float) -> list[float]:
        """Arrival minus said time, of what arrived after ``since_s``; both lines have the same zero."""
        said = ((arrival.at_s, self.said_s(arrival.timestamp)) for arrival in self.arrivals if arrival.at_s >= since_s)
        return [at_s - said_s for at_s, said_s in said if said_s is not None]


Listener = Callable[[int, RtpHeader, bytes, float], None]
"""Payload type, header, payload without padding, arrival."""


class MeasuringViewer(LightPeer):
    """Opens what it gets; set `listener` to be told of every media packet."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.lines = {kind: Line(rate) for kind, rate in CLOCKS.items()}
        self.listener: Listener | None = None
        self._opener: SrtpReceiver | None = None
        self._kinds: dict[int, int] = {}

    def take(self, data: bytes) -> None:
        """Take one datagram."""
        if 127 < data[0] < 192 and self._opener is not None:
            try:
                if 191 < data[1] < 209:
                    self._reports(self._opener.open_rtcp(data))
                else:
                    self._media(self._opener.open_rtp(data))
            except ValueError:
                return
        super().take(data)

    def _connected(self, keys: SrtpKeys) -> None:
        self._opener = SrtpReceiver(keys)
        super()._connected(keys)

    def _media(self, packet: bytes) -> None:
        header = parse_rtp(packet)
        if header.payload_type not in CLOCKS:
            return
        now_s = time.perf_counter()
        self._kinds[header.ssrc] = header.payload_type
        if header.payload_type == AUDIO_TYPE or header.marker:
            self.lines[header.payload_type].arrived(Arrival(now_s, header.timestamp))
        if self.listener is not None:
            self.listener(header.payload_type, header, without_padding(packet, header), now_s)

    def _reports(self, compound: bytes) -> None:
        for packet in parse_rtcp(compound):
            if isinstance(packet, SenderReport) and (kind := self._kinds.get(packet.ssrc)) is not None:
                info = packet.sender_info
                self.lines[kind].report = (unix_time(info.ntp_timestamp), info.rtp_timestamp)


def skew_ms(viewer: MeasuringViewer, since_s: float) -> float:
    """How much later the picture arrives than the sound of the same said time; medians of what came after ``since_s``.

    Raises: ValueError while a sender report is missing.
    """
    medians = []
    for kind in (VIDEO_TYPE, AUDIO_TYPE):
        late = sorted(viewer.lines[kind].lateness_s(since_s))
        if not late:
            raise ValueError("nothing to compare yet")
        medians.append(late[len(late) // 2])
    return (medians[0] - medians[1]) * 1000


async def watch(base_url: str, show_id: str, make: type[LightPeer] = LightPeer) -> LightPeer:
    """A connected viewer by WHEP. Raises: urllib.error.HTTPError when refused, TimeoutError."""

    def post(offer: str) -> Answer:
        request = urllib.request.Request(
            f"{base_url}/whep/{show_id}", offer.encode(), {"Content-Type": "application/sdp"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as reply:
            return Answer(SessionId(reply.headers["Location"].rsplit("/", 1)[1]), reply.read().decode(), "")

    return await open_peer(lambda offer: asyncio.to_thread(post, offer), "recvonly", make=make)


async def look_on(viewers: list[LightPeer], drain_s: float = _DRAIN_S) -> None:
    """Keep viewers reading, checking and reporting, for ever; the list may grow meanwhile."""
    loop = asyncio.get_running_loop()
    checked_s = loop.time()
    while True:
        for viewer in viewers:
            viewer.read()
        if loop.time() - checked_s > CHECK_S / 2:
            checked_s = loop.time()
            for viewer in viewers:
                viewer.report()
                viewer.check()
        await asyncio.sleep(drain_s)
