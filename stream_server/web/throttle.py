"""Token buckets per client: how often one address or person may knock, in this process.

They keep one client from using up the server; limits that are rules of the product (slow mode, one like
a second) live with their feature. Idle buckets are forgotten, and there are never more than a set number.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from stream_server.clock import Clock
from stream_server.errors import TooMany


@dataclass(frozen=True)
class Rate:
    """``burst`` at once, refilled with ``per_second``."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Rates:
    """Every limit of the HTTP edge. Generous where many people share an address (offices, mobile carriers)."""

    whip_post: Rate = Rate(burst=20, per_second=0.5)
    whep_post: Rate = Rate(burst=200, per_second=25)
    session_patch: Rate = Rate(burst=60, per_second=10)
    session_delete: Rate = Rate(burst=200, per_second=25)
    session_read: Rate = Rate(burst=20, per_second=1)
    guests: Rate = Rate(burst=60, per_second=2)
    ice_servers: Rate = Rate(burst=200, per_second=25)
    reads: Rate = Rate(burst=600, per_second=100)
    writes: Rate = Rate(burst=120, per_second=10)
    uploads: Rate = Rate(burst=30, per_second=0.5)
    live: Rate = Rate(burst=300, per_second=50)


class Throttle:
    """Buckets by (kind, key). Not shared between processes: each process protects itself."""

    def __init__(self, clock: Clock, max_buckets: int = 20_000) -> None:
        self._clock = clock
        self._max_buckets = max_buckets
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, kind: str, key: str, rate: Rate) -> None:
        """Take one token of ``key``'s bucket. Raises: TooMany with the time until the next token."""
        now = self._clock.monotonic_s()
        tokens, at = self._buckets.pop((kind, key), (rate.burst, now))
        tokens = min(rate.burst, tokens + (now - at) * rate.per_second)
        allowed = tokens >= 1
        self._buckets[(kind, key)] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > self._max_buckets:
            self._buckets.popitem(last=False)  # the longest unused
        if not allowed:
            raise TooMany(retry_after_s=(1 - tokens) / rate.per_second)


def address_of(connection: HTTPConnection) -> str:
    """The client's address as a throttle key; an IPv6 client owns a whole /64, so that is the key."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(address)
