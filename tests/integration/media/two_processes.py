"""Two media processes of one server, as the supervisor would start them, to be killed one at a time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stream_server.clock import SystemClock
from stream_server.config import media_socket
from stream_server.ids import SessionId
from stream_server.media.fleet import MediaFleet
from tests.serving import ROOT, free_port

START_S = 30.0


@dataclass
class TwoProcesses:
    """The processes by their number, and the plane over them."""

    plane: MediaFleet
    folder: Path
    environment: dict[str, str]
    processes: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, index: int) -> None:
        """Start one."""
        self.processes[index] = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "stream_server", "media", "--runtime-dir", str(self.folder)),
            *("--index", str(index)),
            env=self.environment,
            cwd=ROOT,
        )

    async def kill(self, index: int) -> None:
        """As the kernel does when memory runs out."""
        process = self.processes.pop(index)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    def where(self, session_id: SessionId) -> int:
        """The process that has a session."""
        (found,) = (index for index, client in enumerate(self.plane.clients) if client.holds(session_id))
        return found


def two_free_ports() -> int:
    """A port whose successor is free as well, for UDP."""
    while True:
        port = free_port(socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@asynccontextmanager
async def two_processes() -> AsyncIterator[TwoProcesses]:
    """Both running, connected to, and to each other."""
    with tempfile.TemporaryDirectory(prefix="vitrine-two-") as name:
        folder = Path(name)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")},
            "VITRINE_MEDIA_PORT": str(two_free_ports()),
            "VITRINE_MEDIA_PROCESSES": "2",
            "VITRINE_PUBLIC_ADDRESS": "127.0.0.1",
        }
        plane = MediaFleet([folder / media_socket(index) for index in range(2)], SystemClock(), retry_s=0.05)
        two = TwoProcesses(plane, folder, environment)
        try:
            async with plane.run():
                for index in range(2):
                    await two.start(index)
                async with asyncio.timeout(START_S):
                    await plane.wait_connected()
                    while (await plane.metrics())["sisters"] < 2:
                        await asyncio.sleep(0.02)
                yield two
        finally:
            for process in two.processes.values():
                process.terminate()
                await process.wait()
