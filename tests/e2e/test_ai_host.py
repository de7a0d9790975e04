"""The demo's AI host at work: it answers the chat in the asker's language, obeys its operator, and all is on record."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.serving import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

ANSWER_S = 15.0


@asynccontextmanager
async def joined(server: Server, token: str, show_id: str) -> AsyncIterator[ClientConnection]:
    """A client of the live channel, welcomed."""
    async with connect(f"ws://127.0.0.1:{server.port}/live", proxy=None) as connection:
        await connection.send(json.dumps({"type": "hello", "version": 1, "show_id": show_id, "token": token}))
        yield connection


async def heard(connection: ClientConnection, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The first message that is wanted."""
    async with asyncio.timeout(ANSWER_S):
        while True:
            message: dict[str, Any] = json.loads(await connection.recv())
            if wanted(message):
                return message


async def ai_is_on_air(server: Server, token: str, show_id: str) -> None:
    """Until the state says so."""
    async with asyncio.timeout(40):
        while True:
            async with joined(server, token, show_id) as connection:
                state = json.loads(await connection.recv())["state"]
                if state["status"] == "live" and state["presenter"] == "ai":
                    return
            await asyncio.sleep(0.3)


def demo_show(server: Server) -> tuple[str, str]:
    """Id and host's token of the live show, from the printed links."""
    found = re.search(r"/studio#token=([^&\s]+)&show=(\S+)", server.log)
    assert found is not None, server.log
    return found.group(2), found.group(1)


async def test_it_answers_in_the_askers_language_and_obeys_its_operator(tmp_path: Path) -> None:
    async with serving(tmp_path, "demo") as server:
        show_id, host_token = demo_show(server)
        await ai_is_on_air(server, host_token, show_id)
        async with joined(server, host_token, show_id) as operator:
            # Until a product is on screen, "how much is it?" is about nothing.
            await heard(operator, lambda m: m["type"] == "pins" and bool(m["pins"]))
            for language, question, part in (
                ("en", "How much is it?", "$"),
                ("es", "¿Cuánto cuesta?", "desde"),
                ("zh-CN", "多少钱？", "起"),
            ):
                name = f"Asker {language}"
                guest = await server.call("POST", "/api/guests", {"name": name, "language": language})
                async with joined(server, guest["token"], show_id) as viewer:
                    await viewer.send(json.dumps({"type": "chat.send", "ref": "q", "text": question}))
                    answer = await heard(viewer, lambda m, name=name: _is_answer_to(m, name))  # type: ignore[misc]
                    assert part.lower() in answer["line"]["text"].lower()
                said = await heard(operator, lambda m: m["type"] == "ai_line" and bool(m["question"]))
                assert said["question"] == question
                assert said["fact_ids"]
                assert said["language"] == language[:2]

            # Words that no fact supports come back with what the guard found; a second word overrules it.
            await order(operator, "s1", act="say", text="It costs $5 today.")
            verdict = await heard(operator, lambda m: m["type"] == "ai_verdict")
            assert (verdict["order"], verdict["accepted"]) == ("s1", False)
            assert [finding["kind"] for finding in verdict["findings"]]
            await order(operator, "s2", act="say", text="It costs $5 today.", insist=True)
            said = await heard(operator, lambda m: m["type"] == "ai_line" and m["source"] == "operator")
            assert said["text"] == "It costs $5 today."

            # A line that is coming, in other words.
            desk = (await heard(operator, lambda m: m["type"] == "ai_state" and bool(m["desk"]["next"])))["desk"]
            assert desk["is_on_air"]
            coming = desk["next"][-1]["line_id"]
            await order(operator, "e1", act="edit", line_id=coming, text="Have a look at it.")
            verdict = await heard(operator, lambda m: m["type"] == "ai_verdict")
            assert (verdict["order"], verdict["accepted"]) == ("e1", True)
            edited = await heard(operator, lambda m: m["type"] == "ai_state" and _edits(m))
            assert edited["desk"]["voice"]

            await order(operator, "p", act="pause")
            await heard(operator, lambda m: m["type"] == "ai_directed" and m["act"] == "pause")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(8):
                    await heard(operator, lambda m: m["type"] == "ai_line")


async def order(operator: ClientConnection, ref: str, **what: Any) -> None:
    """Tell the AI host to do something."""
    await operator.send(json.dumps({"type": "ai.direct", "ref": ref, **what}))


def _edits(message: dict[str, Any]) -> bool:
    return any(line["is_edited"] for line in message["desk"]["next"])


def _is_answer_to(message: dict[str, Any], name: str) -> bool:
    return (
        message["type"] == "chat"
        and message["line"]["author"]["role"] == "host"
        and str(message["line"]["text"]).startswith(f"@{name}")
    )
