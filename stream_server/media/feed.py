"""One viewer's share of one track: its SSRCs, its sequence numbers, what it is sent again, its sender reports."""

from __future__ import annotations

import asyncio
import secrets

from stream_server.media.answer import SenderIds
from stream_server.media.codecs import Chosen, Encoding, best_match
from stream_server.media.egress import Target
from stream_server.media.feedback import RetransmissionBudget
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import write_rtx, write_sdes, write_sender_report
from stream_server.media.seams import SrtpKeys
from stream_server.media.track import Track

REPLAY_CHUNK = 16
REPLAY_PAUSE_S = 0.004
"""A keyframe and what follows come at about 40 Mbit/s: 90 packets at once already fill a default socket buffer."""
MAX_NACKED = 256
"""Packets that one NACK may name."""
_RTX_PER_S = 300.0
_RTX_BURST = 300.0
_AGAIN_S = 0.03
"""The same packet is not sent again sooner: the repeated NACK crossed the retransmission."""


class Feed:
    """See the module. Created with the viewer's answer, fed once the viewer is connected."""

    def __init__(
        self, track: Track, ids: SenderIds, chosen: tuple[Chosen, ...], cname: str, counters: Counters
    ) -> None:
        self.track = track
        self.ids = ids
        self._options = chosen
        self._chosen = chosen[0]
        self._sdes = write_sdes(ids.ssrc, cname)
        self._counters = counters
        self._link: Link | None = None
        self._keys: SrtpKeys | None = None
        self._handle: int | None = None
        self._base = 0
        self._first_index = 0
        self._replay: asyncio.TimerHandle | None = None
        self._rtx_sequence = secrets.randbelow(0x8000)
        self._resent: dict[int, float] = {}
        self._budget: RetransmissionBudget | None = None

    @property
    def is_sending(self) -> bool:
        """Packets have been sent, or can be."""
        return self._handle is not None

    def start(self, link: Link, keys: SrtpKeys, now_s: float) -> None:
        """The viewer is connected."""
        self._link, self._keys = link, keys
        self._budget = RetransmissionBudget(_RTX_PER_S, _RTX_BURST, now_s)
        self.track.join(self, now_s)

    def stop(self) -> None:
        """The viewer is gone."""
        if self._replay is not None:
            self._replay.cancel()
        self.track.leave(self)
        if self._handle is not None:
            self.track.egress.remove(self._handle)
            self._handle = None

    def move(self, path: Path) -> None:
        """The viewer is reached elsewhere."""
        if self._handle is not None:
            self.track.egress.move(self._handle, path)

    def follow(self, encoding: Encoding) -> bool:
        """The track's encoding changed; False when this viewer cannot decode the new one."""
        match = best_match(self._options, encoding)
        if match is None:
            return False
        self._chosen = match
        if self._handle is not None:
            self.track.egress.set_payload_type(self._handle, match.format.payload_type)
        return True

    # ------------------------------------------------------------ called by the track

    def go_live(self, index: int) -> None:
        """Begin with the packet at ``index``, which is the next one to be sent."""
        handle = self._open(index)
        if handle is not None:
            self.track.egress.attach(handle, self.track.id)

    def replay(self, index: int) -> None:
        """Begin with the cached packet at ``index`` and catch up."""
        if self._open(index) is not None:
            self._replay_from(index)

    def _open(self, index: int) -> int | None:
        if self._link is None or self._keys is None or self._link.path is None:
            return None
        sequence = secrets.randbelow(0x4000)
        self._base, self._first_index = index - sequence, index
        target = Target(self._link.path, self._keys, self.ids.ssrc, self._chosen.format.payload_type, index, sequence)
        self._handle = self.track.egress.add(target)
        return self._handle

    def _replay_from(self, index: int) -> None:
        if self._handle is None:
            return
        self.track.flush()  # the cache and what was sent to everybody are the same now
        cache = self.track.cache
        self.track.egress.send_to(self._handle, cache.from_index(index, REPLAY_CHUNK))
        index += REPLAY_CHUNK
        if index > cache.newest_index:
            self.track.egress.attach(self._handle, self.track.id)
            return
        self._replay = asyncio.get_running_loop().call_later(REPLAY_PAUSE_S, self._replay_from, index)

    # ------------------------------------------------------------ RTCP

    def resend(self, lost: list[int], now_s: float) -> None:
        """Send packets again that the viewer misses (RFC 4588)."""
        rtx, link, budget = self._chosen.rtx, self._link, self._budget
        if rtx is None or link is None or budget is None or self._handle is None:
            return
        cache = self.track.cache
        newest_sequence = cache.newest_index - self._base
        for sequence in lost[:MAX_NACKED]:
            self._counters.nacks_received += 1
            index = cache.newest_index - ((newest_sequence - sequence) & 0xFFFF)
            packet = cache.get(index) if index >= self._first_index else None
            if packet is None or now_s - self._resent.get(index, 0.0) < _AGAIN_S or not budget.take(now_s):
                self._counters.rtx_refused += 1
                continue
            if len(self._resent) >= MAX_NACKED:
                self._resent.clear()
            self._resent[index] = now_s
            self._rtx_sequence += 1
            if link.send_rtp(write_rtx(packet, rtx.payload_type, self._rtx_sequence, sequence, self.ids.rtx_ssrc)):
                self._counters.rtx_sent += 1

    def report(self, ntp: int, timestamp: int) -> None:
        """Send a sender report: ``timestamp`` (outgoing) is the instant ``ntp``."""
        if self._handle is None or self._link is None:
            return
        sent = self.track.egress.sent(self._handle)
        if sent.packets:
            report = write_sender_report(self.ids.ssrc, ntp, timestamp, sent.packets, sent.octets)
            self._link.send_rtcp(report + self._sdes)
