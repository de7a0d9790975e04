"""The one port, UDP and TCP: sockets, demultiplexing, and the sweep that ends silent links.

Each advertised address has its own socket. One socket on 0.0.0.0 would not do: replies leave with whatever source
address routing picks, and Chromium ignores answers that do not come from the candidate it asked (482 of 482 in a
measurement).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable

import structlog

from stream_server.clock import Clock
from stream_server.media.ice import Candidate
from stream_server.media.link import MAX_ADDRESSES, Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.seams import Address, host_addresses, parse_binding_request
from stream_server.media.tcp import MAX_STRAYS, TcpConnection, TcpDoor

log = structlog.get_logger(__name__)

READ_BATCH = 128
"""Datagrams read from one socket before the loop gets its turn again."""
SWEEP_S = 1.0
MAX_LISTEN_ADDRESSES = 8
_BUFFER_BYTES = 4 * 1024 * 1024
_MAX_DATAGRAM = 2048
_TRIES = 16


class Endpoint:
    """Owner of the sockets and of who is reached through them."""

    def __init__(self, clock: Clock, counters: Counters, batch_done: Callable[[], None]) -> None:
        """``batch_done`` is called after each burst of datagrams: send now what they led to."""
        self._clock = clock
        self._counters = counters
        self._batch_done = batch_done
        self._sockets: list[socket.socket] = []
        self._links: dict[str, Link] = {}
        self._by_address: dict[Address, Link] = {}
        """By `Path.key`."""
        self.tcp = TcpDoor(counters, clock.monotonic_s, self)
        self.candidates: list[Candidate] = []

    def open(self, addresses: tuple[str, ...], port: int, public_address: str | None) -> None:
        """Listen on ``port`` of each address. Raises: OSError when none of them can be had.

        An address that cannot be bound (an interface just going away) is left out with a warning; so is TCP where
        another program has that port.
        """
        over_tcp: list[Candidate] = []
        loop = asyncio.get_running_loop()
        listen_on = (addresses or (*host_addresses(), "127.0.0.1"))[:MAX_LISTEN_ADDRESSES]
        port = port or _free_number(listen_on[0])
        for address in listen_on:
            try:
                listener = _bind(address, port)
            except OSError as error:
                log.warning("cannot listen on this address", address=address, port=port, reason=str(error))
                continue
            port = listener.getsockname()[1]
            self._sockets.append(listener)
            self.candidates.append(Candidate(address, port))
            loop.add_reader(listener, self._on_readable, listener)
            try:
                self.tcp.open(listener.family, address, port)
            except OSError as error:
                log.warning("no media over TCP on this address", address=address, port=port, reason=str(error))
            else:
                over_tcp.append(Candidate(address, port, "tcp"))
        if not self._sockets:
            raise OSError(f"UDP port {port} cannot be had on any address")
        if public_address is not None:
            found = socket.getaddrinfo(public_address, port, type=socket.SOCK_DGRAM)
            hosts = dict.fromkeys(str(entry[4][0]) for entry in found)
            self.candidates = [Candidate(host, port) for host in hosts]
            over_tcp = [Candidate(host, port, "tcp") for host in hosts] if over_tcp else []
        # After all of UDP: FFmpeg's WHIP muxer looks at the first candidate only.
        self.candidates += over_tcp

    def close(self) -> None:
        """Close the sockets; the links are their owners' business."""
        self.tcp.close()
        loop = asyncio.get_running_loop()
        for listener in self._sockets:
            loop.remove_reader(listener)
            listener.close()
        self._sockets.clear()

    async def sweep(self, connect_timeout_s: float, consent_timeout_s: float) -> None:
        """End silent links, for ever."""
        while True:
            await asyncio.sleep(SWEEP_S)
            now_s = self._clock.monotonic_s()
            self.tcp.expire(now_s)
            for link in list(dict.fromkeys(self._links.values())):
                try:
                    link.expire(now_s, connect_timeout_s, consent_timeout_s)
                except Exception:  # fault boundary of one peer
                    log.exception("a link could not be ended")

    # ------------------------------------------------------------ links

    def add(self, link: Link) -> None:
        """Let datagrams reach ``link``. Again after an ICE restart gave it further credentials."""
        self._forget_ufrags(link)
        for credentials in (link.credentials, link.offered_credentials):
            if credentials is not None:
                self._links[credentials.ufrag] = link

    def remove(self, link: Link) -> None:
        """Forget ``link``: its datagrams are strays from now on."""
        self._forget_ufrags(link)
        for address in link.addresses:
            if self._by_address.get(address) is link:
                self._drop(address)
        link.addresses.clear()

    def _forget_ufrags(self, link: Link) -> None:
        for ufrag in [ufrag for ufrag, other in self._links.items() if other is link]:
            del self._links[ufrag]

    # ------------------------------------------------------------ datagrams

    def _on_readable(self, listener: socket.socket) -> None:
        now_s = self._clock.monotonic_s()
        receive = listener.recvfrom
        for _ in range(READ_BATCH):
            try:
                data, address = receive(_MAX_DATAGRAM)
            except BlockingIOError:
                break
            except OSError:  # an ICMP error of an earlier datagram; the next read is good again
                continue
            if data:
                self._on_datagram(data, address, listener, address, now_s)
        self._batch_done()

    def on_frames(self, connection: TcpConnection, frames: list[bytes]) -> None:
        """See `ConnectionHandler`."""
        now_s = self._clock.monotonic_s()
        for data in frames:
            if connection.is_closed:  # what it carried before ended its link
                break
            if data:
                self._on_datagram(data, connection.key, connection, connection.address, now_s)
            if not connection.is_proven:
                connection.strays += 1
                if connection.strays > MAX_STRAYS:
                    self._counters.tcp_evicted += 1
                    self.tcp.drop(connection.key)
        self._batch_done()

    def on_disconnected(self, connection: TcpConnection) -> None:
        """See `ConnectionHandler`."""
        self.tcp.forget(connection)
        link = self._by_address.pop(connection.key, None)
        if link is not None:
            link.addresses.remove(connection.key)
            link.on_path_lost(Path(connection, connection.address))

    def _on_datagram(
        self, data: bytes, key: Address, carrier: socket.socket | TcpConnection, address: Address, now_s: float
    ) -> None:
        link = None
        try:
            if data[0] < 4:
                self._on_stun(data, Path(carrier, address), now_s)
                return
            link = self._by_address.get(key)
            if link is None or not link.receive(data, now_s):
                self._counters.stray_datagrams += 1
        except Exception:
            log.exception("a datagram could not be handled")
            if link is not None:
                link.fail()

    def _on_stun(self, data: bytes, path: Path, now_s: float) -> None:
        request = parse_binding_request(data)
        link = None if request is None else self._links.get(request.ufrag)
        reply = None
        if request is not None and link is not None:
            before = link.credentials
            reply = link.on_check(request, path, now_s)
            if reply is not None and link.credentials is not before:
                self._links.pop(before.ufrag, None)  # an ICE restart was carried out
        if link is None or reply is None:
            self._counters.stray_datagrams += 1
            return
        self._learn(link, path)
        try:
            path.socket.sendto(reply, path.address)
        except OSError:
            return
        link.after_check()

    def _learn(self, link: Link, path: Path) -> None:
        if self._by_address.get(path.key) is link:
            return
        if len(link.addresses) >= MAX_ADDRESSES:
            oldest = link.addresses.pop(0)
            if self._by_address.get(oldest) is link:
                self._drop(oldest)
        if isinstance(path.socket, TcpConnection):
            self.tcp.prove(path.socket)
        self._by_address[path.key] = link
        link.addresses.append(path.key)

    def _drop(self, key: Address) -> None:
        del self._by_address[key]
        self.tcp.drop(key)


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET


def _free_number(address: str) -> int:
    """A port that is free for TCP and UDP alike; 0 (let the kernel choose one for UDP) when none is found."""
    for _ in range(_TRIES):
        with (
            socket.socket(_family(address), socket.SOCK_STREAM) as stream,
            socket.socket(_family(address), socket.SOCK_DGRAM) as datagrams,
        ):
            try:
                stream.bind((address, 0))
                port: int = stream.getsockname()[1]
                datagrams.bind((address, port))
            except OSError:
                continue
            return port
    return 0


def _bind(address: str, port: int) -> socket.socket:
    listener = socket.socket(_family(address), socket.SOCK_DGRAM)
    try:
        listener.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            listener.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise
    return listener
