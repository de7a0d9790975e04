"""A small WHIP endpoint on aiortc: answers one publisher at a time and counts what arrives. For tests only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtp import RtpPacket


@dataclass
class WhipReceiver:
    """What publishers said and sent."""

    refusals: int = 0
    """How many POSTs to answer with 503 first."""
    tokens: list[str] = field(default_factory=list)
    posts: int = 0
    deletes: int = 0
    packets: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    """Kind → (timestamp, sequence number, marker), as they came."""
    url: str = ""
    _peers: list[RTCPeerConnection] = field(default_factory=list)

    async def heard(self, kind: str, count: int) -> None:
        """Wait until so many RTP packets of a kind have come."""
        async with asyncio.timeout(12):
            while len(self.packets.get(kind, [])) < count:
                await asyncio.sleep(0.02)

    async def drop(self) -> None:
        """Close every session from this side."""
        while self._peers:
            await self._peers.pop().close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method = head.split(" ", 1)[0]
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head.split("\r\n")[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        status, sent, more = "200 OK", "", ""
        if method == "POST":
            self.posts += 1
            self.tokens.append(headers.get("authorization", ""))
            if self.refusals:
                self.refusals -= 1
                status, more = "503 Service Unavailable", "Retry-After: 1\r\n"
            else:
                sent = await self._session(body.decode())
                status, more = "201 Created", "Content-Type: application/sdp\r\nLocation: /sessions/1\r\n"
        elif method == "DELETE":
            self.deletes += 1
        writer.write(
            f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(sent)}\r\nConnection: close\r\n\r\n{sent}".encode()
        )
        await writer.drain()
        writer.close()

    async def _session(self, offer: str) -> str:
        peer = RTCPeerConnection()
        self._peers.append(peer)

        @peer.on("track")
        def on_track(track: MediaStreamTrack) -> None:
            receiver = next(t.receiver for t in peer.getTransceivers() if t.receiver.track is track)
            self._tap(receiver, track.kind)

        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return str(peer.localDescription.sdp)

    def _tap(self, receiver: RTCRtpReceiver, kind: str) -> None:
        seen = self.packets.setdefault(kind, [])

        async def note(packet: RtpPacket, arrival_time_ms: int) -> None:
            if packet.payload:
                codecs: dict[int, RTCRtpCodecParameters] = vars(receiver)["_RTCRtpReceiver__codecs"]
                if packet.payload_type in codecs and codecs[packet.payload_type].name != "rtx":
                    seen.append((packet.timestamp, packet.sequence_number, packet.marker))

        vars(receiver)["_handle_rtp_packet"] = note


@asynccontextmanager
async def receiving(refusals: int = 0) -> AsyncIterator[WhipReceiver]:
    """Run a receiver on a free port."""
    receiver = WhipReceiver(refusals)
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/whip/demo"
    try:
        yield receiver
    finally:
        server.close()
        await receiver.drop()
