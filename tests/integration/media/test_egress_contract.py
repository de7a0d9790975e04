"""What every egress promises, seen by a receiver with libsrtp on the other end of a real socket."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from stream_server.media import native_egress
from stream_server.media.egress import Egress, PythonEgress, Target
from stream_server.media.link import Path
from stream_server.media.metrics import Counters
from stream_server.media.native_egress import NativeEgress, with_streams
from stream_server.media.rtp import Kind, MediaPacket
from stream_server.media.seams import SRTP_PROFILES, SrtpKeys, SrtpProfile, SrtpReceiver
from stream_server.media.split_egress import SplitEgress

needs_native = pytest.mark.skipif(not native_egress.is_built(), reason="the native egress was not built here")

MakeEgress = Callable[[Counters], Egress]


def native_without_gso(counters: Counters) -> NativeEgress:
    return NativeEgress(counters, gso=False)


def split_python(counters: Counters) -> SplitEgress:
    return SplitEgress(PythonEgress(counters), PythonEgress(counters))


def native_on_two_threads(counters: Counters) -> NativeEgress:
    return NativeEgress(counters, threads=2)


@pytest.fixture(
    params=[
        pytest.param(PythonEgress, id="python"),
        pytest.param(split_python, id="split-python"),
        pytest.param(with_streams, id="split-native", marks=needs_native),
        pytest.param(NativeEgress, id="native", marks=needs_native),
        pytest.param(native_on_two_threads, id="native-on-two-threads", marks=needs_native),
        pytest.param(native_without_gso, id="native-without-gso", marks=needs_native),
    ]
)
def egress(request: pytest.FixtureRequest) -> Iterator[Egress]:
    made: Egress = request.param(Counters())
    yield made
    made.close()


class Receiver:
    """A viewer's end: a socket and the keys to open what arrives."""

    def __init__(self, profile: SrtpProfile = SRTP_PROFILES[0], family: socket.AddressFamily = socket.AF_INET) -> None:
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.socket.settimeout(2)
        key = os.urandom(profile.key_bytes + profile.salt_bytes)
        self.keys = SrtpKeys(profile, send_key=key, receive_key=key)
        self._srtp = SrtpReceiver(self.keys)

    def target(
        self,
        sender: socket.socket,
        *,
        kind: Kind = "video",
        ssrc: int = 7,
        first_index: int = 0,
        first_sequence: int = 0,
    ) -> Target:
        return Target(self.path(sender), self.keys, kind, ssrc, 102, first_index, first_sequence)

    def path(self, sender: socket.socket) -> Path:
        return Path(sender, self.socket.getsockname())

    def receive(self) -> tuple[int, int, int, int, bool, bytes]:
        """Payload type, sequence, timestamp, ssrc, marker, payload without padding."""
        packet = self._srtp.open_rtp(self.socket.recv(2048))
        first, second, sequence, timestamp, ssrc = struct.unpack("!BBHII", packet[:12])
        end = len(packet) - (packet[-1] if first & 0x20 else 0)
        return second & 0x7F, sequence, timestamp, ssrc, bool(second & 0x80), packet[12:end]

    def got_nothing(self) -> bool:
        self.socket.settimeout(0.05)
        try:
            self.socket.recv(2048)
        except TimeoutError:
            return True
        return False


@pytest.fixture
def sender() -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as made:
        made.bind(("127.0.0.1", 0))
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.socket.close()


def frame(first_index: int, sizes: list[int], timestamp: int = 3000) -> list[MediaPacket]:
    last = len(sizes) - 1
    return [MediaPacket(first_index + i, timestamp, i == last, False, os.urandom(size)) for i, size in enumerate(sizes)]


@pytest.mark.parametrize("profile", SRTP_PROFILES, ids=lambda p: p.name.decode())
def test_packets_arrive_whole_in_order_and_renumbered(
    egress: Egress, sender: socket.socket, profile: SrtpProfile
) -> None:
    receiver = Receiver(profile)
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender, ssrc=99, first_index=1000, first_sequence=20))
    egress.attach(handle, track)
    packets = frame(1000, [1000, 1001, 1001, 400])
    egress.send(track, packets)
    for i, packet in enumerate(packets):
        assert receiver.receive() == (102, 20 + i, 3000, 99, packet.marker, packet.payload)
    receiver.socket.close()


@pytest.mark.parametrize(
    "sizes",
    [[1], [1420], [1420] * 40, [998, 998, 999, 999], [999, 998, 500, 1200, 1200, 30], [30, 1400, 30, 1400], [0, 5]],
)
def test_any_mix_of_sizes_arrives(egress: Egress, sender: socket.socket, receiver: Receiver, sizes: list[int]) -> None:
    track = egress.open_track("video")
    egress.attach(egress.add(receiver.target(sender)), track)
    packets = frame(0, sizes)
    egress.send(track, packets)
    assert [receiver.receive()[5] for _ in packets] == [packet.payload for packet in packets]


def test_padding_of_the_source_is_kept_out_of_the_payload(
    egress: Egress, sender: socket.socket, receiver: Receiver
) -> None:
    track = egress.open_track("video")
    egress.attach(egress.add(receiver.target(sender)), track)
    padded = MediaPacket(0, 1, False, True, b"abc" + b"\0\0\x03")
    egress.send(track, [padded, MediaPacket(1, 1, True, False, b"defghij")])
    assert receiver.receive()[5] == b"abc"
    assert receiver.receive()[5] == b"defghij"


def test_everybody_on_the_track_gets_it_and_nobody_else(egress: Egress, sender: socket.socket) -> None:
    crowd = [Receiver() for _ in range(5)]
    other = Receiver()
    track, elsewhere = egress.open_track("video"), egress.open_track("video")
    for one in crowd:
        egress.attach(egress.add(one.target(sender)), track)
    egress.attach(egress.add(other.target(sender)), elsewhere)
    egress.send(track, frame(0, [100]))
    assert len({one.receive()[5] for one in crowd}) == 1
    assert other.got_nothing()
    for one in [*crowd, other]:
        one.socket.close()


def test_one_target_can_be_sent_what_the_others_had_before(
    egress: Egress, sender: socket.socket, receiver: Receiver
) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    early, live = frame(0, [300, 300, 20]), frame(3, [200])
    egress.send_to(handle, early)
    egress.attach(handle, track)
    egress.send(track, live)
    assert [receiver.receive()[1] for _ in range(4)] == [0, 1, 2, 3]


def test_late_packet_of_a_reordered_source_still_passes(
    egress: Egress, sender: socket.socket, receiver: Receiver
) -> None:
    track = egress.open_track("video")
    egress.attach(egress.add(receiver.target(sender)), track)
    for index in (0, 2, 1):
        egress.send(track, [MediaPacket(index, 1, True, False, bytes([index]) * 50)])
    assert [receiver.receive()[1] for _ in range(3)] == [0, 2, 1]


def test_retargeted_target_gets_the_other_track_with_numbers_that_go_on(
    egress: Egress, sender: socket.socket, receiver: Receiver
) -> None:
    low, high = egress.open_track("video"), egress.open_track("video")
    handle = egress.add(receiver.target(sender, first_sequence=32_700))
    egress.attach(handle, low)
    egress.send(low, frame(0, [100] * 3))
    egress.retarget(handle, high, 5000, 32_703, timestamp_offset=1)
    egress.send(low, frame(3, [7]))
    egress.send(high, frame(5000, [200] * 100))
    egress.retarget(handle, low, 4, 32_803)
    egress.send(low, frame(4, [50], timestamp=6000))
    seen = [receiver.receive() for _ in range(104)]
    assert [one[1] for one in seen] == list(range(32_700, 32_804))
    assert [one[2] for one in seen] == [3000] * 3 + [3001] * 100 + [6000]
    assert receiver.got_nothing()


def test_detached_target_gets_nothing_until_it_is_retargeted(
    egress: Egress, sender: socket.socket, receiver: Receiver
) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    egress.attach(handle, track)
    egress.send(track, frame(0, [100]))
    egress.detach(handle)
    egress.detach(handle)
    egress.send(track, frame(1, [101]))
    egress.retarget(handle, track, 2, 1)
    egress.send(track, frame(2, [102]))
    assert [(one[1], len(one[5])) for one in (receiver.receive(), receiver.receive())] == [(0, 100), (1, 102)]
    egress.detach(handle)
    egress.remove(handle)


def test_removed_target_gets_nothing_more(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    egress.attach(handle, track)
    egress.send(track, frame(0, [10]))
    receiver.receive()
    egress.remove(handle)
    egress.remove(handle)
    egress.send(track, frame(1, [10]))
    assert receiver.got_nothing()


def test_moved_target_is_reached_at_its_new_address(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    egress.attach(handle, track)
    old, receiver.socket = receiver.socket, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.socket.bind(("127.0.0.1", 0))
    receiver.socket.settimeout(2)
    egress.move(handle, receiver.path(sender))
    egress.send(track, frame(0, [77]))
    assert len(receiver.receive()[5]) == 77
    old.close()


def test_changed_payload_type_is_on_the_next_packet(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    egress.attach(handle, track)
    egress.set_payload_type(handle, 97)
    egress.send(track, frame(0, [10]))
    assert receiver.receive()[0] == 97


def test_numbers_go_on_across_the_wrap_of_sequence(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    track = egress.open_track("video")
    egress.attach(egress.add(receiver.target(sender, first_index=0, first_sequence=32000)), track)
    seen = []
    for index in range(0, 70_000, 350):  # libsrtp follows the rollover as long as it sees steps below 32768
        egress.send(track, [MediaPacket(index, index, True, False, b"x")])
        seen.append(receiver.receive()[1])
    assert seen == [(32000 + index) & 0xFFFF for index in range(0, 70_000, 350)]


def test_what_was_sent_is_counted(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    track = egress.open_track("video")
    handle = egress.add(receiver.target(sender))
    egress.attach(handle, track)
    egress.send(track, frame(0, [100, 100, 50]))
    for _ in range(3):
        receiver.receive()
    deadline = time.monotonic() + 2  # a thread of its own counts after it has sent
    while (sent := egress.sent(handle)).packets < 3 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert (sent.packets, sent.octets, sent.dropped) == (3, 250, 0)


def test_ipv6_target_is_reached(egress: Egress) -> None:
    try:
        receiver = Receiver(family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 here")
    with closing(receiver.socket), closing(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)) as sender:
        sender.bind(("::1", 0))
        track = egress.open_track("video")
        egress.attach(egress.add(receiver.target(sender)), track)
        egress.send(track, frame(0, [60, 60]))
        assert len(receiver.receive()[5]) == 60
        egress.close()


def test_nothing_is_sent_after_close(egress: Egress, sender: socket.socket, receiver: Receiver) -> None:
    egress.attach(egress.add(receiver.target(sender)), egress.open_track("video"))
    egress.close()
    egress.close()
    assert receiver.got_nothing()


@needs_native
def test_full_ring_drops_and_counts_instead_of_waiting(sender: socket.socket, receiver: Receiver) -> None:
    counters = Counters()
    egress = NativeEgress(counters)
    track = egress.open_track("video")
    for _ in range(400):
        egress.attach(egress.add(receiver.target(sender)), track)
    for index in range(20_000):
        egress.send(track, [MediaPacket(index, index, True, False, bytes(1200))])
    assert counters.packets_dropped > 0
    egress.close()
