"""Many real WebRTC viewers, cheap enough to leave the processor to the server.

Each makes a full ICE and DTLS handshake by aiortc; then the sockets are taken out of the event loop and only counted,
all of them every two milliseconds, so that no wake-up of a reader is charged to the sending process.

Works with a server that answers our offer (WHEP) and with one that makes the offer (Janus).
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aioice.ice
import aiortc.rtcdtlstransport as dtls_module
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription

SERVER_OFFERS = Callable[[], Awaitable[tuple[str, Callable[[str], Awaitable[None]]]]]
"""Gives the server's offer and the function that takes our answer."""
WE_OFFER = Callable[[str], Awaitable[str]]
"""Takes our offer, gives the server's answer."""

DRAIN_INTERVAL_S = 0.002
RECEIVE_BUFFER = 1 << 20

logging.getLogger("aiortc").setLevel(logging.ERROR)
logging.getLogger("aioice").setLevel(logging.ERROR)


def prepare(address: str) -> None:
    """Let all peers of this process use ``address`` alone, AES-128-GCM, and no consent checks once they are drained."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]
    aioice.ice.CONSENT_INTERVAL = 3600
    profiles = dtls_module.SRTP_PROFILES
    dtls_module.SRTP_PROFILES = [p for p in profiles if p.openssl_profile == b"SRTP_AEAD_AES_128_GCM"]


def sha256_only(sdp: str) -> str:
    """Without the fingerprints that Janus 1.1 takes for SHA-256 ones."""
    lines = [
        line for line in sdp.splitlines() if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-512"))
    ]
    return "\r\n".join(lines) + "\r\n"


@dataclass
class Drained:
    """What one viewer got since it was drained."""

    socket: socket.socket
    packets: int = 0
    bytes: int = 0


async def _connected(peer: RTCPeerConnection) -> None:
    done = asyncio.Event()
    peer.on("connectionstatechange", lambda: done.set() if peer.connectionState in {"connected", "failed"} else None)
    if peer.connectionState != "connected":
        async with asyncio.timeout(20):
            await done.wait()
    if peer.connectionState != "connected":
        raise ConnectionError("the viewer did not connect")


def _h264() -> list[Any]:
    codecs = RTCRtpSender.getCapabilities("video").codecs
    return [c for c in codecs if c.mimeType in {"video/H264", "video/rtx"}]


async def join_by_offering(ask: WE_OFFER) -> RTCPeerConnection:
    """One viewer of a server that answers."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = peer.addTransceiver("video", direction="recvonly")
    transceiver.setCodecPreferences(_h264())
    await peer.setLocalDescription(await peer.createOffer())
    answer = await ask(sha256_only(peer.localDescription.sdp))
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await _connected(peer)
    return peer


async def join_by_answering(ask: SERVER_OFFERS) -> RTCPeerConnection:
    """One viewer of a server that offers."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    offer, reply = await ask()
    await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    await reply(sha256_only(peer.localDescription.sdp))
    await _connected(peer)
    return peer


def transport_of(peer: RTCPeerConnection) -> Any:
    """The DTLS transport of a peer with one bundle."""
    return peer.getTransceivers()[0].receiver.transport


class Crowd:
    """Viewers that were joined, being drained by a thread until `close`."""

    def __init__(self) -> None:
        self._peers: list[RTCPeerConnection] = []
        self._drained: list[Drained] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._drain, daemon=True)

    async def join(self, count: int, one: Callable[[], Awaitable[RTCPeerConnection]], at_once: int = 8) -> None:
        """Let ``count`` viewers join, then start draining. Raises: ConnectionError, TimeoutError."""
        turn = asyncio.Semaphore(at_once)

        async def next_one() -> None:
            async with turn:
                self._peers.append(await one())

        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(next_one())
        loop = asyncio.get_running_loop()
        for peer in self._peers:
            pair = transport_of(peer).transport._connection._nominated[1]
            raw = pair.protocol.transport.get_extra_info("socket")
            loop._remove_reader(raw.fileno())  # type: ignore[attr-defined]  # the public one refuses a transport
            own = socket.socket(fileno=socket.dup(raw.fileno()))
            own.setblocking(False)
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            self._drained.append(Drained(own))
        self._thread.start()

    def counts(self) -> tuple[int, int]:
        """RTP packets and bytes received by all viewers so far."""
        return sum(d.packets for d in self._drained), sum(d.bytes for d in self._drained)

    def close(self) -> None:
        """End the draining thread; the peers die with their process."""
        self._stop.set()
        self._thread.join(5)

    def _drain(self) -> None:
        buffer = bytearray(2048)
        while not self._stop.wait(DRAIN_INTERVAL_S):
            for viewer in self._drained:
                receive = viewer.socket.recv_into
                try:
                    while True:
                        size = receive(buffer)
                        # first byte 128..191: RTP or RTCP; RTCP's packet types are 192..223 (RFC 5761, RFC 7983)
                        if 128 <= buffer[0] < 192 and not 192 <= buffer[1] < 224:
                            viewer.packets += 1
                            viewer.bytes += size
                except OSError:
                    continue


class RawPublisher:
    """A publisher whose RTP packets are made by hand: every frame a keyframe of equal packets."""

    def __init__(self, peer: RTCPeerConnection, payload_type: int, ssrc: int) -> None:
        self._dtls = transport_of(peer)
        self._header = struct.Struct("!BBHII")
        self._payload_type = payload_type
        self._ssrc = ssrc
        self._sequence = 100
        self._timestamp = 1000

    @classmethod
    async def publish(cls, ask: WE_OFFER) -> RawPublisher:
        """Connect as the publisher of a server that answers."""
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        transceiver = peer.addTransceiver("video", direction="sendonly")
        transceiver.setCodecPreferences(_h264())
        await peer.setLocalDescription(await peer.createOffer())
        answer = await ask(sha256_only(peer.localDescription.sdp))
        await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await _connected(peer)
        codec = next(c for c in transceiver._codecs if c.mimeType.lower() == "video/h264")
        assert codec.payloadType is not None
        return cls(peer, codec.payloadType, transceiver.sender._ssrc)

    async def send_frame(self, sizes: Sequence[int]) -> None:
        """Send one frame: packets of so many payload bytes, all of an IDR picture."""
        self._timestamp = (self._timestamp + 3000) & 0xFFFFFFFF
        packets = len(sizes)
        for i, size in enumerate(sizes):
            last = i == packets - 1
            header = self._header.pack(
                0x80, self._payload_type | (0x80 if last else 0), self._sequence & 0xFFFF, self._timestamp, self._ssrc
            )
            self._sequence += 1
            await self._dtls._send_rtp(header + idr_packet(i, last, packets, size))


_SPS = bytes.fromhex("6742c01fd9005005ba1000000300100000030320f162e480")
_PPS = bytes.fromhex("68cb83cb20")


def idr_packet(i: int, last: bool, packets: int, size: int) -> bytes:
    """RFC 6184: parameter sets aggregated in front (STAP-A), then the fragments of an IDR slice (FU-A)."""
    if i == 0:
        sets = b"".join(struct.pack("!H", len(unit)) + unit for unit in (_SPS, _PPS))
        rest = size - 1 - len(sets) - 2
        return b"\x78" + sets + struct.pack("!H", rest) + b"\x65" + bytes(rest - 1)
    start = 0x80 if i == 1 else 0
    end = 0x40 if last else 0
    return bytes((0x7C, start | end | 5)) + bytes(size - 2)
