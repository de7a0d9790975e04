"""A media process with the egress that is to be measured, and nothing else."""

from __future__ import annotations

import argparse
import asyncio
import signal
from pathlib import Path

import uvloop

from stream_server.clock import SystemClock
from stream_server.media.control_server import ControlServer
from stream_server.media.egress import PythonEgress
from stream_server.media.native_egress import with_streams
from stream_server.media.options import MediaOptions
from stream_server.media.relay import Relay

EGRESSES = {"native": with_streams, "python": PythonEgress}


async def serve(egress: str, options: MediaOptions) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    control = ControlServer(options.socket_path)
    relay = Relay(options, SystemClock(), EGRESSES[egress], control.emit)
    async with relay.run(), control.run(relay):
        await stop.wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--egress", choices=EGRESSES, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--index", type=int, default=0)
    parser.add_argument("--trunk", type=Path, nargs="*", default=[], help="one socket for each process of the server")
    given = parser.parse_args()
    options = MediaOptions(
        socket_path=given.socket,
        index=given.index,
        trunk_paths=tuple(given.trunk),
        port=0,
        addresses=(given.address,),
        max_connecting=400,
        consent_timeout_s=600,
        unwatched_s=0.2,
    )
    uvloop.run(serve(given.egress, options))


if __name__ == "__main__":
    main()
