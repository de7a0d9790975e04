"""uvicorn, set up for us: our socket, our WebSocket protocol, our way to stop."""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from stream_server.signaling.messages import MAX_MESSAGE_BYTES
from stream_server.web.fanout import FrameSocketProtocol
from stream_server.web.http_protocol import BoundedHttpProtocol

GRACEFUL_S = 10
"""uvicorn waits without limit for open responses unless told otherwise."""
BACKLOG = 1024
MAX_FILES = 65_536


@dataclass(frozen=True)
class ServerOptions:
    """Where to listen and whom to believe."""

    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: Sequence[str] = ("127.0.0.1", "::1")
    """Addresses of reverse proxies whose X-Forwarded-For names the client."""


class AddressInUse(OSError):
    """Somebody else listens on the wanted port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Port {port} on {host} is taken. Set VITRINE_HTTP_PORT to a free one.")


def listen(options: ServerOptions) -> socket.socket:
    """Bind the HTTP port before anything else is started. Raises: AddressInUse, OSError."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # the protocol is named because asyncio turns Nagle's algorithm off (40 ms an answer) only where it is
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6 and options.host == "::":
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind((options.host, options.port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        if error.errno in (98, 48):  # EADDRINUSE on Linux and macOS
            raise AddressInUse(options.host, options.port) from error
        raise
    return listener


def raise_file_limit() -> int:
    """Let this process have as many connections as the system allows it; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(soft, wanted)


class WebServer(uvicorn.Server):
    """A server that leaves the signals to the process: who starts it also says when it stops."""

    def __init__(self, app: ASGIApp, options: ServerOptions) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=BoundedHttpProtocol,
                ws=FrameSocketProtocol,
                ws_max_size=4 * MAX_MESSAGE_BYTES,  # what is only a little too long gets a `Problem` first
                ws_per_message_deflate=False,
                ws_ping_interval=20,
                ws_ping_timeout=20,
                lifespan="off",  # parts are opened outside: see `app.serve_web`
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=list(options.trusted_proxies),
                timeout_keep_alive=20,
                timeout_graceful_shutdown=GRACEFUL_S,
                backlog=BACKLOG,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no handlers."""
        yield

    def stop(self) -> None:
        """Stop accepting, close WebSockets with 1012, wait for open requests; `serve` returns then."""
        self.should_exit = True
