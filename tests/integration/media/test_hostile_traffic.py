"""Strangers and bad viewers at the media port: the others' picture goes on, memory stays bounded, counters tell.

The media process is a real one of its own; floods are short and small enough for a shared machine, so what is
judged is who suffers, not how much traffic it takes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

import psutil
import pytest
from aioice import stun

from benchmarks.light_viewer import IDENTITY, RTX_TYPE, Crowd, LightPeer, offer, open_peer, publishing
from benchmarks.media_process import media_process
from stream_server.errors import TooMany
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.dtls import Dtls
from stream_server.media.ice import IceCredentials
from stream_server.media.native_egress import is_built
from stream_server.media.rtp import write_pli
from stream_server.signaling.media_plane import Answer

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(60)]

SHOW = ShowId("show_1")
MEMORY_BYTES = 48 * 1024 * 1024
"""What a flood may make the process grow: socket buffers, caches that fill anyway, and fragmentation."""


@dataclass
class Scene:
    """A show on air with an honest viewer that has seen it for a while."""

    plane: ControlClient
    process: psutil.Process
    crowd: Crowd
    honest: LightPeer
    port: tuple[str, int]

    async def counters(self) -> dict[str, float]:
        return await self.plane.metrics()

    async def another(self, make: type[LightPeer] = LightPeer) -> LightPeer:
        """One more viewer; it is drained with the rest."""
        session_id = SessionId(f"vses_{secrets.token_hex(6)}")
        peer = await open_peer(lambda text: self.plane.view(SHOW, session_id, text), "recvonly", make=make)
        self.crowd.viewers.append(peer)
        return peer


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    """A media process on air; at the end of the block the honest viewer must have missed nothing."""
    async with (
        media_process("native" if is_built() else "python") as (process, plane),
        publishing(plane, SHOW),
        Crowd(plane, SHOW).run() as crowd,
    ):
        async with asyncio.timeout(10):
            while not any(session.is_source for session in plane.sessions()):
                await asyncio.sleep(0.02)
        honest = await crowd.join()
        await more_packets(honest, 60)
        before = process.memory_info().rss
        yield Scene(plane, process, crowd, honest, honest.server)
        await more_packets(honest, 100)  # it still flows
        assert honest.lost == 0
        assert honest.closed is None
        assert process.memory_info().rss - before < MEMORY_BYTES


async def more_packets(peer: LightPeer, count: int) -> None:
    wanted = peer.packets + count
    async with asyncio.timeout(15):
        while peer.packets < wanted:
            await asyncio.sleep(0.02)


def stranger() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.setblocking(False)
    return made


async def flood(send: Callable[[int], object], per_s: int, seconds: float) -> int:
    """Call ``send`` with rising numbers at that rate; gives how often."""
    loop = asyncio.get_running_loop()
    start_s, sent = loop.time(), 0
    while (elapsed_s := loop.time() - start_s) < seconds:
        for _ in range(min(int(elapsed_s * per_s) - sent, per_s // 20)):
            send(sent)
            sent += 1
        await asyncio.sleep(0.002)
    return sent


async def test_garbage_at_thousands_of_packets_a_second_costs_nobody_a_packet() -> None:
    async with scene() as s:
        kinds = [os.urandom(size) for size in (1, 12, 60, 200, 1200)]
        kinds += [b"\x80\x66" + os.urandom(100), b"\x80\xc8" + os.urandom(40), b"\x16\xfe\xfd" + os.urandom(100)]
        kinds += [b"\x00\x01\x00\x00\x21\x12\xa4\x42" + bytes(12), b"\x00\x01" + os.urandom(90)]
        before = (await s.counters())["stray_datagrams"]
        with closing(stranger()) as sender:

            def send(number: int) -> None:
                with suppress(BlockingIOError):
                    sender.sendto(kinds[number % len(kinds)], s.port)

            sent = await flood(send, 4000, 2.0)
        assert sent > 1000
        assert (await s.counters())["stray_datagrams"] - before > sent / 2


async def test_media_from_another_source_than_a_peers_own_is_ignored() -> None:
    async with scene() as s:
        bad = await s.another()
        assert bad.sender is not None
        sealed = bad.sender.seal_rtcp(write_pli(1, 2))
        before = await s.counters()
        with closing(stranger()) as elsewhere:
            for _ in range(200):  # authentic by its keys, but nobody vouches for this address
                elsewhere.sendto(sealed, s.port)
            check_of_nobody = IceCredentials.make()
            for _ in range(200):
                elsewhere.sendto(_check(check_of_nobody), s.port)
            await asyncio.sleep(0.3)
        after = await s.counters()
        assert after["stray_datagrams"] - before["stray_datagrams"] == 400
        assert after["plis_received"] == before["plis_received"]
        assert bad.closed is None


def _check(credentials: IceCredentials) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes = {"USERNAME": f"{credentials.ufrag}:x", "PRIORITY": 1, "ICE-CONTROLLING": 1}
    message.add_message_integrity(credentials.password.encode())
    return bytes(message)


async def test_forged_and_replayed_packets_of_a_peer_change_nothing() -> None:
    async with scene() as s:
        bad = await s.another()
        assert bad.sender is not None
        genuine = bad.sender.seal_rtcp(write_pli(1, 2))
        before = await s.counters()
        bad.send(genuine)
        for number in range(300):
            bad.send(genuine)  # replayed
            forged = bytearray(genuine)
            forged[-1 - number % 20] ^= 1 + number % 255
            bad.send(bytes(forged))
            bad.send(struct.pack("!BBHII", 0x80, 96, number, number, number) + os.urandom(100))
            if number % 50 == 49:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        after = await s.counters()
        assert after["plis_received"] - before["plis_received"] == 1
        assert after["stray_datagrams"] - before["stray_datagrams"] == 900
        assert bad.closed is None
        assert (await s.counters())["viewers"] == 2


async def test_a_flood_of_authentic_reports_reaches_the_host_as_two_requests_a_second() -> None:
    async with scene() as s:
        bad = await s.another()
        assert bad.sender is not None
        seal, send = bad.sender.seal_rtcp, bad.send
        before = await s.counters()
        compound = write_pli(1, 2)
        sent = await flood(lambda _: send(seal(compound)), 1000, 2.0)
        await asyncio.sleep(0.2)
        after = await s.counters()
        assert after["plis_received"] - before["plis_received"] > sent / 2
        assert after["plis_sent"] - before["plis_sent"] <= 7


async def test_a_giant_estimate_of_bandwidth_and_broken_reports_do_nothing() -> None:
    async with scene() as s:
        bad = await s.another()
        assert bad.sender is not None
        ssrc = next(iter(bad.streams), 1)
        bodies = [
            b"REMB" + bytes([255]) + b"\xff" * 3 + bytes(4) * 255,
            b"REMB" + bytes([1, 0xFF, 0xFF, 0xFF]) + ssrc.to_bytes(4, "big"),
            b"REMB",
            os.urandom(400),
        ]
        for body in bodies:
            size = (8 + len(body)) // 4
            for format_ in (15, 1, 4, 31):
                packet = struct.pack("!BBHII", 0x80 | format_, 206, size, 1, ssrc) + body
                bad.send(bad.sender.seal_rtcp(packet[: 4 * (size + 1)]))
        for count in range(32):
            bad.send(bad.sender.seal_rtcp(struct.pack("!BBHI", 0x80 | count, 201, 1, 1)))
        await more_packets(bad, 60)
        assert bad.closed is None


class Counting(LightPeer):
    """Counts what it is sent again."""

    resent = 0

    def take(self, data: bytes) -> None:
        if 127 < data[0] < 192 and data[1] & 0x7F == RTX_TYPE:
            self.resent += 1
        super().take(data)


async def test_a_storm_of_requests_for_lost_packets_is_served_within_its_budget() -> None:
    async with scene() as s:
        bad = await s.another(Counting)
        assert isinstance(bad, Counting)
        assert bad.sender is not None
        await more_packets(bad, 90)
        ssrc, stream = max(bad.streams.items(), key=lambda item: item[1].packets)
        seal, send = bad.sender.seal_rtcp, bad.send
        before = await s.counters()

        def storm(number: int) -> None:
            newest = stream.newest - 17 * (number % 5)
            asked = b"".join(struct.pack("!HH", (newest - 17 * i) & 0xFFFF, 0xFFFF) for i in range(10))
            send(seal(struct.pack("!BBHII", 0x81, 205, 12, 1, ssrc) + asked))

        await flood(storm, 150, 2.0)
        await asyncio.sleep(0.3)
        after = await s.counters()
        assert after["nacks_received"] - before["nacks_received"] > 5000
        assert 0 < bad.resent <= 300 + 300 * 3
        assert after["rtx_refused"] - before["rtx_refused"] > 1000


async def test_a_thousand_handshakes_that_never_end_are_bounded_and_leave_room_for_an_honest_viewer_later() -> None:
    async with scene() as s:
        refused = 0
        half_open: list[HalfOpen] = []
        for number in range(1000):
            credentials = IceCredentials.make()
            try:
                answer = await s.plane.view(SHOW, SessionId(f"vses_half_{number}"), offer(credentials, "recvonly"))
            except TooMany:
                refused += 1
            else:
                half_open.append(HalfOpen(answer, credentials, s.port))
            if number % 50 == 49:
                await asyncio.sleep(0.05)
        assert refused == 1000 - len(half_open)
        assert refused >= 500
        with pytest.raises(TooMany):
            await s.another()
        assert (await s.counters())["connecting"] <= 400
        for one in half_open:
            one.close()
            await s.plane.close(one.session_id)
        await more_packets(await s.another(), 30)


class HalfOpen:
    """Checks, sends a ClientHello, and never answers."""

    def __init__(self, answer: Answer, credentials: IceCredentials, port: tuple[str, int]) -> None:
        self.session_id = answer.session_id
        self._socket = stranger()
        peer = LightPeer(answer, credentials, self._socket, port)
        peer.check()
        hello = Dtls(IDENTITY, "client", "", peer.send, lambda _: None, lambda _: None)
        hello.start()
        hello._cancel_timers()

    def close(self) -> None:
        self._socket.close()
