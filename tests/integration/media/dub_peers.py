"""aiortc publishing a dub, a plain tone, and listening: how loud it is, and whether its packets ever break off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from av import AudioFrame

from stream_server.ids import SessionId, new_id
from stream_server.media.relay import Relay
from tests.integration.media.aiortc_peers import SHOW


class Tone(AudioStreamTrack):
    """A loud tone; the publisher of the original sends silence."""

    async def recv(self) -> AudioFrame:
        frame = await super().recv()
        assert isinstance(frame, AudioFrame)
        at = np.arange(frame.samples) + (frame.pts or 0)
        wave = (8000 * np.sin(2 * np.pi * 440 * at / frame.sample_rate)).astype(np.int16)
        frame.planes[0].update(wave.tobytes())
        return frame


@asynccontextmanager
async def dubbing(relay: Relay, name: str, *, standby: bool = False, replace: bool = True) -> AsyncIterator[SessionId]:
    """A dub is published for as long as the block lasts; with ``replace`` false by an interpreter."""
    session_id, pc, track = SessionId(new_id("wses")), RTCPeerConnection(), Tone()
    try:
        pc.addTransceiver(track, direction="sendonly")
        await pc.setLocalDescription(await pc.createOffer())
        offer = pc.localDescription.sdp
        answer = relay.publish(SHOW, session_id, offer, 0, replace=replace, standby=standby, dub=name)
        await pc.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
        yield session_id
    finally:
        track.stop()
        await pc.close()


@dataclass
class Ear:
    """One viewer's sound, and every packet of it."""

    session_id: SessionId
    loudness: float = 0.0
    """RMS of the newest decoded frame, 16 bit."""
    packets: list[tuple[int, int, int]] = field(default_factory=list)
    """SSRC, sequence number and timestamp, as they came."""
    arrived_s: list[float] = field(default_factory=list)
    connection_states: list[str] = field(default_factory=list)

    @property
    def hears_dub(self) -> bool:
        """A tone, not silence."""
        return self.loudness > 1000


@asynccontextmanager
async def listening(relay: Relay) -> AsyncIterator[Ear]:
    """A viewer of the sound and the picture for as long as the block lasts."""
    ear, pc = Ear(SessionId(new_id("vses"))), RTCPeerConnection()
    pc.on("connectionstatechange", lambda: ear.connection_states.append(pc.connectionState))

    async def hear(track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, AudioFrame):
                    sound = frame.to_ndarray().astype(np.float64)
                    ear.loudness = float(np.sqrt((sound**2).mean()))
        except MediaStreamError:
            return

    async with asyncio.TaskGroup() as group:
        pc.on("track", lambda track: group.create_task(hear(track)))
        try:
            pc.addTransceiver("video", direction="recvonly")
            pc.addTransceiver("audio", direction="recvonly")
            await pc.setLocalDescription(await pc.createOffer())
            answer = relay.view(SHOW, ear.session_id, pc.localDescription.sdp)
            await pc.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
            _tap(pc, ear)
            yield ear
        finally:
            await pc.close()


def _tap(pc: RTCPeerConnection, ear: Ear) -> None:
    (receiver,) = [t.receiver for t in pc.getTransceivers() if t.kind == "audio"]
    handle, loop = receiver._handle_rtp_packet, asyncio.get_running_loop()

    async def tap(packet: Any, arrival_time_ms: int) -> None:
        ear.packets.append((packet.ssrc, packet.sequence_number, packet.timestamp))
        ear.arrived_s.append(loop.time())
        await handle(packet, arrival_time_ms=arrival_time_ms)

    receiver._handle_rtp_packet = tap  # type: ignore[method-assign]
