"""DTLS over a network that loses whole flights: OpenSSL's timers run on our loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from stream_server.media.dtls import Dtls, Identity, Role
from stream_server.media.seams import SrtpKeys

SERVER, CLIENT = Identity(), Identity()


async def shake_hands(is_lost: Callable[[Role, int], bool]) -> float:
    """Seconds until both ends have keys; ``is_lost`` gets the sender and the number of its datagram."""
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    ends: dict[Role, Dtls] = {}
    keys: dict[Role, SrtpKeys] = {}
    sent: dict[Role, int] = {"server": 0, "client": 0}

    def end(role: Role, identity: Identity, expects: str, other: Role) -> Dtls:
        def send(data: bytes) -> None:
            sent[role] += 1
            if not is_lost(role, sent[role]):
                loop.call_soon(lambda: ends[other].receive(data))

        return Dtls(identity, role, expects, send, lambda got: keys.update({role: got}), pytest.fail)

    ends["server"] = end("server", SERVER, CLIENT.fingerprint, "client")
    ends["client"] = end("client", CLIENT, SERVER.fingerprint, "server")
    ends["client"].start()
    async with asyncio.timeout(8):
        while len(keys) < 2:
            await asyncio.sleep(0.005)
    took_s = loop.time() - started_s
    for one in ends.values():
        one.close()
    return took_s


async def test_a_swallowed_first_hello_is_repeated_within_a_tenth_of_a_second() -> None:
    assert await shake_hands(lambda role, number: role == "client" and number == 1) < 0.5


async def test_a_lost_flight_of_the_server_is_sent_again() -> None:
    assert await shake_hands(lambda role, number: role == "server" and number == 1) < 3


async def test_a_lost_last_flight_is_sent_again_although_the_server_is_done() -> None:
    assert await shake_hands(lambda role, number: role == "server" and number == 2) < 4
