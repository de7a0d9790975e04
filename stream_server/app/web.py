"""The web process, as the command line starts it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from starlette.types import ASGIApp

from stream_server.app.application import create_app
from stream_server.app.choices import Choices
from stream_server.app.parts import Parts, open_services
from stream_server.app.ports import open_ports
from stream_server.config import Config
from stream_server.web.logging import configure_logging
from stream_server.web.server import ServerOptions, WebServer, listen, raise_file_limit

COME_BACK_S = 1.5
"""What clients are told when this process ends: a restart takes about that long."""


async def serve_web(config: Config, runtime_dir: Path, stop: asyncio.Event) -> None:
    """Run one web process until ``stop`` is set.

    The end, in order: not ready any more, clients told when to come back, open requests finished, features and
    stores closed. Raises: AddressInUse, MissingSecret, Unavailable.
    """
    configure_logging(config.log_format, config.log_level)
    raise_file_limit()
    options = ServerOptions(config.http_host, config.http_port, config.trusted_proxies)
    choices = Choices.of(config)
    with listen(options) as listener:
        port = listener.getsockname()[1]
        async with open_ports(config, runtime_dir, port) as ports, open_services(ports, choices) as parts:
            await serve_app(create_app(parts, choices), parts, options, listener, stop)


async def serve_app(
    app: ASGIApp, parts: Parts, options: ServerOptions, listener: socket.socket, stop: asyncio.Event
) -> None:
    """Serve on a socket that listens already, until ``stop`` is set; then take leave of the clients."""
    server = WebServer(app, options)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve(sockets=[listener]), name="uvicorn")
        stopping = group.create_task(stop.wait(), name="until stopped")
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        parts.health.close()
        await parts.hub.close(COME_BACK_S)
        server.stop()
