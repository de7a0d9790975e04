"""The process that keeps the AI hosts of a server, as the command line starts it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

import httpx2

from avatar.stage.slate import draw_slate
from stream_server.app.addresses import database_url, valkey_url
from stream_server.audience.people import Person
from stream_server.audience.tokens import Tokens
from stream_server.clock import Clock, SystemClock
from stream_server.config import Config, media_socket, signing_secret
from stream_server.ids import ProductId
from stream_server.media.fleet import MediaFleet
from stream_server.shows.model import ShowRecord
from stream_server.signaling.media_plane import SlateFilm
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.leases import ValkeyLeases
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.sql.database import open_database
from stream_server.virtual_host.door import ShopDoor
from stream_server.virtual_host.keeper import HostKeeper, KeeperOptions
from stream_server.virtual_host.session_process import TOKEN_ENV, SessionProcess
from stream_server.virtual_host.slate_film import films_of
from stream_server.virtual_host.slates import SlateKeeper
from stream_server.web.logging import configure_logging

AI_NAME = "AI host"
TOKEN_S = 24 * 3600.0
"""Longer than any session lasts."""
BREATH_S = 0.6
"""On air before it begins to speak: viewers see it first."""


async def serve_hosts(config: Config, runtime_dir: Path | None, stop: asyncio.Event) -> None:
    """Keep AI hosts until ``stop`` is set.

    ``runtime_dir`` is that of the server on this machine, None for one elsewhere, whose Redis the settings name. The
    database must have the newest schema, as every web process leaves it. Raises: MissingSecret, Unavailable.
    """
    configure_logging(config.log_format, config.log_level)
    clock = SystemClock()
    tokens = Tokens(signing_secret(config), clock)

    url = config.base_url if runtime_dir is None else config.local_url

    async def start(record: ShowRecord, after: str, /, *, is_understudy: bool = False) -> SessionProcess:
        token = tokens.issue(Person(record.host.id, AI_NAME, "host", is_ai=True), TOKEN_S)
        argv = session_argv(url, record, after, is_understudy=is_understudy, mood_model=config.mood_model)
        return await SessionProcess.start(argv, {TOKEN_ENV: token})

    redis_url = valkey_url(config, runtime_dir or Path())
    async with open_database(database_url(config)) as database, open_valkey(redis_url) as valkey:
        store = SqlShowStore(database)
        leases = ValkeyLeases(valkey, f"{socket.gethostname()[:40]}-{os.getpid()}")
        options = KeeperOptions(most_hosts=config.ai_host_count)
        keeper = HostKeeper(store.with_ai_host, leases, start, clock, options)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(keeper.run(), name="AI hosts")]
            if runtime_dir is not None:
                tasks.append(group.create_task(_keep_slates(config, runtime_dir, store, clock), name="slates"))
            await stop.wait()
            for task in tasks:
                task.cancel()


async def _keep_slates(config: Config, runtime_dir: Path, store: SqlShowStore, clock: Clock) -> None:
    """Slates of the shows on this machine's media processes."""
    sockets = [runtime_dir / media_socket(index) for index in range(config.media_process_count)]

    async def on_air() -> list[ShowRecord]:
        return await store.find(statuses=("live", "away"), limit=1000)

    async with httpx2.AsyncClient(trust_env=False) as client, MediaFleet(sockets, clock).run() as plane:
        door = ShopDoor(client, config.local_url)

        async def picture_of(product_id: ProductId) -> bytes | None:
            pictures = (await door.product(product_id)).get("pictures") or []
            return await door.picture(pictures[0]["url"]) if pictures else None

        await SlateKeeper(on_air, store.newest, picture_of, _draw, plane).run()


def _draw(title: str, lang: str, picture: bytes | None) -> list[SlateFilm]:
    return films_of(draw_slate(title, lang, picture))


def session_argv(
    url: str, record: ShowRecord, after: str, *, is_understudy: bool = False, mood_model: Path | None = None
) -> list[str]:
    """The command line of a session at the server at ``url``; the rest of the plan it reads itself."""
    return [
        *(sys.executable, "-m", "stream_server.virtual_host.session", "--server", url),
        *("--show", record.show_id, "--own-id", record.host.id, f"--after={after}"),
        *("--lang", record.ai_host.language, "--patience", str(BREATH_S)),
        *(("--understudy",) if is_understudy else ()),
        *((f"--mood-model={mood_model}",) if mood_model else ()),
    ]
