"""Where in a stream of sound somebody speaks: stretches of speech between two pauses.

By loudness against a noise floor that follows the room: a host's microphone is near, and what comes after it is a
recogniser that knows words from noise. Silence, and the hum of a shop, cost a recogniser nothing this way.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from avatar.listening.ports import SAMPLE_RATE, Sound

FRAME = SAMPLE_RATE // 50
"""Samples of 20 ms: what is judged at a time."""
_FRAME_S = FRAME / SAMPLE_RATE


@dataclass(frozen=True)
class VoiceOptions:
    """When sound counts as speech."""

    above_floor_db: float = 9.0
    """So much louder than the room."""
    quietest_db: float = -50.0
    """Below this (full scale is 0) nobody speaks, however quiet the room is."""
    begins_after_s: float = 0.06
    """Shorter noises (a click, a cup) are none."""
    ends_after_s: float = 0.5
    """A shorter pause is a breath within the sentence."""
    before_s: float = 0.25
    """Taken along from before it was noticed: words begin softly."""
    bridged_s: float = 0.2
    """A shorter gap in the sound (a lost packet) is taken for silence."""
    longest_s: float = 20.0
    """Whoever speaks without a pause is cut here."""
    floor_rises_db_s: float = 4.0
    """How fast a noise that stays becomes the room."""


@dataclass(frozen=True)
class Stretch:
    """Some speech; several follow each other until ``is_last``."""

    at_ms: float
    """Of the first sample, on the time line that the sound came with."""
    sound: Sound
    is_first: bool
    is_last: bool
    """A pause follows, or the sound has a gap."""

    @property
    def end_ms(self) -> float:
        """Behind the last sample."""
        return self.at_ms + len(self.sound) * 1000 / SAMPLE_RATE


class VoiceActivity:
    """Finds the speech in one stream. Memory is bounded by the options."""

    def __init__(self, options: VoiceOptions | None = None) -> None:
        self._options = options or VoiceOptions()
        self._rest: Sound = np.zeros(0, np.int16)
        self._next_ms = 0.0
        """Of the first sample in ``_rest``."""
        self._floor_db = self._options.quietest_db
        self._before: deque[Sound] = deque(maxlen=max(1, round(self._options.before_s / _FRAME_S)))
        self._loud = 0
        self._quiet = 0
        self._open_frames = 0
        """Of the speech that is going on; 0 while nobody speaks."""

    def take(self, sound: Sound, at_ms: float) -> list[Stretch]:
        """The sound that begins at ``at_ms``; what is not where the last one ended is a gap, and ends the speech."""
        found: list[Stretch] = []
        expected_ms = self._next_ms + len(self._rest) * 1000 / SAMPLE_RATE
        gap_ms = at_ms - expected_ms
        if 0 < gap_ms <= self._options.bridged_s * 1000:
            missing = np.zeros(round(gap_ms * SAMPLE_RATE / 1000), np.int16)
            self._rest = np.concatenate([self._rest, missing, sound])
        elif abs(gap_ms) > _FRAME_S * 1000:
            found += self.end()
            self._rest = sound
            self._next_ms = at_ms
        else:
            self._rest = np.concatenate([self._rest, sound])
        frames: list[Sound] = []
        began_ms = self._next_ms
        is_first = False
        while len(self._rest) >= FRAME:
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            was_open = self._open_frames > 0
            self._judge(frame)
            if self._open_frames > 0:
                if not was_open:
                    is_first = True
                    began_ms = self._next_ms - len(self._before) * _FRAME_S * 1000
                    frames = list(self._before)
                    self._before.clear()
                frames.append(frame)
            elif was_open:
                frames.append(frame)
                found.append(Stretch(began_ms, np.concatenate(frames), is_first, True))
                frames, is_first = [], False
            else:
                self._before.append(frame)
            self._next_ms += _FRAME_S * 1000
        if frames:
            found.append(Stretch(began_ms, np.concatenate(frames), is_first, False))
        return found

    def end(self) -> list[Stretch]:
        """Nothing follows; the end of the speech that was going on, if any."""
        was_open, self._open_frames, self._loud, self._quiet = self._open_frames > 0, 0, 0, 0
        self._before.clear()
        rest, self._rest = self._rest, np.zeros(0, np.int16)
        return [Stretch(self._next_ms, rest, False, True)] if was_open else []

    def _judge(self, frame: Sound) -> None:
        options = self._options
        power = float(np.mean(np.square(frame.astype(np.float32)))) / 32768**2
        level_db = 10 * float(np.log10(power + 1e-10))
        is_loud = level_db > max(self._floor_db + options.above_floor_db, options.quietest_db)
        if level_db < self._floor_db:
            self._floor_db = level_db
        else:
            self._floor_db = min(level_db, self._floor_db + options.floor_rises_db_s * _FRAME_S)
        self._floor_db = max(self._floor_db, options.quietest_db - options.above_floor_db)
        self._loud = self._loud + 1 if is_loud else 0
        self._quiet = 0 if is_loud else self._quiet + 1
        if self._open_frames == 0:
            self._open_frames = int(self._loud * _FRAME_S >= options.begins_after_s)
            return
        self._open_frames += 1
        pauses = self._quiet * _FRAME_S >= options.ends_after_s
        if pauses or self._open_frames * _FRAME_S >= options.longest_s:
            self._open_frames = self._loud = 0
