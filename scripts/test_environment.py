"""Makes sure that the tests have what they need beside Python: a Chromium, coturn, the interop clients.

As root on Debian it installs ``chromium`` and ``coturn``; elsewhere it takes any Chrome it finds, else lets
Playwright download its own Chromium. It ends well in any case, and says loudly what will be skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.browser import installed_browser, playwright_browser
from tests.interop.clients_bundle import clients_bundle
from tests.turn_serving import installed_coturn

_APT_S = 600


def main() -> int:
    """Install what is missing where that is possible."""
    missing = [name for name, there in (("chromium", installed_browser()), ("coturn", installed_coturn())) if not there]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install(missing)
    if installed_browser() is None and playwright_browser() is None:
        print("Downloading a Chromium with Playwright …", flush=True)
        _run([sys.executable, "-m", "playwright", "install", "--with-deps" if _may_apt() else "--no-shell", "chromium"])
    skipped = _skipped()
    for line in skipped:
        print(f"\n!!! SKIPPED: {line}", flush=True)
    if not skipped:
        print(f"Test environment: {installed_browser() or playwright_browser()}, {installed_coturn()}", flush=True)
    return 0


def _may_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(packages: list[str]) -> None:
    print(f"Installing {', '.join(packages)} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], quiet)
    for package in packages:  # one by one: a machine may know the one and not the other
        _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], quiet)


def _run(command: list[str], environment: dict[str, str] | None = None) -> bool:
    """Run a command; print the end of what it said when it fails."""
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_APT_S, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{' '.join(command)}: {error}", flush=True)
        return False
    if done.returncode != 0:
        print(f"{' '.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-1500:]}", flush=True)
    return done.returncode == 0


def _skipped() -> list[str]:
    """What the tests will have to leave out, in words."""
    lines = []
    if installed_browser() is None and playwright_browser() is None:
        lines.append("every browser story, interop with browsers, screenshots: no Chromium or Chrome found.")
    elif installed_browser() is None:
        lines.append("nothing, but H.264 in the browser is not tried: Playwright's own Chromium speaks VP8 only.")
    if installed_coturn() is None:
        lines.append("watching through a TURN relay: coturn is not installed (Debian: apt-get install coturn).")
    try:
        clients_bundle()
    except (OSError, subprocess.SubprocessError) as error:
        lines.append(f"interop with whip-whep and @eyevinn/webrtc-player: npm could not install them ({error}).")
    return lines


if __name__ == "__main__":
    sys.exit(main())
