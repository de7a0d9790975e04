"""Which dubs the host makes and publishes, as viewers come and go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import numpy as np
import pytest

from avatar.direction.ports import MemorySpeechLog, Said
from avatar.dubbing.dubber import Dubber
from avatar.errors import OutputFailed
from avatar.model import Line
from avatar.performance import CHUNK, Performance, Spoken
from avatar.speech.engine import EngineSpeaker
from avatar.speech.ports import Pcm, Speaker
from avatar.speech.tone import ToneEngine
from stream_server.clock import ManualClock
from stream_server.virtual_host.dub_output import DubOutput
from stream_server.virtual_host.dubs import LINGER_S, RETRY_S, HeardLog, HostDubs, Overheard, offered

LINE = Line("Good evening everybody", "en", "greet", translations={"es": "Muy buenas noches a todos"})
NOBODY = {"es": 0, "es+original": 0, "zh": 0, "zh+original": 0}


class Sink:
    """A `VoiceSink` that keeps what it is given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.samples: list[Pcm] = []
        self.closed = threading.Event()

    def write(self, first_sample: int, pcm: Pcm) -> None:
        self.samples.append(pcm)

    def close(self) -> None:
        self.closed.set()


class House:
    """The server as the host's dubs see it: fake of `DubDoor`, and of what opens dubs."""

    def __init__(self) -> None:
        self.wishes: Mapping[str, int] = NOBODY
        self.sinks: list[Sink] = []
        self.is_down = False
        self.opened = 0
        self.clock = ManualClock()
        self.host = HostDubs(self, "show_1", self.open_sink, self.clock, voices=self.voices)

    async def dubs(self, show_id: str) -> Mapping[str, int]:
        if self.is_down:
            raise OSError("away")
        return self.wishes

    def open_sink(self, name: str) -> Sink:
        self.opened += 1
        if self.is_down:
            raise OutputFailed(name, "the relay is gone")
        self.sinks.append(Sink(name))
        return self.sinks[-1]

    @asynccontextmanager
    async def voices(self) -> AsyncIterator[Speaker]:
        yield EngineSpeaker(ToneEngine())

    def serve(self, **wishes: int) -> list[str]:
        """So many want which (``es_`` is over the original); gives what is published then."""
        named = {name.replace("_", "+original"): count for name, count in wishes.items()}
        self.host.serve({**NOBODY, **named})
        return sorted(self.host._outputs)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    made.host.dubber = Dubber(EngineSpeaker(ToneEngine()))
    yield made
    made.host.serve({})


async def test_each_way_to_listen_is_published_while_somebody_wants_it_and_a_moment_longer(house: House) -> None:
    assert house.serve(es=3) == ["es"]
    assert house.serve(es=3, es_=1) == ["es", "es+original"]
    assert house.serve(es_=1) == ["es", "es+original"]
    house.clock.advance(LINGER_S + 1)
    assert house.serve(es_=1) == ["es+original"]


async def test_two_languages_at_once_those_that_most_listen_to(house: House) -> None:
    house.host.serve({"es": 1, "zh": 2, "ja": 5})
    assert house.host.dubber is not None
    assert set(house.host.dubber.tracks) == {"ja", "zh"}
    assert sorted(house.host._outputs) == ["ja", "zh"]


async def test_between_equals_the_language_that_is_spoken_goes_on(house: House) -> None:
    house.host.serve({"es": 1, "zh": 1})
    house.host.serve({"fr": 1, "zh": 1, "es": 1})
    assert sorted(house.host._outputs) == ["es", "zh"]


async def test_off_air_nothing_is_offered_and_nothing_published(house: House) -> None:
    house.serve(es=3)
    house.host.serve({})
    assert house.host._outputs == {}


async def test_a_dub_whose_connection_fails_is_published_again_after_a_pause(house: House) -> None:
    house.is_down = True
    house.serve(es=1)
    assert house.host._outputs["es"].join(5)
    house.is_down = False
    assert house.serve(es=1) == []
    house.clock.advance(RETRY_S + 1)
    assert house.serve(es=1) == ["es"]


async def test_what_the_mind_writes_is_spoken_and_played_in_the_other_language(house: House) -> None:
    log, performance = MemorySpeechLog(), Performance()
    voice = Overheard(EngineSpeaker(ToneEngine()), house.host)
    assert house.host.dubber is not None
    house.serve(es=1, es_=1)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(house.host.dubber.run())
        HeardLog(log, house.host).write(Said(datetime.now(UTC), 0, LINE, "template"))
        utterance = await voice.say(LINE.text, LINE.lang)
        async with asyncio.timeout(5):
            while not house.host.dubber.made:
                await asyncio.sleep(0)
        running.cancel()
    assert log.said() == [LINE]
    performance.say(Spoken(utterance))
    outputs = list(house.host._outputs.values())
    for _ in range(40):
        house.host.on_step(performance.step())
        for output in outputs:
            output._queue.join()
    house.host.serve({})
    assert all(output.join(5) for output in outputs)
    sinks = sorted(house.sinks, key=lambda sink: sink.name)
    assert [sink.name for sink in sinks] == ["es", "es+original"]
    alone, over = (np.concatenate(sink.samples) for sink in sinks)
    assert len(alone) == len(over) == 40 * CHUNK
    assert np.abs(alone).max() > 1000
    assert not np.array_equal(alone, over)
    assert all(sink.closed.is_set() for sink in house.sinks)


async def test_a_connection_that_takes_nothing_loses_the_oldest_sound_and_holds_up_nobody() -> None:
    gate, sink = threading.Event(), Sink("es")

    def open_slowly() -> Sink:
        gate.wait(5)
        return sink

    output = DubOutput("es", open_slowly)
    for n in range(200):
        output.put(n, np.full(CHUNK, n, np.int16))
    gate.set()
    output._queue.join()
    output.stop()
    assert output.join(5)
    assert [int(part[0]) for part in sink.samples] == list(range(150, 200))


async def test_nobody_is_asked_to_speak_until_somebody_wants_to_hear() -> None:
    house = House()
    running = asyncio.ensure_future(house.host.run())
    await asyncio.sleep(0)
    assert house.host.dubber is None
    assert house.opened == 0
    running.cancel()
    await asyncio.wait([running])


def test_a_host_offers_the_other_languages_of_the_interface() -> None:
    assert offered("en-US") == ("es", "es+original", "zh", "zh+original")
    assert offered("zh-CN") == ("en", "en+original", "es", "es+original")
