"""A media process of its own for benchmarks of it, and what it costs."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from stream_server.clock import SystemClock
from stream_server.media.control import ControlClient


@asynccontextmanager
async def media_process(
    egress: str, address: str = "127.0.0.1", index: int = 0, trunks: Sequence[Path] = ()
) -> AsyncIterator[tuple[psutil.Process, ControlClient]]:
    """Start one, with the ``native`` or ``python`` egress; ends with the block.

    ``index`` and ``trunks`` (a socket for each) make it one of several that share their shows.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "media.sock"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.peers.media_server"),
            *("--egress", egress, "--socket", str(path), "--address", address),
            *("--index", str(index), "--trunk", *map(str, trunks)),
        )
        try:
            async with ControlClient(path, SystemClock()).run() as client:
                async with asyncio.timeout(20):
                    await client.wait_connected()
                yield psutil.Process(process.pid), client
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


def cpu_ms(process: psutil.Process) -> float:
    """CPU milliseconds of all threads so far, from the scheduler where it tells (Linux), else from the clock ticks."""
    tasks = Path(f"/proc/{process.pid}/task")
    try:
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e6
    except OSError:
        times = process.cpu_times()
        return float(times.user + times.system) * 1000
