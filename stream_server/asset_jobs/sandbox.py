"""What a job's process may do: read the programs, write its own folder, compute for a while. Nothing else.

The process confines itself before it looks at the file, so nothing that a file can make a decoder do happens outside.
The layers do not need each other; which ones a machine allows is reported (docs/operations.md says what each stops).
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stream_server.asset_jobs import kernel

MB = 2**20


@dataclass(frozen=True)
class SandboxLimits:
    """What one job may use. The wall clock and the memory of all its processes together are the parent's to watch."""

    memory_bytes: int = 2048 * MB
    """Writable memory of one process (RLIMIT_DATA: WebAssembly reserves 22 GB of addresses that it never touches),
    and what all processes of the job hold together."""
    cpu_s: int = 600
    wall_s: float = 600.0
    file_bytes: int = 256 * MB
    open_files: int = 256
    processes: int = 64
    """Counted by user, so only with a user of its own."""


@dataclass(frozen=True)
class Confinement:
    """How a child confines itself; travels to it as JSON."""

    work: str
    """The one folder that it may write."""
    limits: SandboxLimits
    user: int | None = None
    """A user id of its own, when the server runs as root."""

    def to_json(self) -> dict[str, Any]:
        """For the wire."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Confinement:
        """What `to_json` wrote."""
        return cls(data["work"], SandboxLimits(**data["limits"]), data["user"])


def programs() -> list[Path]:
    """What the converter is made of: Python, its packages, Node, system libraries; no data of the server."""
    house = Path(__file__).resolve().parents[2]
    return [
        Path(sys.prefix),
        Path(sys.base_prefix),
        house / "ar_assets",
        house / "stream_server",
        *(Path(folder) for folder in ("/usr", "/bin", "/lib", "/lib64", "/opt", "/etc/ld.so.cache", "/etc/ssl")),
        *(Path(file) for file in ("/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/proc")),
        *(Path(device) for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")),
    ]


def reachable_by_others(paths: list[Path]) -> bool:
    """Whether another user could run the programs; with Python in root's home directory that is not so."""
    for path in paths:
        for part in (path, *path.parents):
            try:
                mode = part.stat().st_mode
            except OSError:
                continue
            if not mode & 0o001:
                return False
    return True


def confine(how: Confinement) -> dict[str, str]:
    """Give up what a job does not need. Returns layer → ``on`` or why not. Call before any thread starts."""
    limits = how.limits
    work = Path(how.work)
    own_user = _own_user(how.user)
    layers: list[tuple[str, Callable[[], object]]] = [
        ("limits", lambda: _limit(limits, with_processes=how.user is not None)),
        ("behind everything else", _step_back),
        ("no network", kernel.leave_network),
        ("own user", own_user),
        ("no capabilities", kernel.drop_capabilities),
        ("no new privileges", kernel.no_new_privileges),
        ("own files only", lambda: kernel.restrict_files(programs(), [work])),
        ("no sockets", kernel.refuse_calls),
    ]
    return {name: _attempt(layer) for name, layer in layers}


def _attempt(layer: Callable[[], object]) -> str:
    try:
        layer()
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return "on"


def _limit(limits: SandboxLimits, *, with_processes: bool) -> None:
    # Soft below hard for memory: the library gives its Node process a limit of its own, at most this one.
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, most))
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if with_processes:
        wanted[resource.RLIMIT_NPROC] = limits.processes
    for kind, amount in wanted.items():
        resource.setrlimit(kind, (amount, amount))


def _step_back() -> None:
    """The live show comes first: on a busy machine a job gets what is left, and it is the first to go without memory.

    The scheduler weighs sessions before it weighs their processes (autogroup), so ours is put last as well.
    """
    os.nice(19)
    for name, value in (("autogroup", "19"), ("oom_score_adj", "800")):
        try:
            Path("/proc/self", name).write_text(value)
        except OSError:
            continue  # not a Linux, or one without


def _own_user(user: int | None) -> Callable[[], object]:
    def become() -> None:
        if user is None:
            raise OSError(1, "the server does not run as root, or its programs are closed to others")
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)

    return become
