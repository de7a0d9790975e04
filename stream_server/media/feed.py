"""One viewer's share of one track: its SSRCs, its sequence numbers, what it is sent again, its sender reports."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass

from stream_server.media.answer import SenderIds
from stream_server.media.codecs import Chosen, Encoding, best_match
from stream_server.media.egress import Target
from stream_server.media.feedback import RetransmissionBudget
from stream_server.media.link import Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import signed_difference, write_rtx, write_sdes, write_sender_report
from stream_server.media.seams import SrtpKeys
from stream_server.media.track import Track

REPLAY_CHUNK = 16
REPLAY_PAUSE_S = 0.004
"""A keyframe and what follows come at about 40 Mbit/s: 90 packets at once already fill a default socket buffer."""
MAX_NACKED = 256
"""Packets that one NACK may name."""
_RTX_SHARE = 0.5
RTX_BURST = 100
"""At 20 % loss each way a third of what is sent must be sent again; a lost keyframe may need 60 packets at once."""
_AGAIN_S = 0.01
"""The same packet is not sent again sooner: the repeated NACK crossed the retransmission. A viewer that knows its round
trip (`round_trip`) asks again after it, 20 ms at least in Chromium."""
_REPEATED_COPIES = 2
"""What was asked for before got lost on the way there or back; a third loss would be seen as a freeze."""

_LEAST_TICKS = 90
"""A keyframe of the frame that was just sent in another size is moved on by a tick; one older than 1 ms is not used."""
_LEAST_SOUND_TICKS = 960
"""20 ms, what a packet of sound lasts: closer together, a receiver takes the second one for late and drops it."""
_MOST_SOUND_TICKS = 4800
"""Another track of sound that is behind by no more is waited for, in silence; beyond, it is moved on."""
_MAX_STAYS = 4
"""Tracks whose packets can still be sent again: a viewer asks within a second or two."""


@dataclass
class _Stay:
    """A stretch of the viewer's numbers that came from one track."""

    track: Track
    first_sequence: int
    base: int
    """A packet's index less its sequence number, which does not wrap here."""
    timestamp_offset: int = 0
    end: int | None = None
    """Sequence number after its last; None while it goes on."""
    last_timestamp: int = 0

    def next_sequence(self) -> int:
        return self.track.cache.newest_index - self.base + 1 if self.end is None else self.end


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
        self._stays: deque[_Stay] = deque(maxlen=_MAX_STAYS)
        self._next: Track | None = None
        self._replay: asyncio.TimerHandle | None = None
        self._rtx_sequence = secrets.randbelow(0x8000)
        self._resent: dict[int, float] = {}
        self._repairs_from: int | None = 0
        """Sequence number from which on lost packets are sent again; None: from the next change of track."""
        self._budget = RetransmissionBudget(_RTX_SHARE, RTX_BURST)
        self._earned_upto = 0
        self.reports = 0
        """Sender reports since the last change of track."""

    @property
    def is_sending(self) -> bool:
        """Packets have been sent, or can be."""
        return self._handle is not None

    def start(self, link: Link, keys: SrtpKeys, now_s: float) -> None:
        """The viewer is connected."""
        self._link, self._keys = link, keys
        self.track.join(self, now_s)

    def watch(self, track: Track | None, now_s: float, *, is_rescue: bool = False) -> None:
        """Change to another size of the same picture with its next keyframe, or to other sound; None: send nothing.

        With ``is_rescue`` nothing from before the change is sent again: it would hold up the keyframe in a network
        that is too full already.
        """
        if is_rescue:
            self._repairs_from = None
        elif self._repairs_from is None:
            self._repairs_from = 0
        if self._link is None:
            self.track = track or self.track
            return
        if self._replay is not None:
            return  # asked again soon
        if self._handle is None:
            if track is not None and track is not self.track:
                self.track.leave(self)
                self.track = track
                track.join(self, now_s)
            return
        if self._next is not None and track is not self._next:
            self._next.leave(self)
            self._next = None
        if track is None:
            self.rest()
        elif self._next is None and (track is not self.track or self.is_resting):
            self._next = track
            track.await_keyframe(self)

    @property
    def is_resting(self) -> bool:
        """Something was sent, but nothing is now."""
        return bool(self._stays) and self._stays[-1].end is not None

    def rest(self) -> None:
        """Send nothing until `watch` finds a keyframe."""
        if self._handle is None or self.is_resting:
            return
        if self._replay is not None:
            self._replay.cancel()
            self._replay = None
        self.track.flush()
        self._end_stay()
        self.track.egress.detach(self._handle)

    def stop(self) -> None:
        """The viewer is gone."""
        if self._replay is not None:
            self._replay.cancel()
        self.track.leave(self)
        if self._next is not None:
            self._next.leave(self)
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
        """Begin, or go on, with the packet at ``index``, which is the next one to be sent."""
        if self._next is not None:
            self._change(self._next, index)
            return
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
        self._stays.append(_Stay(self.track, sequence, index - sequence))
        path, kind, payload_type = self._link.path, self.track.kind, self._chosen.format.payload_type
        target = Target(path, self._keys, kind, self.ids.ssrc, payload_type, index, sequence)
        self._handle = self.track.egress.add(target)
        return self._handle

    def _replay_from(self, index: int) -> None:
        if self._handle is None:
            return
        self._replay = None
        self.track.flush()  # the cache and what was sent to everybody are the same now
        cache = self.track.cache
        self.track.egress.send_to(self._handle, cache.from_index(index, REPLAY_CHUNK))
        index += REPLAY_CHUNK
        if index > cache.newest_index:
            self.track.egress.attach(self._handle, self.track.id)
            return
        self._replay = asyncio.get_running_loop().call_later(REPLAY_PAUSE_S, self._replay_from, index)

    def _end_stay(self) -> _Stay:
        """Settle where the present stay ends; what comes late on its track is not sent here any more."""
        stay = self._stays[-1]
        if stay.end is None:
            stay.end = stay.next_sequence()
            newest = stay.track.cache.get(stay.track.cache.newest_index)
            stay.last_timestamp = (newest.timestamp if newest is not None else 0) + stay.timestamp_offset
        return stay

    def _change(self, track: Track, index: int) -> None:
        """The keyframe that this feed waited for begins at ``index`` of ``track``."""
        keyframe = track.cache.get(index)
        assert self._handle is not None
        assert keyframe is not None
        self.track.flush()
        resting, before = self.is_resting, self._end_stay()
        offset = 0
        ahead = signed_difference(keyframe.timestamp, before.last_timestamp & 0xFFFFFFFF, 32)
        if before.next_sequence() == before.first_sequence:
            pass  # nothing was sent: nothing to be ahead of
        elif track.kind == "audio":
            if -_MOST_SOUND_TICKS < ahead < _LEAST_SOUND_TICKS:
                if not resting:
                    track.egress.detach(self._handle)
                track.await_keyframe(self)
                return
            offset = max(0, _LEAST_SOUND_TICKS - ahead)
        elif -_LEAST_TICKS < ahead <= 0:
            offset = 1 - ahead
        elif ahead <= 0 and not resting:
            before.end = None
            track.await_keyframe(self)
            return
        self._next, self.track, self.reports = None, track, 0
        sequence = before.next_sequence()
        if self._repairs_from is None:
            self._repairs_from = sequence
        self._stays.append(_Stay(track, sequence, index - sequence, offset))
        track.egress.retarget(self._handle, track.id, index, sequence, offset)
        self._counters.layer_changes += 1

    # ------------------------------------------------------------ RTCP

    def resend(self, lost: list[int], now_s: float) -> int:
        """Send packets again that the viewer misses (RFC 4588); gives how many of them matter to it by now."""
        rtx, link, budget = self._chosen.rtx, self._link, self._budget
        if rtx is None or link is None or self._handle is None:
            return 0
        asked = 0
        newest = self._stays[-1].next_sequence() - 1
        budget.earn(newest - max(self._earned_upto, self._stays[0].first_sequence))
        self._earned_upto = newest
        for wrapped in lost[:MAX_NACKED]:
            self._counters.nacks_received += 1
            sequence = newest - ((newest - wrapped) & 0xFFFF)
            if self._repairs_from is None or sequence < self._repairs_from:
                self._counters.rtx_refused += 1
                continue
            asked += 1
            stay = next((stay for stay in reversed(self._stays) if stay.first_sequence <= sequence), None)
            packet = None if stay is None else stay.track.cache.get(sequence + stay.base)
            before_s = self._resent.get(sequence)
            crossed = before_s is not None and now_s - before_s < _AGAIN_S
            if stay is None or packet is None or crossed or not budget.take():
                self._counters.rtx_refused += 1
                continue
            if len(self._resent) >= MAX_NACKED:
                self._resent.clear()
            self._resent[sequence] = now_s
            for copy in range(1 if before_s is None else _REPEATED_COPIES):
                if copy and not budget.take():
                    break
                self._rtx_sequence += 1
                resent = write_rtx(
                    packet, rtx.payload_type, self._rtx_sequence, sequence, self.ids.rtx_ssrc, stay.timestamp_offset
                )
                if link.send_rtp(resent):
                    self._counters.rtx_sent += 1
        return asked

    def report(self, ntp: int, timestamp: int) -> None:
        """Send a sender report: ``timestamp`` (outgoing) is the instant ``ntp``."""
        if self._handle is None or self._link is None:
            return
        sent = self.track.egress.sent(self._handle)
        if sent.packets:
            report = write_sender_report(self.ids.ssrc, ntp, timestamp, sent.packets, sent.octets)
            self._link.send_rtcp(report + self._sdes)
            self.reports += 1
