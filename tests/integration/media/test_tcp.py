"""Reaching viewers over TCP: whole sessions, those who read slowly, those who only connect, and changes of path."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path as FilePath

import pytest

from benchmarks.light_viewer import Crowd, LightPeer, publishing
from stream_server.clock import ManualClock, SystemClock
from stream_server.ids import SessionId, ShowId
from stream_server.media.control import ControlClient
from stream_server.media.egress import Egress, PythonEgress, Target
from stream_server.media.endpoint import Endpoint
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.native_egress import is_built, with_streams
from stream_server.media.process import MediaOptions, serve_media
from stream_server.media.rtp import MediaPacket
from stream_server.media.seams import SRTP_PROFILES, SrtpKeys, SrtpProfile, SrtpReceiver
from stream_server.media.tcp import MAX_FRAME_BYTES, MAX_STRAYS, MAX_UNPROVEN, MAX_UNSENT_BYTES, TcpConnection, TcpDoor
from tests.integration.media import aiortc_peers
from tests.integration.media.tcp_peers import TcpPeer, connected, framed, open_tcp_peer, tcp_candidates

SHOW = ShowId("show_1")
needs_native = pytest.mark.skipif(not is_built(), reason="the native egress was not built here")


async def eventually(condition: Callable[[], object]) -> None:
    """With patience for a machine that is busy with more than this."""
    await aiortc_peers.eventually(condition, 12)


@asynccontextmanager
async def on_air(folder: FilePath, egress: str = "auto") -> AsyncIterator[ControlClient]:
    """A media process' own code with a light publisher on air."""
    path, stop = folder / "media.sock", asyncio.Event()
    options = MediaOptions(socket_path=path, port=0, addresses=("127.0.0.1",), egress=egress)  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as group:
        group.create_task(serve_media(options, stop))
        async with ControlClient(path, SystemClock(), retry_s=0.02).run() as client:
            async with asyncio.timeout(5):
                await client.wait_connected()
            async with publishing(client, SHOW):
                await eventually(lambda: any(session.is_source for session in client.sessions()))
                yield client
        stop.set()


async def watch(client: ControlClient) -> TcpPeer:
    """A viewer over TCP."""
    session_id = SessionId(f"vses_{secrets.token_hex(4)}")
    return await open_tcp_peer(lambda offer: client.view(SHOW, session_id, offer))


@pytest.mark.parametrize("egress", ["python", pytest.param("native", marks=needs_native)])
async def test_a_viewer_without_udp_gets_every_packet_and_what_it_asks_for_again(
    tmp_path: FilePath, egress: str
) -> None:
    async with on_air(tmp_path, egress) as client, Crowd(client, SHOW).run() as crowd:
        near = await crowd.join()
        peer = await watch(client)
        crowd.viewers.append(peer)
        await eventually(lambda: peer.packets > 150 and near.packets > 150)
        assert (peer.lost, near.lost) == (0, 0)
        metrics = await client.metrics()
        assert metrics["tcp_connections"] == metrics["tcp_accepted"] == 1
        assert metrics["packets_dropped"] == 0


async def test_the_answer_offers_udp_first_and_tcp_on_the_same_port(tmp_path: FilePath) -> None:
    async with on_air(tmp_path) as client:
        peer = await watch(client)
        with closing(peer):
            lines = re.findall(r"a=candidate:\S+ 1 (\w+) (\d+) (\S+) (\d+)", peer.answer.sdp)
            assert [line[0] for line in lines[:2]] == ["udp", "tcp"]
            assert int(lines[0][1]) > int(lines[1][1])
            assert lines[0][2:] == lines[1][2:]


async def test_a_goodbye_over_tcp_ends_the_session_and_the_connection(tmp_path: FilePath) -> None:
    async with on_air(tmp_path) as client:
        (await watch(client)).close()
        await eventually(lambda: len(client.sessions()) == 1)
        assert (await client.metrics())["tcp_connections"] == 0


async def test_who_reads_too_slowly_loses_packets_and_nobody_else_does(tmp_path: FilePath) -> None:
    async with on_air(tmp_path) as client, Crowd(client, SHOW).run() as crowd, AsyncExitStack() as stack:
        near = await crowd.join()
        slow = await watch(client)
        stack.callback(slow.close)
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with asyncio.timeout(15):
            while (await client.metrics())["packets_dropped"] < 50:  # nobody reads its socket: it is not in the crowd
                await asyncio.sleep(0.05)
        before = near.packets
        await eventually(lambda: near.packets > before + 100)
        assert near.lost == 0
        crowd.viewers.append(slow)  # it reads again
        before = slow.packets
        await eventually(lambda: slow.packets > before + 100)


async def test_a_viewer_changes_from_udp_to_tcp_and_back_within_its_session(tmp_path: FilePath) -> None:
    async with on_air(tmp_path) as client, Crowd(client, SHOW).run() as crowd:
        viewer = await crowd.join()
        await eventually(lambda: viewer.packets > 30)
        where = tcp_candidates(viewer.answer)[0]
        over_tcp = Detour(viewer, connected(where))
        crowd.viewers.append(over_tcp.peer)
        over_tcp.peer.check()
        await eventually(lambda: over_tcp.peer.packets > 60)
        assert over_tcp.peer.lost == 0
        before = viewer.packets
        viewer.check()
        await eventually(lambda: viewer.packets > before + 60)
        assert (await client.metrics())["viewers"] == 1


class Detour:
    """The same session by a TCP connection: credentials and association are those of ``viewer``."""

    def __init__(self, viewer: LightPeer, connection: socket.socket) -> None:
        self.peer = TcpPeer(viewer.answer, viewer.credentials, connection, viewer.server)
        self.peer.sender = viewer.sender


# ---------------------------------------------------------------- strangers


class Nobody:
    """An endpoint's clock and counters without any link."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.counters = Counters()
        self.endpoint = Endpoint(self.clock, self.counters, lambda: None)

    def __enter__(self) -> Nobody:
        self.endpoint.open(("127.0.0.1",), 0, None)
        self.where = next((c.host, c.port) for c in self.endpoint.candidates if c.protocol == "tcp")
        return self

    def __exit__(self, *args: object) -> None:
        self.endpoint.close()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0.002)


async def test_connections_that_prove_nothing_are_few_and_short_lived() -> None:
    with Nobody() as nobody:
        crowd = []
        for _ in range(MAX_UNPROVEN + 10):
            crowd.append(connected(nobody.where))
            await asyncio.sleep(0)
        await eventually(lambda: nobody.counters.tcp_accepted == MAX_UNPROVEN + 10)
        assert len(nobody.endpoint.tcp) == MAX_UNPROVEN
        nobody.endpoint.tcp.expire(nobody.clock.monotonic_s() + 60)
        assert len(nobody.endpoint.tcp) == 0
        assert nobody.counters.tcp_evicted == MAX_UNPROVEN + 10
        for one in crowd:
            one.close()


@pytest.mark.parametrize(
    "garbage",
    [
        (MAX_FRAME_BYTES + 1).to_bytes(2, "big") + bytes(100),
        framed(b"\x80" * 40) * (MAX_STRAYS + 1),
        framed(b"") * (MAX_STRAYS + 1),
        framed(b"\x00\x01" + bytes(30)) * (MAX_STRAYS + 1),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["a frame that is too long", "media of nobody", "nothing", "checks that are none", "a web browser"],
)
async def test_a_connection_that_talks_nonsense_is_closed(garbage: bytes) -> None:
    with Nobody() as nobody, closing(connected(nobody.where)) as stranger:
        stranger.send(garbage)
        await eventually(lambda: nobody.counters.tcp_accepted == 1)
        await nobody.settle()
        assert len(nobody.endpoint.tcp) == 0


async def test_an_unfinished_frame_waits_for_its_rest() -> None:
    with Nobody() as nobody, closing(connected(nobody.where)) as stranger:
        for byte in framed(b"\x80" * 40):
            stranger.send(bytes([byte]))
            await asyncio.sleep(0)
        await eventually(lambda: nobody.counters.stray_datagrams == 1)
        assert len(nobody.endpoint.tcp) == 1


async def test_a_port_that_somebody_has_for_tcp_leaves_udp_alone() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        endpoint = Endpoint(ManualClock(), Counters(), lambda: None)
        endpoint.open(("127.0.0.1",), taken.getsockname()[1], None)
        assert [candidate.protocol for candidate in endpoint.candidates] == ["udp"]
        endpoint.close()


# ---------------------------------------------------------------- the egress


class Ends:
    """Both ends of one accepted connection."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def on_frames(self, connection: TcpConnection, frames: list[bytes]) -> None:
        self.frames += frames

    def on_disconnected(self, connection: TcpConnection) -> None:
        connection.close()


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(10)
        yield made


async def a_connection(handler: Ends) -> tuple[TcpDoor, TcpConnection, socket.socket]:
    door = TcpDoor(Counters(), lambda: 0.0, handler)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        where = probe.getsockname()
    door.open(socket.AF_INET, *where)
    theirs = connected(where)
    await eventually(lambda: len(door))
    (ours,) = door._connections.values()
    return door, ours, theirs


@pytest.mark.parametrize("profile", SRTP_PROFILES, ids=lambda p: p.name.decode())
@pytest.mark.parametrize("make", [PythonEgress, pytest.param(with_streams, marks=needs_native)])
async def test_numbers_go_on_across_the_wrap_when_a_target_changes_hands(
    make: Callable[[Counters], Egress], profile: SrtpProfile, receiver: socket.socket
) -> None:
    key = os.urandom(profile.key_bytes + profile.salt_bytes)
    keys = SrtpKeys(profile, key, key)
    srtp = SrtpReceiver(keys)
    ends = Ends()
    door, ours, theirs = await a_connection(ends)
    theirs.setblocking(True)
    theirs.settimeout(10)
    egress = make(Counters())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, closing(theirs), closing(door):
        sender.bind(("127.0.0.1", 0))
        over_udp, over_tcp = Path(sender, receiver.getsockname()), Path(ours, ours.address)
        track = egress.open_track("video")
        handle = egress.add(Target(over_udp, keys, "video", 7, 102, 1000, 9000))
        egress.attach(handle, track)
        seen = []
        for number, index in enumerate(range(1000, 200_000, 4000)):
            egress.send(track, [MediaPacket(index, index, True, False, b"x" * 50)])
            if number % 20 < 10:
                data = receiver.recv(2048)
            else:
                size = int.from_bytes(theirs.recv(2, socket.MSG_WAITALL), "big")
                data = theirs.recv(size, socket.MSG_WAITALL)
            seen.append(int.from_bytes(srtp.open_rtp(data)[2:4], "big"))
            if number % 10 == 9:
                # the thread counts after it has sent
                await eventually(lambda: egress.sent(handle).packets == len(seen))
                egress.move(handle, over_udp if number % 20 == 19 else over_tcp)
        assert seen == [(8000 + index) & 0xFFFF for index in range(1000, 200_000, 4000)]
        await eventually(lambda: egress.sent(handle).packets == len(seen))
        egress.close()


async def test_a_connection_keeps_no_more_than_its_share_and_whole_frames_only() -> None:
    ends = Ends()
    door, ours, theirs = await a_connection(ends)
    sent = 0
    with closing(theirs), closing(door):
        for number in itertools.count():
            try:
                ours.sendto(number.to_bytes(4, "big") + bytes(1000), ours.address)
            except BlockingIOError:
                break
            sent += 1
        assert len(ours._unsent) <= MAX_UNSENT_BYTES
        got = b""
        async with asyncio.timeout(12):
            while len(got) < sent * 1006:
                try:
                    got += theirs.recv(1 << 20)
                except BlockingIOError:
                    await asyncio.sleep(0.001)
        assert [int.from_bytes(got[at + 2 : at + 6], "big") for at in range(0, len(got), 1006)] == list(range(sent))
        await eventually(lambda: not ours._unsent)
