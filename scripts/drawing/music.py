"""The demo host's music: sixteen calm bars that run into their own beginning.

Everything is written into a ring, so that what rings on past the end is heard at the start: the loop has no seam.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[Any]

RATE = 48_000
BEAT_S = 0.75
BEATS = 64
LENGTH = int(RATE * BEAT_S * BEATS)
DURATION_S = LENGTH / RATE

# Sixteen bars in D major: bass note and an open voicing, as MIDI numbers.
BARS = [
    (38, (57, 61, 66, 69)),
    (35, (57, 62, 66, 69)),
    (43, (55, 59, 62, 66)),
    (45, (55, 59, 62, 64)),
    (38, (57, 61, 66, 69)),
    (42, (57, 61, 64, 69)),
    (43, (57, 59, 62, 66)),
    (45, (57, 62, 64, 67)),
    (40, (55, 59, 62, 66)),
    (45, (55, 61, 64, 67)),
    (38, (54, 57, 61, 64)),
    (35, (54, 57, 62, 64)),
    (43, (57, 59, 62, 66)),
    (42, (57, 61, 64, 69)),
    (40, (55, 59, 64, 66)),
    (45, (55, 59, 62, 64)),
]
# A sparse tune: (beat, MIDI number, length in beats).
TUNE = [
    (2.0, 73, 1.5),
    (3.5, 74, 1.0),
    (5.0, 69, 2.5),
    (10.0, 71, 1.0),
    (11.0, 73, 0.5),
    (11.5, 74, 1.0),
    (13.0, 71, 2.5),
    (18.0, 73, 1.5),
    (19.5, 76, 1.0),
    (21.0, 73, 2.5),
    (26.5, 78, 1.0),
    (27.5, 76, 0.5),
    (28.0, 74, 1.0),
    (29.5, 71, 2.0),
    (34.0, 74, 1.0),
    (35.0, 73, 0.5),
    (35.5, 71, 1.5),
    (38.0, 69, 1.0),
    (39.0, 71, 0.5),
    (41.0, 66, 3.0),
    (46.0, 69, 1.0),
    (50.0, 71, 1.0),
    (51.0, 73, 0.5),
    (51.5, 74, 1.5),
    (54.0, 73, 1.0),
    (55.0, 69, 1.5),
    (58.0, 71, 0.75),
    (59.0, 67, 1.0),
    (61.0, 69, 2.5),
]


def _hertz(midi: float) -> float:
    return float(440.0 * 2 ** ((midi - 69) / 12))


def _add(ring: Sound, sound: Sound, at_s: float) -> None:
    """Lay a sound into the ring; its tail wraps to the start."""
    start = int(at_s * RATE) % LENGTH
    index = (start + np.arange(len(sound))) % LENGTH
    np.add.at(ring, index, sound)


def _piano(midi: float, length_s: float, loud: float) -> Sound:
    """An electric piano: a sine bent by a soft bell that fades quickly."""
    t = np.arange(int(RATE * (length_s + 1.6))) / RATE
    f = _hertz(midi)
    bell = np.sin(2 * np.pi * f * 7.0 * t) * np.exp(-t * 9) * 0.22 * loud
    body = np.sin(2 * np.pi * f * t + (0.85 * loud * np.exp(-t * 2.2)) * np.sin(2 * np.pi * f * t) + bell)
    body += 0.22 * np.sin(4 * np.pi * f * t) * np.exp(-t * 3.0)
    release = np.clip(1 - (t - length_s) / 0.9, 0, 1) ** 2
    return np.asarray(body * (1 - np.exp(-t * 260)) * np.exp(-t * 0.9) * np.minimum(release, 1) * loud)


def _pad(midi: float, length_s: float) -> Sound:
    """Three detuned, rounded saws that swell in and out."""
    t = np.arange(int(RATE * (length_s + 1.5))) / RATE
    out = np.zeros_like(t)
    for cents in (-6, 0, 7):
        f = _hertz(midi + cents / 100)
        for harmonic in range(1, 7):
            out += np.sin(2 * np.pi * f * harmonic * t + harmonic * cents) / harmonic**2.1
    envelope = np.clip(t / 0.9, 0, 1) ** 2 * np.clip((length_s + 1.5 - t) / 1.5, 0, 1) ** 1.5
    return out * envelope / 3


def _bass(midi: float, length_s: float, loud: float) -> Sound:
    t = np.arange(int(RATE * (length_s + 0.25))) / RATE
    f = _hertz(midi)
    out = (
        np.sin(2 * np.pi * f * t)
        + 0.28 * np.sin(4 * np.pi * f * t) * np.exp(-t * 3)
        + 0.08 * np.sin(6 * np.pi * f * t) * np.exp(-t * 6)
    )
    release = np.clip((length_s + 0.25 - t) / 0.25, 0, 1)
    return np.asarray(out * (1 - np.exp(-t * 120)) * np.exp(-t * 0.8) * release * loud)


def _kick() -> Sound:
    t = np.arange(int(RATE * 0.32)) / RATE
    return np.sin(2 * np.pi * (46 * t + 1.9 * (1 - np.exp(-t * 34)))) * np.exp(-t * 11)


def _brush(random: np.random.Generator, length_s: float, low: float, high: float) -> Sound:
    """Filtered noise: a brush on a snare, or a shaker when short."""
    count = int(RATE * length_s)
    spectrum = np.fft.rfft(random.standard_normal(count))
    f = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(f, 1)) ** 4) / (1 + (f / high) ** 4)
    t = np.arange(count) / count
    sound = np.fft.irfft(spectrum, count) * np.sin(np.pi * t**0.35) ** 2 * (1 - t) ** 1.5
    return np.asarray(sound / np.abs(sound).max())


def _hall(random: np.random.Generator, dry: Sound, seconds: float) -> Sound:
    """A room, by convolution round the ring."""
    t = np.arange(LENGTH) / RATE
    tail = random.standard_normal(LENGTH) * np.exp(-t * 6.9 / seconds) * (t > 0.012) * np.clip((t - 0.012) / 0.03, 0, 1)
    spectrum = np.fft.rfft(tail)
    f = np.fft.rfftfreq(LENGTH, 1 / RATE)
    spectrum *= 1 / (1 + (f / 3800) ** 2) / (1 + (180 / np.maximum(f, 1)) ** 2)
    wet = np.fft.irfft(np.fft.rfft(dry) * spectrum, LENGTH)
    return np.asarray(wet / np.sqrt(np.sum(tail**2)))


def _brightened(mix: Sound) -> Sound:
    """Less below 150 Hz and more above 1 kHz, for the small speakers of phones; nothing at 0 Hz."""
    f = np.fft.rfftfreq(LENGTH, 1 / RATE)
    low = 1 / (1 + (f / 150) ** 2)
    high = 1 / (1 + (1100 / np.maximum(f, 1)) ** 2)
    decibels = -6.0 * low + 8.0 * high
    return np.fft.irfft(np.fft.rfft(mix) * 10 ** (decibels / 20) * (f > 20), LENGTH)


def compose(seed: int = 7) -> Sound:
    """The loop as stereo floats ``[2, samples]``, about -16 dB on average and never above -1 dB."""
    random = np.random.default_rng(seed)
    piano, pad, low, drums = (np.zeros((2, LENGTH)) for _ in range(4))
    for bar, (root, voicing) in enumerate(BARS):
        start = bar * 4 * BEAT_S
        for n, note in enumerate(voicing):
            for channel, gain in ((0, 1.0 - 0.16 * n), (1, 0.52 + 0.16 * n)):
                _add(pad[channel], _pad(note, 4 * BEAT_S) * gain * 0.11, start - 0.35)
        for offset, loud, length in ((0.0, 0.8, 1.6), (1.5, 0.5, 1.0), (2.75, 0.42, 0.9)):
            for n, note in enumerate(voicing):
                if offset and n == 0:
                    continue
                late = 0.012 * n + random.uniform(0, 0.012)
                sound = _piano(note, length * BEAT_S, loud * random.uniform(0.85, 1.0)) * 0.13
                for channel, gain in ((0, 0.9 - 0.12 * n), (1, 0.54 + 0.12 * n)):
                    _add(piano[channel], sound * gain, start + offset * BEAT_S + late)
        for offset, note, length, loud in (
            (0.0, root, 1.4, 0.9),
            (1.5, root, 0.5, 0.5),
            (2.5, root + 7 if root < 42 else root - 5, 1.2, 0.6),
        ):
            _add(low[0], _bass(note, length * BEAT_S, loud) * 0.22, start + offset * BEAT_S)
        for beat in range(4):
            at = start + beat * BEAT_S
            if beat in (0, 2) or (beat == 3 and bar % 4 == 3):
                _add(drums[0], _kick() * (0.30 if beat == 0 else 0.2), at + (0.5 * BEAT_S if beat == 3 else 0))
            if beat in (1, 3):
                _add(drums[1], _brush(random, 0.22, 900, 6500) * 0.05, at)
            for step in (0.0, 0.53):
                _add(drums[1], _brush(random, 0.07, 5200, 12000) * (0.011 if step == 0 else 0.018), at + step * BEAT_S)
    for at_beat, note, length in TUNE:
        sound = _piano(note, length * BEAT_S, 0.75) * 0.15
        for channel, gain in ((0, 0.62), (1, 0.88)):
            _add(piano[channel], sound * gain, at_beat * BEAT_S + random.uniform(0, 0.015))
    mid, side = drums[0] + low[0], drums[1]
    dry = piano + pad + mid + np.stack([side * 0.8, side])
    send = piano * 0.9 + pad * 0.6 + np.stack([side, side]) * 0.7
    wet = np.stack([_hall(random, send[0], 2.1), _hall(random, send[1], 2.1)])
    mix = dry + 0.34 * wet
    mix = _brightened(mix)
    mix *= 10 ** (-17 / 20) / np.sqrt(np.mean(mix**2))
    ceiling = 10 ** (-1 / 20)
    return np.asarray(ceiling * np.tanh(mix / ceiling), np.float32)
