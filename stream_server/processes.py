"""Which processes a server consists of, in which order they start, and when each is ready."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from stream_server.app.listening import hearers
from stream_server.clock import SystemClock
from stream_server.config import Config, media_socket
from stream_server.stores.live.embedded import embedded_valkey_argv
from stream_server.supervisor import Child, ChildFailed, Supervisor

Report = Callable[[str], None]


@dataclass
class FirstUse:
    """Seeding the demo shop: asked for before the start, its links filled in by it."""

    FILE: ClassVar[str] = "demo.json"
    """Left in the runtime directory by the seeding process."""
    links: dict[str, Any] = field(default_factory=dict)
    """``links`` (label, url), the live show's ``show_id`` and its ``host_token``."""


@contextmanager
def runtime_directory() -> Iterator[Path]:
    """A private directory (0700) for this server's sockets; removed at the end.

    It is under the system's temporary directory because a socket's path may have at most 107 characters.
    """
    path = Path(tempfile.mkdtemp(prefix="vitrine-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def valkey_child(runtime_dir: Path) -> Child:
    """The embedded Valkey on a unix socket in ``runtime_dir``."""
    return Child("valkey", embedded_valkey_argv(runtime_dir), quiet=True)


def server_child(name: str, runtime_dir: Path, config: Config) -> Child:
    """One of our own processes. How many media processes there are is settled here, once for all of them."""
    argv = [sys.executable, "-m", "stream_server", name, "--runtime-dir", str(runtime_dir)]
    return Child(name, argv, {"VITRINE_MEDIA_PROCESSES": str(config.media_process_count)})


def media_child(index: int, runtime_dir: Path, config: Config) -> Child:
    """The media process of this number."""
    child = server_child("media", runtime_dir, config)
    return replace(child, name=f"media-{index}", argv=[*child.argv, "--index", str(index)])


def demo_host_child(config: Config, links: dict[str, Any]) -> Child:
    """The demo's host: FFmpeg publishing the packaged video to the live show, like any camera."""
    url = f"{config.local_url}/whip/{links['show_id']}"
    argv = [sys.executable, "-m", "stream_server.demo.publisher", "--url", url]
    return Child("demo-host", argv, environment={"VITRINE_DEMO_TOKEN": links["host_token"]})


def can_speak() -> bool:
    """Whether voice and stage of a virtual host are installed (extra ``avatar``)."""
    return all(find_spec(name) is not None for name in ("espeakng_loader", "skia", "numpy"))


def can_listen(config: Config) -> bool:
    """Whether there is anything to understand hosts with (extra ``listening``, or a model and faster-whisper)."""
    return bool(hearers(config))


def asset_child(runtime_dir: Path) -> Child:
    """The process that makes 3D models. Ready at once: what is uploaded before it runs waits in line."""
    argv = [sys.executable, "-m", "stream_server", "model-worker", "--runtime-dir", str(runtime_dir)]
    return Child("assets", argv)


async def at_once() -> bool:
    """Ready without being asked."""
    return True


async def answers(socket: Path, question: bytes, expected: bytes) -> bool:
    """Whether a server on a unix socket says ``expected`` to ``question``."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            writer.write(question)
            reply = await reader.read(len(expected))
            writer.close()
            return reply == expected
    except (OSError, TimeoutError):
        return False


def exists(socket: Path) -> Callable[[], Awaitable[bool]]:
    """Ready when ``socket`` is there; the media process makes its own once everything listens."""

    async def ready() -> bool:
        return await asyncio.to_thread(socket.exists)

    return ready


def says_pong(socket: Path) -> Callable[[], Awaitable[bool]]:
    """Ready when a Valkey on ``socket`` answers PING."""
    return lambda: answers(socket, b"PING\r\n", b"+PONG\r\n")


def is_ready(config: Config) -> Callable[[], Awaitable[bool]]:
    """Ready when /readyz says 200."""
    host = urlsplit(config.local_url).hostname

    async def ready() -> bool:
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection(host, config.http_port)
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
                writer.close()
                return b" 200 " in status
        except (OSError, TimeoutError):
            return False

    return ready


async def run_to_end(name: str, argv: list[str], timeout_s: float = 60.0) -> None:
    """Run a process that does one job; its failure is ours.

    Raises: ChildFailed, TimeoutError.
    """
    process = await asyncio.create_subprocess_exec(*argv)
    try:
        async with asyncio.timeout(timeout_s):
            status = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    if status != 0:
        raise ChildFailed(name, status)


@asynccontextmanager
async def whole_server(
    config: Config, report: Report, *, first_use: FirstUse | None = None
) -> AsyncIterator[Supervisor]:
    """All processes of a server, running and ready. ``report`` gets a line as each step begins.

    With ``first_use`` the demo shop is put into the database before anybody can connect.
    """
    with runtime_directory() as runtime_dir:
        async with Supervisor(SystemClock()).run() as supervisor:
            if config.redis_url is None:
                report("Starting the embedded Valkey")
                await supervisor.start(valkey_child(runtime_dir), says_pong(runtime_dir / "valkey.sock"))
            async with asyncio.TaskGroup() as group:
                count = config.media_process_count
                report("Starting the media process" if count == 1 else f"Starting {count} media processes")
                for index in range(count):
                    child = media_child(index, runtime_dir, config)
                    ready = exists(runtime_dir / media_socket(index))
                    group.create_task(supervisor.start(child, ready), name=f"start {child.name}")
                if first_use is not None:
                    report("Seeding the demo shop")
                    seeding = [sys.executable, "-m", "stream_server", "seed", "--runtime-dir", str(runtime_dir)]
                    await run_to_end("seeding", seeding)
                    first_use.links = json.loads((runtime_dir / FirstUse.FILE).read_text())
                report("Starting the web process")
                await supervisor.start(server_child("web", runtime_dir, config), is_ready(config))
            if config.asset_jobs > 0:
                await supervisor.start(asset_child(runtime_dir), at_once)
            if config.ai_host_count > 0 and can_speak():
                await supervisor.start(server_child("host", runtime_dir, config), at_once)
            if config.listeners > 0 and can_listen(config):
                await supervisor.start(server_child("listen", runtime_dir, config), at_once)
            yield supervisor
