"""How busy the machine was with things that are not ours: a story about smooth video needs to know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil


@dataclass
class OtherLoad:
    """CPU used by others in a stretch of time."""

    cores: float = 0.0
    """Cores kept busy by processes that we did not start; valid after the block."""


def _busy_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _own() -> dict[int, float]:
    """CPU seconds of this process and everything that it started."""
    us = psutil.Process()
    found: dict[int, float] = {}
    for process in (us, *us.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


@contextmanager
def other_load(seconds: float) -> Iterator[OtherLoad]:
    """Measure over a block that takes about ``seconds``."""
    load = OtherLoad()
    busy, own = _busy_s(), _own()
    yield load
    ours = sum(after - own.get(pid, 0.0) for pid, after in _own().items())
    load.cores = max(0.0, (_busy_s() - busy - ours) / seconds)
