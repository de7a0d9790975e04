"""The worker's process as the service sees it: started, asked, ended."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from avatar.errors import AvatarError
from avatar.translation.worker import KEPT_GLOSSARIES, Setup

_MAX_REPLY_BYTES: Final = 2_000_000
_GOODBYE_S: Final = 2.0


class WorkerFailed(AvatarError):
    """The worker died, is late or talks nonsense: replace it."""

    code = "translation_worker_failed"


class WorkerProcess:
    """One run of the worker; asked by one task at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._asked = 0
        self._told: OrderedDict[str, None] = OrderedDict()
        self.hello: Mapping[str, Any] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, command: Sequence[str], setup: Setup, start_s: float) -> AsyncIterator[Self]:
        """Start it and wait for its first word. Raises: WorkerFailed."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=_MAX_REPLY_BYTES,
            )
        except OSError as error:
            raise WorkerFailed(f"it does not start: {error}") from error
        worker = cls(process)
        try:
            worker.hello = await worker._exchange(setup.to_json(), start_s)
            yield worker
        finally:
            await worker._end()

    def is_news(self, glossary: str) -> bool:
        """Whether this worker has to be told a glossary's words; it forgets the oldest as this does."""
        is_known = glossary in self._told
        self._told[glossary] = None
        self._told.move_to_end(glossary)
        while len(self._told) > KEPT_GLOSSARIES:
            self._told.popitem(last=False)
        return not is_known

    async def ask(self, request: dict[str, Any], limit_s: float) -> list[Any]:
        """The results of a request. Raises: WorkerFailed."""
        self._asked += 1
        reply = await self._exchange(json.dumps({**request, "id": self._asked}), limit_s)
        if reply.get("id") != self._asked or not isinstance(reply.get("results"), list):
            raise WorkerFailed("it answers something else")
        results: list[Any] = reply["results"]
        return results

    async def _exchange(self, line: str, limit_s: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(limit_s):
                self._process.stdin.write(line.encode() + b"\n")
                await self._process.stdin.drain()
                said = json.loads(await self._process.stdout.readline() or b"null")
        except TimeoutError as error:
            raise WorkerFailed(f"no answer within {limit_s:g} s") from error
        except (OSError, ValueError) as error:
            raise WorkerFailed(f"its pipe fails ({type(error).__name__})") from error
        if not isinstance(said, dict):
            raise WorkerFailed("it has ended")
        return said

    async def _end(self) -> None:
        """By its closed input when it listens, else killed."""
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
