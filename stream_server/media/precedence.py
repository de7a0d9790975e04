"""The media process goes before others: a page that comes 5 ms later is not noticed, a frame is.

Round robin in real time (SCHED_RR) where we may (root, CAP_SYS_NICE, RLIMIT_RTPRIO): a packet then never waits for a
processor that somebody else has, and none of our own threads takes it from another in the middle of a frame. Else a
better nice value, else nothing. Real time is given up while the process uses too much of the machine: a flood on its
port must not keep the web process from working.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

import structlog

from stream_server.clock import Clock

log = structlog.get_logger(__name__)

Precedence = Literal["realtime", "nice", "none"]

NICENESS = -5
REALTIME_PRIORITY = 1
"""The lowest there is: all that matters is to come before those that have none."""
WATCH_S = 1.0
MOST_SHARE, AGAIN_SHARE = 0.4, 0.2
"""Of all cores, for all media processes together: real time is given up at the first, taken again below the second."""


class Moderation:
    """Decides whether we may keep going before others, by the share of the machine that we use."""

    def __init__(self, cores: int, processes: int) -> None:
        self._allowed_s = cores / processes
        self._goes_first = True

    def goes_first(self, used_s: float, passed_s: float) -> bool:
        """What to do after ``passed_s`` in which all our threads together used ``used_s`` of CPU."""
        share = used_s / (passed_s * self._allowed_s)
        self._goes_first = share < (MOST_SHARE if self._goes_first else AGAIN_SHARE)
        return self._goes_first


def take_precedence() -> Precedence:
    """Go before others as far as we may. Threads that are started from now on do the same."""
    found: Precedence = "none"
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
        found = "nice"
    if hasattr(os, "SCHED_RR") and _cores() > 1:  # only Linux has it; on one core nobody else would get a turn
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REALTIME_PRIORITY))
            found = "realtime"
    return found


async def moderate(processes: int, clock: Clock) -> None:
    """Give real time up and take it again as `Moderation` says, for ever.

    Args:
        processes: How many of us share the machine.
        clock: For how long it took.
    """
    moderation, was_first = Moderation(_cores(), processes), True
    at_s, used_s = clock.monotonic_s(), time.process_time()
    while True:
        await asyncio.sleep(WATCH_S)
        now_s, now_used_s = clock.monotonic_s(), time.process_time()
        goes_first = moderation.goes_first(now_used_s - used_s, now_s - at_s)
        if goes_first != was_first:
            _set_realtime(goes_first)
            log.info("precedence changed", realtime=goes_first)
        at_s, used_s, was_first = now_s, now_used_s, goes_first


def _set_realtime(on: bool) -> None:
    policy, priority = (os.SCHED_RR, REALTIME_PRIORITY) if on else (os.SCHED_OTHER, 0)
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that just ended
            os.sched_setscheduler(int(task.name), policy, os.sched_param(priority))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
