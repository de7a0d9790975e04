"""What the host does with face and hands, told ahead of the sound to browsers that draw the host themselves.

A score tells a few seconds and is told again before they are over, so that it is small however long a line is, a
viewer who joins late knows all with the next one, and silence for longer means that there is nobody to draw.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Final

from avatar.performance import Spoken, Step
from avatar.speech.ports import SAMPLE_RATE, Mouth, Viseme
from avatar.stage.look import Look
from stream_server.signaling.messages import Perform, Score
from stream_server.signaling.performed import MAX_SHAPES
from stream_server.virtual_host.captioner import SampleTimes, ShowTime
from stream_server.virtual_host.wire import Wire

TOLD_S: Final = 6.0
"""How far a score reaches."""
AGAIN_S: Final = 2.0
"""How often it is told; a player that heard nothing for several times as long shows the film again."""

_NUMBERS: Final = {viseme: number for number, viseme in enumerate(Viseme)}


def shapes_of(visemes: tuple[Mouth, ...], since_s: float) -> list[list[int]]:
    """The next `TOLD_S` seconds of an utterance from ``since_s`` on, beginning with the shape that the mouth has."""
    shapes: list[list[int]] = []
    for mouth in visemes:
        shape = [max(0, round((mouth.at_s - since_s) * 1000)), _NUMBERS[mouth.viseme], round(mouth.weight * 100)]
        if mouth.at_s <= since_s:
            shapes = [shape]
        elif mouth.at_s > since_s + TOLD_S or len(shapes) == MAX_SHAPES:
            break
        else:
            shapes.append(shape)
    return shapes


class Performer:
    """One session's. `on_step` comes from the player's thread; made in the loop that owns ``wire``."""

    def __init__(self, wire: Wire, clock: ShowTime, look: Look) -> None:
        self._wire = wire
        self._look = asdict(look)
        self._times = SampleTimes(clock)
        self._loop = asyncio.get_running_loop()
        self._now: Spoken | None = None
        self._began = 0
        self._told: int | None = None
        """Sample at which the last score was told; None before the first."""

    def dress(self, look: Look) -> None:
        """Another outfit, told with the next step."""
        self._look = asdict(look)
        self._told = None

    def on_step(self, step: Step) -> None:
        """The next 20 ms were handed to the encoder."""
        first = step.first_sample
        self._times.note(first)
        if step.ended is not None:
            self._now, self._began = None, first
        if step.started is not None:
            self._now, self._began = step.started, first
        is_news = step.started is not None or step.ended is not None
        if is_news or self._told is None or first - self._told >= AGAIN_S * SAMPLE_RATE:
            self._told = first
            self._loop.call_soon_threadsafe(self._tell, self._score(first))

    def _score(self, first: int) -> Score:
        now = self._now
        return Score(
            at_ms=self._times.show_ms(first),
            shapes=[] if now is None else shapes_of(now.utterance.visemes, (first - self._began) / SAMPLE_RATE),
            is_speaking=now is not None,
            gesture="idle" if now is None else now.gesture,
            gesture_ms=self._times.show_ms(self._began),
            look=self._look,
        )

    def _tell(self, score: Score) -> None:
        self._wire.send(lambda ref: Perform(ref=ref, score=score))
