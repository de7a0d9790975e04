"""A bad network in user space: a UDP proxy that loses, delays, reorders, caps or cuts what passes through it.

It stands in for tc netem, which kernels often lack (``sch_netem``), and can treat every peer differently. Order is
kept under jitter, as most queues in the world do; only ``reorder_share`` lets later packets overtake.
"""

from __future__ import annotations

import asyncio
import random
import socket
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

READ_BATCH = 256
LATE_S = 0.03
MAX_QUEUED_BYTES = 64 * 1024
"""Of a capped link: a second at 500 kbit/s, then the queue's tail is dropped."""


@dataclass(frozen=True)
class Weather:
    """What happens to packets, each way alike but for the cap: requests to send again get lost too."""

    loss: float = 0.0
    """Share of packets lost at random."""
    burst: float = 0.0
    """Share of packets lost in bursts of five (Gilbert model) instead."""
    delay_s: float = 0.0
    """Each way: the server is far away."""
    jitter_s: float = 0.0
    """Extra delay, uniform from 0 to this."""
    reorder_share: float = 0.0
    """Share of packets that come 30 ms late while the following do not wait."""
    cap_bps: float | None = None
    """Towards the client."""


class Way:
    """One direction: decides for each packet whether and when it arrives."""

    def __init__(self, weather: Weather, seed: int, *, capped: bool) -> None:
        self._weather = weather
        self._random = random.Random(seed)
        self._cap_bps = weather.cap_bps if capped else None
        self._free_s = 0.0
        self._last_s = 0.0
        self._queued: deque[tuple[float, int]] = deque()
        self._queued_bytes = 0
        self._in_burst = False

    def arrival_s(self, size: int, now_s: float) -> float | None:
        """When a packet of ``size`` bytes that is sent now arrives; None when it does not."""
        if self._is_lost():
            return None
        at_s = now_s + self._weather.delay_s
        if self._cap_bps is not None:
            while self._queued and self._queued[0][0] <= now_s:
                self._queued_bytes -= self._queued.popleft()[1]
            if self._queued_bytes + size > MAX_QUEUED_BYTES:
                return None
            self._free_s = max(self._free_s, now_s) + size * 8 / self._cap_bps
            at_s = self._free_s + self._weather.delay_s
            self._queued.append((self._free_s, size))
            self._queued_bytes += size
        if self._weather.jitter_s:
            at_s += self._random.uniform(0, self._weather.jitter_s)
        if self._random.random() < self._weather.reorder_share:
            return at_s + LATE_S
        at_s = self._last_s = max(at_s, self._last_s)
        return at_s

    def _is_lost(self) -> bool:
        weather, chance = self._weather, self._random.random()
        if weather.burst:
            enter = weather.burst / (5 * (1 - weather.burst))
            self._in_burst = chance >= 0.2 if self._in_burst else chance < enter
            return self._in_burst
        return chance < weather.loss


class BadNetwork:
    """A proxy between one client and one port of a server. Use `bad_network`."""

    def __init__(self, own: str, weather: Weather, seed: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._near, self._far = _bound(own), _bound(own)
        self._client: tuple[str, int] | None = None
        self._server: tuple[str, int] | None = None
        self._down = Way(weather, seed, capped=True)
        self._up = Way(weather, seed + 1, capped=False)
        self.is_cut = False
        """Swallow everything."""
        self._loop.add_reader(self._near, self._from_client)
        self._loop.add_reader(self._far, self._from_server)

    @property
    def near(self) -> tuple[str, int]:
        """Where the client sends to."""
        name: tuple[str, int] = self._near.getsockname()
        return name

    @property
    def far(self) -> tuple[str, int]:
        """Where the server sees the client."""
        name: tuple[str, int] = self._far.getsockname()
        return name

    def lead_to(self, server: tuple[str, int]) -> None:
        """Say where the server is; packets before that are lost."""
        self._server = server

    def close(self) -> None:
        """Pass nothing on any more."""
        for end in (self._near, self._far):
            self._loop.remove_reader(end)
            end.close()

    def _send(self, way: Way, data: bytes, deliver: Callable[[bytes], None]) -> None:
        now_s = self._loop.time()
        at_s = None if self.is_cut else way.arrival_s(len(data), now_s)
        if at_s is None:
            return
        if at_s <= now_s:
            deliver(data)
        else:
            self._loop.call_at(at_s, deliver, data)

    def _to_client(self, data: bytes) -> None:
        _hand_over(self._near, data, self._client)

    def _to_server(self, data: bytes) -> None:
        _hand_over(self._far, data, self._server)

    def _from_client(self) -> None:
        for data, address in _read(self._near):
            self._client = address
            self._send(self._up, data, self._to_server)

    def _from_server(self) -> None:
        for data, _ in _read(self._far):
            self._send(self._down, data, self._to_client)


def _bound(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, 0))
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    return made


def _hand_over(end: socket.socket, data: bytes, to: tuple[str, int] | None) -> None:
    if to is not None and end.fileno() >= 0:
        with suppress(OSError):
            end.sendto(data, to)


def _read(end: socket.socket) -> Iterator[tuple[bytes, tuple[str, int]]]:
    for _ in range(READ_BATCH):
        try:
            yield end.recvfrom(2048)
        except OSError:
            return


@contextmanager
def bad_network(own: str, weather: Weather, seed: int) -> Iterator[BadNetwork]:
    """A network at address ``own`` for as long as the block lasts."""
    network = BadNetwork(own, weather, seed)
    try:
        yield network
    finally:
        network.close()
