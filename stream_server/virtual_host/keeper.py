"""Keeps a show's virtual host at the door: each session is a process of its own, started again when it ends or hangs.

While a person films, the relay keeps it off the air; it steps in when their picture stops, and back when it returns.

    VITRINE_VIRTUAL_HOST_TOKEN=… python -m stream_server.virtual_host.keeper --server http://127.0.0.1:8080 --show SHOW
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import urllib.request
from types import FrameType

from stream_server.demo.publisher import keep_on_air
from stream_server.lifeline import die_with_parent

logger = logging.getLogger(__name__)

TOKEN_ENV = "VITRINE_VIRTUAL_HOST_TOKEN"
HANDSHAKE_S = 30.0
"""To its first sign a session reads the show, opens its voices and decodes pictures."""


def person_of(server: str, token: str) -> str:
    """The id of the person as whom the host acts. Raises: OSError, ValueError when the server does not say."""
    request = urllib.request.Request(f"{server}/api/me", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return str(json.load(reply)["person_id"])


def main(arguments: list[str] | None = None) -> int:
    """Run as a process; ends on SIGTERM or SIGINT, or with its parent."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.virtual_host.keeper", description=__doc__)
    parser.add_argument("--server", required=True, help="base URL of the server")
    parser.add_argument("--show", required=True, help="id of the show")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--patience", type=float, default=2.0, help="seconds on air before it begins to speak")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(TOKEN_ENV, "")  # noqa: TID251
    if not token:
        parser.error(f"{TOKEN_ENV} is empty")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    parent = os.getppid()
    die_with_parent()
    if os.getppid() != parent:
        return 0
    session = [sys.executable, "-m", "stream_server.virtual_host.session", "--server", options.server]
    session += ["--show", options.show, "--lang", options.lang, "--patience", str(options.patience)]

    def argv() -> list[str]:
        try:
            return [*session, "--own-id", person_of(options.server, token)]
        except (OSError, ValueError, KeyError) as error:
            logger.warning("the server does not say who the host is: %s", error)
            return [*session, "--own-id", ""]

    keep_on_air(argv, {TOKEN_ENV: token}, stop, handshake_s=HANDSHAKE_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
