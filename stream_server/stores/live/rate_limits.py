"""Token buckets that hold over all processes (`RateLimits` in `chat.ports` and `audience.ports`)."""

from __future__ import annotations

from redis.asyncio import Redis

from stream_server.stores.live.connection import reachable

# By the server's own clock, so that processes need not agree. The key lives as long as the bucket is not full.
_TAKE = """
local burst, per_second, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = redis.call('TIME')
local now_s = now[1] + now[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if kept[1] then
  tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now_s - tonumber(kept[2])) * per_second)
end
local wait_s = 0
if tokens + 1e-6 >= amount then
  tokens = tokens - amount
else
  wait_s = (amount - tokens) / per_second
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.6f', now_s))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / per_second * 1000) + 1000)
return string.format('%.6f', wait_s)
"""


class ValkeyRateLimits:
    """One bucket per key."""

    def __init__(self, valkey: Redis) -> None:
        self._take = valkey.register_script(_TAKE)

    async def take(self, key: str, burst: float, per_second: float, amount: float = 1) -> float:
        """See `RateLimits.take`; an ``amount`` above ``burst`` never works."""
        with reachable():
            return float(await self._take(keys=[f"vitrine:rate:{key}"], args=[burst, per_second, amount]))
