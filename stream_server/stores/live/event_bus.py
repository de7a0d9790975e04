"""Events between the web processes, over Valkey's publish/subscribe (`shows.ports.EventBus`)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from stream_server.ids import ShowId
from stream_server.shows.events import Anchor, Aside, Event
from stream_server.shows.ports import MayHaveMissed
from stream_server.stores.live.connection import reachable, show_key

log = structlog.get_logger(__name__)

_RETRY_S = 0.5
_POLL_S = 1.0
_LIFE_SIGN = "vitrine:processes"
"""A channel that is always subscribed: without any, redis-py refuses to read."""


def _channel(show_id: ShowId) -> str:
    return show_key(show_id, "events")


def _show_of(channel: str) -> ShowId:
    return ShowId(channel[channel.index("{") + 1 : channel.index("}")])


def write_news(news: Event | Anchor | Aside) -> str:
    """Events, anchors and asides for the channel of their show."""
    data: dict[str, Any]
    if isinstance(news, Anchor):
        data = {"position_ms": news.position_ms, "at": news.at.isoformat()}
    elif isinstance(news, Aside):
        data = {"aside": news.type, "audience": news.audience, "payload": dict(news.payload)}
    else:
        data = {
            "seq": news.seq,
            "at_ms": news.at_ms,
            "type": news.type,
            "audience": news.audience,
            "payload": dict(news.payload),
            "created_at": news.created_at.isoformat(),
        }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def read_news(show_id: ShowId, text: bytes | str) -> Event | Anchor | Aside | MayHaveMissed:
    """What `write_news` wrote; anything else (a newer version's) sends the reader to the log."""
    try:
        data = json.loads(text)
        if "position_ms" in data:
            return Anchor(show_id, float(data["position_ms"]), _moment(data["at"]))
        if "aside" in data:
            return Aside(show_id, str(data["aside"]), str(data["audience"]), dict(data["payload"]))
        return Event(
            show_id,
            int(data["seq"]),
            int(data["at_ms"]),
            str(data["type"]),
            str(data["audience"]),
            dict(data["payload"]),
            _moment(data["created_at"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("news not understood", show_id=show_id, error=str(error))
        return MayHaveMissed(show_id)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment


class ValkeyEventBus:
    """One connection that listens, the pool's others to publish."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey
        self._wanted: set[ShowId] = set()
        self._listening: PubSub | None = None

    async def publish(self, news: Event | Anchor | Aside) -> None:
        """See `EventBus.publish`."""
        with reachable():
            await self._valkey.publish(_channel(news.show_id), write_news(news))

    async def subscribe(self, show_id: ShowId) -> None:
        """See `EventBus.subscribe`."""
        self._wanted.add(show_id)
        await self._tell_server("subscribe", show_id)

    async def unsubscribe(self, show_id: ShowId) -> None:
        """See `EventBus.unsubscribe`."""
        self._wanted.discard(show_id)
        await self._tell_server("unsubscribe", show_id)

    async def _tell_server(self, verb: str, show_id: ShowId) -> None:
        if self._listening is None:
            return  # `receive` subscribes to all that is wanted when it connects
        try:
            async with asyncio.timeout(_POLL_S):
                await getattr(self._listening, verb)(_channel(show_id))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("bus not reached", error=str(error))

    async def receive(self) -> AsyncIterator[Event | Anchor | Aside | MayHaveMissed]:
        """See `EventBus.receive`."""
        while True:
            listening = self._valkey.pubsub()
            try:
                await listening.subscribe(_LIFE_SIGN)
                self._listening = listening
                while True:
                    message = await listening.get_message(timeout=_POLL_S)
                    told = _understood(message) if message is not None else None
                    if told == MayHaveMissed() and self._wanted:
                        # Here and not before: what was wanted while we were connecting must not be forgotten.
                        await listening.subscribe(*map(_channel, self._wanted))
                    if told is not None:
                        yield told
            except (RedisError, OSError) as error:
                log.warning("bus lost; connecting again", error=str(error))
            finally:
                self._listening = None
                await _close(listening)
            await asyncio.sleep(_RETRY_S)


def _understood(message: dict[str, Any]) -> Event | Anchor | Aside | MayHaveMissed | None:
    channel = message["channel"].decode()
    if channel == _LIFE_SIGN:
        # A (new) connection: redis-py also reconnects by itself, and subscribes again.
        return MayHaveMissed() if message["type"] == "subscribe" else None
    if message["type"] == "subscribe":
        return MayHaveMissed(_show_of(channel))
    if message["type"] == "message":
        return read_news(_show_of(channel), message["data"])
    return None


async def _close(listening: PubSub) -> None:
    try:
        async with asyncio.timeout(_POLL_S):
            await listening.aclose()  # type: ignore[no-untyped-call]
    except (RedisError, OSError, TimeoutError) as error:
        log.info("bus connection not closed cleanly", error=str(error))
