"""One host being listened to; runs as a process of its own.

A recogniser is native code and busies a core: when it breaks or hangs, the show goes on and its keeper starts another
one. A line a second on standard output says that it lives.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

import httpx2

from avatar.errors import ListeningUnavailable
from stream_server.clock import SystemClock
from stream_server.listening.listener import Ears, HostListener, WhepDoor
from stream_server.listening.recognisers import open_commands, open_recogniser
from stream_server.virtual_host.session_process import TOKEN_ENV
from stream_server.virtual_host.wire import LiveWire

logger = logging.getLogger(__name__)

YIELDING = 5
"""Captions that are left out harm nobody; a picture that stands still does."""


async def listen(base_url: str, show_id: str, token: str, ears: Ears) -> None:
    """Listen to a show's host until cancelled. Raises: ExceptionGroup of ListeningUnavailable."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        door = WhepDoor(client, base_url, show_id)
        wire = LiveWire(base_url, show_id, token, ears.language)  # nobody reads: no translation for it
        is_near = httpx2.URL(base_url).host in ("127.0.0.1", "localhost", "::1")
        listener = HostListener(ears, wire, door.join, SystemClock(), is_near=is_near)
        try:
            await listener.run(_sign)
        finally:
            await door.close()


def _sign() -> None:
    os.write(sys.stdout.fileno(), b"\n")


def main() -> int:
    """Run as a process: 0 when told to stop, 1 when the recogniser broke (the reason is on standard error)."""
    parser = argparse.ArgumentParser(prog="python -m stream_server.listening.session", description=__doc__)
    parser.add_argument("--server", required=True, help="base URL of the server")
    parser.add_argument("--show", required=True)
    parser.add_argument("--lang", required=True, help="what is spoken, a primary subtag")
    parser.add_argument("--engine", required=True, choices=("whisper", "pocketsphinx"))
    parser.add_argument("--folder", type=Path, default=None, help="the Whisper model")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for name in ("httpx2", "websockets", "aiortc", "aioice"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # By the environment, because a command line can be read by everyone on the machine.
    token = os.environ.pop(TOKEN_ENV, "")  # noqa: TID251
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    os.nice(YIELDING)
    try:
        recogniser = open_recogniser(options.engine, options.lang, options.folder)
        ears = Ears(recogniser, open_commands(options.lang), options.lang)
    except ListeningUnavailable as error:
        logger.warning("nothing to listen with: %s", error)
        return 1
    return asyncio.run(_until_stopped(options, token, ears))


async def _until_stopped(options: argparse.Namespace, token: str, ears: Ears) -> int:
    this = asyncio.current_task()
    assert this is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    status = 1
    try:
        try:
            await listen(options.server, options.show, token, ears)
        except asyncio.CancelledError:
            status = 0  # the only one who cancels is the signal above; nothing is left to do
    except* ListeningUnavailable as group:
        for error in group.exceptions:
            logger.warning("listening ended: %s", error)
    return status


if __name__ == "__main__":
    sys.exit(main())
