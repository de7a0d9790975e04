"""A network between one client and the media process that can be cut, thinned out, or give the client a new address."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

READ_BATCH = 256


def _bound() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    return made


class UdpProxy:
    """Forwards between whoever sent to ``address`` last and the server. Use `udp_proxy`."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = server
        self._client: tuple[str, int] | None = None
        self._near = _bound()
        self._far = _bound()
        self._listen()
        self.is_cut = False
        """Swallow everything, both ways."""
        self.swallowed = 0

    @property
    def address(self) -> tuple[str, int]:
        """Where the client sends to."""
        name: tuple[str, int] = self._near.getsockname()
        return name

    def rebind(self) -> None:
        """The client appears under another address from now on; what comes to the old one is lost."""
        self._loop.remove_reader(self._far)
        self._far.close()
        self._far = _bound()
        self._loop.add_reader(self._far, self._from_server)

    def close(self) -> None:
        """Forward nothing any more."""
        for end in (self._near, self._far):
            self._loop.remove_reader(end)
            end.close()

    def _listen(self) -> None:
        self._loop.add_reader(self._near, self._from_client)
        self._loop.add_reader(self._far, self._from_server)

    def _from_client(self) -> None:
        for data, address in _read(self._near):
            self._client = address
            self._forward(self._far, data, self._server)

    def _from_server(self) -> None:
        for data, _ in _read(self._far):
            if self._client is not None:
                self._forward(self._near, data, self._client)

    def _forward(self, out: socket.socket, data: bytes, to: tuple[str, int]) -> None:
        if self.is_cut:
            self.swallowed += 1
            return
        try:
            out.sendto(data, to)
        except OSError:
            self.swallowed += 1


def _read(end: socket.socket) -> Iterator[tuple[bytes, tuple[str, int]]]:
    for _ in range(READ_BATCH):
        try:
            yield end.recvfrom(2048)
        except OSError:
            return


@contextmanager
def udp_proxy(server: tuple[str, int]) -> Iterator[UdpProxy]:
    """A proxy before ``server`` for as long as the block lasts."""
    proxy = UdpProxy(server)
    try:
        yield proxy
    finally:
        proxy.close()
