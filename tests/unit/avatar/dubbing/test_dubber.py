"""Who is spoken to in which language, and that it costs once."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from avatar.dubbing.dubber import MAX_AT_ONCE, Dubber
from avatar.dubbing.tempo import at_tempo
from avatar.errors import SpeechUnavailable
from avatar.model import Line
from avatar.performance import Performance, Spoken
from avatar.speech.engine import EngineSpeaker
from avatar.speech.ports import SAMPLE_RATE, Mouth, Utterance, Viseme, VoiceInfo, Word
from avatar.speech.tone import ToneEngine


class CountingSpeaker:
    """Speaks tones and remembers what."""

    info = VoiceInfo("tone", (), "own")

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self._tones = EngineSpeaker(ToneEngine())

    async def say(self, text: str, lang: str) -> Utterance:
        self.said.append((text, lang))
        if text == "mudo":
            raise SpeechUnavailable("tone", "it has lost its voice")
        return await self._tones.say(text, lang)


class Backwards:
    """Fake of `LineTranslator`: knows one language."""

    async def translated(self, text: str, source: str, target: str) -> str | None:
        return text[::-1] if target == "es" else None


async def original(text: str) -> Utterance:
    return await EngineSpeaker(ToneEngine()).say(text, "en")


async def dubbed(dubber: Dubber, *lines: Line) -> None:
    """Have lines dubbed, all of them."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(dubber.run())
        for line in lines:
            dubber.written(line)
            dubber.spoken(await original(line.text))
        async with asyncio.timeout(5):
            while dubber.made + dubber.left_out < len(lines) * len(dubber.tracks):
                await asyncio.sleep(0)
        running.cancel()


HELLO = Line("Good evening everybody", "en", "greet", translations={"es": "Buenas noches", "zh": "大家晚上好"})


async def test_each_language_is_spoken_once_in_the_hosts_own_words() -> None:
    speaker = CountingSpeaker()
    dubber = Dubber(speaker)
    dubber.want(["es", "es", "zh-CN"])
    await dubbed(dubber, HELLO)
    assert speaker.said == [("Buenas noches", "es"), ("大家晚上好", "zh")]
    assert dubber.made == 2


async def test_nothing_is_spoken_that_nobody_listens_to() -> None:
    speaker = CountingSpeaker()
    dubber = Dubber(speaker)
    await dubbed(dubber, HELLO)
    dubber.want(["en"])
    dubber.written(HELLO)
    dubber.spoken(await original(HELLO.text))
    assert speaker.said == []


def test_no_more_languages_than_the_machine_is_asked_to_bear() -> None:
    dubber = Dubber(CountingSpeaker())
    dubber.want(["es", "zh", "ja", "fr"])
    assert list(dubber.tracks) == ["es", "zh"]
    assert len(dubber.tracks) == MAX_AT_ONCE


def test_a_language_that_stays_wanted_keeps_its_track() -> None:
    dubber = Dubber(CountingSpeaker())
    dubber.want(["es"])
    track = dubber.tracks["es"]
    dubber.want(["zh", "es"])
    assert dubber.tracks["es"] is track


async def test_a_line_that_is_said_sentence_by_sentence_is_dubbed_as_a_whole_with_the_first() -> None:
    speaker = CountingSpeaker()
    dubber = Dubber(speaker)
    dubber.want(["es"])
    line = Line("First things first. Then the rest.", "en", "answer", translations={"es": "Lo primero. Lo demás."})
    async with asyncio.TaskGroup() as group:
        running = group.create_task(dubber.run())
        dubber.written(line)
        performance = Performance()
        for part in ("First things first.", "Then the rest."):
            sound = await original(part)
            dubber.spoken(sound)
            performance.say(Spoken(sound, pause_after_s=0.1))
        async with asyncio.timeout(5):
            while not dubber.made or not dubber._jobs.empty():
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        running.cancel()
    assert speaker.said == [("Lo primero. Lo demás.", "es")]
    heard = np.concatenate([dubber.tracks["es"].step(performance.step()).voice for _ in range(400)])
    dub = await CountingSpeaker().say("Lo primero. Lo demás.", "es")
    sounding = np.flatnonzero(np.abs(heard) > 50)
    assert (sounding[-1] - sounding[0]) / SAMPLE_RATE == pytest.approx(dub.seconds, rel=0.25)


async def test_what_the_host_has_no_words_for_is_translated_or_left_in_the_original() -> None:
    speaker = CountingSpeaker()
    dubber = Dubber(speaker, Backwards())
    dubber.want(["es", "zh"])
    await dubbed(dubber, Line("abc def", "en", "answer"))
    assert speaker.said == [("fed cba", "es")]
    assert (dubber.made, dubber.left_out) == (1, 1)


async def test_a_voice_that_fails_costs_its_line_and_no_other() -> None:
    dubber = Dubber(CountingSpeaker())
    dubber.want(["es"])
    silent = Line("Hello", "en", "greet", translations={"es": "mudo"})
    await dubbed(dubber, silent, HELLO)
    assert (dubber.made, dubber.left_out) == (1, 1)


async def test_lines_that_come_faster_than_they_can_be_spoken_are_left_in_the_original() -> None:
    dubber = Dubber(CountingSpeaker())
    dubber.want(["es"])
    sound = await original(HELLO.text)
    dubber.written(HELLO)
    for _ in range(20):
        dubber.spoken(sound)
    assert dubber.left_out == 12


@pytest.mark.parametrize("tempo", [0.9, 1.2])
def test_a_tempo_changes_the_length_and_the_words_but_not_the_pitch(tempo: float) -> None:
    at = np.arange(SAMPLE_RATE * 2) / SAMPLE_RATE
    pcm = (10_000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
    told = Utterance("x", "es", pcm, (Word(1.0, 2.0, "x"),), (Mouth(1.0, Viseme.SIL, 1.0),), "test")
    changed = at_tempo(told, tempo)
    assert changed.seconds == pytest.approx(2.0 / tempo, rel=0.03)
    assert changed.words[0].start_s == pytest.approx(changed.seconds / 2)
    assert changed.visemes[0].at_s == pytest.approx(changed.seconds / 2)
    spectrum = np.abs(np.fft.rfft(changed.pcm.astype(np.float64)))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(changed.pcm) == pytest.approx(440, abs=3)


def test_a_tempo_next_to_one_changes_nothing() -> None:
    told = Utterance("x", "es", np.ones(100, np.int16), (), (Mouth(0.0, Viseme.SIL, 1.0),), "test")
    assert at_tempo(told, 1.01) is told
