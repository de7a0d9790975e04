"""Speech that waits is bounded: whoever is slow hears the newest, and what was left out is counted."""

from __future__ import annotations

import asyncio

import numpy as np

from avatar.listening.ports import SAMPLE_RATE
from avatar.listening.voice_activity import Stretch
from stream_server.listening.speech_queue import SpeechQueue


def stretch(at_ms: float, ms: float = 100, *, first: bool = False, last: bool = False) -> Stretch:
    return Stretch(at_ms, np.zeros(round(ms * SAMPLE_RATE / 1000), np.int16), first, last)


async def test_what_waits_is_handed_over_in_one_piece_of_a_second_at_most() -> None:
    queue = SpeechQueue()
    for n in range(15):
        queue.put(stretch(n * 100, first=n == 0))
    taken = await queue.take()
    assert (taken.at_ms, len(taken.sound), taken.is_first, taken.is_last) == (0, SAMPLE_RATE, True, False)
    assert (await queue.take()).end_ms == 1500


async def test_pieces_end_with_the_speech_and_at_a_gap() -> None:
    queue = SpeechQueue()
    for one in (stretch(0, first=True), stretch(100, last=True), stretch(900, first=True), stretch(1400, 300)):
        queue.put(one)
    taken = [await queue.take() for _ in range(3)]
    assert [(one.at_ms, one.is_first, one.is_last) for one in taken] == [
        (0, True, True),
        (900, True, False),
        (1400, False, False),
    ]


async def test_a_look_waits_for_enough_sound_or_for_the_end() -> None:
    queue = SpeechQueue()
    queue.put(stretch(0, first=True))
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(queue.take())
        await asyncio.sleep(0)
        assert not taking.done()
        queue.put(stretch(100, 0, last=True))
    assert taking.result().is_last


async def test_the_oldest_is_left_out_when_the_recogniser_is_slow() -> None:
    queue = SpeechQueue(most_s=1.0)
    for n in range(25):
        queue.put(stretch(n * 100, first=n == 0))
    assert queue.left_out_s == 1.5
    taken = await queue.take()
    assert (taken.at_ms, taken.is_first, len(taken.sound)) == (1500, False, SAMPLE_RATE)
