"""The fake voice for tests: hums a note per word, 60 ms a character, without any library."""

from __future__ import annotations

import re

import numpy as np

from avatar.speech.engine import Mark, RawSpeech
from avatar.speech.ports import SAMPLE_RATE, Mouth, Viseme, VoiceInfo

CHAR_S = 0.06
GAP_S = 0.1


class ToneEngine:
    """An `Engine` that hums; made into a `Speaker` by `EngineSpeaker` like every other."""

    info = VoiceInfo("tone", (), "Apache-2.0", "hums, for tests")

    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        """Hum ``spoken``; ``lang`` makes no difference."""
        parts: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
        marks: list[Mark] = []
        mouths: list[Mouth] = []
        at = 0
        for word in re.finditer(r"\S+", spoken):
            count = int(len(word.group()) * CHAR_S * SAMPLE_RATE)
            t = np.arange(count, dtype=np.float32) / SAMPLE_RATE
            envelope = np.minimum(1, np.minimum(t, t[::-1]) * 100)
            parts += [
                (0.3 * np.sin(2 * np.pi * 220 * t) * envelope).astype(np.float32),
                np.zeros(int(GAP_S * SAMPLE_RATE), np.float32),
            ]
            marks.append(Mark(at / SAMPLE_RATE, word.start()))
            mouths += [Mouth(at / SAMPLE_RATE, Viseme.AA, 1.0), Mouth((at + count) / SAMPLE_RATE, Viseme.SIL, 1.0)]
            at += count + int(GAP_S * SAMPLE_RATE)
        return RawSpeech(np.concatenate(parts), SAMPLE_RATE, marks, mouths)
