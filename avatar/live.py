"""Play a performance: by the clock to the world, or as fast as possible into a file. The sound sets the pace."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from avatar.encoder import Encoder
from avatar.performance import CHUNK_S, Performance, Step
from avatar.speech.ports import SAMPLE_RATE
from avatar.stage.stage import Stage

AHEAD_S = 0.06
"""How early sound is handed over; with `CHUNK_S` and the network below the 200 ms an interruption may take."""
LATE_S = 0.5
"""Behind by more (the machine slept), the time line jumps instead of being caught up in a burst."""
SKIP_PICTURES_S = 0.12
"""Behind by more, pictures are left out until the sound is on time again."""


class Timepiece(Protocol):
    """Measures durations; the server's `Clock` is one."""

    def monotonic_s(self) -> float:
        """Seconds that never jump."""


class SystemTimepiece:
    """The machine's own."""

    def monotonic_s(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        return time.monotonic()  # noqa: TID251 (this is the clock that others take)


@dataclass
class Tally:
    """What was played; for the watchdog and the benchmarks."""

    pictures: int = 0
    left_out: int = 0
    """Pictures not drawn because the machine was late; the sound went on."""
    jumps: int = 0
    """Times the machine slept."""


class Player:
    """Draws and encodes the steps of one performance, in one thread."""

    def __init__(self, performance: Performance, stage: Stage, encoder: Encoder) -> None:
        self._performance, self._stage, self._encoder = performance, stage, encoder
        self.tally = Tally()

    def play_step(self, *, with_picture: bool = True) -> Step:
        """The next 20 ms into the encoder. Raises: OutputFailed."""
        step = self._performance.step()
        self._encoder.write_sound(step.first_sample, step.pcm)
        if step.moment is not None:
            if with_picture:
                changed = self._stage.draw(step.moment)
                self._encoder.write_picture(step.moment.frame, self._stage.pixels, changed)
                self.tally.pictures += 1
            else:
                self.tally.left_out += 1
        return step

    def play_live(
        self, clock: Timepiece, wait: Callable[[float], bool], on_step: Callable[[Step], None] = lambda step: None
    ) -> None:
        """Play by ``clock`` until ``wait`` (an Event's: sleeps, True ends it) says so.

        ``on_step`` gets every step: captions, cues and the log hang on `Step.started` and `Step.ended`.
        Raises: OutputFailed.
        """
        start_s = clock.monotonic_s() - self._performance.at_s
        while True:
            ahead_s = self._performance.at_s - (clock.monotonic_s() - start_s)
            if ahead_s > AHEAD_S:
                if wait(ahead_s - AHEAD_S):
                    return
                continue
            if wait(0.0):
                return
            if ahead_s < -LATE_S:
                self._performance.jump_to(
                    round((clock.monotonic_s() - start_s) / CHUNK_S) * round(CHUNK_S * SAMPLE_RATE)
                )
                self.tally.jumps += 1
            on_step(self.play_step(with_picture=ahead_s > -SKIP_PICTURES_S))
