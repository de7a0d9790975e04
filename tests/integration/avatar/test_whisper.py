"""The contract of transcribers and recognisers, on Whisper with weights that know nothing.

Needs the extra ``whisper``. Real weights are everybody's own to bring; that the way to them is right is shown here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("faster_whisper", reason="the extra `whisper` is not installed")

from avatar.errors import ListeningUnavailable
from avatar.listening.agreement import LocalAgreement
from avatar.listening.ports import SAMPLE_RATE, Heard
from avatar.listening.whisper import WhisperTranscriber

MODEL = Path(__file__).parent / "tiny_whisper"
NOISE = np.random.default_rng(1).normal(0, 3000, 5 * SAMPLE_RATE).astype(np.int16)

pytestmark = pytest.mark.slow


def test_words_have_rising_times_within_the_sound() -> None:
    words = WhisperTranscriber(MODEL, "en").transcribe(NOISE, "what was said before")
    assert words, "random weights say something"
    assert all(0 <= word.start_s <= word.end_s <= 30 for word in words)
    assert all(a.start_s <= b.start_s for a, b in zip(words, words[1:], strict=False))


def test_it_listens_along_by_local_agreement() -> None:
    recogniser = LocalAgreement(WhisperTranscriber(MODEL, "en"))
    assert recogniser.info.engine == "whisper:tiny_whisper"
    heard = [recogniser.hear(NOISE[at : at + SAMPLE_RATE // 2]) for at in range(0, len(NOISE), SAMPLE_RATE // 2)]
    recogniser.finish()
    assert all(isinstance(each, Heard) for each in heard)
    assert recogniser.finish() == Heard()


def test_silence_is_let_pass() -> None:
    recogniser = LocalAgreement(WhisperTranscriber(MODEL, "en"))
    recogniser.hear(np.zeros(2 * SAMPLE_RATE, np.int16))
    recogniser.finish()


def test_a_damaged_model_is_a_clear_state(tmp_path: Path) -> None:
    broken = tmp_path / "model"
    shutil.copytree(MODEL, broken)
    (broken / "model.bin").write_bytes((MODEL / "model.bin").read_bytes()[:1000])
    with pytest.raises(ListeningUnavailable):
        WhisperTranscriber(broken, "en").transcribe(NOISE, "")
