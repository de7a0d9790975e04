"""Viewers, what they read, and likes, counted over all processes (`audience.ports`)."""

from __future__ import annotations

from collections.abc import Collection

from redis.asyncio import Redis

from stream_server.ids import ShowId
from stream_server.stores.live.connection import reachable, show_key

# One hash per show: process → "viewers expires_at_ms", by the server's own clock. Fields with a time limit of
# their own (HEXPIRE) would do as well, but need Valkey 9 or Redis 7.4.
_REPORT = """
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
if ARGV[1] ~= '' then
  if ARGV[2] == '0' then
    redis.call('HDEL', KEYS[1], ARGV[1])
  else
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now_ms + ARGV[3]))
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
  end
end
local total = 0
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local viewers, expires = string.match(all[i + 1], '(%d+) (%d+)')
  if tonumber(expires) > now_ms then
    total = total + tonumber(viewers)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return total
"""

# One hash per show: process → "expires_at_ms es zh", as above.
_READERS = """
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now_ms + ARGV[3]) .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local read = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local expires, languages = string.match(all[i + 1], '(%d+) (.*)')
  if tonumber(expires) > now_ms then
    read[#read + 1] = languages
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return table.concat(read, ' ')
"""

_ADD_LIKES = """
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('INCRBY', KEYS[1], ARGV[1])
"""

_LIKES_LIVE_S = 24 * 3600
"""A show that nobody liked for a day is read from SQL again."""


class ValkeyPresence:
    """`audience.ports.PresenceStore`."""

    def __init__(self, valkey: Redis) -> None:
        self._report = valkey.register_script(_REPORT)

    async def report(self, show_id: ShowId, process_id: str, viewers: int, ttl_s: float) -> int:
        """See `PresenceStore.report`."""
        return await self._run(show_id, process_id, viewers, ttl_s)

    async def total(self, show_id: ShowId) -> int:
        """See `PresenceStore.total`."""
        return await self._run(show_id, "", 0, 0)

    async def _run(self, show_id: ShowId, process_id: str, viewers: int, ttl_s: float) -> int:
        with reachable():
            keys = [show_key(show_id, "viewers")]
            return int(await self._report(keys=keys, args=[process_id, viewers, int(ttl_s * 1000)]))


class ValkeyReaders:
    """`audience.ports.ReaderStore`."""

    def __init__(self, valkey: Redis) -> None:
        self._report = valkey.register_script(_READERS)

    async def report(
        self, show_id: ShowId, process_id: str, languages: Collection[str], ttl_s: float
    ) -> frozenset[str]:
        """See `ReaderStore.report`."""
        with reachable():
            keys = [show_key(show_id, "readers")]
            args: list[str | int] = [process_id, " ".join(sorted(languages)), int(ttl_s * 1000)]
            read = await self._report(keys=keys, args=args)
        return frozenset((read.decode() if isinstance(read, bytes) else str(read)).split())


class ValkeyLikes:
    """`audience.ports.LikeCounter`."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._add = valkey.register_script(_ADD_LIKES)

    async def add(self, show_id: ShowId, count: int) -> int | None:
        """See `LikeCounter.add`."""
        with reachable():
            total = int(await self._add(keys=[show_key(show_id, "likes")], args=[count, _LIKES_LIVE_S]))
        return None if total < 0 else total

    async def total(self, show_id: ShowId) -> int | None:
        """See `LikeCounter.total`."""
        with reachable():
            total = await self._valkey.get(show_key(show_id, "likes"))
        return None if total is None else int(total)

    async def begin(self, show_id: ShowId, likes: int) -> None:
        """See `LikeCounter.begin`."""
        with reachable():
            await self._valkey.set(show_key(show_id, "likes"), likes, nx=True, ex=_LIKES_LIVE_S)
