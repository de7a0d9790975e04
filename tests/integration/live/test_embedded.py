from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stream_server.errors import Unavailable
from stream_server.stores.live import embedded
from stream_server.stores.live.connection import open_valkey, reachable
from stream_server.stores.live.embedded import (
    ValkeyFailed,
    ValkeyNotFound,
    embedded_valkey,
    embedded_valkey_argv,
    find_valkey,
)


async def test_valkey_serves_on_a_private_socket_and_no_port(runtime_dir: Path) -> None:
    async with embedded_valkey(runtime_dir) as url:
        socket = runtime_dir / "valkey.sock"
        assert url == f"unix://{socket}"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        async with open_valkey(url) as valkey:
            settings = await valkey.config_get("*")
            assert (settings["port"], settings["save"], settings["appendonly"]) == ("0", "", "no")
            pid = (await valkey.info("server"))["process_id"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_valkey_dies_with_a_parent_that_is_killed(runtime_dir: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from stream_server.stores.live.embedded import embedded_valkey\n"
        "async def main():\n"
        "    async with embedded_valkey(pathlib.Path(sys.argv[1])):\n"
        "        print('ready', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, runtime_dir], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        async with open_valkey(f"unix://{runtime_dir / 'valkey.sock'}") as valkey:
            pid = (await valkey.info("server"))["process_id"]
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _is_running(pid):
        assert time.monotonic() < deadline, "the embedded Valkey outlived its parent"
        await asyncio.sleep(0.02)


def _is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def test_valkey_that_cannot_start_says_so(runtime_dir: Path) -> None:
    (runtime_dir / "valkey.sock").mkdir()  # nothing can be bound there
    with pytest.raises(ValkeyFailed):
        async with embedded_valkey(runtime_dir):
            pass


async def test_valkey_that_does_not_answer_is_not_waited_for(
    runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "embedded_valkey_argv", lambda _: ["sleep", "60"])
    monkeypatch.setattr(embedded, "START_S", 0.1)
    with pytest.raises(ValkeyFailed):
        async with embedded_valkey(runtime_dir):
            pass


async def test_valkey_that_does_not_stop_is_killed(runtime_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_S", 0.1)
    async with embedded_valkey(runtime_dir) as url, open_valkey(url) as valkey:
        pid = (await valkey.info("server"))["process_id"]
        os.kill(pid, signal.SIGSTOP)
    assert not _is_running(pid)


def test_directory_must_be_private_and_its_path_short(runtime_dir: Path, tmp_path: Path) -> None:
    runtime_dir.chmod(0o755)
    with pytest.raises(ValueError, match="open to others"):
        embedded_valkey_argv(runtime_dir)
    with pytest.raises(ValueError, match="too long"):
        embedded_valkey_argv(tmp_path / ("x" * 100))


def test_program_of_the_system_is_taken_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_valkey().name == "valkey-server"
    monkeypatch.setattr(embedded, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValkeyNotFound, match="VITRINE_REDIS_URL"):
        find_valkey()
    program = tmp_path / "redis-server"
    program.touch(mode=0o700)
    assert find_valkey() == program


async def test_server_that_is_away_is_unavailable(runtime_dir: Path) -> None:
    async with open_valkey(f"unix://{runtime_dir / 'nobody.sock'}") as valkey:
        with pytest.raises(Unavailable), reachable():
            await valkey.ping()


async def test_more_callers_than_connections_wait_their_turn(runtime_dir: Path) -> None:
    async with embedded_valkey(runtime_dir) as url, open_valkey(url) as valkey:

        async def count() -> None:
            await valkey.incr("count")

        async with asyncio.TaskGroup() as group:
            for _ in range(300):
                group.create_task(count())
        assert await valkey.get("count") == b"300"
