"""The demo host's camera: publishes a file in a loop by WHIP, through the same door as any host.

Each attempt is a process of its own (`session`), watched from here: it is started again, with growing pauses, when the
server is away, refuses or drops it, and killed when it hangs. While somebody else films, it waits: a newcomer who opens
the host's link and goes live has the show to themselves.

    VITRINE_DEMO_TOKEN=… python -m stream_server.demo.publisher --url http://127.0.0.1:8080/whip/SHOW
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from stream_server.clock import Clock, SystemClock
from stream_server.demo.director import Director
from stream_server.demo.session import TOKEN_ENV
from stream_server.demo.shop import packaged
from stream_server.lifeline import die_with_parent, tethered

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0
STEADY_AFTER_S = 10.0
"""A session that lasted this long was a good one: the next retry is quick again."""
HANDSHAKE_S = 10.0
"""A session that gives no first sign for so long hangs."""
SILENT_AFTER_S = 3.5
"""A session that was sending and gives no sign for so long hangs: its sign comes every second."""
LEAVE_S = 2.0
"""Time for the DELETE on leaving."""
LOOK_AGAIN_S = 2.0
"""Between two looks whether somebody else still films."""


def on_air(show_url: str) -> bool:
    """Whether somebody broadcasts to a show (its REST address); a server that does not answer counts as no."""
    try:
        with urllib.request.urlopen(show_url, timeout=2) as reply:
            return bool(json.load(reply).get("status") == "live")
    except (OSError, ValueError):
        return False


def publish_forever(
    url: str,
    token: str,
    file: Path,
    stop: threading.Event,
    clock: Clock | None = None,
    is_taken: Callable[[], bool] = lambda: False,
    tick: Callable[[], None] = lambda: None,
) -> None:
    """Publish ``file`` to the WHIP endpoint ``url`` until ``stop`` is set, whatever the server does.

    Before each attempt it waits for as long as ``is_taken`` says that another one films. ``tick`` is called for every
    second that was sent.

    Blocks. Raises: FileNotFoundError when there is no such file.
    """
    if not file.is_file():
        raise FileNotFoundError(file)
    argv = [sys.executable, "-m", "stream_server.demo.session", "--url", url, "--file", str(file)]
    keep_on_air(lambda: argv, {TOKEN_ENV: token}, stop, clock, is_taken, tick)


def keep_on_air(
    session_argv: Callable[[], list[str]],
    environment: Mapping[str, str],
    stop: threading.Event,
    clock: Clock | None = None,
    is_taken: Callable[[], bool] = lambda: False,
    tick: Callable[[], None] = lambda: None,
    handshake_s: float = HANDSHAKE_S,
) -> None:
    """Run one session process after the other until ``stop`` is set; see `publish_forever`.

    A session gives a sign of life, a byte on its standard output, about once a second; the first within
    ``handshake_s``. ``session_argv`` is asked before each; ``environment`` is added to ours.
    """
    clock = clock or SystemClock()
    pause_s = FIRST_RETRY_S
    while not stop.is_set():
        while is_taken() and not stop.wait(LOOK_AGAIN_S):
            pass
        if stop.is_set():
            return
        began_s = clock.monotonic_s()
        _watch_session(session_argv(), environment, stop, clock, tick, handshake_s)
        if stop.is_set():
            return
        if clock.monotonic_s() - began_s > STEADY_AFTER_S:
            pause_s = FIRST_RETRY_S
        logger.info("publishing again in %.1f s", pause_s)
        stop.wait(pause_s)
        pause_s = min(pause_s * 2, LONGEST_RETRY_S)


def _watch_session(
    argv: list[str],
    environment: Mapping[str, str],
    stop: threading.Event,
    clock: Clock,
    tick: Callable[[], None],
    handshake_s: float,
) -> None:
    """Run one session until it ends, hangs, or ``stop`` is set; afterwards its process is gone."""
    session = subprocess.Popen(
        tethered(argv),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **environment},  # noqa: TID251
        preexec_fn=die_with_parent,
    )
    with session:
        assert session.stdout is not None
        try:
            heard_s, patience_s = clock.monotonic_s(), handshake_s
            while not stop.is_set() and clock.monotonic_s() - heard_s < patience_s:
                ready, _, _ = select.select([session.stdout], [], [], 0.2)
                if not ready:
                    continue
                if not os.read(session.stdout.fileno(), 1024):
                    return
                tick()
                heard_s, patience_s = clock.monotonic_s(), SILENT_AFTER_S
            if stop.is_set():
                session.terminate()
                session.wait(LEAVE_S)
            else:
                logger.warning("the session hangs and is ended")
        except subprocess.TimeoutExpired:
            logger.warning("the session did not take leave")
        finally:
            session.kill()


def main(arguments: list[str] | None = None) -> int:
    """Run as a process; ends on SIGTERM or SIGINT, or with its parent."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.demo.publisher", description=__doc__)
    parser.add_argument("--url", required=True, help="WHIP endpoint of the show")
    parser.add_argument("--file", type=Path, help="H.264 and Opus in MP4; default: the demo host")
    parser.add_argument("--token-env", default=TOKEN_ENV, help="environment variable that holds the host's token")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(options.token_env, "")  # noqa: TID251
    if not token:
        parser.error(f"{options.token_env} is empty")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    parent = os.getppid()
    die_with_parent()
    if os.getppid() != parent:
        return 0
    file = options.file or Path(str(packaged("host.mp4")))
    show_url = options.url.replace("/whip/", "/api/shows/", 1)
    director = Director(options.url, token)
    publish_forever(options.url, token, file, stop, is_taken=lambda: on_air(show_url), tick=director.tick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
