"""WebRTC peers that cost next to nothing: real ICE checks and DTLS, then packets only counted.

A hundred of them fit beside the server on two cores. Loss is read from the sequence numbers, which SRTP leaves in
the clear; nothing is decrypted or decoded. They keep checking and reporting like browsers do.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aioice import stun

from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.dtls import Dtls, Identity
from stream_server.media.ice import IceCredentials
from stream_server.media.rtp import signed_difference, write_receiver_report, write_sender_report
from stream_server.media.seams import SrtpKeys, SrtpSender
from stream_server.signaling.media_plane import Answer

VIDEO_TYPE, RTX_TYPE, AUDIO_TYPE = 102, 103, 111
CHECK_S = 2.5
REPORT_S = 1.0
DRAIN_S = 0.004
MAX_LATE_S = 0.2
KEYFRAME_EVERY = 60
_RECEIVE_BUFFER = 1 << 20

IDENTITY = Identity()


def offer(credentials: IceCredentials, direction: str) -> str:
    """What a browser would offer, without what does not matter here."""
    sections = []
    for mid, (kind, types, lines) in enumerate(
        (
            ("audio", [AUDIO_TYPE], [f"a=rtpmap:{AUDIO_TYPE} opus/48000/2"]),
            (
                "video",
                [VIDEO_TYPE, RTX_TYPE],
                [
                    f"a=rtpmap:{VIDEO_TYPE} H264/90000",
                    f"a=fmtp:{VIDEO_TYPE} packetization-mode=1;profile-level-id=42e01f",
                    *(f"a=rtcp-fb:{VIDEO_TYPE} {name}" for name in ("nack", "nack pli", "goog-remb")),
                    f"a=rtpmap:{RTX_TYPE} rtx/90000",
                    f"a=fmtp:{RTX_TYPE} apt={VIDEO_TYPE}",
                ],
            ),
        )
    ):
        sections += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            f"a={direction}",
            "a=rtcp-mux",
            "a=setup:actpass",
            f"a=ice-ufrag:{credentials.ufrag}",
            f"a=ice-pwd:{credentials.password}",
            f"a=fingerprint:sha-256 {IDENTITY.fingerprint}",
            *lines,
        ]
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1", *sections]) + "\r\n"


@dataclass
class Stream:
    """One SSRC as it arrives."""

    newest: int
    packets: int = 1
    first: int = 0

    @property
    def lost(self) -> int:
        """Packets that never came."""
        return max(0, self.newest - self.first + 1 - self.packets)


@dataclass
class LightPeer:
    """One peer: a socket, credentials, an association."""

    answer: Answer
    credentials: IceCredentials
    socket: socket.socket
    server: tuple[str, int]
    streams: dict[int, Stream] = field(default_factory=dict)
    sender: SrtpSender | None = None
    closed: str | None = None
    packets: int = 0

    def __post_init__(self) -> None:
        (ufrag,) = set(re.findall(r"a=ice-ufrag:(\S+)", self.answer.sdp))
        (password,) = set(re.findall(r"a=ice-pwd:(\S+)", self.answer.sdp))
        (fingerprint,) = set(re.findall(r"a=fingerprint:sha-256 (\S+)", self.answer.sdp))
        self._username = f"{ufrag}:{self.credentials.ufrag}"
        self._password = password.encode()
        self._dtls = Dtls(IDENTITY, "client", fingerprint, self.send, self._connected, self._closed)
        self._connected_event = asyncio.Event()
        self._ssrc = secrets.randbelow(0xFFFFFFFF)

    async def connect(self) -> None:
        """Check and shake hands. Raises: TimeoutError."""
        async with asyncio.timeout(15):
            self.check()
            self._dtls.start()
            while not self._connected_event.is_set():
                self.read()
                await asyncio.sleep(0.001)

    def check(self) -> None:
        """Send a connectivity check, as browsers do every 2.5 s."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes = {
            "USERNAME": self._username,
            "PRIORITY": 1,
            "ICE-CONTROLLING": 1,
            "USE-CANDIDATE": None,
        }
        message.add_message_integrity(self._password)
        self.send(bytes(message))

    def report(self) -> None:
        """Send a receiver report."""
        if self.sender is not None:
            self.send(self.sender.seal_rtcp(write_receiver_report(self._ssrc, [])))

    def read(self) -> None:
        """Take what has arrived."""
        receive = self.socket.recv
        while True:
            try:
                data = receive(2048)
            except OSError:
                return
            self.take(data)

    def take(self, data: bytes) -> None:
        """Take one datagram."""
        first = data[0]
        if 127 < first < 192:
            if not 191 < data[1] < 209:
                self._count(data)
        elif 19 < first < 64:
            self._dtls.receive(data)

    def close(self) -> None:
        """Say goodbye."""
        self._dtls.close()
        self.socket.close()

    @property
    def lost(self) -> int:
        """Media packets that never came (retransmissions do not count: their stream has gaps of its own)."""
        return sum(stream.lost for stream in self.streams.values())

    def _count(self, data: bytes) -> None:
        payload_type, sequence, ssrc = data[1] & 0x7F, (data[2] << 8) | data[3], int.from_bytes(data[8:12], "big")
        if payload_type == RTX_TYPE:
            return
        self.packets += 1
        stream = self.streams.get(ssrc)
        if stream is None:
            self.streams[ssrc] = Stream(newest=sequence, first=sequence)
            return
        stream.packets += 1
        stream.newest = max(stream.newest, stream.newest + signed_difference(sequence, stream.newest & 0xFFFF, 16))

    def send(self, data: bytes) -> bool:
        """Send a datagram; False when the kernel did not take it."""
        try:
            self.socket.sendto(data, self.server)
        except OSError:
            return False
        return True

    def _connected(self, keys: SrtpKeys) -> None:
        self.sender = SrtpSender(keys)
        self._connected_event.set()

    def _closed(self, reason: str) -> None:
        self.closed = reason


async def open_peer(
    ask: Callable[[str], Awaitable[Answer]],
    direction: str,
    *,
    make: type[LightPeer] = LightPeer,
    where: tuple[str, int] | None = None,
) -> LightPeer:
    """Offer, connect. Raises: TimeoutError and whatever the server answers.

    Args:
        ask: Gives the offer to the server.
        direction: ``sendonly`` or ``recvonly``.
        make: Which kind of peer.
        where: Send there instead of to the answer's candidate: a proxy.
    """
    credentials = IceCredentials.make()
    answer = await ask(offer(credentials, direction))
    candidates = re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+)", answer.sdp)
    host, port = next((host, port) for host, port in candidates if host == "127.0.0.1")
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind(("127.0.0.1", 0))
    own.setblocking(False)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    peer = make(answer, credentials, own, where or (host, int(port)))
    try:
        await peer.connect()
    except BaseException:
        peer.close()
        raise
    return peer


class Crowd:
    """Viewers of one show, drained together every few milliseconds so that no wake-up is charged to the server."""

    def __init__(self, client: ControlClient, show_id: ShowId) -> None:
        self._client = client
        self._show_id = show_id
        self._numbers = itertools.count()
        self.viewers: list[LightPeer] = []

    @asynccontextmanager
    async def run(self) -> AsyncIterator[Crowd]:
        """Drain for as long as the block lasts, then leave."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._drain()), group.create_task(self._keep_alive())]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()
                for viewer in self.viewers:
                    viewer.close()

    async def join(self) -> LightPeer:
        """One more viewer, connected."""
        session_id = SessionId(f"vses_light_{next(self._numbers)}")
        viewer = await open_peer(lambda text: self._client.view(self._show_id, session_id, text), "recvonly")
        self.viewers.append(viewer)
        return viewer

    async def _drain(self) -> None:
        while True:
            for viewer in self.viewers:
                viewer.read()
            await asyncio.sleep(DRAIN_S)

    async def _keep_alive(self) -> None:
        for second in itertools.count():
            viewers = list(self.viewers)
            for number, viewer in enumerate(viewers):
                viewer.report()
                if (number + second) % 3 == 0:
                    viewer.check()
                if number % 10 == 0:
                    await asyncio.sleep(REPORT_S / max(1, len(viewers) / 10) / 2)
            await asyncio.sleep(REPORT_S / 2)


class Publisher:
    """Sends 30 frames and 50 sounds a second of made-up content."""

    def __init__(self, peer: LightPeer, packets_per_frame: int, payload_bytes: int) -> None:
        self._peer = peer
        self._packets_per_frame = packets_per_frame
        self._payload_bytes = payload_bytes
        self._video_ssrc, self._audio_ssrc = 1000, 2000
        self._video_sequence = self._audio_sequence = 0

    async def send(self) -> None:
        """Send in real time, for ever."""
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        frames = sounds = checks = 0
        while True:
            elapsed_s = loop.time() - start_s
            # Starved of CPU for long? Leave those frames out, as a camera would: a burst of them measures buffers.
            frames = max(frames, int((elapsed_s - MAX_LATE_S) * 30))
            sounds = max(sounds, int((elapsed_s - MAX_LATE_S) * 50))
            while frames < elapsed_s * 30:
                self._frame(frames)
                frames += 1
            while sounds < elapsed_s * 50:
                if self._packet(AUDIO_TYPE, self._audio_sequence, sounds * 960, self._audio_ssrc, bytes(80)):
                    self._audio_sequence += 1
                sounds += 1
            if checks < elapsed_s / CHECK_S:
                self._peer.check()
                self._report(elapsed_s)
                checks += 1
            self._peer.read()
            await asyncio.sleep(0.005)

    def _frame(self, number: int) -> None:
        is_key = number % KEYFRAME_EVERY == 0
        for part in range(self._packets_per_frame):
            payload = (b"\x67" if is_key and part == 0 else b"\x41") + bytes(self._payload_bytes - 1)
            marker = part == self._packets_per_frame - 1
            if self._packet(VIDEO_TYPE, self._video_sequence, number * 3000, self._video_ssrc, payload, marker):
                self._video_sequence += 1

    def _packet(
        self, type_: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, marker: bool = False
    ) -> bool:
        assert self._peer.sender is not None
        second = type_ | (0x80 if marker else 0)
        header = struct.pack("!BBHII", 0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
        return self._peer.send(self._peer.sender.seal_rtp(header + payload))

    def _report(self, elapsed_s: float) -> None:
        assert self._peer.sender is not None
        ntp = int((4_000_000_000 + elapsed_s) * 2**32)
        for ssrc, rate in ((self._video_ssrc, 90_000), (self._audio_ssrc, 48_000)):
            report = write_sender_report(ssrc, ntp, int(elapsed_s * rate), 0, 0)
            self._peer.send(self._peer.sender.seal_rtcp(report))


@asynccontextmanager
async def publishing(
    client: ControlClient, show_id: ShowId, packets_per_frame: int = 5, payload_bytes: int = 1000
) -> AsyncIterator[LightPeer]:
    """A light publisher for as long as the block lasts."""
    session_id = SessionId(f"wses_light_{secrets.token_hex(4)}")

    def ask(text: str) -> Awaitable[Answer]:
        return client.publish(show_id, session_id, text, 0.0, replace=True)

    peer = await open_peer(ask, "sendonly")
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(Publisher(peer, packets_per_frame, payload_bytes).send())
        try:
            yield peer
        finally:
            sending.cancel()
            peer.close()
