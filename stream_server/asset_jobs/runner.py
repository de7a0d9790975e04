"""Runs one job in a process of its own and says how it ended. Whatever that process does, this side goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from stream_server.asset_jobs.memory import session_memory_bytes
from stream_server.asset_jobs.sandbox import Confinement
from stream_server.products3d.job import Problem

log = structlog.get_logger(__name__)

MAX_LINE_BYTES = 64 * 1024
TAIL_BYTES = 4096
LOOK_S = 1.0
END_S = 5.0


@dataclass(frozen=True)
class Made:
    """The output folder holds a model."""


@dataclass(frozen=True)
class Turned:
    """The file cannot become a product."""

    problem: Problem


@dataclass(frozen=True)
class Broken:
    """The process failed, died, hung or grew too large."""

    problem: Problem
    may_help: bool
    """Whether another attempt makes sense."""


Outcome = Made | Turned | Broken


@dataclass
class Progress:
    """How far a job is, written by the runner, read by whoever reports it."""

    step: str | None = None
    fraction: float = 0.0
    layers: Mapping[str, str] = field(default_factory=dict)
    """The sandbox's layers and whether each is in force."""


def command() -> list[str]:
    """The child's command line: isolated, so that neither environment nor working directory reach its imports."""
    return [sys.executable, "-I", "-m", "stream_server.asset_jobs.child"]


async def run_job(
    request: Mapping[str, Any], how: Confinement, progress: Progress, argv: Callable[[], list[str]] = command
) -> Outcome:
    """Do the job of ``request`` (see `asset_jobs.child`) confined as ``how`` says.

    Cancelling kills the process with all that it started. Raises: OSError when it cannot be started at all.
    """
    process = await asyncio.create_subprocess_exec(
        *argv(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=how.work,
        env={"PATH": os.defpath, "TMPDIR": how.work, "HOME": how.work, "LC_ALL": "C.UTF-8"},
        start_new_session=True,
        limit=MAX_LINE_BYTES,
    )
    try:
        async with asyncio.TaskGroup() as group:
            talking = group.create_task(_converse(process, request, how, progress), name="conversation of a job")
            watching = group.create_task(_watch_memory(process.pid, how.limits.memory_bytes), name="memory of a job")
            complaints = group.create_task(_tail(process), name="complaints of a job")
            done, _ = await asyncio.wait(
                {talking, watching}, timeout=how.limits.wall_s, return_when=asyncio.FIRST_COMPLETED
            )
            outcome = done.pop().result() if done else _too_slow(how)
            talking.cancel()
            watching.cancel()
            _kill(process)
            said = await complaints  # ends with the process
        if isinstance(outcome, Broken):
            log.warning("job's process failed", reason=str(outcome.problem), said=said)
        return outcome
    finally:
        await _end(process)


def _too_slow(how: Confinement) -> Outcome:
    message = f"It was not finished after {how.limits.wall_s:.0f} seconds."
    return Broken(Problem("took_too_long", message, {"seconds": how.limits.wall_s}), may_help=True)


async def _converse(
    process: asyncio.subprocess.Process, request: Mapping[str, Any], how: Confinement, progress: Progress
) -> Outcome:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # it died at once: its end is found below
        process.stdin.write(json.dumps({**request, "confinement": how.to_json()}).encode() + b"\n")
        await process.stdin.drain()
        process.stdin.close()
    while True:
        try:
            line = await process.stdout.readline()
            said = json.loads(line) if line else None
        except ValueError:  # longer than the limit, or not JSON
            return Broken(Problem("worker_confused", "The converter answered with nonsense."), may_help=False)
        if said is None:
            return await _died(process)
        outcome = _understood(said, progress)
        if outcome is not None:
            return outcome


def _understood(said: Any, progress: Progress) -> Outcome | None:
    """What one line means. It comes from a process that may have been taken over, so nothing in it is believed."""
    kind = said.get("type") if isinstance(said, dict) else None
    match kind:
        case "ready":
            layers = said.get("layers")
            progress.layers = layers if isinstance(layers, dict) else {}
        case "step":
            step, fraction = said.get("step"), said.get("fraction")
            if isinstance(step, str) and isinstance(fraction, int | float) and 0 <= fraction <= 1:
                progress.step, progress.fraction = step[:40], float(fraction)
        case "done":
            return Made()
        case "refused":
            return Turned(_problem(said))
        case "failed":
            return Broken(_problem(said), may_help=said.get("may_help") is True)
        case _:
            return Broken(Problem("worker_confused", "The converter answered with nonsense."), may_help=False)
    return None


def _problem(said: Mapping[str, Any]) -> Problem:
    detail = said.get("detail")
    facts = {
        str(name)[:40]: value if isinstance(value, int | float) else str(value)[:200]
        for name, value in (list(detail.items())[:20] if isinstance(detail, dict) else [])
    }
    return Problem(str(said.get("code"))[:60], str(said.get("message"))[:500], facts)


async def _died(process: asyncio.subprocess.Process) -> Outcome:
    async with asyncio.timeout(END_S):
        status = await process.wait()
    if status == -signal.SIGXCPU:
        return Turned(Problem("too_complex", "This model takes too long to compute. Reduce its triangles.", {}))
    message = f"The converter ended unexpectedly (status {status})."
    return Broken(Problem("worker_died", message, {"status": status}), may_help=True)


async def _watch_memory(pid: int, limit_bytes: int) -> Outcome:
    """Returns when all processes of a job together hold more than they may."""
    held = 0
    while held <= limit_bytes:
        await asyncio.sleep(LOOK_S)
        held = await asyncio.to_thread(session_memory_bytes, pid)
    megabytes = limit_bytes // 2**20
    message = f"This model needs more than {megabytes} MB of memory. Reduce its triangles and pictures."
    return Turned(Problem("too_complex", message, {"megabytes": megabytes}))


async def _tail(process: asyncio.subprocess.Process) -> str:
    """The last that it said on standard error; the pipe is kept empty, or it would stop there."""
    assert process.stderr is not None
    tail = b""
    while data := await process.stderr.read(8192):
        tail = (tail + data)[-TAIL_BYTES:]
    return tail.decode("utf-8", "replace")


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: asyncio.subprocess.Process) -> None:
    _kill(process)
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        log.error("a job's process does not end", pid=process.pid)
