"""One AI host on air, as its keeper sees it: a process that gives a sign of life every second."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from stream_server.lifeline import die_with_parent, tethered

log = structlog.get_logger(__name__)

TOKEN_ENV = "VITRINE_VIRTUAL_HOST_TOKEN"
"""By the environment, because a command line can be read by everyone on the machine."""
LAST_LINE_S = 25.0
"""Time to finish a line: the longest ones take less."""
CUE = signal.SIGUSR1
"""To an understudy: the show is yours. To who has the show: finish your line and leave."""
LEAVE_S = 3.0
"""Time for the DELETE on leaving."""
MAX_SIGN_BYTES = 256


class SessionProcess:
    """Whoever starts one ends it (`end`), whatever happens."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, argv: Sequence[str], environment: Mapping[str, str]) -> SessionProcess:
        """Start one; ``environment`` is added to ours. Raises: OSError."""
        process = await asyncio.create_subprocess_exec(
            *tethered(list(argv)),
            env={**os.environ, **environment},  # noqa: TID251  children inherit it, we do not read it
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MAX_SIGN_BYTES,
            preexec_fn=die_with_parent,
        )
        return cls(process)

    async def sign(self, within_s: float) -> str | None:
        """The next sign of life, naming the product that is presented; None when it is gone or hangs."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                line = await self._process.stdout.readline()
        except (TimeoutError, ValueError):  # ValueError: a line without an end
            return None
        return line.decode(errors="replace").strip() if line.endswith(b"\n") else None

    def resident_bytes(self) -> int:
        """Its memory; 0 where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")

    def call(self) -> None:
        """See `keeper.Session.call`."""
        self._cue()

    def _cue(self) -> None:
        if self._process.returncode is None:
            self._process.send_signal(CUE)

    async def relieve(self) -> None:
        """Let it finish its line, then `end` it."""
        self._cue()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_LINE_S):
                await self._process.wait()
        await self.end()

    async def end(self) -> None:
        """Let it take leave, then make sure that it is gone. May be called twice."""
        process = self._process
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(LEAVE_S):
                    await process.wait()
            except TimeoutError:
                # FFmpeg's muxer does not return once the server has closed its session: nothing to worry about.
                log.info("an AI host did not take leave", pid=process.pid)
            finally:
                if process.returncode is None:
                    process.kill()
        await process.wait()
