"""The supervisor with real processes: order, restart, and nobody left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from stream_server.clock import SystemClock
from stream_server.supervisor import Backoff, Child, ChildFailed, Supervisor

PYTHON = sys.executable


def touching(path: Path, then: str = "import time; time.sleep(60)") -> list[str]:
    return [PYTHON, "-c", f"open({str(path)!r}, 'a').write('x'); {then}"]


def exists(path: Path) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return path.exists() and path.stat().st_size > 0

    return ready


@pytest.mark.parametrize(
    ("previous_s", "lived_s", "expected_s"),
    [(0.0, 0.1, 0.2), (0.2, 0.1, 0.4), (4.0, 1.0, 5.0), (5.0, 11.0, 0.2)],
)
def test_backoff_doubles_and_is_forgotten_after_a_calm_while(
    previous_s: float, lived_s: float, expected_s: float
) -> None:
    assert Backoff().after(previous_s, lived_s) == expected_s


async def test_child_that_dies_is_started_again(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    async with Supervisor(SystemClock(), Backoff(first_s=0.01)).run() as supervisor:
        await supervisor.start(Child("worker", touching(mark)), exists(mark))
        first = supervisor.pids["worker"]
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(10):
            while mark.read_text() != "xx":
                await asyncio.sleep(0.02)
        assert supervisor.pids["worker"] != first
    assert not supervisor.pids


async def test_child_that_fails_at_start_is_reported(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    with pytest.raises(ExceptionGroup) as caught:
        async with Supervisor(SystemClock(), Backoff(first_s=5)).run() as supervisor:
            await supervisor.start(Child("broken", [PYTHON, "-c", "raise SystemExit(3)"]), never)
    failed = caught.value.exceptions[0]
    assert isinstance(failed, ChildFailed)
    assert failed.status == 3


async def test_children_end_in_reverse_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = textwrap.dedent("""
        import signal, sys, time
        def end(*_):
            open({log!r}, "a").write({name!r}); sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        open({mark!r}, "w").write("x")
        time.sleep(60)
    """)
    async with Supervisor(SystemClock()).run() as supervisor:
        for name in "abc":
            mark = tmp_path / name
            argv = [PYTHON, "-c", program.format(log=str(log), name=name, mark=str(mark))]
            await supervisor.start(Child(name, argv), exists(mark))
    assert log.read_text() == "cba"


async def test_stubborn_child_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    argv = [
        PYTHON,
        "-c",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"open({str(mark)!r}, 'w').write('x'); time.sleep(60)",
    ]
    async with Supervisor(SystemClock()).run() as supervisor:
        await supervisor.start(Child("stubborn", argv, stop_s=0.2), exists(mark))
        pid = supervisor.pids["stubborn"]
    assert not psutil.pid_exists(pid)


@pytest.mark.parametrize("kernel_helps", [True, False])
def test_children_end_when_the_parent_is_killed(tmp_path: Path, kernel_helps: bool) -> None:
    mark = tmp_path / "mark"
    program = textwrap.dedent(f"""
        import asyncio, sys
        import stream_server.lifeline as lifeline
        if not {kernel_helps}:
            lifeline.HAS_PARENT_DEATH_SIGNAL = False
            lifeline._libc = None
        from stream_server.clock import SystemClock
        from stream_server.supervisor import Child, Supervisor

        async def main():
            async def ready():
                return True
            async with Supervisor(SystemClock()).run() as supervisor:
                child = "import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
                await supervisor.start(Child("child", [sys.executable, "-c", child]), ready)
                await asyncio.sleep(60)

        asyncio.run(main())
    """)
    if kernel_helps and sys.platform != "linux":
        pytest.skip("only Linux has PR_SET_PDEATHSIG")
    parent = subprocess.Popen([PYTHON, "-c", program])
    try:
        wait_until(lambda: mark.exists() and mark.read_text() != "")
        child = int(mark.read_text())
        parent.kill()
        parent.wait()
        wait_until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    finally:
        parent.kill()
        parent.wait()


def wait_until(happened: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline, "did not happen within 10 s"
        time.sleep(0.02)
