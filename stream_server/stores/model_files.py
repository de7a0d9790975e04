"""Models on disk: finished files under the hash of their content, and uploads that are still arriving.

Every web process and every worker of a server needs the same directory (one machine, or a shared file system).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from stream_server.ids import UploadId
from stream_server.products3d.errors import StorageFull, UploadBusy
from stream_server.products3d.model import ModelFile

_HASH = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"[a-z0-9]{1,8}")
_UPLOAD = re.compile(r"upload_[0-9a-z]{1,40}")
READ_BYTES = 256 * 1024
FULL_AGAIN_S = 60.0


class FolderFileStore:
    """`products3d.ports.FileStore` in a directory, two levels deep."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def keep(self, path: Path, suffix: str) -> ModelFile:
        """See `FileStore.keep`."""
        return await asyncio.to_thread(self._keep, path, suffix)

    async def fetch(self, sha256: str, suffix: str, to: Path) -> None:
        """See `FileStore.fetch`."""
        await asyncio.to_thread(shutil.copyfile, self._path(sha256, suffix), to)

    async def size(self, sha256: str, suffix: str) -> int | None:
        """See `FileStore.size`."""
        try:
            return (await asyncio.to_thread(self._path(sha256, suffix).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(self, sha256: str, suffix: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See `FileStore.read`."""
        file = await asyncio.to_thread(self._path(sha256, suffix).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = end - start
            while left > 0:
                data = await asyncio.to_thread(file.read, min(READ_BYTES, left))
                if not data:
                    return
                left -= len(data)
                yield data
        finally:
            file.close()

    async def remove(self, sha256: str, suffix: str) -> None:
        """See `FileStore.remove`."""
        await asyncio.to_thread(self._path(sha256, suffix).unlink, missing_ok=True)

    def _path(self, sha256: str, suffix: str) -> Path:
        return self._directory / kept_name(sha256, suffix)

    def _keep(self, source: Path, suffix: str) -> ModelFile:
        # Copied first and hashed on the way: what is kept is what was hashed, whoever still writes to the original.
        self._directory.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=self._directory, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as target, source.open("rb") as file:
                sha256, size_bytes = _copy(file, target)
                target.flush()
                os.fsync(target.fileno())
            path = self._path(sha256, suffix)
            path.parent.mkdir(exist_ok=True)
            Path(aside).chmod(0o644)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        return ModelFile(sha256, suffix, size_bytes)


def kept_name(sha256: str, suffix: str) -> str:
    """Where a file lies in its store. Raises: FileNotFoundError for what no store of ours ever holds."""
    if not _HASH.fullmatch(sha256) or not _SUFFIX.fullmatch(suffix):
        raise FileNotFoundError(f"{sha256[:80]}.{suffix[:20]}")
    return f"{sha256[:2]}/{sha256}.{suffix}"


def copied(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file and hash it on the way: SHA-256 and size of what was written. Raises: OSError."""
    with source.open("rb") as file, target.open("xb") as out:
        return _copy(file, out)


def _copy(source: BufferedIOBase | BinaryIO, target: BufferedIOBase | BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while data := source.read(1024 * 1024):
        digest.update(data)
        target.write(data)
        size += len(data)
    return digest.hexdigest(), size


class IncomingFolder:
    """`products3d.ports.Incoming` in a directory. How much has arrived is the size of the file: it survives a crash."""

    def __init__(self, directory: Path, free_bytes: int) -> None:
        self._directory = directory
        self._free_bytes = free_bytes
        self._open: set[UploadId] = set()

    async def received(self, upload_id: UploadId) -> int:
        """See `Incoming.received`."""
        try:
            return (await asyncio.to_thread(self.path(upload_id).stat)).st_size
        except FileNotFoundError:
            return 0

    @asynccontextmanager
    async def writer(self, upload_id: UploadId) -> AsyncIterator[FileWriter]:
        """See `Incoming.writer`. One process at a time: another one's bytes are found out by the file's end."""
        if upload_id in self._open:
            raise UploadBusy
        self._open.add(upload_id)
        try:
            file = await asyncio.to_thread(self._begin, upload_id)
            try:
                yield FileWriter(file, file.tell(), self._free_bytes)
            finally:
                # Shielded from nothing: closing a plain file is quick, and what was written must not be lost.
                file.close()
        finally:
            self._open.discard(upload_id)

    def path(self, upload_id: UploadId) -> Path:
        """See `Incoming.path`. Raises: FileNotFoundError for an id that we never give."""
        if not _UPLOAD.fullmatch(upload_id):
            raise FileNotFoundError(upload_id[:60])
        return self._directory / upload_id

    async def drop(self, upload_id: UploadId) -> None:
        """See `Incoming.drop`."""
        with suppress(FileNotFoundError):
            await asyncio.to_thread(self.path(upload_id).unlink)

    def _begin(self, upload_id: UploadId) -> BinaryIO:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.path(upload_id).open("ab")


class FileWriter:
    """See `IncomingWriter`."""

    def __init__(self, file: BinaryIO, received: int, free_bytes: int) -> None:
        self._file = file
        self._free_bytes = free_bytes
        self.received = received

    async def write(self, data: bytes) -> None:
        """See `IncomingWriter.write`."""
        await asyncio.to_thread(self._write, data)
        self.received += len(data)

    def _write(self, data: bytes) -> None:
        if shutil.disk_usage(self._file.name).free < self._free_bytes + len(data):
            raise StorageFull(FULL_AGAIN_S)
        self._file.write(data)
        self._file.flush()
