"""A link and the endpoint's demultiplexer, fed with datagrams by hand."""

from __future__ import annotations

import asyncio
import socket
from typing import Literal

import pytest
from aioice import stun

from stream_server.clock import ManualClock
from stream_server.media.dtls import Dtls, Identity
from stream_server.media.endpoint import Endpoint
from stream_server.media.ice import IceCredentials
from stream_server.media.link import MAX_ADDRESSES, MAX_SSRCS, Link, Path
from stream_server.media.metrics import Counters
from stream_server.media.rtp import write_pli
from stream_server.media.seams import SrtpKeys, SrtpSender
from tests.unit.media.sealed_link import Packet

SERVER, CLIENT = Identity(), Identity()


class Recorder:
    """Handler that remembers."""

    def __init__(self) -> None:
        self.connected = 0
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.moves: list[Path] = []
        self.closed: list[str] = []
        self.breaks = False

    def on_connected(self, keys: SrtpKeys) -> None:
        self.connected += 1

    def on_rtp(self, packet: bytes, now_s: float) -> None:
        if self.breaks:
            raise RuntimeError("a bug of ours")
        self.rtp.append(packet)

    def on_rtcp(self, packet: bytes, now_s: float) -> None:
        self.rtcp.append(packet)

    def on_moved(self, path: Path) -> None:
        self.moves.append(path)

    def on_link_closed(self, reason: Literal["closed", "timeout", "failed"]) -> None:
        self.closed.append(reason)


class Peer:
    """A client with a socket of its own, talking to an endpoint on loopback."""

    def __init__(self, endpoint: Endpoint, clock: ManualClock) -> None:
        self.clock = clock
        self.endpoint = endpoint
        self.recorder = Recorder()
        self.link = Link(SERVER, "server", CLIENT.fingerprint, self.recorder, clock.monotonic_s())
        endpoint.add(self.link)
        self.server = (endpoint.candidates[0].host, endpoint.candidates[0].port)
        self.keys: SrtpKeys | None = None
        self.sockets: list[socket.socket] = []
        self.socket = self.new_socket()
        self.dtls = Dtls(CLIENT, "client", SERVER.fingerprint, self.send, self._connected, lambda _: None)

    def new_socket(self) -> socket.socket:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.sockets.append(self.socket)
        return self.socket

    def _connected(self, keys: SrtpKeys) -> None:
        self.keys = keys

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, self.server)

    async def answers(self) -> list[bytes]:
        """Let the endpoint read; gives what came back."""
        for _ in range(3):
            await asyncio.sleep(0)
        await asyncio.sleep(0.002)
        got = []
        try:
            while True:
                got.append(self.socket.recv(2048))
        except BlockingIOError:
            return got

    async def check(self, credentials: IceCredentials | None = None, **attributes: object) -> list[bytes]:
        """Send one connectivity check; gives the answers."""
        credentials = credentials or self.link.credentials
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes = {"USERNAME": f"{credentials.ufrag}:theirs", "PRIORITY": 1, "ICE-CONTROLLING": 1}
        message.attributes.update(attributes)
        message.add_message_integrity(credentials.password.encode())
        self.send(bytes(message))
        return [data for data in await self.answers() if data[0] < 4]

    async def connect(self) -> SrtpSender:
        """Check, shake hands."""
        await self.check(**{"USE-CANDIDATE": None})
        self.dtls.start()
        async with asyncio.timeout(5):
            while not self.link.is_connected or self.keys is None:
                for data in await self.answers():
                    self.dtls.receive(data)
        return SrtpSender(self.keys)

    @property
    def address(self) -> tuple[str, int]:
        name: tuple[str, int] = self.socket.getsockname()
        return name


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


class Bench:
    """An endpoint and its peers; used as a context so that no socket is left open."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.counters = Counters()
        self.bursts = 0
        self.peers: list[Peer] = []

    def _burst(self) -> None:
        self.bursts += 1

    def __enter__(self) -> Bench:
        self.endpoint = Endpoint(self.clock, self.counters, self._burst)
        self.endpoint.open(("127.0.0.1",), 0, None)
        return self

    def __exit__(self, *args: object) -> None:
        for peer in self.peers:
            peer.dtls.close()
            peer.link.close()
            for used in peer.sockets:
                used.close()
        self.endpoint.close()

    def peer(self) -> Peer:
        peer = Peer(self.endpoint, self.clock)
        self.peers.append(peer)
        return peer


async def test_a_check_is_answered_with_the_senders_address() -> None:
    with Bench() as bench:
        peer = bench.peer()
        (reply,) = await peer.check()
        assert stun.parse_message(reply).attributes["XOR-MAPPED-ADDRESS"] == peer.address
        assert bench.bursts >= 1


async def test_checks_that_are_not_authentic_get_no_answer() -> None:
    with Bench() as bench:
        peer = bench.peer()
        assert await peer.check(IceCredentials(peer.link.credentials.ufrag, "wrong-password-of-22-c")) == []
        assert await peer.check(IceCredentials("unknown", peer.link.credentials.password)) == []
        assert bench.counters.stray_datagrams == 2
        assert peer.link.path is None


async def test_a_peer_connects_and_its_packets_arrive() -> None:
    with Bench() as bench:
        peer = bench.peer()
        sender = await peer.connect()
        peer.send(sender.seal_rtp(bytes(Packet())))
        peer.send(sender.seal_rtcp(write_pli(1, 2)))
        await peer.answers()
        assert peer.recorder.rtp == [bytes(Packet())]
        assert peer.recorder.rtcp == [write_pli(1, 2)]
        assert peer.link.send_rtcp(write_pli(3, 4))
        assert len(await peer.answers()) == 1


async def test_stray_datagrams_are_counted_and_do_no_harm() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        for data in (b"\x80", b"\x80" * 60, b"\x90\xc8" + bytes(30), b"\x16\xfe\xfd" + bytes(30), b"\xff", b"\x00\x01"):
            peer.send(data)
        peer.new_socket()
        peer.send(b"\x80" * 60)
        await peer.answers()
        assert bench.counters.stray_datagrams >= 5
        assert peer.link.is_connected
        assert not peer.recorder.closed


async def test_a_peer_that_moved_is_followed_once_a_check_from_there_is_authentic() -> None:
    with Bench() as bench:
        peer = bench.peer()
        sender = await peer.connect()
        peer.new_socket()
        peer.send(sender.seal_rtp(bytes(Packet())))
        await peer.answers()
        assert peer.recorder.rtp == []  # nobody vouches for this address yet
        await peer.check()
        assert peer.recorder.moves == []  # a spare pair is only kept alive
        await peer.check(**{"USE-CANDIDATE": None})
        assert [path.address for path in peer.recorder.moves] == [peer.address]
        peer.send(sender.seal_rtp(bytes(Packet(sequence=2))))
        await peer.answers()
        assert len(peer.recorder.rtp) == 1


async def test_a_path_that_fell_silent_gives_way_even_without_nomination() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        bench.clock.advance(5)
        await peer.check()
        peer.new_socket()
        bench.clock.advance(5)
        await peer.check()
        assert peer.recorder.moves == []
        bench.clock.advance(5)
        await peer.check()
        assert [path.address for path in peer.recorder.moves] == [peer.address]


async def test_a_peer_may_show_many_addresses_but_only_few_are_kept() -> None:
    with Bench() as bench:
        peer = bench.peer()
        for _ in range(MAX_ADDRESSES + 3):
            peer.new_socket()
            await peer.check()
        assert len(peer.link.addresses) == MAX_ADDRESSES
        assert peer.link.addresses[-1] == peer.address


async def test_a_restart_is_carried_out_by_the_peers_first_check_and_not_before() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        old = peer.link.credentials
        peer.link.offered_credentials = new = IceCredentials.make()
        bench.endpoint.add(peer.link)
        assert await peer.check(old)
        assert peer.link.credentials == old
        assert await peer.check(new)
        assert peer.link.credentials == new
        assert await peer.check(old) == []


async def test_a_silent_peer_times_out_and_one_that_checks_does_not() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        bench.clock.advance(19)
        await peer.check()
        bench.clock.advance(19)
        peer.link.expire(bench.clock.monotonic_s(), 15, 20)
        assert peer.recorder.closed == []
        bench.clock.advance(2)
        peer.link.expire(bench.clock.monotonic_s(), 15, 20)
        peer.link.expire(bench.clock.monotonic_s(), 15, 20)
        assert peer.recorder.closed == ["timeout"]


async def test_a_handshake_that_never_ends_times_out_however_often_the_peer_checks() -> None:
    with Bench() as bench:
        peer = bench.peer()
        for _ in range(4):
            await peer.check()
            bench.clock.advance(4)
        peer.link.expire(bench.clock.monotonic_s(), 15, 20)
        assert peer.recorder.closed == ["timeout"]


async def test_a_goodbye_ends_the_link() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        peer.dtls.close()
        await peer.answers()
        assert peer.recorder.closed == ["closed"]


async def test_a_bug_in_a_handler_ends_that_link_only() -> None:
    with Bench() as bench:
        broken, sound = bench.peer(), bench.peer()
        senders = [await broken.connect(), await sound.connect()]
        broken.recorder.breaks = True
        for peer, sender in zip((broken, sound), senders, strict=True):
            peer.send(sender.seal_rtp(bytes(Packet())))
            await peer.answers()
        assert broken.recorder.closed == ["failed"]
        assert sound.recorder.closed == []
        assert len(sound.recorder.rtp) == 1


async def test_a_peer_cannot_make_us_keep_endless_senders() -> None:
    with Bench() as bench:
        peer = bench.peer()
        sender = await peer.connect()
        for ssrc in range(MAX_SSRCS + 5):
            peer.send(sender.seal_rtp(bytes(Packet(ssrc=ssrc))))
        await peer.answers()
        assert len(peer.recorder.rtp) == MAX_SSRCS


async def test_a_removed_link_is_not_found_any_more() -> None:
    with Bench() as bench:
        peer = bench.peer()
        await peer.connect()
        bench.endpoint.remove(peer.link)
        assert await peer.check() == []


async def test_a_public_address_takes_the_place_of_the_local_ones(clock: ManualClock) -> None:
    endpoint = Endpoint(clock, Counters(), lambda: None)
    endpoint.open(("127.0.0.1",), 0, "203.0.113.9")
    assert [(c.host, c.protocol) for c in endpoint.candidates] == [("203.0.113.9", "udp"), ("203.0.113.9", "tcp")]
    endpoint.close()


async def test_a_taken_port_is_an_error(clock: ManualClock) -> None:
    with Bench() as bench:
        endpoint = Endpoint(clock, Counters(), lambda: None)
        with pytest.raises(OSError, match="cannot be had"):
            endpoint.open(("127.0.0.1",), bench.endpoint.candidates[0].port, None)
