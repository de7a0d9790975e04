"""One language's sound, 20 ms at a time, on the performance's own clock: the dub alone, and over the quiet original.

A line that has no dub is heard as it was said, in both. Nothing here waits: a dub that is not ready when its original
begins comes a little later.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from avatar.performance import CHUNK, CHUNK_S, FADE, GRACE_S, Ended, Spoken, Step, polite_end
from avatar.speech.ports import SAMPLE_RATE, Pcm, Utterance

DUCKED = 10 ** (-15 / 20)
"""How loud the original is under a dub: there, but no word of the dub is lost to it."""
RAMP_S = 0.2
MAX_KNOWN = 16
"""Lines that were announced; more would be said long after they were true."""
LATE_S = 2.0
"""A dub that is not ready so long after its original ended is not said any more."""


class Mixed(NamedTuple):
    """20 ms in both ways to listen; `CHUNK` samples each."""

    voice: Pcm
    over_original: Pcm


@dataclass(eq=False)
class _Known:
    """A line whose dub is being made (None), or there."""

    dub: Utterance | None = None
    is_left_out: bool = False


@dataclass(eq=False)
class _Due:
    """A line whose original began."""

    text: str
    known: _Known
    ended_at: int | None = None
    """Sample at which its original ended."""


class DubTrack:
    """``expect``, ``offer`` and ``leave_out`` may come from another thread than ``step``."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.interruptions = 0
        """How often what was being said was cut short."""
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._due: deque[_Due] = deque(maxlen=MAX_KNOWN)
        self._said: _Due | None = None
        self._read = 0
        self._stop_at: int | None = None
        self._passes = True
        self._gains = [1.0, 1.0]

    @property
    def is_quiet(self) -> bool:
        """No dub sounds, and none waits for its turn."""
        with self._lock:
            return self._said is None and not self._due

    # ------------------------------------------------------------ what there is to say

    def expect(self, text: str) -> None:
        """The line that is said as ``text`` will have a dub."""
        with self._lock:
            self._known[text] = _Known()
            self._known.move_to_end(text)
            while len(self._known) > MAX_KNOWN:
                self._known.popitem(last=False)

    def offer(self, text: str, dub: Utterance) -> None:
        """The dub of ``text`` is ready."""
        with self._lock:
            known = self._found(text)
            if known is not None:
                known.dub = dub

    def leave_out(self, text: str) -> None:
        """``text`` gets no dub after all: it is heard as it is said."""
        with self._lock:
            known = self._found(text)
            self._known.pop(text, None)
            if known is not None:
                known.is_left_out = True

    def _found(self, text: str) -> _Known | None:
        known = self._known.get(text)
        return known or next((due.known for due in reversed(self._due) if due.text == text), None)

    # ------------------------------------------------------------ the performance's thread

    def step(self, step: Step) -> Mixed:
        """The same 20 ms in this language."""
        with self._lock:
            if step.ended is not None:
                self._original_ended(step.ended, step.first_sample)
            if step.started is not None:
                self._original_began(step.started)
            dub = self._next_of_dub(step.first_sample)
            is_dubbed = self._said is not None or not self._passes
        wanted = (0.0, DUCKED) if is_dubbed else (1.0, 1.0)
        alone, under = (self._faded(n, step.pcm, wanted[n]) for n in range(2))
        return Mixed(_sum(alone, dub), _sum(under, dub))

    def _original_began(self, spoken: Spoken) -> None:
        text = spoken.utterance.text
        known = self._known.pop(text, None)
        self._passes = known is None
        if known is not None:
            self._due.append(_Due(text, known))
            # Before a line there is silence: nothing is heard of this.
            self._gains = [0.0, DUCKED]
        elif self._said is None:
            self._gains = [1.0, 1.0]

    def _original_ended(self, ended: Ended, at: int) -> None:
        text = ended.spoken.utterance.text
        for due in self._due:
            if due.text == text and due.ended_at is None:
                due.ended_at = at
        if not ended.interrupted:
            return
        # What follows has nothing to do with what was being said, also where that was still the line before.
        self.interruptions += 1
        self._due.clear()
        said = self._said
        if said is not None and said.known.dub is not None:
            end_s = polite_end(said.known.dub, self._read / SAMPLE_RATE, GRACE_S)
            self._stop_at = int(end_s * SAMPLE_RATE)

    def _next_of_dub(self, at: int) -> Pcm | None:
        if self._said is None:
            self._take_next(at)
        said = self._said
        if said is None or said.known.dub is None:
            return None
        pcm = said.known.dub.pcm
        if self._stop_at is not None and self._stop_at <= self._read:
            rest = pcm[self._read : self._read + FADE]
            self._end_dub()
            faded = rest * np.linspace(1, 0, FADE, dtype=np.float32)[: len(rest)]
            return _padded(faded.astype(np.int16))
        part = pcm[self._read : self._read + CHUNK]
        self._read += CHUNK
        if self._read >= len(pcm):
            self._end_dub()
        return _padded(part)

    def _end_dub(self) -> None:
        self._said, self._read, self._stop_at = None, 0, None

    def _take_next(self, at: int) -> None:
        while self._due:
            due = self._due[0]
            is_late = due.ended_at is not None and at - due.ended_at > LATE_S * SAMPLE_RATE
            if due.known.is_left_out or (due.known.dub is None and is_late):
                self._due.popleft()
                if due.known.is_left_out and due.ended_at is None:
                    self._passes = True
                continue
            if due.known.dub is not None:
                self._said, self._read, self._stop_at = self._due.popleft(), 0, None
            return

    def _faded(self, number: int, pcm: Pcm, wanted: float) -> Pcm:
        before = self._gains[number]
        most = CHUNK_S / RAMP_S
        after = min(max(wanted, before - most), before + most)
        self._gains[number] = after
        if before == after == 1.0:
            return pcm
        if before == after == 0.0:
            return np.zeros(CHUNK, np.int16)
        return np.asarray(pcm * np.linspace(before, after, CHUNK, dtype=np.float32), np.int16)


def _padded(pcm: Pcm) -> Pcm:
    return pcm if len(pcm) == CHUNK else np.concatenate([pcm, np.zeros(CHUNK - len(pcm), np.int16)])


def _sum(original: Pcm, dub: Pcm | None) -> Pcm:
    if dub is None:
        return original
    total = original.astype(np.int32) + dub
    return np.asarray(np.clip(total, -32767, 32767), np.int16)
