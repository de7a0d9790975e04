"""Servers for network trials: browsers' offers and answers go through a `BadNetwork`, so that all media does."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from playwright.async_api import Page

from benchmarks.harness.bad_network import BadNetwork
from benchmarks.media_process import media_process
from benchmarks.peers.janus import Janus, running_janus
from benchmarks.peers.signalling import SHOW
from benchmarks.relay import ADDRESS
from stream_server.ids import SessionId
from stream_server.media.control import ControlClient

ONE_SIZE = [{"maxBitrate": 2_500_000}]
THREE_SIZES = [
    {"rid": "q", "maxBitrate": 150_000, "scaleResolutionDownBy": 4},
    {"rid": "h", "maxBitrate": 500_000, "scaleResolutionDownBy": 2},
    {"rid": "f", "maxBitrate": 1_500_000, "scaleResolutionDownBy": 1},
]
"""What the studio sends."""
OFFER = "encodings => trial.offerToPublish('host', encodings)"


class Server(Protocol):
    """Takes offers of publishers, gets viewers connected; descriptions go through a `BadNetwork`."""

    async def publish(self, page: Page, network: BadNetwork, *, is_layered: bool) -> None:
        """Publish from ``page``, again if it did before; the picture in one size or in three."""

    async def view(self, page: Page, name: str, network: BadNetwork) -> None:
        """Let ``page`` watch as ``name``."""


def _first_candidate(sdp: str) -> tuple[str, int]:
    for host, port in re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", sdp, re.I):
        if host == ADDRESS:
            return host, int(port)
    raise RuntimeError("the server offers no UDP address that we can reach")


def only_at(sdp: str, where: tuple[str, int]) -> str:
    """``sdp`` with one candidate, at ``where``, so that nothing passes by the network."""
    kept = [line for line in sdp.splitlines() if not re.match(r"a=(candidate|end-of-candidates|ice-options)", line)]
    lines = []
    for line in kept:
        lines.append(line)
        if line.startswith("a=ice-pwd"):
            lines.append(f"a=candidate:1 1 udp 2130706431 {where[0]} {where[1]} typ host generation 0")
            lines.append("a=end-of-candidates")
    return "\r\n".join(lines) + "\r\n"


class OurServer:
    """`Server` over the control socket of our media process."""

    def __init__(self, plane: ControlClient) -> None:
        self._plane = plane
        self._numbers = itertools.count()

    async def publish(self, page: Page, network: BadNetwork, *, is_layered: bool) -> None:
        """See `Server`."""
        offer = await page.evaluate(OFFER, THREE_SIZES if is_layered else ONE_SIZE)
        id_ = SessionId(f"whip_{next(self._numbers)}")
        answer = await self._plane.publish(SHOW, id_, only_at(offer, network.far), 0.0, replace=True)
        await self._accept(page, "host", answer.sdp, network)

    async def view(self, page: Page, name: str, network: BadNetwork) -> None:
        """See `Server`."""
        offer = await page.evaluate("name => trial.offerToView(name)", name)
        id_ = SessionId(f"whep_{next(self._numbers)}")
        answer = await self._plane.view(SHOW, id_, only_at(offer, network.far))
        await self._accept(page, name, answer.sdp, network)

    async def _accept(self, page: Page, name: str, sdp: str, network: BadNetwork) -> None:
        network.lead_to(_first_candidate(sdp))
        await page.evaluate("([name, sdp]) => trial.accept(name, sdp)", [name, only_at(sdp, network.near)])


class JanusServer:
    """`Server` over Janus' videoroom."""

    def __init__(self, janus: Janus) -> None:
        self._janus = janus

    async def publish(self, page: Page, network: BadNetwork, *, is_layered: bool) -> None:
        """See `Server`. Once only: the room keeps the first publisher's place. Janus wants the largest size first."""
        offer = await page.evaluate(OFFER, THREE_SIZES[::-1] if is_layered else ONE_SIZE)
        answer = await self._janus.publish(only_at(offer, network.far))
        network.lead_to(_first_candidate(answer))
        await page.evaluate("sdp => trial.accept('host', sdp)", only_at(answer, network.near))

    async def view(self, page: Page, name: str, network: BadNetwork) -> None:
        """See `Server`."""
        offer = await self._janus.subscribe()
        network.lead_to(_first_candidate(offer.sdp))
        answer = await page.evaluate(
            "([name, sdp]) => trial.answer(name, sdp)", [name, only_at(offer.sdp, network.near)]
        )
        await self._janus.start(offer.handle, only_at(answer, network.far))


@asynccontextmanager
async def ours() -> AsyncIterator[OurServer]:
    """Our media process, native egress."""
    async with media_process("native", ADDRESS) as (_, plane):
        yield OurServer(plane)


@asynccontextmanager
async def janus() -> AsyncIterator[JanusServer]:
    """Janus with its room."""
    async with running_janus(event_loops=1) as process, Janus(process.url) as session:
        yield JanusServer(session)
