import numpy as np
import pytest

from avatar.speech import loudness


def test_a_full_scale_sine_at_1_khz_measures_as_the_recommendation_says() -> None:
    t = np.arange(48000 * 3) / 48000
    # EBU Tech 3341, case 1 in mono: -23 dBFS in one channel is -23 - 3.01 LUFS.
    sine = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * t)).astype(np.float32)
    assert loudness.loudness_lufs(sine) == pytest.approx(-26.0, abs=0.1)


@pytest.mark.parametrize("gain", [0.01, 0.3, 1.0])
@pytest.mark.parametrize("rate", [16000, 22050, 48000])
def test_any_voice_leaves_at_minus_16_without_clipping(gain: float, rate: int) -> None:
    rng = np.random.default_rng(1)
    t = np.arange(rate * 2) / rate
    voice = np.sin(2 * np.pi * 180 * t) * np.abs(np.sin(2 * np.pi * 3 * t)) + 0.1 * rng.standard_normal(len(t))
    pcm = loudness.finish((gain * voice).astype(np.float32), rate, is_formant=True)
    assert len(pcm) == 96000
    sound = loudness.to_float(pcm)
    assert loudness.loudness_lufs(sound) == pytest.approx(-16.0, abs=0.7)
    assert loudness.true_peak(sound) < 10 ** (-1 / 20)


def test_silence_stays_silent() -> None:
    assert not loudness.finish(np.zeros(4800, np.float32), 48000, is_formant=False).any()
