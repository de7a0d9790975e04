"""The AI host's words reach the captions with their moments on the show clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime

import numpy as np

from avatar.direction.ports import MemorySpeechLog, Said
from avatar.model import Line
from avatar.performance import CHUNK, Performance, Spoken
from avatar.speech.ports import SAMPLE_RATE, Utterance, Word
from stream_server.clock import ManualClock
from stream_server.signaling.messages import (
    ClientCommand,
    PrepareCaption,
    ServerMessage,
    StopCaption,
    TellCaption,
)
from stream_server.virtual_host.captioner import CaptionedLog, Captioner, SampleTimes, marks_of
from stream_server.virtual_host.host_clock import ShowClock

STEP_S = CHUNK / SAMPLE_RATE


class RecordingWire:
    """`virtual_host.wire.Wire` that remembers."""

    is_open = True

    def __init__(self) -> None:
        self.sent: list[ClientCommand] = []

    def send(self, make: Callable[[str], ClientCommand]) -> None:
        self.sent.append(make(f"ref-{len(self.sent)}"))

    async def messages(self) -> AsyncGenerator[ServerMessage, None]:
        return
        yield

    async def deliver(self) -> None:
        return


def utterance(text: str = "It weighs 350 g.", lang: str = "en") -> Utterance:
    words = tuple(Word(0.2 * n, 0.2 * n + 0.15, word.strip(".")) for n, word in enumerate(text.split()))
    return Utterance(text, lang, np.zeros(SAMPLE_RATE, np.int16), words, (), "tone:en")


class Session:
    """A performance that is played while the server tells its clock."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.show_clock = ShowClock(self.clock)
        self.show_clock.at_show_ms(60_000)
        self.wire = RecordingWire()
        self.captioner = Captioner(self.wire, self.show_clock)
        self.performance = Performance()

    async def play(self, steps: int) -> None:
        for _ in range(steps):
            self.captioner.on_step(self.performance.step())
            self.clock.advance(STEP_S)
        await asyncio.sleep(0)


def said(text: str, held_back: str = "", **translations: str) -> Said:
    line = Line(text, "en", "present", translations=translations)
    return Said(datetime(2026, 11, 1, tzinfo=UTC), 0, line, "template", held_back=held_back)


async def test_the_text_goes_ahead_and_the_words_follow_with_their_moments() -> None:
    session = Session()
    log = MemorySpeechLog()
    CaptionedLog(log, session.captioner).write(said("It weighs 350 g.", es="Pesa 350 g."))
    await session.play(100)
    session.performance.say(Spoken(utterance(), key=7))
    await session.play(10)
    ahead, told = session.wire.sent
    assert isinstance(ahead, PrepareCaption)
    assert ahead.translations == {"es": "Pesa 350 g."}
    assert isinstance(told, TellCaption)
    assert told.utterance_id == ahead.utterance_id
    assert [text for text, _ in told.marks] == [0, 3, 10, 14]
    assert [ms - told.marks[0][1] for _, ms in told.marks] == [0, 200, 400, 600]
    assert abs(told.marks[0][1] - 62_000) <= 1
    assert log.said()[0].text == "It weighs 350 g."


async def test_a_line_that_was_held_back_is_not_captioned() -> None:
    session = Session()
    session.captioner.decided(said("Everything is free.", held_back="number"))
    assert session.wire.sent == []


async def test_an_interruption_ends_the_caption_where_the_voice_ended() -> None:
    session = Session()
    session.performance.say(Spoken(utterance(), key=7))
    await session.play(20)
    session.performance.interrupt()
    await session.play(5)
    _, stop = session.wire.sent
    assert isinstance(stop, StopCaption)
    assert abs(stop.until_ms - 60_400) <= 20


async def test_silence_is_no_caption() -> None:
    session = Session()
    silent = Utterance("🙂", "en", np.zeros(SAMPLE_RATE // 5, np.int16), (), (), "tone:en")
    session.performance.say(Spoken(silent))
    await session.play(20)
    assert session.wire.sent == []


class JumpyClock:
    """A show clock whose every fifth reading is late."""

    def __init__(self) -> None:
        self.now_ms = 0
        self._readings = 0

    def show_ms(self) -> int:
        self._readings += 1
        return self.now_ms - (80 if self._readings % 5 == 0 else 0)


def test_late_readings_of_the_clock_do_not_move_words() -> None:
    clock = JumpyClock()
    times = SampleTimes(clock)
    for step in range(200):
        clock.now_ms = 5000 + step * 20
        times.note(step * CHUNK)
        if step > 10:
            assert abs(times.show_ms(step * CHUNK) - clock.now_ms) <= 1


def test_words_are_found_where_they_are_written() -> None:
    words = (Word(0.0, 0.2, "la"), Word(0.2, 0.4, "taza"), Word(0.5, 0.6, "unheard"), Word(0.6, 0.8, "la"))
    text = "«la taza, la»"
    spoken = Utterance(text, "es", np.zeros(10, np.int16), words, (), "tone:es")
    assert marks_of(spoken, 1000) == [[0, 1000], [4, 1200], [10, 1600]]


def test_a_text_without_known_words_begins_at_its_begin() -> None:
    assert marks_of(Utterance("…", "en", np.zeros(10, np.int16), (), (), "tone"), 1000) == [[0, 1000]]


def test_more_words_than_a_message_takes_are_thinned_out() -> None:
    text = " ".join(["word"] * 190 + ["la"] * 24)
    words = tuple(Word(0.1 * n, 0.1 * n + 0.1, "w") for n in range(190))
    long = Utterance(
        "w" * 900, "en", np.zeros(10, np.int16), tuple(Word(0.01 * n, 1, "w") for n in range(900)), (), "t"
    )
    assert len(marks_of(long, 0)) <= 400
    assert len(marks_of(Utterance(text, "en", np.zeros(10, np.int16), words, (), "t"), 0)) == 190
