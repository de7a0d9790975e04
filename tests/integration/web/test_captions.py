"""Captions of a show as files: what was said over the live channel comes back as valid WebVTT."""

from __future__ import annotations

import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.integration.web.conformance import refused
from tests.integration.web.server import HOST, running_server
from tests.unit.captions.parser import read_webvtt

SAID: dict[str, Any] = {
    "type": "caption.said",
    "utterance_id": "utt_1",
    "language": "en",
    "text": "It weighs 350 g & more.",
    "marks": [[0, 400], [3, 700], [10, 1000]],
    "end_ms": 1600,
}
AHEAD = {
    "type": "caption.prepare",
    "utterance_id": "utt_1",
    "language": "en",
    "text": "It weighs 350 g & more.",
    "translations": {"es": "Pesa 350 g y más."},
}


class Captioner:
    """A client that gives commands and remembers which languages of captions came."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._languages: set[str] = set()

    async def _receive(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await self._connection.recv())
        if message["type"] == "caption":
            self._languages.add(message["language"])
        return message

    async def tell(self, ref: str, command: dict[str, Any]) -> None:
        """Give a command and wait for its ack."""
        await self._connection.send(json.dumps({"ref": ref, **command}))
        while (answer := await self._receive()).get("ref") != ref:
            pass
        assert answer["type"] == "ack", answer

    async def reads(self, language: str) -> None:
        """Until a caption in that language came."""
        while language not in self._languages:
            await self._receive()


async def test_what_was_said_is_a_file_for_each_language() -> None:
    async with running_server() as server:
        show = await server.show()
        files = f"/api/shows/{show.show_id}/captions"
        refused(await server.http.get(f"{files}/en.vtt"), 404)
        async with connect(server.live_url, proxy=None) as connection:
            hello = {"type": "hello", "version": 1, "show_id": show.show_id, "token": server.token(HOST)}
            await connection.send(json.dumps({**hello, "language": "es-MX"}))
            captioner = Captioner(connection)
            await captioner.tell("r1", AHEAD)
            await captioner.tell("r2", SAID)
            await captioner.reads("es")

            english = await server.http.get(f"{files}/en-GB.vtt")
            assert english.status_code == 200
            assert english.headers["content-type"] == "text/vtt; charset=utf-8"
            assert english.headers["x-content-type-options"] == "nosniff"
            (cue,) = read_webvtt(english.text)
            assert (cue.start_ms, cue.text) == (400, "It weighs 350 g & more.")
            spanish = await server.http.get(f"{files}/es.vtt")
            assert [cue.text for cue in read_webvtt(spanish.text)] == ["Pesa 350 g y más."]
            assert (await server.http.get(files)).json() == {"languages": ["en", "es"]}

            known = {"If-None-Match": english.headers["etag"]}
            unchanged = await server.http.get(f"{files}/en.vtt", headers=known)
            assert (unchanged.status_code, unchanged.content) == (304, b"")
            await captioner.tell("r3", {**SAID, "utterance_id": "utt_2", "marks": [[0, 2000]], "end_ms": 2500})
            changed = await server.http.get(f"{files}/en.vtt", headers=known)
            assert changed.status_code == 200
            assert len(read_webvtt(changed.text)) == 2


async def test_files_that_are_not_there_are_refused() -> None:
    async with running_server() as server:
        show = await server.show()
        for path in (
            f"{show.show_id}/captions/xx.vtt",
            f"{show.show_id}/captions/..%2F.vtt",
            "nonsense/captions/en.vtt",
        ):
            refused(await server.http.get(f"/api/shows/{path}"), 404)
