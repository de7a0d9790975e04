"""Light clients that open another session when theirs falls silent, as browsers and the player do, only sooner."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.light_viewer import RTX_TYPE, VIDEO_TYPE, LightPeer, Publisher, open_peer
from stream_server.errors import VitrineError
from stream_server.ids import SessionId
from stream_server.signaling.media_plane import Answer

Ask = Callable[[str], Awaitable[Answer]]

CHECK_S = 0.25
UNANSWERED = 4
"""Checks without any sign of life after which a session is given up. Counted, not timed: a test that was not given the
processor for a second has not been left alone."""
RETRY_S = 0.3
CONNECT_S = 3.0


def http_signalling(url: str, token: str | None = None) -> Ask:
    """WHIP or WHEP."""
    headers = {"Content-Type": "application/sdp", **({"Authorization": f"Bearer {token}"} if token else {})}

    def post(offer: str) -> Answer:
        request = urllib.request.Request(url, offer.encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=5) as reply:
            session_id = SessionId(reply.headers["Location"].rpartition("/")[2])
            return Answer(session_id, reply.read().decode(), reply.headers["ETag"])

    return lambda offer: asyncio.to_thread(post, offer)


@dataclass
class TimedPeer(LightPeer):
    """Notes when the server last showed a sign of life, and the show clock of each picture packet."""

    heard_s: float = 0.0
    pictures: list[tuple[float, float]] = field(default_factory=list)
    """Loop time and show clock, both in seconds."""

    def take(self, data: bytes) -> None:
        now_s = asyncio.get_running_loop().time()
        self.heard_s = now_s
        if 127 < data[0] < 192 and data[1] & 0x7F == VIDEO_TYPE != RTX_TYPE:
            self.pictures.append((now_s, int.from_bytes(data[4:8], "big") / 90_000))
        super().take(data)


@dataclass
class Client:
    """A publisher or a viewer; see the module."""

    ask: Ask
    direction: Literal["sendonly", "recvonly"]
    where: tuple[str, int] | None = None
    patience: int = UNANSWERED
    peers: list[TimedPeer] = field(default_factory=list)
    """One for each session, the newest last."""

    @property
    def pictures(self) -> list[tuple[float, float]]:
        """All picture packets of all sessions."""
        return [picture for peer in self.peers for picture in peer.pictures]

    async def stay(self) -> None:
        """Open sessions for ever."""
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    peer = await open_peer(self.ask, self.direction, make=TimedPeer, where=self.where)
            except (urllib.error.URLError, OSError, VitrineError):  # TimeoutError is an OSError
                await asyncio.sleep(RETRY_S)
                continue
            assert isinstance(peer, TimedPeer)
            self.peers.append(peer)
            try:
                await self._use(peer)
            finally:
                peer.close()

    async def _use(self, peer: TimedPeer) -> None:
        loop = asyncio.get_running_loop()
        checked_s, unanswered = loop.time(), 0
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(Publisher(peer, 5, 1000).send()) if self.direction == "sendonly" else None
            while unanswered < self.patience and peer.closed is None:
                peer.read()
                if loop.time() - checked_s > CHECK_S:
                    unanswered = 0 if peer.heard_s >= checked_s else unanswered + 1
                    peer.check()
                    checked_s = loop.time()
                await asyncio.sleep(0.004)
            if sending is not None:
                sending.cancel()


@asynccontextmanager
async def staying(*clients: Client) -> AsyncIterator[None]:
    """The clients for as long as the block lasts."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(client.stay()) for client in clients]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
