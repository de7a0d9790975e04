"""Keeps the server's processes running: starts them in order, restarts the one that dies, ends all of them together.

It knows command lines, not what the processes do; `cli.py` says which ones a server needs.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from stream_server.clock import Clock
from stream_server.lifeline import die_with_parent, tethered

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Child:
    """One process to keep alive."""

    name: str
    argv: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to our own environment; secrets travel here and never on the command line."""
    stop_s: float = 12.0
    """How long it may take to end by itself after SIGTERM before it is killed."""
    quiet: bool = False
    """Throw its output away."""


@dataclass(frozen=True)
class Backoff:
    """How long to wait before starting a dead child again: doubling, and forgotten after a calm while."""

    first_s: float = 0.2
    longest_s: float = 5.0
    calm_s: float = 10.0

    def after(self, previous_s: float, lived_s: float) -> float:
        """Seconds to wait now, given the last wait and how long the child lived since."""
        return self.first_s if lived_s >= self.calm_s else min(max(previous_s * 2, self.first_s), self.longest_s)


class ChildFailed(Exception):
    """A child ended while the server was still starting: restarting it would only repeat the failure."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} ended with status {status} while starting.")
        self.name = name
        self.status = status


class Supervisor:
    """Owner of the children. Leaving the block ends them, last started first."""

    def __init__(self, clock: Clock, backoff: Backoff | None = None) -> None:
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._stops: list[Callable[[], Awaitable[None]]] = []
        self._pids: dict[str, int] = {}

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Supervisor]:
        """Open for `start`."""
        async with asyncio.TaskGroup() as self._group:
            try:
                yield self
            finally:
                for stop in reversed(self._stops):
                    await stop()

    @property
    def pids(self) -> Mapping[str, int]:
        """Process id of each child that runs now."""
        return self._pids

    async def start(self, child: Child, ready: Callable[[], Awaitable[bool]], timeout_s: float = 30.0) -> None:
        """Start ``child`` and wait until ``ready()``; from then on it is restarted whenever it dies.

        Raises: ChildFailed when it ends before it was ready, TimeoutError.
        """
        process = await self._spawn(child)
        stopping = asyncio.Event()
        keeper = self._group.create_task(self._keep(child, process, stopping), name=f"keep {child.name}")

        async def stop() -> None:
            stopping.set()
            await keeper

        self._stops.append(stop)
        async with asyncio.timeout(timeout_s):
            while not await ready():
                if process.returncode is not None:
                    raise ChildFailed(child.name, process.returncode)
                await asyncio.sleep(0.05)

    async def _spawn(self, child: Child) -> asyncio.subprocess.Process:
        output = asyncio.subprocess.DEVNULL if child.quiet else None
        process = await asyncio.create_subprocess_exec(
            *tethered(child.argv),
            env={**os.environ, **child.environment},  # noqa: TID251  children inherit it, we do not read it
            stdin=asyncio.subprocess.PIPE,  # the lifeline where the kernel has none
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,
            start_new_session=True,  # Ctrl-C reaches us alone: we end the children in order
        )
        self._pids[child.name] = process.pid
        return process

    async def _keep(self, child: Child, process: asyncio.subprocess.Process, stopping: asyncio.Event) -> None:
        wait_s = 0.0
        while True:
            started = self._clock.monotonic_s()
            if await self._ended(process, stopping):
                await self._end(child, process)
                return
            wait_s = self._backoff.after(wait_s, self._clock.monotonic_s() - started)
            log.warning("child ended; starting it again", child=child.name, status=process.returncode, wait_s=wait_s)
            self._pids.pop(child.name, None)
            try:
                async with asyncio.timeout(wait_s):
                    await stopping.wait()
                return
            except TimeoutError:
                process = await self._spawn(child)

    async def _ended(self, process: asyncio.subprocess.Process, stopping: asyncio.Event) -> bool:
        """Wait for the process to end (False) or for the order to stop (True)."""
        exited = self._group.create_task(process.wait())
        ordered = self._group.create_task(stopping.wait())
        try:
            await asyncio.wait({exited, ordered}, return_when=asyncio.FIRST_COMPLETED)
            return stopping.is_set()
        finally:
            exited.cancel()
            ordered.cancel()

    async def _end(self, child: Child, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(child.stop_s):
                    await process.wait()
            except TimeoutError:
                log.error("child did not end in time; killing it", child=child.name)
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        self._pids.pop(child.name, None)
