"""Starts the whole server for a test, as an operator would, and sees that nothing of it is left behind.

`serving` runs ``python -m stream_server serve`` (or ``demo``) in a data directory of its own on free ports, waits
for ``/readyz`` and ends it with SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from stream_server.app.tokens import issue_token
from stream_server.config import Config

ROOT = Path(__file__).parent.parent
START_S = 60.0
STOP_S = 20.0
_KEPT_LINES = 400
# Without its bytecode every process of the server compiles all it imports, for seconds; an operator's keeps it.
_NOT_INHERITED = ("VITRINE_", "PYTHONDONTWRITEBYTECODE")


class ServerFailed(AssertionError):
    """The server did not start, did not stop, or left a process behind; carries its last output."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nobody uses right now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server: where it is, and what it has said so far."""

    process: asyncio.subprocess.Process
    port: int
    media_port: int
    data_dir: Path
    environment: Mapping[str, str]
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Base URL, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """The last lines it printed, for a failing test."""
        return "\n".join(self.lines[-_KEPT_LINES:])

    def token(self, role: str, person_id: str, name: str) -> str:
        """A signed token, made as ``vitrine token`` makes it, without a process of its own."""
        config = Config(data_dir=self.data_dir)
        return issue_token(config, role=role, name=name, person_id=person_id)

    async def get(self, path: str, token: str | None = None) -> Any:
        """JSON of a GET."""
        return await self.call("GET", path, token=token)

    async def call(
        self, method: str, path: str, body: object = None, *, token: str | None = None, key: str | None = None
    ) -> Any:
        """One REST call in a thread; raises `urllib.error.HTTPError` when refused."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)

        def send() -> Any:
            with urllib.request.urlopen(request, timeout=10) as reply:
                text = reply.read()
                return json.loads(text) if text else None

        return await asyncio.to_thread(send)


async def _answers(url: str) -> bool:
    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    return await asyncio.to_thread(ask)


async def _collect(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode(errors="replace").rstrip())


@asynccontextmanager
async def serving(
    data_dir: Path, command: str = "serve", settings: Mapping[str, str] | None = None
) -> AsyncIterator[Server]:
    """Run the server for the length of the block.

    Args:
        data_dir: An empty directory.
        command: ``serve``, or ``demo`` for the shop that is live by itself.
        settings: More ``VITRINE_*`` variables.

    Raises: ServerFailed when it does not come up, does not end, or leaves a process behind.
    """
    port, media_port = free_port(), free_port(socket.SOCK_DGRAM)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(_NOT_INHERITED)},
        "VITRINE_HTTP_HOST": "127.0.0.1",
        "VITRINE_HTTP_PORT": str(port),
        "VITRINE_MEDIA_PORT": str(media_port),
        "VITRINE_MEDIA_PROCESSES": "1",  # the ports that follow may be taken
        "VITRINE_PUBLIC_ADDRESS": "127.0.0.1",
        "VITRINE_DATA_DIR": str(data_dir),
        **({} if command == "demo" else {"VITRINE_AI_HOSTS": "0"}),  # a second of CPU that few tests need
        "VITRINE_LISTENERS": "0",  # likewise
        "PYTHONUNBUFFERED": "1",
        **(settings or {}),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stream_server", command,
        env=environment, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=2**20,
    )  # fmt: skip
    assert process.stdout is not None
    server = Server(process, port, media_port, data_dir, environment)
    async with asyncio.TaskGroup() as group:
        reader = group.create_task(_collect(process.stdout, server.lines), name="server output")
        children: list[psutil.Process] = []
        try:
            await _wait_until_ready(server)
            yield server
        finally:
            with suppress(psutil.NoSuchProcess):
                children = psutil.Process(process.pid).children(recursive=True)
            await _end(server)
            reader.cancel()
        await _check_no_orphan(children, server)


async def _wait_until_ready(server: Server) -> None:
    try:
        async with asyncio.timeout(START_S):
            while not (await _answers(f"{server.url}/readyz") and _has_said_so(server)):
                if server.process.returncode is not None:
                    raise ServerFailed(f"The server ended with {server.process.returncode}:\n{server.log}")
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise ServerFailed(f"The server was not ready within {START_S:.0f} s:\n{server.log}") from None


def _has_said_so(server: Server) -> bool:
    """It answers before it has printed its last words on the start, and the links are among these."""
    return any("Ctrl-C ends" in line for line in server.lines)


async def _end(server: Server) -> None:
    process = server.process
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                child.kill()
        process.kill()
        await process.wait()
        raise ServerFailed(f"The server did not end within {STOP_S:.0f} s:\n{server.log}") from None


async def _check_no_orphan(children: list[psutil.Process], server: Server) -> None:
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
    if alive:
        names = [f"{child.pid} {' '.join(child.cmdline())}" for child in alive if child.is_running()]
        for child in alive:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        raise ServerFailed(f"Left behind: {names}\n{server.log}")
