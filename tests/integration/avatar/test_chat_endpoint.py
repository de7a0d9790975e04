"""The chat engine against a local server that speaks the protocol, well and badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from avatar.chat_endpoint import ChatEndpoint, EndpointOptions
from avatar.errors import LanguageModelUnavailable
from avatar.language_model import ModelRequest
from tests.unit.avatar.catalogue import products

REQUEST = ModelRequest("is it lead-free?", "en", products()["mug"].facts)
REPLY = '{"fact_ids": ["mug/glaze"], "answer": "Yes, it is. It is food-safe too."}'
Reply = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]


def event(piece: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": piece}}]}).encode() + b"\n\n"


@asynccontextmanager
async def server(reply: Reply, status: str = "200 OK") -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        body = await reader.readexactly(length)
        writer.write(f"HTTP/1.1 {status}\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".encode())
        try:
            await reply(writer, head + body)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"


async def ask(url: str, **options: float) -> list[str]:
    settings = EndpointOptions(url, "tiny", api_key="secret", **options)  # type: ignore[arg-type]
    async with ChatEndpoint(settings) as endpoint, aclosing(endpoint.answer(REQUEST)) as sentences:
        return [sentence.text async for sentence in sentences]


async def test_an_answer_is_streamed_sentence_by_sentence() -> None:
    seen: list[bytes] = []

    async def reply(writer: asyncio.StreamWriter, request: bytes) -> None:
        seen.append(request)
        writer.write(b": a comment\n\n")
        for i in range(0, len(REPLY), 5):
            writer.write(event(REPLY[i : i + 5]))
        writer.write(b"data: [DONE]\n\n")

    async with server(reply) as url:
        assert await ask(url) == ["Yes, it is.", "It is food-safe too."]
    assert b"authorization: Bearer secret" in seen[0]
    assert b"POST /v1/chat/completions" in seen[0]


async def test_the_first_sentence_is_there_while_the_model_still_writes() -> None:
    go_on = asyncio.Event()

    async def reply(writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(event(REPLY[:55]))
        await writer.drain()
        await go_on.wait()
        writer.write(event(REPLY[55:]) + b"data: [DONE]\n\n")

    async with (
        server(reply) as url,
        ChatEndpoint(EndpointOptions(url, "tiny")) as endpoint,
        aclosing(endpoint.answer(REQUEST)) as sentences,
    ):
        assert (await anext(sentences)).text == "Yes, it is."
        go_on.set()
        assert (await anext(sentences)).text == "It is food-safe too."


async def silence(writer: asyncio.StreamWriter, request: bytes) -> None:
    await asyncio.sleep(5)


async def nonsense(writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(b"data: <html>hello</html>\n\n")


async def no_choices(writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(b'data: {"choices": [7]}\n\n')


async def no_end(writer: asyncio.StreamWriter, request: bytes) -> None:
    for _ in range(200):
        writer.write(b"x" * 10_000)
        await writer.drain()


async def prose(writer: asyncio.StreamWriter, request: bytes) -> None:
    writer.write(event("Sure! The mug is the best.") + b"data: [DONE]\n\n")


async def nothing(writer: asyncio.StreamWriter, request: bytes) -> None:
    return


@pytest.mark.parametrize("reply", [silence, nonsense, no_choices, no_end, prose, nothing])
async def test_a_bad_endpoint_is_unavailable_within_its_time(reply: Reply) -> None:
    async with asyncio.timeout(4), server(reply) as url:
        with pytest.raises(LanguageModelUnavailable):
            await ask(url, first_sentence_s=0.3, whole_answer_s=1.0)


async def test_an_error_status_is_unavailable() -> None:
    async with server(nothing, "500 Internal Server Error") as url:
        with pytest.raises(LanguageModelUnavailable, match="500"):
            await ask(url)


async def test_nobody_listening_is_unavailable() -> None:
    async with server(nothing) as url:
        pass
    with pytest.raises(LanguageModelUnavailable):
        await ask(url)


async def test_more_questions_at_once_than_allowed_are_refused() -> None:
    async with server(silence) as url, ChatEndpoint(EndpointOptions(url, "tiny", at_once=0)) as endpoint:
        with pytest.raises(LanguageModelUnavailable, match="busy"):
            await anext(endpoint.answer(REQUEST))
