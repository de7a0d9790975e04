"""The media process: endpoint, relay and control channel under one roof."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress

import structlog

from stream_server.clock import SystemClock
from stream_server.media.control_server import ControlServer
from stream_server.media.egress import Egress, PythonEgress
from stream_server.media.metrics import Counters
from stream_server.media.native_egress import choose_egress, is_built, with_streams
from stream_server.media.options import MediaOptions
from stream_server.media.relay import Relay

__all__ = ["MediaOptions", "serve_media"]

log = structlog.get_logger(__name__)

NICENESS = -5
"""Where we may (root, CAP_SYS_NICE, RLIMIT_NICE): a page that comes 5 ms later is not noticed, a frame is."""


def _go_before_others() -> None:
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


async def serve_media(options: MediaOptions, stop: asyncio.Event) -> None:
    """Serve media until ``stop`` is set, then close every session properly.

    Run it under uvloop (``uvloop.run``): a hop is 60 to 80 µs faster than on the standard loop. The control socket
    appears once everything listens. Raises: OSError when the port or the socket is taken.
    """
    _go_before_others()
    makers: dict[str, Callable[[Counters], Egress]] = {
        "auto": choose_egress,
        "native": with_streams,
        "python": PythonEgress,
    }
    control = ControlServer(options.socket_path)
    relay = Relay(options, SystemClock(), makers[options.egress], control.emit)
    async with relay.run(), control.run(relay):
        addresses = [f"{c.protocol} {c.host}:{c.port}" for c in relay.endpoint.candidates]
        egress = "native" if options.egress != "python" and is_built() else "python"
        log.info("media ready", candidates=addresses, egress=egress)
        await stop.wait()
