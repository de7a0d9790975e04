"""Make any voice sound finished: 48 kHz, less mud and hiss, even, −16 LUFS (ITU-R BS.1770-5), no clipping.

All filters are applied to the whole utterance in the frequency domain: numpy has no recursive filters, and an utterance
is short (5 s take about 25 ms).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from avatar.speech.ports import SAMPLE_RATE, Pcm

TARGET_LUFS = -16.0
CEILING = 10 ** (-1.5 / 20)
"""True peak that the limiter holds; −1.5 dBTP leaves room for what Opus adds."""

_BLOCK_S, _HOP_S = 0.4, 0.1
_ENVELOPE = 240
"""Samples of one step of the dynamics: 5 ms."""

Sound = NDArray[np.float32]


def to_float(pcm: NDArray[np.int16]) -> Sound:
    """16-bit samples at full scale 1.0."""
    return np.asarray(pcm.astype(np.float32) * np.float32(1 / 32768), np.float32)


def resample(sound: Sound, rate: int) -> Sound:
    """To `SAMPLE_RATE`, band-limited."""
    if rate == SAMPLE_RATE or not len(sound):
        return sound.astype(np.float32)
    unit = rate // int(np.gcd(rate, SAMPLE_RATE))
    pad = int(rate * 0.05)
    length = -(-(len(sound) + 2 * pad) // unit) * unit
    padded = np.zeros(length, np.float32)
    padded[pad : pad + len(sound)] = sound
    out_length = length // unit * (SAMPLE_RATE // int(np.gcd(rate, SAMPLE_RATE)))
    spectrum = np.fft.rfft(padded)
    out = np.fft.irfft(spectrum, out_length) * (out_length / length)
    start = round(pad * SAMPLE_RATE / rate)
    return np.asarray(out[start : start + round(len(sound) * SAMPLE_RATE / rate)], np.float32)


_Stage = tuple[tuple[float, ...], tuple[float, ...]]
"""Coefficients b and a of a filter of second order."""


@lru_cache(maxsize=24)
def _response(length: int, stages: tuple[_Stage, ...]) -> NDArray[np.complex64]:
    z = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)
    out = np.ones(length // 2 + 1, np.complex128)
    for b, a in stages:
        out *= (b[0] + z * (b[1] + z * b[2])) / (a[0] + z * (a[1] + z * a[2]))
    return out.astype(np.complex64)


def _fft_length(least: int) -> int:
    """The next length of the form 4, 5, 6 or 7 times a power of two: quick to transform, and few of them to keep."""
    step = 1 << max(least.bit_length() - 3, 0)
    return -(-least // step) * step


def _filtered(sound: Sound, *stages: _Stage) -> Sound:
    length = _fft_length(len(sound) + SAMPLE_RATE // 10)
    spectrum = np.fft.rfft(sound.astype(np.float32, copy=False), length)
    spectrum *= _response(length, stages)
    return np.asarray(np.fft.irfft(spectrum, length)[: len(sound)], np.float32)


_K_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_K_HIGHPASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""BS.1770 annex 1, tables 1 and 2, at 48 kHz."""


def loudness_lufs(sound: Sound) -> float:
    """Integrated loudness of ``sound`` (full scale 1.0, mono); −inf for silence; under 0.4 s of all there is."""
    if not len(sound):
        return -np.inf
    weighted = _filtered(sound, _K_SHELF, _K_HIGHPASS).astype(np.float64) ** 2
    block, hop = int(_BLOCK_S * SAMPLE_RATE), int(_HOP_S * SAMPLE_RATE)
    total = np.concatenate([[0.0], np.cumsum(weighted)])
    if len(sound) <= block:
        power = np.array([total[-1] / len(sound)])
    else:
        starts = np.arange(0, len(sound) - block + 1, hop)
        power = (total[starts + block] - total[starts]) / block
    with np.errstate(divide="ignore"):
        levels = -0.691 + 10 * np.log10(power)
        heard = power[levels > -70.0]
        if not len(heard):
            return -np.inf
        gate = -0.691 + 10 * np.log10(heard.mean()) - 10.0
        kept = power[(levels > -70.0) & (levels > gate)]
        return float(-0.691 + 10 * np.log10(kept.mean()))


def true_peak(sound: Sound) -> float:
    """Highest value between the samples as well: four times oversampled."""
    if not len(sound):
        return 0.0
    peak = float(np.abs(sound).max())
    # Only the loud places can hold it; the rest would be oversampled for nothing.
    hop = 1024
    for start in range(0, len(sound), hop):
        part = sound[max(start - 64, 0) : start + hop + 64]
        if np.abs(part).max() < 0.8 * peak:
            continue
        spectrum = np.fft.rfft(part)
        peak = max(peak, float(np.abs(np.fft.irfft(spectrum, 4 * len(part)) * 4).max()))
    return peak


def _shelf(gain_db: float, at_hz: float, high: bool) -> _Stage:
    """R. Bristow-Johnson's shelving filters with slope 1."""
    amp = 10 ** (gain_db / 40)
    w = 2 * np.pi * at_hz / SAMPLE_RATE
    c, alpha = float(np.cos(w)), float(np.sin(w) / np.sqrt(2))
    s = -1.0 if high else 1.0
    root = 2 * float(np.sqrt(amp)) * alpha
    b = (
        amp * ((amp + 1) - s * (amp - 1) * c + root),
        s * 2 * amp * ((amp - 1) - s * (amp + 1) * c),
        amp * ((amp + 1) - s * (amp - 1) * c - root),
    )
    a = (
        (amp + 1) + s * (amp - 1) * c + root,
        -s * 2 * ((amp - 1) + s * (amp + 1) * c),
        (amp + 1) + s * (amp - 1) * c - root,
    )
    return b, a


def _peak(gain_db: float, at_hz: float, q: float) -> _Stage:
    amp = 10 ** (gain_db / 40)
    w = 2 * np.pi * at_hz / SAMPLE_RATE
    c, alpha = float(np.cos(w)), float(np.sin(w) / (2 * q))
    return (1 + alpha * amp, -2 * c, 1 - alpha * amp), (1 + alpha / amp, -2 * c, 1 - alpha / amp)


def _highpass(at_hz: float) -> _Stage:
    w = 2 * np.pi * at_hz / SAMPLE_RATE
    c, alpha = float(np.cos(w)), float(np.sin(w) / np.sqrt(2))
    return ((1 + c) / 2, -(1 + c), (1 + c) / 2), (1 + alpha, -2 * c, 1 - alpha)


_FORMANT_VOICE = (_highpass(85), _shelf(2.5, 220, high=False), _peak(-3.0, 2900, 1.1), _shelf(-4.0, 6500, high=True))
"""espeak's buzz sits around 3 kHz and above 6 kHz; a little body makes it a person in a room."""
_RECORDED_VOICE = (_highpass(75), _peak(1.5, 3200, 0.9))


def _steps(sound: Sound) -> NDArray[np.float32]:
    count = -(-len(sound) // _ENVELOPE)
    padded = np.zeros(count * _ENVELOPE, np.float32)
    padded[: len(sound)] = sound
    return padded.reshape(count, _ENVELOPE)


def _compressed(sound: Sound) -> Sound:
    """Gently even: 2.2:1 above 9 dB below the speech's own level, 10 ms attack, 120 ms release."""
    rms = np.sqrt((_steps(sound) ** 2).mean(axis=1)) + 1e-7
    level = 20 * np.log10(rms)
    loud = level[level > level.max() - 30]
    threshold = float(np.percentile(loud, 60)) - 3.0
    wanted = -np.maximum(level - threshold, 0) * (1 - 1 / 2.2)
    gain = np.empty_like(wanted)
    held = 0.0
    for n, db in enumerate(wanted.tolist()):
        held += (db - held) * (0.4 if db < held else 0.04)
        gain[n] = held
    places = (np.arange(len(gain)) + 0.5) * _ENVELOPE
    return np.asarray(sound * 10 ** (np.interp(np.arange(len(sound)), places, gain) / 20), np.float32)


def _limited(sound: Sound, ceiling: float) -> Sound:
    """Peaks above ``ceiling`` are turned down from 10 ms before to 30 ms after; no clipping."""
    peaks = np.abs(_steps(sound)).max(axis=1)
    need = np.minimum(1.0, ceiling * 0.97 / np.maximum(peaks, 1e-9))
    if need.min() >= 1.0:
        return sound
    reach = np.concatenate([np.ones(6), need, np.ones(6)])
    lowest = np.min([reach[n : n + len(need)] for n in range(4, 9)], axis=0)
    kernel = np.array([0.25, 0.5, 0.25])
    smooth = np.minimum(np.convolve(np.pad(lowest, 1, mode="edge"), kernel, "valid"), 1.0)
    smooth = np.minimum(smooth, np.min([reach[n : n + len(need)] for n in range(5, 8)], axis=0))
    places = (np.arange(len(smooth)) + 0.5) * _ENVELOPE
    return np.asarray(sound * np.interp(np.arange(len(sound)), places, smooth), np.float32)


def finish(sound: Sound, rate: int, *, is_formant: bool) -> Pcm:
    """Any engine's sound (full scale 1.0, ``rate`` Hz) as it goes on air; as long as it came, at 48 kHz."""
    out = resample(sound, rate)
    if not len(out) or float(np.abs(out).max()) < 1e-4:
        return np.zeros(len(out), np.int16)
    out = out - float(out.mean())
    out = _compressed(_filtered(out, *(_FORMANT_VOICE if is_formant else _RECORDED_VOICE)))
    edge = min(len(out) // 2, SAMPLE_RATE // 200)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    out[:edge] *= ramp
    out[len(out) - edge :] *= ramp[::-1]
    ceiling = CEILING
    for _ in range(6):
        # Limiting takes a little loudness away, and peaks lie between the samples: both are measured again.
        missing_db = TARGET_LUFS - loudness_lufs(out)
        out = _limited(out * np.float32(10 ** (missing_db / 20)), ceiling)
        peak = true_peak(out)
        if peak > CEILING:
            ceiling *= CEILING / peak
        elif abs(missing_db) < 0.3:
            break
    peak = true_peak(out)
    if peak > CEILING:
        out = out * np.float32(CEILING / peak)
    return np.asarray(np.round(out * 32767), np.int16)
