"""Timing for voices that give none: espeak-ng says the same text silently, and its times are laid over the sound.

Phoneme durations of two voices differ by a factor that is about the same within a phrase, so phrases are matched by
their pauses where both have the same number of them, else the whole is stretched. The mouth is shut in silence anyway
(`avatar.speech.engine`), which hides most of what is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avatar.speech.engine import Engine, Mark, RawSpeech
from avatar.speech.ports import Mouth

_PAUSE_S = 0.12
_STEP_S = 0.01


def phrases(sound: NDArray[np.float32], rate: int) -> list[tuple[float, float]]:
    """Where something sounds, in seconds; apart by pauses longer than 120 ms."""
    step = int(rate * _STEP_S)
    count = len(sound) // step
    if not count:
        return []
    rms = np.sqrt((sound[: count * step].reshape(count, step) ** 2).mean(axis=1))
    heard = np.flatnonzero(rms > max(1e-4, float(rms.max()) / 60))
    found: list[tuple[float, float]] = []
    for n in heard.tolist():
        start_s, end_s = n * _STEP_S, (n + 1) * _STEP_S
        if found and start_s - found[-1][1] < _PAUSE_S:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return found


def lay_over(reference: RawSpeech, sound: NDArray[np.float32], rate: int) -> RawSpeech:
    """The marks of ``reference`` at the times of ``sound``, which says the same."""
    theirs, ours = phrases(reference.sound, reference.rate), phrases(sound, rate)
    if not theirs or not ours:
        return RawSpeech(sound, rate, (), ())
    if len(theirs) != len(ours):
        theirs, ours = [(theirs[0][0], theirs[-1][1])], [(ours[0][0], ours[-1][1])]
    x = np.array(theirs).reshape(-1)
    y = np.array(ours).reshape(-1)

    def moved(times: Sequence[float]) -> list[float]:
        return [float(at) for at in np.interp(times, x, y)]

    mark_times = moved([mark.at_s for mark in reference.marks])
    mouth_times = moved([mouth.at_s for mouth in reference.mouths])
    marks = [Mark(at, mark.position) for at, mark in zip(mark_times, reference.marks, strict=True)]
    mouths = [Mouth(at, m.viseme, m.weight) for at, m in zip(mouth_times, reference.mouths, strict=True)]
    return RawSpeech(sound, rate, marks, mouths)


async def aligned(sound: NDArray[np.float32], rate: int, spoken: str, lang: str, timing: Engine) -> RawSpeech:
    """``sound`` with the times that ``timing`` (espeak-ng) finds for its text. Raises: SpeechUnavailable from there."""
    return lay_over(await timing.speak(spoken, lang), sound, rate)
