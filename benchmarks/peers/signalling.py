"""How peers get their offers and answers to each kind of server that is measured."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiortc import RTCPeerConnection

from benchmarks.peers import crowd
from benchmarks.peers.janus import Janus, Offer
from stream_server.clock import SystemClock
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient

SHOW = ShowId("show_measured")


@asynccontextmanager
async def control(socket: str) -> AsyncIterator[ControlClient]:
    """A connection to our media process."""
    async with ControlClient(Path(socket), SystemClock()).run() as client:
        await client.wait_connected()
        yield client


@asynccontextmanager
async def publish_offer(kind: str, where: str) -> AsyncIterator[crowd.WE_OFFER]:
    """The function that takes a publisher's offer."""
    if kind == "videoroom":
        async with Janus(where) as janus:
            yield janus.publish
        return
    async with control(where) as client:

        async def ask(offer: str) -> str:
            answer = await client.publish(SHOW, SessionId("whip_measured"), offer, 0.0, replace=False)
            return answer.sdp

        yield ask


@asynccontextmanager
async def joining(kind: str, where: str) -> AsyncIterator[Callable[[], Awaitable[RTCPeerConnection]]]:
    """The function that lets one viewer join."""
    if kind != "vitrine":
        async with Janus(where) as janus:
            ask_janus: Callable[[], Awaitable[Offer]] = janus.watch if kind == "streaming" else janus.subscribe

            async def offered() -> tuple[str, Callable[[str], Awaitable[None]]]:
                offer = await ask_janus()
                return offer.sdp, lambda answer: janus.start(offer.handle, answer)

            yield lambda: crowd.join_by_answering(offered)
        return
    numbers = itertools.count()
    async with control(where) as client:

        async def ask(offer: str) -> str:
            return (await client.view(SHOW, SessionId(f"whep_{next(numbers)}"), offer)).sdp

        yield lambda: crowd.join_by_offering(ask)
