"""The process that makes models, as the command line starts it; on this machine or on another one."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

from stream_server.app.addresses import database_url, valkey_url
from stream_server.app.models import model_ports
from stream_server.asset_jobs.worker import AssetWorker, WorkerOptions
from stream_server.clock import SystemClock
from stream_server.config import Config
from stream_server.products3d.job import JobLimits
from stream_server.products3d.work import JobWork
from stream_server.stores.live.connection import open_valkey
from stream_server.stores.sql.database import open_database
from stream_server.web.logging import configure_logging


async def serve_assets(config: Config, runtime_dir: Path, stop: asyncio.Event) -> None:
    """Do model jobs until ``stop`` is set; what is not finished then goes back into the line.

    ``runtime_dir`` counts only where Valkey is the embedded one. The database must have the newest schema, as every web
    process leaves it.
    """
    configure_logging(config.log_format, config.log_level)
    clock = SystemClock()
    options = WorkerOptions(slots=max(1, config.asset_jobs), is_root=os.geteuid() == 0)
    async with open_database(database_url(config)) as database, open_valkey(valkey_url(config, runtime_dir)) as valkey:
        ports = model_ports(config, database, valkey)
        name = f"{socket.gethostname()[:40]}-{os.getpid()}"
        work = JobWork(ports.jobs, ports.queue, name, clock, JobLimits())
        worker = AssetWorker(work, ports.models, ports.sources, ports.published, clock, options)
        async with asyncio.TaskGroup() as group:
            working = group.create_task(worker.run(), name="asset worker")
            await stop.wait()
            working.cancel()
