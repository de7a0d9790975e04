"""The path to one peer: ICE-lite credentials, its address, DTLS, and SRTP once the keys are there."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from stream_server.media.dtls import Dtls, Identity, Role
from stream_server.media.ice import IceCredentials
from stream_server.media.seams import (
    Address,
    BindingRequest,
    SrtpKeys,
    SrtpReceiver,
    SrtpSender,
    answer_binding,
)
from stream_server.media.tcp import TcpConnection

MAX_ADDRESSES = 8
"""Authenticated addresses of one peer; a browser shows one for each of its interfaces and address families."""
SILENT_PATH_S = 8.0
"""A path without checks for so long gives way to any other that is checked: a NAT forgot it, and not every client
(aioice) nominates again when it notices nothing."""
MAX_SSRCS = 32
"""Senders in one session; libsrtp keeps a context for each that it ever authenticated."""


@dataclass(frozen=True)
class Path:
    """Where datagrams for a peer go: from one of our sockets, or its TCP connection, to its address."""

    socket: socket.socket | TcpConnection
    address: Address

    @property
    def key(self) -> Address:
        """Tells paths apart by protocol and the peer's address."""
        return self.socket.key if isinstance(self.socket, TcpConnection) else self.address


class LinkHandler(Protocol):
    """Whoever speaks over a `Link`."""

    def on_connected(self, keys: SrtpKeys) -> None:
        """The handshake is done; media may flow."""

    def on_rtp(self, packet: bytes, now_s: float) -> None:
        """An authentic RTP packet arrived."""

    def on_rtcp(self, packet: bytes, now_s: float) -> None:
        """An authentic RTCP compound arrived."""

    def on_moved(self, path: Path) -> None:
        """The peer is reached elsewhere from now on."""

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        """The peer is gone."""


class Link:
    """One peer's transport. The endpoint feeds it; the handler is told what arrives."""

    def __init__(
        self, identity: Identity, dtls_role: Role, peer_fingerprint: str, handler: LinkHandler, now_s: float
    ) -> None:
        self._handler = handler
        self._dtls = Dtls(identity, dtls_role, peer_fingerprint, self._send, self._on_connected, self._on_dtls_closed)
        self._receiver: SrtpReceiver | None = None
        self._sender: SrtpSender | None = None
        self._ssrcs: set[bytes] = set()
        self._nominated = False
        self._path_checked_s = now_s
        self.credentials = IceCredentials.make()
        self.offered_credentials: IceCredentials | None = None
        """Ours for an ICE restart that the peer has not carried out yet; until then the old ones stay good."""
        self.addresses: list[Address] = []
        """Keys of the paths that an authentic check came by."""
        self.path: Path | None = None
        self.created_s = now_s
        self.last_seen_s = now_s
        self.is_connected = False
        self.is_closed = False

    # ------------------------------------------------------------ from the endpoint

    def on_check(self, request: BindingRequest, path: Path, now_s: float) -> bytes | None:
        """Take a connectivity check that names us; gives the reply, None when it is not authentic."""
        credentials = self.credentials
        restart = self.offered_credentials
        if restart is not None and request.ufrag == restart.ufrag:
            credentials = restart
        if request.ufrag != credentials.ufrag or not request.is_authentic(credentials.password):
            return None
        reply = answer_binding(request, path.address, credentials.password)
        if request.is_controlled:
            return reply
        if credentials is restart:  # the peer carried the restart out
            self.credentials, self.offered_credentials = restart, None
            self._nominated = False
        self.last_seen_s = now_s
        # Before nomination the newest check is the best guess; afterwards only USE-CANDIDATE moves us, so that
        # checks that only keep spare pairs alive do not make media jump between interfaces.
        if request.nominates or not self._nominated or now_s - self._path_checked_s > SILENT_PATH_S:
            self._nominated = self._nominated or request.nominates
            self._move(path)
        if path == self.path:
            self._path_checked_s = now_s
        return reply

    def after_check(self) -> None:
        """The reply is on its way: start the handshake if it has not started yet."""
        if not self.is_connected and not self.is_closed:
            self._dtls.start()

    def receive(self, data: bytes, now_s: float) -> bool:
        """Take a DTLS or SRTP datagram from one of the peer's addresses; False when it meant nothing to us."""
        first = data[0]
        if 127 < first < 192:
            return self._receive_srtp(data, now_s)
        if 19 < first < 64:
            self._dtls.receive(data)
            return True
        return False

    def on_path_lost(self, path: Path) -> None:
        """The TCP connection broke: whatever the peer checks next is better."""
        if path == self.path:
            self._nominated = False

    def expire(self, now_s: float, connect_timeout_s: float, consent_timeout_s: float) -> None:
        """End the link when the peer has been silent, or shaking hands, for too long."""
        if self.is_connected:
            late = now_s - self.last_seen_s > consent_timeout_s
        else:
            late = now_s - self.created_s > connect_timeout_s
        if late and not self.is_closed:
            self.close()
            self._handler.on_link_closed("timeout")

    def fail(self) -> None:
        """Something of ours broke while serving this peer: end the link, and only this one."""
        if not self.is_closed:
            self.close()
            self._handler.on_link_closed("failed")

    # ------------------------------------------------------------ from the handler

    def send_rtp(self, packet: bytes) -> bool:
        """Seal and send one RTP packet of an SSRC that no egress writes; False when it was dropped."""
        if self._sender is None:
            return False
        try:
            return self._send(self._sender.seal_rtp(packet))
        except ValueError:
            return False

    def send_rtcp(self, packet: bytes) -> bool:
        """Seal and send one RTCP compound; False when it was dropped."""
        if self._sender is None:
            return False
        try:
            return self._send(self._sender.seal_rtcp(packet))
        except ValueError:
            return False

    def close(self) -> None:
        """Say goodbye and fall silent; the handler is not called. May be called twice."""
        if not self.is_closed:
            self.is_closed = True
            self._dtls.close()
            self._sender = self._receiver = None
            self.is_connected = False

    # ------------------------------------------------------------ inside

    def _receive_srtp(self, data: bytes, now_s: float) -> bool:
        receiver = self._receiver
        if receiver is None or len(data) < 12:
            return False
        is_rtcp = 191 < data[1] < 209  # RFC 5761 §4
        ssrc = data[4:8] if is_rtcp else data[8:12]
        if ssrc not in self._ssrcs and len(self._ssrcs) >= MAX_SSRCS:
            return False
        try:
            packet = receiver.open_rtcp(data) if is_rtcp else receiver.open_rtp(data)
        except ValueError:
            return False
        self._ssrcs.add(ssrc)
        self.last_seen_s = now_s
        deliver: Callable[[bytes, float], None] = self._handler.on_rtcp if is_rtcp else self._handler.on_rtp
        deliver(packet, now_s)
        return True

    def _move(self, path: Path) -> None:
        before, self.path = self.path, path
        if before is not None and before != path:
            self._handler.on_moved(path)

    def _send(self, data: bytes) -> bool:
        if self.path is None:
            return False
        try:
            self.path.socket.sendto(data, self.path.address)
        except OSError:  # a full buffer, or a network that is gone for now: UDP promises nothing
            return False
        return True

    def _on_connected(self, keys: SrtpKeys) -> None:
        self._receiver = SrtpReceiver(keys)
        self._sender = SrtpSender(keys)
        self.is_connected = True
        self._handler.on_connected(keys)

    def _on_dtls_closed(self, reason: str) -> None:
        if not self.is_closed:
            self.close()
            self._handler.on_link_closed("closed" if reason == "closed" else "failed")
