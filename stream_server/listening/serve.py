"""The process that keeps the listeners of a server, as the command line starts it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path

from stream_server.app.addresses import database_url, valkey_url
from stream_server.app.listening import hearers
from stream_server.audience.people import Person
from stream_server.audience.tokens import Tokens
from stream_server.clock import SystemClock
from stream_server.config import Config, signing_secret
from stream_server.ids import PersonId
from stream_server.listening.keeper import KeeperOptions, ListenerKeeper, Task
from stream_server.shows.model import ShowRecord
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.live.leases import ValkeyLeases
from stream_server.stores.shows import SqlShowStore
from stream_server.stores.sql.database import open_database
from stream_server.virtual_host.session_process import TOKEN_ENV, SessionProcess
from stream_server.web.logging import configure_logging

NAME = "Listener"
TOKEN_S = 24 * 3600.0


async def serve_listeners(config: Config, runtime_dir: Path | None, stop: asyncio.Event) -> None:
    """Keep listeners until ``stop`` is set.

    ``runtime_dir`` is that of the server on this machine, None for one elsewhere, whose Redis the settings name. The
    database must have the newest schema, as every web process leaves it. Raises: MissingSecret, Unavailable.
    """
    configure_logging(config.log_format, config.log_level)
    clock = SystemClock()
    tokens = Tokens(signing_secret(config), clock)
    url = config.base_url if runtime_dir is None else config.local_url

    async def start(task: Task) -> SessionProcess:
        # In the host's name: what it may do is what the host's own studio may.
        token = tokens.issue(Person(PersonId(task.host_id), NAME, "host", is_ai=True), TOKEN_S)
        return await SessionProcess.start(session_argv(url, task, config.listening_folder), {TOKEN_ENV: token})

    async with (
        open_database(database_url(config)) as database,
        open_valkey(valkey_url(config, runtime_dir or Path())) as valkey,
    ):
        store = SqlShowStore(database)

        async def on_air() -> list[ShowRecord]:
            return await store.find(statuses=("live",), limit=1000)

        leases = ValkeyLeases(valkey, f"{socket.gethostname()[:40]}-{os.getpid()}")
        options = KeeperOptions(most=config.listeners)
        keeper = ListenerKeeper(on_air, store.newest, hearers(config), leases, start, clock, options)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(keeper.run(), name="listeners")
            await stop.wait()
            keeping.cancel()


def session_argv(url: str, task: Task, folder: Path | None) -> list[str]:
    """The command line of a listener at the server at ``url``."""
    model = ["--folder", str(folder)] if folder is not None else []
    return [
        *(sys.executable, "-m", "stream_server.listening.session", "--server", url, "--show", task.show_id),
        *("--lang", task.language, "--engine", task.hearer.engine, *model),
    ]
