"""What a human host says over real media: captions at a viewer with the sound's times, kept as WebVTT; and orders."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.asyncio.client import connect

from avatar.listening.agreement import LocalAgreement
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, Recogniser, Sound
from avatar.listening.scripted import ScriptedTranscriber
from avatar.listening.sphinx import is_present
from avatar.speech.flite import FliteEngine
from stream_server.audience.people import Person
from stream_server.ids import ProductId
from stream_server.listening.listener import Ears
from stream_server.listening.recognisers import open_commands, open_recogniser
from stream_server.listening.session import listen
from stream_server.shows.model import ShowRecord
from tests.integration.listening.speaking import Microphone, murmur, said
from tests.integration.web.publisher import publishing
from tests.integration.web.server import HOST, Server, real_media_plane, running_server
from tests.unit.captions.parser import read_webvtt

LISTENER = replace(HOST, name="Listener", is_ai=True)
SENTENCE = ("this", "lamp", "is", "made", "of", "clay.")
WORDS = [HeardWord(0.4 * n, 0.4 * n + 0.36, text) for n, text in enumerate(SENTENCE)]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]


class Told:
    """A client that remembers what it was told."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(30):
            while not self.of(kind):
                await asyncio.sleep(0.02)
        return self.of(kind)[0]


class Scripted:
    """The scripted recogniser behind the real way of the sound: it only counts samples."""

    def __init__(self, words: list[HeardWord]) -> None:
        # The speech is handed on from a quarter of a second before it was noticed.
        self._transcriber = ScriptedTranscriber(
            [HeardWord(w.start_s + 0.25, w.end_s + 0.25, w.text) for w in words], mishears=0
        )
        self._recogniser = LocalAgreement(self._transcriber)
        self.info = self._transcriber.info

    def hear(self, sound: Sound) -> Heard:
        self._transcriber.grown(len(sound) / SAMPLE_RATE)
        return self._recogniser.hear(sound)

    def finish(self) -> Heard:
        return self._recogniser.finish()


@asynccontextmanager
async def watching(server: Server, show: ShowRecord, person: Person | None) -> AsyncIterator[Told]:
    told = Told()

    async def read() -> None:
        async for text in connection:
            told.messages.append(json.loads(text))

    async with connect(server.live_url, proxy=None) as connection:
        token = server.token(person) if person else None
        hello = {"type": "hello", "version": 1, "show_id": show.show_id, "token": token, "language": "en"}
        await connection.send(json.dumps(hello))
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read())
            await told.until("welcome")
            yield told
            reading.cancel()


@asynccontextmanager
async def listened_to(server: Server, show: ShowRecord, ears: Ears) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(listen(server.url, show.show_id, server.token(LISTENER), ears))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def ears(recogniser: Recogniser) -> Ears:
    return Ears(recogniser, None, "en")


async def test_what_a_host_says_is_read_at_its_moment_and_kept() -> None:
    microphone = Microphone(murmur(WORDS))
    async with real_media_plane() as plane, running_server(plane) as server:
        show = await server.show()
        path = f"/whip/{show.show_id}"
        async with (
            publishing(server.http, path, server.token(HOST), microphone),
            watching(server, show, None) as viewer,
            watching(server, show, HOST) as studio,
            listened_to(server, show, ears(Scripted(WORDS))),
        ):
            async with asyncio.timeout(30):
                while not any(one["hearing"]["state"] == "listening" for one in studio.of("listening_state")):
                    await asyncio.sleep(0.05)
            microphone.go.set()
            await microphone.began.wait()
            began_ms = await server.parts.shows.position_ms(show.show_id)
            line = await viewer.until("caption")

            text = " ".join(cue["text"] for cue in line["cues"])
            assert text == "This lamp is made of clay."
            assert line["is_heard"]
            growing = [" ".join(cue["text"] for cue in one["cues"]) for one in viewer.of("caption_growing")]
            assert growing
            assert all(text.startswith(part) for part in growing)
            starts = [cue["start_ms"] + ms for cue in line["cues"] for _, ms in cue["marks"]]
            # Word for word at the pace of the sound, and from the moment at which it went out.
            assert np.diff(starts) == pytest.approx(np.diff([word.start_s * 1000 for word in WORDS]), abs=5)
            assert starts[0] == pytest.approx(began_ms, abs=400)
            assert not viewer.of("listening_state")

            reply = await server.http.get(f"/api/shows/{show.show_id}/captions/en.vtt")
            cues = read_webvtt(reply.text)
            assert " ".join(cue.text for cue in cues) == text
            assert cues[0].start_ms == line["cues"][0]["start_ms"]


@pytest.mark.skipif(not (is_present() and FliteEngine.is_present()), reason="pocketsphinx or flite is not installed")
async def test_a_host_tells_the_studio_what_to_do_and_it_can_be_taken_back(tmp_path: Path) -> None:
    sentences = ["you can send it back within thirty days", "hey studio show the next one"]
    microphone = Microphone(np.concatenate([said(text, tmp_path) for text in sentences]))
    hearing = Ears(open_recogniser("pocketsphinx", "en", None), open_commands("en"), "en")
    async with real_media_plane() as plane, running_server(plane) as server:
        show = await server.show(rundown=(ProductId("prod_cup"), ProductId("prod_lamp")))
        await server.parts.shows.pin(show.show_id, ProductId("prod_cup"))
        async with (
            publishing(server.http, f"/whip/{show.show_id}", server.token(HOST), microphone),
            watching(server, show, None) as viewer,
            watching(server, show, HOST) as studio,
            listened_to(server, show, hearing),
        ):
            async with asyncio.timeout(30):
                while not any(one["hearing"]["state"] == "listening" for one in studio.of("listening_state")):
                    await asyncio.sleep(0.05)
            microphone.go.set()
            done = await studio.until("voice_command")
            assert (done["heard"], done["product_id"]) == ("next_product", "prod_lamp")
            assert done["undo"] == [
                {"act": "unpin", "product_id": "prod_lamp"},
                {"act": "pin", "product_id": "prod_cup"},
            ]
            assert [pin.product_id for pin in (await server.parts.shows.state(show.show_id)).pins] == ["prod_lamp"]
            assert not viewer.of("voice_command")
            # Said to the studio, so not to the viewers; what was said before is.
            heard = [" ".join(cue["text"] for cue in one["cues"]) for one in viewer.of("caption")]
            assert len(heard) == 1
            assert len({"send", "back", "thirty", "days"} & set(heard[0].casefold().split())) >= 3
