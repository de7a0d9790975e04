"""Guests on the live channel: a few that ask and chat all the time, for a show under load."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from stream_server.ids import new_id
from tests.serving import Server

QUESTIONS = {
    "en": ("How much is it?", "What is it made of?", "How big is it?", "Do you ship it abroad?", "Is it in stock?"),
    "es": ("¿Cuánto cuesta?", "¿De qué material es?", "¿Qué tamaño tiene?", "¿Queda alguno?"),
    "zh-CN": ("多少钱？", "是什么材料做的？", "有多大？", "还有货吗？"),
}
NOISE = ("hi!", "😍😍😍", "love this", "hello from Leeds", "¡qué bonito!", "好漂亮", "lol", "👏👏", "so nice ✨")


@dataclass
class Count:
    """What the chatters saw."""

    questions: int = 0
    noise: int = 0
    refused: int = 0
    answers: int = 0
    """Lines of the host that answer somebody."""
    not_live: int = 0
    """Times the show was said to be anything but live."""
    reconnects: int = 0


@asynccontextmanager
async def joined(server: Server, token: str | None, show_id: str) -> AsyncIterator[ClientConnection]:
    """A client of the live channel that has said hello; `welcome` is the first it receives."""
    async with connect(f"ws://127.0.0.1:{server.port}/live", proxy=None) as connection:
        await connection.send(json.dumps({"type": "hello", "version": 1, "show_id": show_id, "token": token}))
        yield connection


async def guest(server: Server, name: str, language: str) -> str:
    """A new guest's token."""
    made: dict[str, Any] = await server.call("POST", "/api/guests", {"name": name, "language": language})
    return str(made["token"])


def answers(message: dict[str, Any], name: str = "") -> bool:
    """Is this a line of the host that answers ``name`` (or anybody)?"""
    if message["type"] != "chat" or message["line"]["author"]["role"] != "host":
        return False
    return str(message["line"]["text"]).startswith(f"@{name}")


async def chat_on(
    server: Server, show_id: str, number: int, every_s: float, question_share: float, count: Count
) -> None:
    """One guest that says something about every ``every_s``, for ever; comes back when its connection is lost.

    The first one also counts what the host answers and whether the show stays live.
    """
    dice = random.Random(number)
    language = list(QUESTIONS)[number % len(QUESTIONS)]
    token = await guest(server, f"Guest {number}", language)
    while True:
        try:
            async with joined(server, token, show_id) as connection, asyncio.TaskGroup() as group:
                group.create_task(_listen(connection, count, counts=number == 0))
                while True:
                    await asyncio.sleep(every_s * dice.uniform(0.6, 1.4))
                    is_question = dice.random() < question_share
                    text = dice.choice(QUESTIONS[language] if is_question else NOISE)
                    await connection.send(json.dumps({"type": "chat.send", "ref": new_id("ref"), "text": text}))
                    if is_question:
                        count.questions += 1
                    else:
                        count.noise += 1
        except* (OSError, EOFError) as lost:
            del lost
            count.reconnects += 1
        await asyncio.sleep(1.0)


async def _listen(connection: ClientConnection, count: Count, *, counts: bool) -> None:
    async for text in connection:
        message = json.loads(text)
        if message["type"] == "problem":
            count.refused += 1
        elif counts and answers(message):
            count.answers += 1
        elif counts and message["type"] == "status" and message["status"] != "live":
            count.not_live += 1
    raise EOFError("the server closed the connection")
