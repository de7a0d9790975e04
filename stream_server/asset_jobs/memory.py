"""How much memory a job holds, with every process that it started."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")


def session_memory_bytes(session: int) -> int:
    """Resident memory of all processes of a session (proc_pid_stat(5)); 0 where there is no /proc."""
    if not _PROC.is_dir():
        return 0
    return sum(_pages(entry.name, session) for entry in os.scandir(_PROC) if entry.name.isdigit()) * _PAGE


def _pages(pid: str, session: int) -> int:
    try:
        # The name in parentheses may contain anything, so fields are counted from its end: state is the first.
        fields = (_PROC / pid / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0  # it ended meanwhile
    return int(fields[21]) if len(fields) > 21 and int(fields[3]) == session else 0
