"""Any OpenAI-compatible ``/v1/chat/completions`` endpoint as the host's language model, streamed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx2

from avatar.errors import LanguageModelUnavailable
from avatar.language_model import AnswerReader, ModelRequest, ModelSentence, messages_for

MAX_LINE_CHARS = 64_000
MAX_STREAM_BYTES = 1_000_000


@dataclass(frozen=True)
class EndpointOptions:
    """Where the model is, and how long it may take."""

    base_url: str
    """Up to and including ``/v1``."""
    model: str
    api_key: str | None = None
    first_sentence_s: float = 3.0
    """Longest wait for the next piece; later the host has said something else."""
    whole_answer_s: float = 10.0
    """Longest wait for all pieces together."""
    max_tokens: int = 200
    at_once: int = 2
    """Questions asked at the same time; further ones are refused at once."""


class ChatEndpoint:
    """A chat model over HTTP. Open with ``async with``; leaving closes its connections."""

    def __init__(self, options: EndpointOptions) -> None:
        self._options = options
        headers = {"authorization": f"Bearer {options.api_key}"} if options.api_key else {}
        self._client = httpx2.AsyncClient(headers=headers, timeout=options.whole_answer_s, trust_env=False)
        self._busy = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def answer(self, request: ModelRequest) -> AsyncGenerator[ModelSentence, None]:
        """See `AnswerModel.answer`."""
        if self._busy >= self._options.at_once:
            raise LanguageModelUnavailable("the model is busy")
        self._busy += 1
        try:
            reader = AnswerReader()
            async with aclosing(self._pieces(request)) as pieces:
                left_s = self._options.whole_answer_s
                while True:
                    # Only the waiting is limited, never the time in which the sentence before is being spoken: a
                    # limit that is open across a `yield` would strike whoever is waiting for the voice then.
                    before_s = asyncio.get_running_loop().time()
                    async with asyncio.timeout(min(left_s, self._options.first_sentence_s)):
                        piece = await anext(pieces, None)
                    left_s = max(0.0, left_s - (asyncio.get_running_loop().time() - before_s))
                    for sentence in reader.feed(piece) if piece is not None else reader.finish():
                        yield sentence
                    if piece is None:
                        return
        except TimeoutError as error:
            raise LanguageModelUnavailable("the model is too slow") from error
        except httpx2.HTTPError as error:
            raise LanguageModelUnavailable(f"{type(error).__name__}: {error}") from error
        finally:
            self._busy -= 1

    async def _pieces(self, request: ModelRequest) -> AsyncGenerator[str, None]:
        """Pieces of the answer's text as the endpoint streams them (server-sent events)."""
        body = {
            "model": self._options.model,
            "messages": messages_for(request),
            "stream": True,
            "temperature": 0.2,
            "max_tokens": self._options.max_tokens,
        }
        url = f"{self._options.base_url.rstrip('/')}/chat/completions"
        async with self._client.stream("POST", url, json=body) as response:
            if response.status_code != 200:
                raise LanguageModelUnavailable(f"the endpoint answers {response.status_code}")
            async for line in _lines(response):
                data = line.removeprefix("data:").strip()
                if not line.startswith("data:") or not data:
                    continue
                if data == "[DONE]":
                    return
                piece = _content(data)
                if piece:
                    yield piece


async def _lines(response: httpx2.Response) -> AsyncIterator[str]:
    """Lines of the stream, bounded: a line without an end, or a stream without one, is nonsense."""
    waiting = b""
    total = 0
    async for chunk in response.aiter_bytes():
        total += len(chunk)
        waiting += chunk
        if total > MAX_STREAM_BYTES or len(waiting) > MAX_LINE_CHARS + len(chunk):
            raise LanguageModelUnavailable("the endpoint's stream has no end")
        *whole, waiting = waiting.split(b"\n")
        for line in whole:
            yield line.decode("utf-8", errors="replace").strip()
    if waiting:
        yield waiting.decode("utf-8", errors="replace").strip()


def _content(data: str) -> str:
    """The text in one event; empty for events without any. Raises: LanguageModelUnavailable for what is no event."""
    try:
        event = json.loads(data)
        choices = event["choices"]
        piece = choices[0].get("delta", {}).get("content") if choices else ""
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise LanguageModelUnavailable("the endpoint does not speak the chat protocol") from error
    return piece if isinstance(piece, str) else ""
