"""How one incoming RTP stream arrives: order, loss, jitter, and which packets to ask for again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from stream_server.media.rtp import ReceptionBlock, signed_difference

MAX_MISSING = 256
"""More gone at once is not repaired packet by packet but by a keyframe."""
RETRY_S = 0.1
MAX_TRIES = 8


@dataclass
class _Missing:
    tries: int
    due_s: float


class Reception:
    """Book-keeping for one SSRC (RFC 3550 appendix A)."""

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._first: int | None = None
        self._newest = 0
        self._received = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._missing: dict[int, _Missing] = {}
        self._expected_before = 0
        self._received_before = 0
        self._report: tuple[int, float] | None = None
        self.gave_up = False
        """Set when packets are lost for good: only a keyframe helps. Whoever asks for one resets it."""

    def add(self, sequence: int, timestamp: int, now_s: float) -> tuple[int, bool] | None:
        """Note an arriving packet: its sequence number unwrapped, and whether it is the newest.

        None for a packet that was here before, or that nobody waits for any more.
        """
        if self._first is None:
            self._first = self._newest = sequence
            self._count(timestamp, now_s)
            return sequence, True
        extended = self._newest + signed_difference(sequence, self._newest & 0xFFFF, 16)
        if extended <= self._newest:
            if self._missing.pop(extended, None) is None:
                return None
            self._received += 1
            return extended, False
        gap = extended - self._newest - 1
        if gap > MAX_MISSING:
            self._missing.clear()
            self.gave_up = True
        else:
            for lost in range(self._newest + 1, extended):
                self._missing[lost] = _Missing(0, now_s)
        self._newest = extended
        self._count(timestamp, now_s)
        return extended, True

    def add_repaired(self, sequence: int) -> int | None:
        """Note a retransmitted packet: its sequence number unwrapped, None when nobody waits for it."""
        if self._first is None:
            return None
        extended = self._newest + signed_difference(sequence, self._newest & 0xFFFF, 16)
        return None if self._missing.pop(extended, None) is None else extended

    def to_ask_for(self, now_s: float) -> list[int]:
        """16 bit sequence numbers to request now, in order."""
        due = []
        for sequence, missing in list(self._missing.items()):
            if missing.due_s > now_s:
                continue
            if missing.tries == MAX_TRIES or len(self._missing) > MAX_MISSING:
                del self._missing[sequence]
                self.gave_up = True
                continue
            missing.tries += 1
            missing.due_s = now_s + RETRY_S
            due.append(sequence & 0xFFFF)
        return due

    def on_sender_report(self, ntp: int, now_s: float) -> None:
        """Remember the peer's report, for its round-trip computation."""
        self._report = (ntp >> 16) & 0xFFFFFFFF, now_s

    def block(self, ssrc: int, now_s: float) -> tuple[ReceptionBlock, float] | None:
        """A report block over the time since the last one, and the share lost in it before repair."""
        if self._first is None:
            return None
        expected = self._newest - self._first + 1
        expected_now = expected - self._expected_before
        lost_now = expected_now - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        fraction = max(0.0, lost_now / expected_now) if expected_now > 0 else 0.0
        last, delay = self._report or (0, now_s)
        block = ReceptionBlock(
            ssrc=ssrc,
            fraction_lost=min(255, int(fraction * 256)),
            packets_lost=expected - self._received,
            highest_sequence=self._newest,
            jitter=int(self._jitter),
            last_report=last,
            delay_since_last_report=int((now_s - delay) * 65536) if self._report else 0,
        )
        return block, fraction

    def _count(self, timestamp: int, now_s: float) -> None:
        self._received += 1
        transit = now_s * self._clock_rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < self._clock_rate:  # not across a wrap or a pause
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit
