"""What models stand on: SQL, Valkey, and folders in the data directory."""

from __future__ import annotations

from redis.asyncio import Redis

from stream_server.config import Config
from stream_server.products3d.desk import ModelPorts
from stream_server.products3d.upload import UploadLimits
from stream_server.stores.live.job_queue import ValkeyJobQueue
from stream_server.stores.model_files import FolderFileStore, IncomingFolder
from stream_server.stores.model_jobs import SqlJobStore, SqlUploadStore
from stream_server.stores.models import SqlModelStore
from stream_server.stores.sql.database import Database


def model_ports(config: Config, database: Database, valkey: Redis) -> ModelPorts:
    """The real ones: SQL, Valkey, and folders in the data directory."""
    folder = config.data_dir / "models"
    return ModelPorts(
        uploads=SqlUploadStore(database),
        incoming=IncomingFolder(folder / "incoming", UploadLimits.free_disk_bytes),
        sources=FolderFileStore(folder / "sources"),
        published=FolderFileStore(folder / "published"),
        jobs=SqlJobStore(database),
        queue=ValkeyJobQueue(valkey),
        models=SqlModelStore(database),
    )
