"""One clock for sound and picture: the audio samples that were played decide which frame is due.

`Performance` is the score without a clock: each `step` gives the next 20 ms of sound and, every other step at 25 fps,
the moment that is to be drawn. Whoever pulls decides how fast: `avatar.live.play` pulls by the clock, a little early;
a file is pulled as fast as it can be encoded. There is no second time line that could drift.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from avatar.errors import ScriptQueueFull
from avatar.model import BeatKind, Gesture
from avatar.speech.ports import SAMPLE_RATE, Pcm, Utterance, Word

CHUNK_S = 0.02
CHUNK = int(SAMPLE_RATE * CHUNK_S)
"""Samples of one step; also how soon an interruption is noticed."""

FADE = int(SAMPLE_RATE * 0.012)
"""Samples in which an interrupted word fades instead of clicking."""

GRACE_S = 0.4
"""A phrase that ends within so long is finished before the floor is given to a question."""

LONGEST_WORD_S = 0.6
"""A word that goes on for longer is not waited for."""

BREATH_S = 0.12
"""Between the last word of what gave way and the first of what it gave way to."""

MAX_QUEUED = 8
"""Utterances waiting; more would be said long after they were true (price and stock are read just before)."""


_PHRASE_ENDS = frozenset(".,;:!?…，、。；：！？،؛؟")
_CLOSING = "”’\"')）」』】 "


def polite_end(utterance: Utterance, at_s: float, grace_s: float) -> float:
    """Where a speaker stops who is at ``at_s`` and wants to let somebody else speak; in seconds of the utterance.

    At the end of the phrase if that comes within ``grace_s``, else after the word that is being said.
    """
    words = utterance.words
    for n, word in enumerate(words):
        if word.end_s < at_s:
            continue
        if word.end_s - at_s > grace_s:
            break
        if n == len(words) - 1:
            return utterance.seconds
        if word.text.rstrip(_CLOSING)[-1:] in _PHRASE_ENDS:
            return word.end_s
    for word in words:
        if word.start_s <= at_s < word.end_s:
            return min(word.end_s, at_s + LONGEST_WORD_S)
    return at_s


@dataclass(frozen=True, eq=False)
class Spoken:
    """An utterance with everything around it that the stage shows."""

    utterance: Utterance
    gesture: Gesture = "idle"
    beat: BeatKind = "present"
    product_id: str | None = None
    """Whose picture stands beside the host; None leaves what is there."""
    question: str | None = None
    """A viewer's question, shown while it is answered."""
    pause_after_s: float = 0.4
    key: int = 0
    """The caller's own number for it, e.g. `Line.id`; comes back in `Ended`."""


class Moment(NamedTuple):
    """What the stage needs to draw one frame."""

    frame: int
    """Rises by one per frame; jumps only where the clock jumped (`Performance.jump_to`)."""
    at_s: float
    """Show time of the frame: ``frame / fps``."""
    now: Spoken | None
    """What is being said; None between utterances."""
    since_s: float
    """Seconds since ``now`` began, negative never; without ``now``: since the last one ended."""


class Ended(NamedTuple):
    """What became of an utterance."""

    spoken: Spoken
    began_s: float
    """Show time of its first sample."""
    heard_s: float
    """How much of it was heard."""
    interrupted: bool

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that were heard at least to their middle, in times of the utterance."""
        words = self.spoken.utterance.words
        return tuple(word for word in words if (word.start_s + word.end_s) / 2 <= self.heard_s)


class Step(NamedTuple):
    """20 ms of the show."""

    first_sample: int
    """Position of ``pcm`` on the show's time line."""
    pcm: Pcm
    """`CHUNK` samples."""
    moment: Moment | None
    """The frame that begins within this step, if one does."""
    started: Spoken | None
    """Began with this step's first sample."""
    ended: Ended | None
    """Ended before this step."""


class Performance:
    """What is said, in order, on one time line. ``say``, ``interrupt`` and ``skip`` may come from other threads.

    Memory is bounded: at most `MAX_QUEUED` utterances, nothing kept of what was said. Runs for ever; 2⁶³ samples last
    six million years.
    """

    def __init__(self, fps: int = 25) -> None:
        """``fps`` frames a second, at most one per `CHUNK`: 1 to 50."""
        if not 1 <= fps <= round(1 / CHUNK_S):
            raise ValueError(f"fps must be 1 to {round(1 / CHUNK_S)}, not {fps}")
        self.fps = fps
        self._lock = threading.Lock()
        self._queue: deque[Spoken] = deque()
        self._generation = 0
        self._sample = 0
        self._frame = 0
        self._now: Spoken | None = None
        self._now_generation = 0
        self._read = 0
        self._began = 0
        self._quiet_since = 0
        self._quiet_until = 0
        self._give_way_at: int | None = None
        """Sample of the utterance after which it makes room."""

    @property
    def generation(self) -> int:
        """Rises with every interruption: speech made for an older one is not to be said any more."""
        with self._lock:
            return self._generation

    @property
    def at_s(self) -> float:
        """Show time of the next sample."""
        return self._sample / SAMPLE_RATE

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is being said and nothing waits."""
        with self._lock:
            return self._now is None and not self._queue

    @property
    def queued(self) -> int:
        """How many utterances wait (the one being said is not among them)."""
        with self._lock:
            return len(self._queue)

    def say(self, spoken: Spoken, generation: int | None = None, *, first: bool = False) -> bool:
        """Queue an utterance; False, and nothing queued, when ``generation`` is over.

        ``first`` puts it before everything that waits. Raises: ScriptQueueFull.
        """
        with self._lock:
            if generation is not None and generation != self._generation:
                return False
            if len(self._queue) >= MAX_QUEUED:
                raise ScriptQueueFull(MAX_QUEUED)
            if first:
                self._queue.appendleft(spoken)
            else:
                self._queue.append(spoken)
            return True

    def interrupt(self) -> int:
        """Stop speaking with the next step and forget all that waits; the new generation."""
        with self._lock:
            self._generation += 1
            self._queue.clear()
            return self._generation

    def give_way(self, grace_s: float = GRACE_S) -> None:
        """Make room for something more urgent, politely: what waits is forgotten, what is said ends at `polite_end`.

        What is queued from now on follows after a breath. The generation stays.
        """
        with self._lock:
            self._queue.clear()
            if self._now is None:
                self._quiet_until = min(self._quiet_until, self._sample + int(BREATH_S * SAMPLE_RATE))
            elif self._now_generation == self._generation:
                end_s = polite_end(self._now.utterance, self._read / SAMPLE_RATE, grace_s)
                self._give_way_at = int(end_s * SAMPLE_RATE)

    def skip(self) -> None:
        """Stop what is being said with the next step; what waits follows at once."""
        with self._lock:
            self._now_generation = -1

    def jump_to(self, sample: int) -> None:
        """The clock went on without us (the machine slept): sound and picture go on together at ``sample``.

        What was being said goes on where it was.
        """
        missed = sample - self._sample
        if missed <= 0:
            return
        self._sample = sample
        self._began += missed
        self._quiet_since += missed
        self._quiet_until = max(self._quiet_until, sample)
        self._frame = -(-sample * self.fps // SAMPLE_RATE)

    def step(self) -> Step:
        """The next 20 ms; only one thread may pull."""
        first = self._sample
        with self._lock:
            if self._now is not None and self._is_over(self._now):
                return self._advance(first, *self._cut(first, self._now))
            ended = None
            if self._now is not None and self._read >= len(self._now.utterance.pcm):
                ended = self._finish(first, self._now, len(self._now.utterance.pcm), interrupted=False)
            started = None
            if self._now is None and self._queue and first >= self._quiet_until:
                started = self._now = self._queue.popleft()
                self._now_generation = self._generation
                self._read, self._began, self._give_way_at = 0, first, None
        if self._now is None:
            return self._advance(first, np.zeros(CHUNK, np.int16), ended, started)
        pcm = self._now.utterance.pcm[self._read : self._read + CHUNK]
        self._read += CHUNK
        if len(pcm) < CHUNK:
            pcm = np.concatenate([pcm, np.zeros(CHUNK - len(pcm), np.int16)])
        return self._advance(first, pcm, ended, started)

    def _is_over(self, now: Spoken) -> bool:
        """Whether what is being said stops here, before its end."""
        if self._now_generation != self._generation:
            return True
        return self._give_way_at is not None and self._give_way_at <= self._read < len(now.utterance.pcm)

    def _cut(self, first: int, now: Spoken) -> tuple[Pcm, Ended, None]:
        pcm = np.zeros(CHUNK, np.int16)
        rest = now.utterance.pcm[self._read : self._read + FADE]
        pcm[: len(rest)] = rest * np.linspace(1, 0, FADE, dtype=np.float32)[: len(rest)]
        ended = self._finish(first, now, min(self._read, len(now.utterance.pcm)), interrupted=True)
        self._quiet_until = first + CHUNK if self._give_way_at is None else first + int(BREATH_S * SAMPLE_RATE)
        return pcm, ended, None

    def _finish(self, first: int, now: Spoken, heard: int, *, interrupted: bool) -> Ended:
        self._now = None
        self._quiet_since = first
        pause_s = now.pause_after_s if self._give_way_at is None else min(now.pause_after_s, BREATH_S)
        self._quiet_until = first + int(pause_s * SAMPLE_RATE)
        return Ended(now, self._began / SAMPLE_RATE, heard / SAMPLE_RATE, interrupted)

    def _advance(self, first: int, pcm: Pcm, ended: Ended | None, started: Spoken | None) -> Step:
        self._sample = first + CHUNK
        moment = None
        # The frame's own sample lies in [first, first + CHUNK): sound and picture are never 20 ms apart.
        at = self._frame * SAMPLE_RATE // self.fps
        if at < self._sample:
            since = at - (self._began if self._now is not None else self._quiet_since)
            moment = Moment(self._frame, self._frame / self.fps, self._now, max(since, 0) / SAMPLE_RATE)
            self._frame += 1
        return Step(first, pcm, moment, started, ended)
