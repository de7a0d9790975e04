"""Children that end with their parent, however it ends.

On Linux the kernel does it (PR_SET_PDEATHSIG). Elsewhere a child is started behind this module as a program:
it holds a pipe from the parent and ends the child when the pipe closes, which also happens after SIGKILL.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading

HAS_PARENT_DEATH_SIGNAL = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if HAS_PARENT_DEATH_SIGNAL else None


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent ends; for ``preexec_fn``, from the parent's main thread.

    The signal comes when the *thread* that forked ends (prctl(2)), hence the main thread.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def tethered(argv: list[str]) -> list[str]:
    """The command line that runs ``argv`` so that it ends with us; ``argv`` itself where the kernel helps."""
    return argv if HAS_PARENT_DEATH_SIGNAL else [sys.executable, "-m", "stream_server.lifeline", *argv]


def main(argv: list[str]) -> int:
    """Run ``argv``; end it on SIGTERM, or when standard input closes."""
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def hold() -> None:
        while os.read(0, 1024):
            pass
        child.terminate()

    threading.Thread(target=hold, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
