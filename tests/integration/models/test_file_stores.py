"""Every `products3d.ports.FileStore` keeps one contract: the folder, and a bucket of an S3 server that others wrote."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from structlog.testing import capture_logs

from stream_server.errors import Unavailable
from stream_server.products3d.ports import FileStore
from stream_server.stores.model_files import READ_BYTES, FolderFileStore
from stream_server.stores.s3_files import S3FileStore, S3Options, open_bucket

DATA = os.urandom(READ_BYTES * 2 + 17)
ABSENT = "0" * 64
SECRET = "a-secret-that-nobody-may-read"


def options(endpoint: str, bucket: str = "models") -> S3Options:
    return S3Options(bucket, endpoint, key_id="AKIAEXAMPLE", secret=SECRET, connect_s=1, answer_s=2, upload_s=5)


@asynccontextmanager
async def s3_server() -> AsyncIterator[str]:
    """moto's server in a process of its own, with the bucket ``models``; its address."""
    pytest.importorskip("moto")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "moto.server",
        "-p",
        "0",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stderr is not None
        async with asyncio.timeout(15):
            while b"Running on " not in (line := await process.stderr.readline()):
                assert line, "the S3 server ended"
        address = line.partition(b"Running on ")[2].split()[0].decode()
        async with httpx2.AsyncClient() as http:
            (await http.put(f"{address}/models")).raise_for_status()
        yield address
    finally:
        process.kill()
        await process.communicate()


@asynccontextmanager
async def opened(kind: str, folder: Path) -> AsyncIterator[FileStore]:
    if kind == "folder":
        yield FolderFileStore(folder / "store")
        return
    async with s3_server() as address:
        yield S3FileStore(open_bucket(options(address)), "models/published", options(address))


async def whole(store: FileStore, sha256: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(sha256, "glb", start, end)])


@pytest.mark.parametrize("kind", ["folder", "s3"])
async def test_file_store_keeps_its_contract(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "upload"
    source.write_bytes(DATA)
    async with opened(kind, tmp_path) as store:
        kept = await store.keep(source, "glb")
        assert (kept.sha256, kept.suffix, kept.size_bytes) == (hashlib.sha256(DATA).hexdigest(), "glb", len(DATA))
        assert await store.keep(source, "glb") == kept
        assert source.read_bytes() == DATA
        assert await store.size(kept.sha256, "glb") == len(DATA)
        assert await whole(store, kept.sha256, 0, len(DATA)) == DATA
        assert await whole(store, kept.sha256, 5, READ_BYTES + 6) == DATA[5 : READ_BYTES + 6]
        assert await whole(store, kept.sha256, 7, 7) == b""
        await store.fetch(kept.sha256, "glb", tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == DATA
        for sha256, suffix in ((ABSENT, "glb"), (kept.sha256, "usdz"), ("../../etc", "glb"), (kept.sha256, "g/b")):
            await _is_absent(store, sha256, suffix, tmp_path)
        await store.remove(kept.sha256, "glb")
        await store.remove(kept.sha256, "glb")
        await _is_absent(store, kept.sha256, "glb", tmp_path)


async def _is_absent(store: FileStore, sha256: str, suffix: str, folder: Path) -> None:
    assert await store.size(sha256, suffix) is None
    with pytest.raises(FileNotFoundError):
        await store.fetch(sha256, suffix, folder / "nothing")
    with pytest.raises(FileNotFoundError):
        await anext(store.read(sha256, suffix, 0, 10))


async def test_bucket_that_hangs_or_is_not_there_is_unavailable_and_says_no_secret(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(b"chair")
    held: list[asyncio.StreamWriter] = []

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hangs = S3Options("models", f"http://127.0.0.1:{port}", key_id="AKIAEXAMPLE", secret=SECRET, answer_s=0.3)
    with capture_logs() as logs:
        await _all_unavailable(S3FileStore(open_bucket(hangs), "models", hangs), tmp_path)
        server.close()
        for writer in held:
            writer.close()
        await _all_unavailable(S3FileStore(open_bucket(hangs), "models", hangs), tmp_path)
        async with s3_server() as address:
            wrong = options(address, bucket="another")
            with pytest.raises(Unavailable):
                await S3FileStore(open_bucket(wrong), "models", wrong).keep(tmp_path / "upload", "glb")
    assert logs
    assert SECRET not in f"{logs} {hangs!r}"
    assert "AKIAEXAMPLE" not in f"{logs} {hangs!r}"


async def _all_unavailable(store: FileStore, folder: Path) -> None:
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: store.size(ABSENT, "glb"),
        lambda: store.keep(folder / "upload", "glb"),
        lambda: store.fetch(ABSENT, "glb", folder / "copy"),
        lambda: whole(store, ABSENT, 0, 5),
        lambda: store.remove(ABSENT, "glb"),
    ]
    for attempt in attempts:
        with pytest.raises(Unavailable):
            await attempt()
