"""ICE over TCP (RFC 6544): passive connections on the media port's number, for networks that let no UDP through.

Each frame is a datagram behind two bytes of length (RFC 4571); to the rest of the media plane a connection is a
socket with one address. Nothing waits here either: what a slow reader leaves no room for is dropped, as UDP would.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Protocol

import structlog

from stream_server.media.metrics import Counters
from stream_server.media.seams import Address

log = structlog.get_logger(__name__)

MAX_UNSENT_BYTES = 256 * 1024
"""Kept for one slow reader: 0.8 s of picture at 2.5 Mbit/s. What comes later would come too late anyway."""
MAX_FRAME_BYTES = 2048
MAX_UNPROVEN = 64
"""Connections without an authentic check yet; the oldest makes room, since an honest one needs one round trip."""
PROOF_TIMEOUT_S = 5.0
MAX_STRAYS = 16
"""Frames that an unproven connection may send in vain."""
_READ_BYTES = 65536
_NOT_SENT_BYTES = 16 * 1024
"""What the kernel takes beyond the network's own window (TCP_NOTSENT_LOWAT): without it Linux hoards 4 MB, which is
half a minute of delay on a slow link."""
_BACKLOG = 64
_NO_ROOM = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))


class ConnectionHandler(Protocol):
    """Whoever is told what connections bring; the endpoint."""

    def on_frames(self, connection: TcpConnection, frames: list[bytes]) -> None:
        """Whole frames arrived, in order."""

    def on_disconnected(self, connection: TcpConnection) -> None:
        """Nothing comes or goes through it any more."""


class TcpConnection:
    """One accepted connection, used like a datagram socket that has a single peer."""

    def __init__(self, connected: socket.socket, address: Address, now_s: float, handler: ConnectionHandler) -> None:
        self._socket = connected
        self._handler = handler
        self._loop = asyncio.get_running_loop()
        self._unread = b""
        self._unsent = bytearray()
        self.address = address
        self.key: Address = ("tcp", *address)
        """What tells it from every other path: UDP addresses begin with a host."""
        self.opened_s = now_s
        self.strays = 0
        self.is_proven = False
        """It has carried an authentic connectivity check."""
        self.is_closed = False
        self._loop.add_reader(connected, self._on_readable)

    def sendto(self, data: bytes | bytearray | memoryview, address: Address) -> int:
        """Send one frame, now or when there is room in the network. Raises: OSError when it is dropped."""
        if self.is_closed:
            raise ConnectionResetError
        frame = len(data).to_bytes(2, "big") + data
        if self._unsent:
            if len(self._unsent) + len(frame) > MAX_UNSENT_BYTES:
                raise BlockingIOError
            self._unsent += frame
            return len(data)
        try:
            taken = self._socket.send(frame)
        except BlockingIOError:
            taken = 0
        if taken < len(frame):
            self._unsent += frame[taken:]
            self._loop.add_writer(self._socket, self._on_writable)
        return len(data)

    def close(self) -> None:
        """Close it; the handler is not called. May be called twice."""
        if not self.is_closed:
            self.is_closed = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._unsent.clear()
            self._socket.close()

    def _on_writable(self) -> None:
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._disconnect()
            return
        if not self._unsent:
            self._loop.remove_writer(self._socket)

    def _on_readable(self) -> None:
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._disconnect()
            return
        try:
            frames = self._take_frames(data)
        except ValueError:  # not RFC 4571; where the next frame begins is unknown for ever
            self._disconnect()
            return
        if frames:
            self._handler.on_frames(self, frames)

    def _take_frames(self, data: bytes) -> list[bytes]:
        """Cut what arrived into frames; an unfinished one is kept. Raises: ValueError when one is too long."""
        data = self._unread + data
        frames, at = [], 0
        while at + 2 <= len(data):
            size = int.from_bytes(data[at : at + 2], "big")
            if size > MAX_FRAME_BYTES:
                raise ValueError("too long a frame")
            if at + 2 + size > len(data):
                break
            frames.append(data[at + 2 : at + 2 + size])
            at += 2 + size
        self._unread = data[at:]
        return frames

    def _disconnect(self) -> None:
        if not self.is_closed:
            self.close()
            self._handler.on_disconnected(self)


class TcpDoor:
    """Listens and keeps the connections: few of them unproven, and those not for long."""

    def __init__(self, counters: Counters, clock_s: Callable[[], float], handler: ConnectionHandler) -> None:
        self._counters = counters
        self._clock_s = clock_s
        self._handler = handler
        self._listeners: list[socket.socket] = []
        self._is_listening = False
        self._connections: dict[Address, TcpConnection] = {}
        self._unproven: dict[Address, TcpConnection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def open(self, family: socket.AddressFamily, address: str, port: int) -> None:
        """Listen there too. Raises: OSError."""
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of our predecessor linger
            listener.bind((address, port))
            listener.listen(_BACKLOG)
        except OSError:
            listener.close()
            raise
        self._listeners.append(listener)
        self._listen()

    def close(self) -> None:
        """Stop listening and close every connection."""
        self._pause()
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        for connection in list(self._connections.values()):
            self.drop(connection.key)

    def drop(self, key: Address) -> None:
        """Close the connection with this key, if it is one of ours."""
        connection = self._connections.pop(key, None)
        if connection is not None:
            self._unproven.pop(key, None)
            connection.close()

    def prove(self, connection: TcpConnection) -> None:
        """It carried an authentic check and may stay as long as its link."""
        connection.is_proven = True
        self._unproven.pop(connection.key, None)

    def forget(self, connection: TcpConnection) -> None:
        """It was closed from outside."""
        if self._connections.get(connection.key) is connection:
            del self._connections[connection.key]
            self._unproven.pop(connection.key, None)

    def expire(self, now_s: float) -> None:
        """Close what did not prove itself in time. Call it about once a second."""
        for connection in list(self._unproven.values()):
            if now_s - connection.opened_s > PROOF_TIMEOUT_S:
                self._evict(connection)
        if not self._is_listening:
            self._listen()

    def _evict(self, connection: TcpConnection) -> None:
        self._counters.tcp_evicted += 1
        self.drop(connection.key)

    def _listen(self) -> None:
        self._is_listening = True
        for listener in self._listeners:
            asyncio.get_running_loop().add_reader(listener, self._accept, listener)

    def _pause(self) -> None:
        self._is_listening = False
        for listener in self._listeners:
            asyncio.get_running_loop().remove_reader(listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            connected, address = listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:  # the loop would call us again at once, for ever
                log.warning("cannot accept connections for now", reason=str(error))
                self._pause()
            return
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _NOT_SENT_BYTES)
        if len(self._unproven) >= MAX_UNPROVEN:
            self._evict(next(iter(self._unproven.values())))
        connection = TcpConnection(connected, address, self._clock_s(), self._handler)
        before = self._connections.get(connection.key)
        if before is not None:  # the same port of theirs again, and we have not seen the end of its last connection
            before.close()
            self._handler.on_disconnected(before)
        self._connections[connection.key] = self._unproven[connection.key] = connection
        self._counters.tcp_accepted += 1
