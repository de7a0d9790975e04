"""Janus, the peer that the relay is measured against: started with a tuned configuration, driven over its HTTP API."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2

PLUGINS = Path("/usr/lib/x86_64-linux-gnu/janus/plugins")
TRANSPORTS = Path("/usr/lib/x86_64-linux-gnu/janus/transports")
MOUNTPOINT = 1
ROOM = 1234
VIDEO_PT = 102

_MAIN = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{plugins}"
  transports_folder = "{transports}"
  log_to_stdout = true
  debug_level = 2
  session_timeout = 0
  {event_loops}
}}
certificates: {{ }}
media: {{ ipv6 = false
  rtp_port_range = "{low}-{high}" }}
nat: {{ }}
plugins: {{ disable = "{unused_plugins}" }}
transports: {{ disable = "{unused_transports}" }}
"""
_UNUSED_PLUGINS = (
    "voicemail",
    "recordplay",
    "sip",
    "nosip",
    "audiobridge",
    "duktape",
    "lua",
    "echotest",
    "videocall",
    "textroom",
)
_UNUSED_TRANSPORTS = ("mqtt", "nanomsg", "pfunix", "rabbitmq", "websockets")
_HTTP = """
general: {{ json = "compact"
  base_path = "/janus"
  http = true
  port = {port}
  ip = "127.0.0.1"
  https = false }}
"""
_STREAMING = """
mount: {{ type = "rtp"
  id = 1
  audio = false
  video = true
  videoport = {port}
  videopt = 102
  videocodec = "h264"
  videofmtp = "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1" }}
"""
_ROOM = """
room-1234: {{ description = "measured"
  publishers = 1
  bitrate = 10000000
  videocodec = "h264"
  audiocodec = "opus"
  notify_joining = false }}
"""


def is_installed() -> bool:
    """Whether Debian's Janus is here."""
    return shutil.which("janus") is not None and PLUGINS.exists()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port nobody listens on right now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Offer:
    """An SDP offer of Janus and the handle that waits for its answer."""

    sdp: str
    handle: int


@dataclass(frozen=True)
class JanusProcess:
    """A running Janus."""

    pid: int
    url: str
    """Base of its HTTP API."""
    rtp_port: int
    """Where the streaming mountpoint takes plain RTP."""


class Janus:
    """One session on Janus' HTTP API."""

    def __init__(self, url: str) -> None:
        self._client = httpx2.AsyncClient(base_url=url, timeout=30)
        self._session = 0
        self._events: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Janus:
        async with asyncio.timeout(10):
            while True:
                try:
                    self._session = (await self._post("/janus", janus="create"))["data"]["id"]
                    break
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)
        await self._group.__aenter__()
        self._poller = self._group.create_task(self._poll())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._poller.cancel()
        await self._group.__aexit__(kind, error, trace)
        await self._client.aclose()

    async def watch(self) -> Offer:
        """Ask for the mountpoint's stream."""
        handle = await self._attach("janus.plugin.streaming")
        event = await self._say(handle, {"request": "watch", "id": MOUNTPOINT})
        return Offer(event["jsep"]["sdp"], handle)

    async def start(self, handle: int, answer: str) -> None:
        """Answer an offer of `watch` or `subscribe`."""
        await self._say(handle, {"request": "start"}, {"type": "answer", "sdp": answer})

    async def publish(self, offer: str) -> str:
        """Publish to the room; returns the answer."""
        handle = await self._attach("janus.plugin.videoroom")
        await self._say(handle, {"request": "join", "ptype": "publisher", "room": ROOM, "id": 1})
        event = await self._say(
            handle, {"request": "publish", "audio": False, "video": True}, {"type": "offer", "sdp": offer}
        )
        answer: str = event["jsep"]["sdp"]
        return answer

    async def subscribe(self) -> Offer:
        """Subscribe to the room's publisher."""
        handle = await self._attach("janus.plugin.videoroom")
        event = await self._say(
            handle, {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": 1}]}
        )
        return Offer(event["jsep"]["sdp"], handle)

    async def _attach(self, plugin: str) -> int:
        handle: int = (await self._post(f"/janus/{self._session}", janus="attach", plugin=plugin))["data"]["id"]
        self._events[handle] = asyncio.Queue(100)
        return handle

    async def _say(self, handle: int, body: dict[str, Any], jsep: dict[str, str] | None = None) -> dict[str, Any]:
        """Send a plugin message and wait for its event."""
        extra = {"jsep": jsep} if jsep else {}
        await self._post(f"/janus/{self._session}/{handle}", janus="message", body=body, **extra)
        async with asyncio.timeout(20):
            while True:
                event = await self._events[handle].get()
                if event["janus"] == "event":
                    data = event.get("plugindata", {}).get("data", {})
                    if "error" in data:
                        raise RuntimeError(f"Janus: {data['error']}")
                    return event

    async def _post(self, path: str, **body: Any) -> dict[str, Any]:
        reply: dict[str, Any] = (await self._client.post(path, json={"transaction": uuid.uuid4().hex, **body})).json()
        if reply["janus"] == "error":
            raise RuntimeError(f"Janus: {reply['error']}")
        return reply

    async def _poll(self) -> None:
        while True:
            reply = await self._client.get(f"/janus/{self._session}", params={"maxev": 10}, timeout=60)
            events = reply.json()
            for event in events if isinstance(events, list) else [events]:
                queue = self._events.get(event.get("sender", 0))
                if queue is not None and not queue.full():
                    queue.put_nowait(event)


@asynccontextmanager
async def running_janus(*, event_loops: int | None) -> AsyncIterator[JanusProcess]:
    """Janus; ``event_loops=1`` is its tuned form, None its default of a thread per handle.

    It never uses the loopback device's own address, so run it where a private interface exists (`benchmarks.relay`
    makes itself a network namespace).
    """
    http_port, rtp_port = free_port(), free_port(socket.SOCK_DGRAM)
    with tempfile.TemporaryDirectory(prefix="janus-") as name:
        folder = Path(name)
        main = _MAIN.format(
            folder=folder,
            plugins=PLUGINS,
            transports=TRANSPORTS,
            event_loops=f"event_loops = {event_loops}" if event_loops else "",
            unused_plugins=",".join(f"libjanus_{name}.so" for name in _UNUSED_PLUGINS),
            unused_transports=",".join(f"libjanus_{name}.so" for name in _UNUSED_TRANSPORTS),
            low=20000,
            high=40000,
        )
        (folder / "janus.jcfg").write_text(main)
        (folder / "janus.transport.http.jcfg").write_text(_HTTP.format(port=http_port))
        (folder / "janus.plugin.streaming.jcfg").write_text(_STREAMING.format(port=rtp_port))
        (folder / "janus.plugin.videoroom.jcfg").write_text(_ROOM.format())
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["janus", "-F", str(folder), "-C", str(folder / "janus.jcfg")], stdout=log, stderr=log
            )
        try:
            url = f"http://127.0.0.1:{http_port}"
            async with Janus(url):  # its own session shows that it is ready
                yield JanusProcess(process.pid, url, rtp_port)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
