"""Leases in Valkey: who among several servers does something (`virtual_host.keeper.Leases`)."""

from __future__ import annotations

from redis.asyncio import Redis

from stream_server.stores.live.connection import reachable

_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_LET_GO = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class ValkeyLeases:
    """Those of one process."""

    def __init__(self, valkey: Redis, owner: str) -> None:
        """``owner`` is this process's name, no other's."""
        self._owner = owner
        self._hold = valkey.register_script(_HOLD)
        self._let_go = valkey.register_script(_LET_GO)

    async def hold(self, name: str, for_s: float) -> bool:
        """See `Leases.hold`."""
        with reachable():
            return bool(await self._hold(keys=[f"vitrine:lease:{name}"], args=[self._owner, round(for_s * 1000)]))

    async def let_go(self, name: str) -> None:
        """See `Leases.let_go`."""
        with reachable():
            await self._let_go(keys=[f"vitrine:lease:{name}"], args=[self._owner])
