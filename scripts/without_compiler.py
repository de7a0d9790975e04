"""Proves that `make run` needs no C compiler: a fresh clone is built and served without one.

Clones this repository's last commit, runs ``make run`` in it with ``CC`` leading nowhere, waits until the demo shop
answers, and shows what the start-up said about the egress. Takes two to five minutes, most of it installing.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT_S = 600
EGRESS = re.compile(r"media ready.*egress='?\"?(\w+)")


def free_port(kind: socket.SocketKind) -> int:
    """A port of 127.0.0.1 that nobody uses right now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether the server is ready."""
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def serve(clone: Path, data: Path) -> tuple[str | None, bool, list[str]]:
    """The egress that the start-up names, whether the shop answered, and all that was printed."""
    port, media_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VITRINE_", "MAKE"))}
    environment |= {
        "CC": "/nonexistent/cc",
        "VITRINE_HTTP_PORT": str(port),
        "VITRINE_MEDIA_PORT": str(media_port),
        "VITRINE_DATA_DIR": str(data),
    }
    process = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or []), daemon=True)
    reader.start()
    try:
        end_s = time.monotonic() + LIMIT_S
        is_ready = False
        while time.monotonic() < end_s and process.poll() is None and not is_ready:
            time.sleep(0.5)
            is_ready = answers(f"http://127.0.0.1:{port}/readyz")
        time.sleep(1)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        reader.join(5)
    found = EGRESS.search("\n".join(lines))
    return (found.group(1) if found else None), is_ready, lines


def main() -> None:
    """Clone, build, serve, judge."""
    with tempfile.TemporaryDirectory(prefix="without-compiler-") as name:
        clone = Path(name) / "vitrine"
        subprocess.run(["git", "clone", "--quiet", "--local", str(ROOT), str(clone)], check=True)
        egress, is_ready, lines = serve(clone, Path(name) / "data")
        is_built = any((clone / "stream_server/media").glob("_native*.so"))
    print("".join(line for line in lines if "egress" in line))
    if egress != "python" or not is_ready or is_built:
        print("".join(lines[-40:]))
        sys.exit(f"FAILED: ready {is_ready}, egress {egress}, extension built {is_built}")
    print("Without a compiler: `make run` serves, on the pure-Python egress, and says so.")


if __name__ == "__main__":
    main()
