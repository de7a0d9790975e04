"""The contract of recognisers, on PocketSphinx and on the scripted one; and PocketSphinx on a clear voice.

PocketSphinx and Flite are optional: without them their part is left out.
"""

from __future__ import annotations

import importlib.util
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from avatar.errors import ListeningUnavailable
from avatar.listening.agreement import LocalAgreement
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, Recogniser, Sound
from avatar.listening.scripted import ScriptedTranscriber
from avatar.listening.sphinx import CommandListener, SphinxRecogniser, SphinxTranscriber, is_present
from avatar.listening.whisper import WhisperTranscriber
from avatar.speech.flite import FliteEngine

has_sphinx = pytest.mark.skipif(not is_present(), reason="pocketsphinx is not installed")
has_flite = pytest.mark.skipif(not FliteEngine.is_present(), reason="flite is not installed")


def scripted() -> Recogniser:
    return LocalAgreement(ScriptedTranscriber([HeardWord(0.1, 0.4, "hello")]))


@pytest.fixture(params=[pytest.param(scripted, id="scripted"), pytest.param(SphinxRecogniser, marks=has_sphinx)])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    make: Callable[[], Recogniser] = request.param
    return make()


def said(text: str, folder: Path) -> Sound:
    """``text`` in Flite's clearest voice, half a second of silence around it."""
    file = folder / "said.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", str(file)], check=True, timeout=20)
    with wave.open(str(file)) as sound:
        assert sound.getframerate() == SAMPLE_RATE
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    silence = np.zeros(SAMPLE_RATE // 2, np.int16)
    return np.concatenate([silence, pcm, silence])


def test_silence_holds_no_words(recogniser: Recogniser) -> None:
    heard: list[Heard] = [recogniser.hear(np.zeros(SAMPLE_RATE // 5, np.int16)) for _ in range(5)]
    heard.append(recogniser.finish())
    assert not any(each.final for each in heard)


def test_finishing_without_sound_is_nothing(recogniser: Recogniser) -> None:
    assert recogniser.finish() == Heard()
    assert recogniser.finish() == Heard()


@has_sphinx
@has_flite
def test_words_have_rising_times_within_the_sound(tmp_path: Path) -> None:
    sound = said("the price is twenty nine dollars", tmp_path)
    words = SphinxTranscriber().transcribe(sound, "")
    assert sum(word.text in ["the", "price", "is", "twenty", "nine", "dollars"] for word in words) >= 4
    assert all(0 <= word.start_s < word.end_s <= len(sound) / SAMPLE_RATE for word in words)
    assert all(a.start_s <= b.start_s for a, b in zip(words, words[1:], strict=False))


@has_sphinx
@has_flite
@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("hey studio next product", "next_product"),
        ("studio show the price", "show_price"),
        ("hey studio mark sold out", "sold_out"),
    ],
)
def test_a_host_can_say_what_the_studio_is_to_do(text: str, command: str, tmp_path: Path) -> None:
    assert CommandListener().command(said(text, tmp_path)) == command


@has_sphinx
def test_silence_is_no_command() -> None:
    assert CommandListener().command(np.zeros(SAMPLE_RATE, np.int16)) is None


def test_whisper_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    missing = "no model" if importlib.util.find_spec("faster_whisper") else "not installed"
    with pytest.raises(ListeningUnavailable, match=missing):
        WhisperTranscriber(tmp_path, "en")
