"""The process `listen` of a whole server: it hears a host, obeys, and comes back when its session is killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import psutil
import pytest

from avatar.listening.sphinx import is_present
from avatar.speech.flite import FliteEngine
from tests.integration.listening.following import listening_begins, told
from tests.integration.listening.speaking import Microphone, said
from tests.integration.web.publisher import publishing
from tests.serving import Server, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(150),
    pytest.mark.skipif(not (is_present() and FliteEngine.is_present()), reason="pocketsphinx or flite is missing"),
]


def session_of(server: Server) -> psutil.Process | None:
    children = psutil.Process(server.process.pid).children(recursive=True)
    return next((each for each in children if "stream_server.listening.session" in each.cmdline()), None)


def text_of(message: dict[str, Any]) -> str:
    return " ".join(cue["text"] for cue in message["cues"])


async def test_a_host_is_captioned_and_obeyed_and_a_killed_listener_comes_back(tmp_path: Path) -> None:
    sentences = ["you can send it back within thirty days", "hey studio show the next one"]
    # Three times: on a machine that is busy, speech is left out.
    microphone = Microphone(np.concatenate([said(text, tmp_path) for text in sentences * 3]))
    async with (
        serving(tmp_path / "data", settings={"VITRINE_LISTENERS": "1"}) as server,
        httpx2.AsyncClient(base_url=server.url, trust_env=False, timeout=10) as http,
    ):
        token = server.token("host", "host_maya", "Maya")
        plan = {"title": {"en": "Clay"}, "rundown": ["prod_cup", "prod_lamp"]}
        show_id = (await server.call("POST", "/api/shows", plan, token=token))["show_id"]
        live_url = server.url.replace("http", "ws", 1) + "/live"
        async with (
            publishing(http, f"/whip/{show_id}", token, microphone),
            told(live_url, show_id) as viewer,
            told(live_url, show_id, token) as studio,
        ):
            await listening_begins(studio)
            killed = session_of(server)
            assert killed is not None
            killed.kill()
            studio.messages.clear()
            await listening_begins(studio)
            microphone.go.set()

            done = await studio.until("voice_command")
            # Nothing was shown yet, so what comes first is next.
            assert (done["heard"], done["product_id"]) == ("next_product", "prod_cup")
            assert done["undo"] == [{"act": "unpin", "product_id": "prod_cup"}]
            pinned = await viewer.until("pins")
            assert [pin["product_id"] for pin in pinned["pins"]] == ["prod_cup"]
            assert not viewer.of("voice_command") + viewer.of("listening_state")
            # Said to the studio, so not to the viewers; what was said before is.
            captions = [set(text_of(line).casefold().split()) for line in viewer.of("caption")]
            assert any(len({"send", "back", "thirty", "days"} & words) >= 3 for words in captions)
            assert not any("studio" in words for words in captions)
            # The show went on all the time.
            assert not [event for event in viewer.of("status") if event["status"] != "live"]

            settings = await server.get(f"/api/shows/{show_id}/listening", token)
            assert (settings["is_on"], settings["language"]) == (True, "en")
            assert settings["recognisers"] == [{"engine": "pocketsphinx", "languages": ["en"], "is_rough": True}]
