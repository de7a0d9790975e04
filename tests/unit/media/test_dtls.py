from collections import deque

import pytest

from stream_server.media.dtls import Dtls, Identity, Role, cut_records
from stream_server.media.seams import SrtpKeys

SERVER, CLIENT = Identity(), Identity()


class Wire:
    """Two ends and what travels between them; nothing moves before `settle`."""

    def __init__(self, server_expects: str = CLIENT.fingerprint) -> None:
        self.queue: deque[tuple[Role, bytes]] = deque()
        self.keys: dict[Role, SrtpKeys] = {}
        self.ended: dict[Role, str] = {}
        self.server = self._end("server", SERVER, server_expects, "client")
        self.client = self._end("client", CLIENT, SERVER.fingerprint, "server")

    def _end(self, role: Role, identity: Identity, expects: str, other: Role) -> Dtls:
        return Dtls(
            identity,
            role,
            expects,
            lambda data: self.queue.append((other, data)),
            lambda keys: self.keys.update({role: keys}),
            lambda reason: self.ended.update({role: reason}),
        )

    def settle(self) -> None:
        while self.queue:
            to, data = self.queue.popleft()
            (self.server if to == "server" else self.client).receive(data)


@pytest.fixture
async def wire() -> Wire:
    return Wire()


async def test_both_ends_get_matching_keys_and_gcm(wire: Wire) -> None:
    wire.client.start()
    wire.settle()
    assert wire.keys["server"].profile.name == b"SRTP_AEAD_AES_128_GCM"
    assert wire.keys["server"].send_key == wire.keys["client"].receive_key
    assert wire.keys["client"].send_key == wire.keys["server"].receive_key
    assert not wire.ended


async def test_a_wrong_fingerprint_fails_both_ends_with_an_alert() -> None:
    wire = Wire(server_expects=":".join(["AA"] * 32))
    wire.client.start()
    wire.settle()
    assert wire.ended == {"server": "failed", "client": "failed"}
    assert not wire.keys


async def test_goodbye_reaches_the_other_end_once(wire: Wire) -> None:
    wire.client.start()
    wire.settle()
    wire.client.close()
    wire.client.close()
    wire.settle()
    assert wire.ended == {"server": "closed"}


async def test_closing_during_the_handshake_ends_it_silently(wire: Wire) -> None:
    wire.client.start()
    wire.client.close()
    wire.settle()
    assert "client" not in wire.ended
    assert not wire.keys


async def test_garbage_does_not_disturb_a_handshake_or_an_open_association(wire: Wire) -> None:
    garbage = b"\x16\xfe\xfd" + bytes(40)
    wire.client.start()
    wire.server.receive(garbage)
    wire.settle()
    assert set(wire.keys) == {"server", "client"}
    wire.server.receive(garbage)
    wire.server.receive(b"\x17\xfe\xfd\x00\x01" + bytes(30))
    wire.settle()
    assert not wire.ended


async def test_a_repeated_first_flight_is_answered_again(wire: Wire) -> None:
    wire.client.start()
    hello = wire.queue[0][1]
    wire.settle()
    wire.server.receive(hello)
    wire.settle()
    assert set(wire.keys) == {"server", "client"}
    assert not wire.ended


def test_flights_are_cut_between_records() -> None:
    def record(size: int) -> bytes:
        return b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2, "big") + bytes(size)

    first, second, third = record(600), record(500), record(300)
    assert cut_records(first + second + third) == [first + second, third]
    assert cut_records(record(3000)) == [record(3000)]
    assert cut_records(b"") == []
