"""Light peers that speak ICE over TCP: the same checks, handshake and packets, each behind two bytes of length."""

from __future__ import annotations

import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.light_viewer import LightPeer, offer
from stream_server.media.ice import IceCredentials
from stream_server.signaling.media_plane import Answer


def framed(data: bytes) -> bytes:
    """RFC 4571."""
    return len(data).to_bytes(2, "big") + data


@dataclass
class TcpPeer(LightPeer):
    """A `LightPeer` on a connection."""

    unread: bytes = b""

    def send(self, data: bytes) -> bool:
        try:
            return self.socket.send(framed(data)) == len(data) + 2
        except OSError:
            return False

    def read(self) -> None:
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return
            if not data:
                return
            self.unread += data
            while len(self.unread) > 1 and len(self.unread) >= (end := 2 + int.from_bytes(self.unread[:2], "big")):
                self.take(self.unread[2:end])
                self.unread = self.unread[end:]


def tcp_candidates(answer: Answer) -> list[tuple[str, int]]:
    """Where the answer lets us connect."""
    found = re.findall(r"a=candidate:\S+ 1 tcp \d+ (\S+) (\d+) typ host tcptype passive", answer.sdp)
    return [(host, int(port)) for host, port in dict.fromkeys(found)]


def connected(where: tuple[str, int]) -> socket.socket:
    """A non-blocking connection."""
    made = socket.create_connection(where, timeout=2)
    made.setblocking(False)
    return made


async def open_tcp_peer(ask: Callable[[str], Awaitable[Answer]], direction: str = "recvonly") -> TcpPeer:
    """Offer, connect over TCP. Raises: TimeoutError and whatever the server answers."""
    credentials = IceCredentials.make()
    answer = await ask(offer(credentials, direction))
    where = tcp_candidates(answer)[0]
    peer = TcpPeer(answer, credentials, connected(where), where)
    try:
        await peer.connect()
    except BaseException:
        peer.close()
        raise
    return peer
