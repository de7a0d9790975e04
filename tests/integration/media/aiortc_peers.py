"""aiortc on the other end: a publisher of moving pictures and sound, and viewers that decode them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import VideoFrame

from stream_server.clock import SystemClock
from stream_server.ids import SessionId, ShowId, new_id
from stream_server.media.egress import Egress, PythonEgress
from stream_server.media.metrics import Counters
from stream_server.media.options import MediaOptions
from stream_server.media.relay import Relay
from stream_server.signaling.media_plane import Answer, MediaEvent

SHOW = ShowId("show_1")


class SmallPicture(VideoStreamTrack):
    """320×180 at 30 frames a second: cheap to encode."""

    async def recv(self) -> VideoFrame:
        timestamp, time_base = await self.next_timestamp()
        frame = VideoFrame(width=320, height=180)
        for plane in frame.planes:
            plane.update(bytes([timestamp // 3000 % 200]) * plane.buffer_size)
        frame.pts, frame.time_base = timestamp, time_base
        return frame


@dataclass
class Stage:
    """A relay and what it told."""

    relay: Relay
    events: list[MediaEvent]
    egress: Egress

    def of(self, kind: type) -> list[Any]:
        """The events of one kind so far."""
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def stage(make_egress: Callable[[Counters], Egress] = PythonEgress, **options: Any) -> AsyncIterator[Stage]:
    """A relay on a free port of loopback."""
    events: list[MediaEvent] = []
    made: list[Egress] = []

    def make(counters: Counters) -> Egress:
        made.append(make_egress(counters))
        return made[0]

    settings = {"socket_path": Path("unused"), "port": 0, **options}
    relay = Relay(MediaOptions(**settings), SystemClock(), make, events.append)
    async with relay.run():
        yield Stage(relay, events, made[0])


async def _negotiate(pc: RTCPeerConnection, accept: Callable[[str], Answer]) -> Answer:
    await pc.setLocalDescription(await pc.createOffer())
    answer = accept(pc.localDescription.sdp)
    await pc.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
    return answer


@asynccontextmanager
async def publishing(
    relay: Relay,
    *,
    replace: bool = False,
    standby: bool = False,
    silent: asyncio.Event | None = None,
    offers: tuple[str, ...] = (),
) -> AsyncIterator[SessionId]:
    """A publisher for as long as the block lasts; it leaves without a word to the relay but DTLS's goodbye.

    While ``silent`` is set it sends no media, though its connection lives.
    """
    session_id = SessionId(new_id("wses"))
    pc = RTCPeerConnection()
    tracks: list[MediaStreamTrack] = [AudioStreamTrack(), SmallPicture()]
    try:
        for track in tracks:
            pc.addTransceiver(track, direction="sendonly")
        await _negotiate(
            pc,
            lambda offer: relay.publish(SHOW, session_id, offer, 0, replace=replace, standby=standby, offers=offers),
        )
        if silent is not None:
            _mute_while(pc, silent)
        yield session_id
    finally:
        for track in tracks:
            track.stop()
        await pc.close()


def _mute_while(pc: RTCPeerConnection, silent: asyncio.Event) -> None:
    """Keep the media of ``pc`` from leaving while ``silent`` is set, as a network that died does."""
    for transport in {sender.transport for sender in pc.getSenders()}:
        send = transport._send_rtp

        async def gate(data: bytes, send: Callable[[bytes], Any] = send) -> None:
            if not silent.is_set():
                await send(data)

        transport._send_rtp = gate  # type: ignore[method-assign]


@dataclass
class Watching:
    """What a viewer has seen."""

    session_id: SessionId
    pc: RTCPeerConnection
    frames: list[tuple[float, int]] = field(default_factory=list)
    """Loop time and presentation time (90 kHz, from the first frame's) of each decoded picture."""
    sound: int = 0
    """Decoded audio frames."""
    rtp_timestamps: list[int] = field(default_factory=list)

    async def until(self, frames: int, sound: int = 0) -> None:
        """Return once that much has been decoded in all."""
        async with asyncio.timeout(12):
            while len(self.frames) < frames or self.sound < sound:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def viewing(relay: Relay) -> AsyncIterator[Watching]:
    """A viewer for as long as the block lasts."""
    pc = RTCPeerConnection()
    watching = Watching(SessionId(new_id("vses")), pc)
    loop = asyncio.get_running_loop()

    async def look(track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    watching.frames.append((loop.time(), frame.pts or 0))
                else:
                    watching.sound += 1
        except MediaStreamError:
            return

    async with asyncio.TaskGroup() as group:
        pc.on("track", lambda track: group.create_task(look(track)))
        try:
            pc.addTransceiver("video", direction="recvonly")
            pc.addTransceiver("audio", direction="recvonly")
            await _negotiate(pc, lambda offer: relay.view(SHOW, watching.session_id, offer))
            _tap_timestamps(pc, watching)
            yield watching
        finally:
            await pc.close()


def _tap_timestamps(pc: RTCPeerConnection, watching: Watching) -> None:
    """Note the RTP timestamps of arriving pictures."""
    (receiver,) = [t.receiver for t in pc.getTransceivers() if t.kind == "video"]
    handle = receiver._handle_rtp_packet

    async def tap(packet: Any, arrival_time_ms: int) -> None:
        watching.rtp_timestamps.append(packet.timestamp)
        await handle(packet, arrival_time_ms=arrival_time_ms)

    receiver._handle_rtp_packet = tap  # type: ignore[method-assign]


async def eventually(condition: Callable[[], object], timeout_s: float = 5.0) -> None:
    """Return once ``condition()`` holds. Raises: TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not condition():
            await asyncio.sleep(0.01)
