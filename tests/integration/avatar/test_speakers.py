"""One suite for every voice that can run here."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from avatar.errors import SpeechUnavailable, TextTooLong
from avatar.speech import loudness
from avatar.speech.engine import EngineSpeaker, RawSpeech
from avatar.speech.espeak import EspeakEngine
from avatar.speech.flite import FliteEngine
from avatar.speech.openjtalk import OpenJtalkEngine
from avatar.speech.ports import SAMPLE_RATE, Speaker, Utterance, Viseme
from avatar.speech.tone import ToneEngine
from avatar.speech.voices import Voices, open_voices

pytestmark = [
    pytest.mark.skipif(not EspeakEngine.is_present(), reason="needs the extra avatar"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyopenjtalk"),
]

LINES = {
    "en": "Hello, this mug holds 350 ml and costs $19.99.",
    "zh": "大家好，这个杯子只要19.99元。",
    "es": "Por 19,99 € se llevan 500 ml.",
    "ja": "このマグカップは2,980円です。",
    "ko": "이 컵은 12,900원입니다.",
    "fr": "Voici un beau peignoir à 19,99 €.",
    "de": "Ich zeige eine Tasse für 19,99 €.",
    "pt": "São só R$ 19,90 hoje.",
    "ar": "السعر ١٩٫٩٩ دولار",
    "ru": "Кружка за 299 ₽ сегодня.",
}
VOICES = [("tone", "en"), ("flite", "en"), ("openjtalk", "ja"), *(("espeak", lang) for lang in LINES)]


@asynccontextmanager
async def speaker(name: str) -> AsyncIterator[Speaker]:
    async with EspeakEngine() as espeak:
        if name == "tone":
            yield EngineSpeaker(ToneEngine())
        elif name == "flite":
            if not FliteEngine.is_present("rms"):
                pytest.skip("libflite is not installed")
            yield EngineSpeaker(FliteEngine("rms"))
        elif name == "openjtalk":
            if not OpenJtalkEngine.is_present():
                pytest.skip("pyopenjtalk is not installed")
            yield EngineSpeaker(OpenJtalkEngine(espeak))
        else:
            yield EngineSpeaker(espeak)


def check(utterance: Utterance, text: str) -> None:
    sound = loudness.to_float(utterance.pcm)
    assert utterance.pcm.dtype == np.int16
    assert loudness.loudness_lufs(sound) == pytest.approx(-16, abs=0.8)
    assert loudness.true_peak(sound) < 10 ** (-1 / 20)
    assert "".join(word.text for word in utterance.words).replace(" ", "") == text.replace(" ", "")
    times = [at for word in utterance.words for at in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[-1] <= utterance.seconds
    assert utterance.visemes[-1].viseme is Viseme.SIL
    starts = [mouth.at_s for mouth in utterance.visemes]
    assert starts == sorted(starts)
    assert {mouth.viseme for mouth in utterance.visemes} - {Viseme.SIL}


@pytest.mark.parametrize(("name", "lang"), VOICES)
async def test_a_voice_keeps_the_contract(name: str, lang: str) -> None:
    async with speaker(name) as voice:
        check(await voice.say(LINES[lang], lang), LINES[lang])
        assert (await voice.say("🎉", lang)).seconds == pytest.approx(0.2)
        with pytest.raises(TextTooLong):
            await voice.say("x" * 2001, lang)


@pytest.mark.parametrize("lang", LINES)
async def test_no_gap_within_a_sentence_is_longer_than_300_ms_and_the_mouth_is_shut_in_gaps(lang: str) -> None:
    async with open_voices() as voices:
        spoken = await voices.say(LINES[lang], lang)
    hop = SAMPLE_RATE // 100
    rms = np.sqrt((loudness.to_float(spoken.pcm)[: len(spoken.pcm) // hop * hop].reshape(-1, hop) ** 2).mean(axis=1))
    quiet = rms < rms.max() / 100
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if start and end < len(quiet):
            assert end - start <= 30
        if end - start > 12:
            middle = (start + end) / 200
            now = [mouth for mouth in spoken.visemes if mouth.at_s <= middle][-1]
            assert now.viseme is Viseme.SIL


async def test_the_worker_is_replaced_when_it_is_killed() -> None:
    async with EspeakEngine() as espeak:
        voice = EngineSpeaker(espeak)
        await voice.say("one", "en")
        assert espeak._process is not None
        os.kill(espeak._process.pid, signal.SIGKILL)
        assert (await voice.say("two", "en")).seconds > 0.2


async def test_the_next_voice_speaks_when_the_first_cannot() -> None:
    async with EspeakEngine() as espeak:
        voices = Voices([EngineSpeaker(Broken()), EngineSpeaker(espeak)])
        assert (await voices.say("hello", "en")).engine == "espeak-ng"
        with pytest.raises(SpeechUnavailable):
            await EngineSpeaker(espeak).say("hello", "xx")


class Broken(ToneEngine):
    async def speak(self, spoken: str, lang: str) -> RawSpeech:
        raise SpeechUnavailable("broken", "for the test")
