"""What models stand on: SQL, Valkey, and folders in the data directory or a bucket."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from stream_server.config import Config
from stream_server.products3d.desk import ModelPorts
from stream_server.products3d.ports import FileStore
from stream_server.products3d.upload import UploadLimits
from stream_server.stores.live.job_queue import ValkeyJobQueue
from stream_server.stores.model_files import FolderFileStore, IncomingFolder
from stream_server.stores.model_jobs import SqlJobStore, SqlUploadStore
from stream_server.stores.models import SqlModelStore
from stream_server.stores.s3_files import S3FileStore, S3Options, open_bucket
from stream_server.stores.sql.database import Database


def model_ports(config: Config, database: Database, valkey: Redis) -> ModelPorts:
    """The real ones: SQL, Valkey, folders in the data directory or a bucket. Raises: MissingS3Library, ValueError."""
    folder = config.data_dir / "models"
    sources, published = _file_stores(config, folder)
    return ModelPorts(
        uploads=SqlUploadStore(database),
        incoming=IncomingFolder(folder / "incoming", UploadLimits.free_disk_bytes),
        sources=sources,
        published=published,
        jobs=SqlJobStore(database),
        queue=ValkeyJobQueue(valkey),
        models=SqlModelStore(database),
    )


def _file_stores(config: Config, folder: Path) -> tuple[FileStore, FileStore]:
    """For uploads that have arrived and for finished files."""
    if config.s3_bucket is None:
        return FolderFileStore(folder / "sources"), FolderFileStore(folder / "published")
    options = S3Options(
        config.s3_bucket,
        config.s3_endpoint,
        config.s3_region,
        config.s3_key_id.get_secret_value() if config.s3_key_id else None,
        config.s3_secret.get_secret_value() if config.s3_secret else None,
    )
    bucket = open_bucket(options)
    return S3FileStore(bucket, "models/sources", options), S3FileStore(bucket, "models/published", options)
