"""Runs Debian's coturn on the loopback for the relay-only test."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port


@dataclass(frozen=True)
class TurnServer:
    """A running coturn and the secret that it shares with the server (draft-uberti-behave-turn-rest-00)."""

    port: int
    secret: str
    log_path: Path

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self.log_path.read_text(errors="replace")


def installed_coturn() -> str | None:
    """Path of the ``turnserver`` program, or None."""
    return shutil.which("turnserver")


@asynccontextmanager
async def turn_running(folder: Path) -> AsyncIterator[TurnServer]:
    """A coturn on a free port of 127.0.0.1, ended with the block."""
    program = installed_coturn()
    assert program is not None, "coturn is not installed"
    port, secret = free_port(), secrets.token_hex(16)
    log_path = folder / "coturn.log"
    with log_path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program, "-n", f"--listening-port={port}", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
            "--use-auth-secret", f"--static-auth-secret={secret}", "--realm=vitrine",
            "--no-tls", "--no-dtls", "--no-cli", "--no-multicast-peers",
            # The server is on the loopback here; on a real machine coturn's refusal of loopback peers stays on.
            "--allow-loopback-peers",
            f"--userdb={folder / 'turn.db'}", f"--pidfile={folder / 'turn.pid'}", "--log-file=stdout", "--simple-log",
            "--verbose", stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        async with asyncio.timeout(10):
            while not _listens(port):
                assert process.returncode is None, log_path.read_text(errors="replace")
                await asyncio.sleep(0.05)
        yield TurnServer(port, secret, log_path)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _listens(port: int) -> bool:
    """It listens on TCP as well as UDP, and TCP can be asked."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
