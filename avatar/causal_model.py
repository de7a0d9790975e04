"""A Hugging Face causal language model as the host's language model, in a worker process of its own.

The host itself never imports torch (880 MB, 3.5 to 10 s): the worker does, once, when it is started. On a CPU even a
small model takes 0.4 s a token, which is no conversation; this is for machines with an accelerator. The weights and
their licence are the user's choice; nothing is downloaded.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from avatar.errors import LanguageModelUnavailable
from avatar.language_model import AnswerReader, ModelRequest, ModelSentence, messages_for

_MAX_LINE_BYTES = 256_000
_GOODBYE_S = 2.0


@dataclass(frozen=True)
class CausalOptions:
    """Which model, and how long it may take."""

    directory: Path
    piece_s: float = 4.0
    """Longest wait for the next piece of text."""
    whole_answer_s: float = 12.0
    max_new_tokens: int = 200


class CausalModel:
    """Owns the worker process. Open with ``async with``; leaving ends the process."""

    def __init__(self, options: CausalOptions, python: str = sys.executable) -> None:
        self._options = options
        self._python = python
        self._process: asyncio.subprocess.Process | None = None
        self._is_ready = False
        self._asked = 0
        self._busy = False

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def answer(self, request: ModelRequest) -> AsyncGenerator[ModelSentence, None]:
        """See `AnswerModel.answer`. While the model is being loaded it is unavailable."""
        if self._busy:
            raise LanguageModelUnavailable("the model is busy")
        self._busy = True
        is_over = False
        try:
            await self._wait_until_ready()
            self._asked += 1
            self._tell(
                {"id": self._asked, "messages": messages_for(request), "max_new_tokens": self._options.max_new_tokens}
            )
            reader = AnswerReader()
            left_s = self._options.whole_answer_s
            while not is_over:
                before_s = asyncio.get_running_loop().time()
                message = await self._heard(min(left_s, self._options.piece_s))
                left_s = max(0.0, left_s - (asyncio.get_running_loop().time() - before_s))
                if message.get("id") != self._asked:
                    continue  # the rest of an answer that was given up
                if "error" in message:
                    raise LanguageModelUnavailable(str(message["error"])[:500])
                is_over = bool(message.get("done"))
                for sentence in reader.finish() if is_over else reader.feed(str(message.get("piece", ""))):
                    yield sentence
        finally:
            self._busy = False
            if not is_over and self._process is not None and self._process.returncode is None:
                self._asked += 1
                self._tell({"id": self._asked})

    async def _start(self) -> None:
        self._is_ready = False
        self._process = await asyncio.create_subprocess_exec(
            self._python,
            "-m",
            "avatar.causal_worker",
            str(self._options.directory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_MAX_LINE_BYTES,
        )

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_GOODBYE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            # What it still had to say is read away: asyncio's `wait` does not end while a pipe is paused.
            await process.communicate()

    async def _wait_until_ready(self) -> None:
        if self._process is None or self._process.returncode is not None:
            await self._start()
        while not self._is_ready:
            try:
                message = await self._heard(self._options.piece_s)
            except TimeoutError as error:
                raise LanguageModelUnavailable("the model is still being loaded") from error
            if "error" in message:
                raise LanguageModelUnavailable(str(message["error"])[:500])
            self._is_ready = message.get("ready") is True

    async def _heard(self, limit_s: float) -> dict[str, Any]:
        """The worker's next message. Raises: TimeoutError while loading, else LanguageModelUnavailable."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(limit_s):
                line = await self._process.stdout.readline()
            message = json.loads(line) if line else None
        except TimeoutError as error:
            if not self._is_ready:
                raise
            raise LanguageModelUnavailable("the model is too slow") from error
        except ValueError as error:
            await self._stop()
            raise LanguageModelUnavailable("the model's process talks nonsense") from error
        if not isinstance(message, dict):
            await self._stop()
            raise LanguageModelUnavailable("the model's process has ended")
        return message

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        if self._process.stdin.is_closing():
            raise LanguageModelUnavailable("the model's process has ended")
        # A question is a few kilobytes and the worker reads at once: there is nothing to drain.
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
