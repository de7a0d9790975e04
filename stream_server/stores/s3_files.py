"""Models in a bucket: finished files under the hash of their content, for servers and workers on many machines.

Anything that speaks S3 will do (AWS, MinIO, Ceph, Garage, R2). Files still go to people through the server, which knows
their types and conditions and asks the bucket for the bytes of one range; the bucket stays closed to everybody else.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from stream_server.errors import Unavailable
from stream_server.products3d.model import ModelFile
from stream_server.stores.model_files import READ_BYTES, copied, kept_name

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

log = structlog.get_logger(__name__)

AGAIN_S = 5.0


class MissingS3Library(OSError):
    """A bucket is set, but the extra ``s3`` is not installed; told at start like a port that is taken."""

    def __str__(self) -> str:
        return "VITRINE_S3_BUCKET needs the extra s3: pip install 'vitrine[s3]'."


@dataclass(frozen=True)
class S3Options:
    """Where the bucket is, how to be let in, and how long to wait for it.

    Without ``key_id`` and ``secret`` those of the machine are taken (its role at AWS). ``answer_s`` bounds one answer
    with its retries, ``upload_s`` a whole file on its way up.
    """

    bucket: str
    endpoint: str | None = None
    region: str = "us-east-1"
    key_id: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    connect_s: float = 5.0
    answer_s: float = 20.0
    upload_s: float = 300.0


def open_bucket(options: S3Options) -> S3Store:
    """The bucket as obstore sees it; nothing is asked yet. Raises: MissingS3Library, ValueError for an odd endpoint."""
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise MissingS3Library from error
    config: S3Config = {"region": options.region, "virtual_hosted_style_request": False}
    if options.endpoint is not None:
        config["endpoint"] = options.endpoint
    if options.key_id is not None and options.secret is not None:
        config |= {"access_key_id": options.key_id, "secret_access_key": options.secret}
    return S3Store(
        options.bucket,
        config=config,
        client_options={
            "allow_http": (options.endpoint or "").startswith("http://"),
            "connect_timeout": timedelta(seconds=options.connect_s),
            "timeout": timedelta(seconds=options.upload_s),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=options.answer_s)},
    )


class S3FileStore:
    """`products3d.ports.FileStore` in a bucket, below ``prefix``."""

    def __init__(self, bucket: S3Store, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._options = options

    async def keep(self, path: Path, suffix: str) -> ModelFile:
        """See `FileStore.keep`. Raises: also Unavailable."""
        import obstore

        with tempfile.TemporaryDirectory(prefix="vitrine-keep-") as folder:
            # Copied and hashed in one go: what is sent is what was hashed, whoever still writes to the original.
            aside = Path(folder) / "file"
            sha256, size_bytes = await asyncio.to_thread(copied, path, aside)
            if await self.size(sha256, suffix) != size_bytes:
                try:
                    async with self._answer("put", self._options.upload_s):
                        await obstore.put_async(self._bucket, self._key(sha256, suffix), aside)
                except FileNotFoundError:
                    log.error("there is no such bucket")
                    raise Unavailable(retry_after_s=AGAIN_S) from None
        return ModelFile(sha256, suffix, size_bytes)

    async def fetch(self, sha256: str, suffix: str, to: Path) -> None:
        """See `FileStore.fetch`. Raises: also Unavailable."""
        size = await self.size(sha256, suffix)
        if size is None:
            raise FileNotFoundError(sha256)
        file = await asyncio.to_thread(to.open, "wb")
        try:
            async for data in self.read(sha256, suffix, 0, size):
                await asyncio.to_thread(file.write, data)
        finally:
            file.close()

    async def size(self, sha256: str, suffix: str) -> int | None:
        """See `FileStore.size`. Raises: also Unavailable."""
        import obstore

        try:
            async with self._answer("head", self._options.answer_s):
                return int((await obstore.head_async(self._bucket, self._key(sha256, suffix)))["size"])
        except FileNotFoundError:
            return None

    async def read(self, sha256: str, suffix: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `FileStore.read`. Raises: also Unavailable, between two pieces too."""
        import obstore

        key = self._key(sha256, suffix)
        if end <= start:
            return
        async with self._answer("get", self._options.answer_s):
            found = await obstore.get_async(self._bucket, key, options={"range": (start, end)})
            pieces = aiter(found.stream(min_chunk_size=READ_BYTES))
        while True:
            # A piece at a time, so that a bucket that stops in the middle holds nobody for longer than one answer.
            async with self._answer("get", self._options.answer_s):
                piece = await anext(pieces, None)
            if piece is None:
                return
            yield bytes(piece)

    async def remove(self, sha256: str, suffix: str) -> None:
        """See `FileStore.remove`. Raises: also Unavailable."""
        import obstore

        key = self._key(sha256, suffix)
        with suppress(FileNotFoundError):
            async with self._answer("delete", self._options.answer_s):
                await obstore.delete_async(self._bucket, key)

    def _key(self, sha256: str, suffix: str) -> str:
        return f"{self._prefix}/{kept_name(sha256, suffix)}"

    @asynccontextmanager
    async def _answer(self, what: str, within_s: float) -> AsyncIterator[None]:
        """Whatever the bucket does instead of answering is `Unavailable`; its words may name keys: not logged."""
        from obstore.exceptions import BaseError

        try:
            async with asyncio.timeout(within_s):
                yield
        except FileNotFoundError:
            raise
        except (BaseError, TimeoutError, OSError) as error:
            log.warning("bucket did not answer", request=what, kind=type(error).__name__)
            raise Unavailable(retry_after_s=AGAIN_S) from None
