"""What a human host says over real media: captions at a viewer with the sound's own times, kept as WebVTT."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import numpy as np
import pytest

from avatar.listening.agreement import LocalAgreement
from avatar.listening.ports import SAMPLE_RATE, Heard, HeardWord, Recogniser, Sound
from avatar.listening.scripted import ScriptedTranscriber
from stream_server.listening.listener import Ears
from stream_server.listening.session import listen
from stream_server.shows.model import ShowRecord
from tests.integration.listening.following import listening_begins, told
from tests.integration.listening.speaking import Microphone, murmur
from tests.integration.web.publisher import publishing
from tests.integration.web.server import HOST, Server, real_media_plane, running_server
from tests.unit.captions.parser import read_webvtt

LISTENER = replace(HOST, name="Listener", is_ai=True)
SENTENCE = ("this", "lamp", "is", "made", "of", "clay.")
WORDS = [HeardWord(0.4 * n, 0.4 * n + 0.36, text) for n, text in enumerate(SENTENCE)]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]


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
            told(server.live_url, show.show_id) as viewer,
            told(server.live_url, show.show_id, server.token(HOST)) as studio,
            listened_to(server, show, ears(Scripted(WORDS))),
        ):
            await listening_begins(studio)
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
            assert starts[0] == pytest.approx(began_ms, abs=1000)
            assert not viewer.of("listening_state")

            reply = await server.http.get(f"/api/shows/{show.show_id}/captions/en.vtt")
            cues = read_webvtt(reply.text)
            assert " ".join(cue.text for cue in cues) == text
            assert cues[0].start_ms == line["cues"][0]["start_ms"]
