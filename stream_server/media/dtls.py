"""DTLS 1.2 with one peer (RFC 6347), only as far as WebRTC needs it: a handshake that yields SRTP keys (RFC 5764).

Without tasks: datagrams go in by `receive`, datagrams come out by a callback, time-outs by the loop's timers. That
makes a connected viewer cost nothing, and a join cheaper than through aiortc's transport, whose error reporting and
alerts are also not enough: a wrong fingerprint here ends the handshake with an alert that the peer sees.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes
from OpenSSL import SSL, crypto

from stream_server.media.seams import SRTP_PROFILES, SrtpKeys, make_certificate, split_keys

Role = Literal["server", "client"]

_DTLS_1_2 = 0xFEFD
_MTU_BYTES = 1200
_RECORD_HEADER_BYTES = 13
_REPEAT_HELLO_S = 0.05
"""FFmpeg's WHIP muxer eats our first ClientHello; OpenSSL would repeat it only after a second."""


class Identity:
    """The process's certificate and everything derived from it once."""

    def __init__(self) -> None:
        key, certificate = make_certificate()
        digest = certificate.fingerprint(hashes.SHA256())
        self.fingerprint = ":".join(f"{byte:02X}" for byte in digest)
        """SHA-256 of the certificate, as SDP writes it."""
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_max_proto_version(_DTLS_1_2)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU)
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _matches_fingerprint)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(
            b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
            b"ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA"
        )
        context.set_tlsext_use_srtp(b":".join(profile.name for profile in SRTP_PROFILES))
        self.context = context


def _matches_fingerprint(connection: SSL.Connection, certificate: crypto.X509, error: int, depth: int, ok: int) -> bool:
    """Trust exactly the certificate whose fingerprint came through signalling (RFC 8122); chains mean nothing."""
    if depth != 0:
        return True
    expected: Any = connection.get_app_data()
    return hmac.compare_digest(certificate.digest("sha256"), expected)


class Dtls:
    """One DTLS association.

    ``send`` gets datagrams for the peer, ``connected`` the keys once, ``closed`` a reason once: "closed" when the
    peer said goodbye, "failed" when the handshake did not work.
    """

    def __init__(
        self,
        identity: Identity,
        role: Role,
        peer_fingerprint: str,
        send: Callable[[bytes], object],
        connected: Callable[[SrtpKeys], None],
        closed: Callable[[str], None],
    ) -> None:
        self._role = role
        self._send = send
        self._connected = connected
        self._closed = closed
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._repeat: asyncio.TimerHandle | None = None
        self._state: Literal["new", "connecting", "connected", "closed"] = "new"
        self._ssl = SSL.Connection(identity.context, None)
        self._ssl.set_app_data(peer_fingerprint.upper().encode())
        self._ssl.set_ciphertext_mtu(_MTU_BYTES)
        if role == "server":
            self._ssl.set_accept_state()
        else:
            self._ssl.set_connect_state()

    def start(self) -> None:
        """Begin; the path to the peer is known. Further calls do nothing."""
        if self._state == "new":
            self._state = "connecting"
            self._advance()

    def receive(self, data: bytes) -> None:
        """Take one datagram from the peer."""
        if self._state == "closed":
            return
        if self._repeat is not None:
            self._repeat.cancel()
        self._ssl.bio_write(data)
        if self._state == "connected":
            self._read()
        else:
            self._state = "connecting"
            self._advance()

    def close(self) -> None:
        """Say goodbye to the peer; no callback follows. May be called twice."""
        if self._state == "connected":
            try:
                self._ssl.shutdown()
                self._flush()
            except SSL.Error:
                pass
        self._end(None)

    def _advance(self) -> None:
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            first = self._flush()
            self._set_timer()
            if self._role == "client" and self._repeat is None and first:
                self._repeat = self._loop.call_later(_REPEAT_HELLO_S, self._send_again, first)
            return
        except SSL.Error:
            self._flush()  # the alert
            self._end("failed")
            return
        self._flush()
        self._cancel_timers()
        keys = self._keys()
        if keys is None:
            self._end("failed")
            return
        self._state = "connected"
        self._connected(keys)

    def _send_again(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self._send(datagram)

    def _read(self) -> None:
        """Handle alerts and repeated handshake messages; application data has no meaning here."""
        try:
            self._ssl.recv(1500)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self._end("closed")
            return
        except SSL.Error:
            pass  # garbage between good records is the network's business
        self._flush()

    def _keys(self) -> SrtpKeys | None:
        name = self._ssl.get_selected_srtp_profile()
        for profile in SRTP_PROFILES:
            if profile.name == name:
                length = 2 * (profile.key_bytes + profile.salt_bytes)
                material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", length)
                return split_keys(profile, material, is_server=self._role == "server")
        return None

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        timeout_s = self._ssl.DTLSv1_get_timeout()
        self._timer = None if timeout_s is None else self._loop.call_later(timeout_s, self._on_timeout)

    def _on_timeout(self) -> None:
        if self._state != "connecting":
            return
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error:
            self._end("failed")
            return
        self._flush()
        self._set_timer()

    def _flush(self) -> list[bytes]:
        try:
            data = self._ssl.bio_read(65536)
        except SSL.Error:
            return []
        datagrams = cut_records(data)
        self._send_again(datagrams)
        return datagrams

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._repeat):
            if timer is not None:
                timer.cancel()

    def _end(self, reason: str | None) -> None:
        self._cancel_timers()
        if self._state != "closed":
            self._state = "closed"
            if reason is not None:
                self._closed(reason)


def cut_records(data: bytes) -> list[bytes]:
    """Cut a flight, which OpenSSL's memory buffer glues together, into datagrams of whole DTLS records."""
    datagrams: list[bytes] = []
    start = end = 0
    while end < len(data):
        size = _RECORD_HEADER_BYTES + int.from_bytes(data[end + 11 : end + 13], "big")
        if end > start and end + size - start > _MTU_BYTES:
            datagrams.append(data[start:end])
            start = end
        end += size
    if start < len(data):
        datagrams.append(data[start:])
    return datagrams
