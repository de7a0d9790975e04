"""A trained classifier of any language behind the mood's port, in a process of its own; the lexicon stands behind it.

The host never imports torch: the worker does, once. While it loads, is busy, slow or gone, it simply has nothing to
say (None), and the lexicon's score counts. The weights and their licence are the user's choice; nothing is downloaded.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

logger = logging.getLogger(__name__)

ANSWER_S = 0.5
"""One line takes a model of 100 million numbers some 30 ms on a CPU."""
_MAX_CHARS = 500
_MAX_LINE_BYTES = 64_000
_GOODBYE_S = 2.0


class MoodModel:
    """A `mood.message.Classifier`. Open with `open`."""

    def __init__(self, process: asyncio.subprocess.Process, answer_s: float) -> None:
        self._process, self._answer_s = process, answer_s
        self._asked = 0
        self._is_busy = False
        self.is_ready = False
        self.reason = ""
        """Why it will never say anything; empty while there is hope."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, directory: Path, answer_s: float = ANSWER_S, python: str = sys.executable
    ) -> AsyncIterator[Self]:
        """Start the process; the model is loaded meanwhile. Leaving the block ends it. Raises: OSError."""
        process = await asyncio.create_subprocess_exec(
            *(python, "-m", "avatar.mood.classifier_worker", str(directory)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_MAX_LINE_BYTES,
        )
        model = cls(process, answer_s)
        try:
            yield model
        finally:
            await model._end()

    async def score(self, cleaned: str) -> float | None:
        """See `Classifier.score`."""
        if self.reason or self._is_busy:
            return None
        self._is_busy = True
        try:
            async with asyncio.timeout(self._answer_s):
                return await self._asked_for(cleaned)
        except TimeoutError:
            return None
        finally:
            self._is_busy = False

    async def ready(self) -> bool:
        """Wait until it is loaded; False when it cannot be, with `reason`."""
        while not self.is_ready and not self.reason:
            self._take(await self._heard())
        return self.is_ready

    async def _asked_for(self, cleaned: str) -> float | None:
        if not await self.ready():
            return None
        self._asked += 1
        assert self._process.stdin is not None
        request = json.dumps({"id": self._asked, "text": cleaned[:_MAX_CHARS]})
        self._process.stdin.write(request.encode() + b"\n")
        while not self.reason:
            message = await self._heard()
            if message.get("id") != self._asked:
                self._take(message)  # an answer that came too late, or its last word
                continue
            score = message.get("score")
            is_number = isinstance(score, int | float) and math.isfinite(score)
            return max(-1.0, min(1.0, float(score))) if is_number and score is not None else None
        return None

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("ready") is True:
            self.is_ready = True
        elif "error" in message and "id" not in message:
            self.reason = str(message["error"])[:500]
            logger.warning("the mood is read from the lexicon alone: %s", self.reason)

    async def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            message = json.loads(line) if line else {"error": "its process has ended"}
        except ValueError:
            message = {"error": "its process talks nonsense"}
        return message if isinstance(message, dict) else {"error": "its process talks nonsense"}

    async def _end(self) -> None:
        process = self._process
        if process.returncode is None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                async with asyncio.timeout(_GOODBYE_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
            except asyncio.CancelledError:
                process.kill()
                raise
        # What it still had to say is read away: `wait` does not end while a pipe is paused.
        await process.communicate()
