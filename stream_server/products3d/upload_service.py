"""Uploads from their announcement to the last byte: how many, how large, how fast."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

from stream_server.clock import Clock
from stream_server.errors import TooMany
from stream_server.ids import BrandId, PersonId, UploadId, new_id
from stream_server.plain_text import one_line
from stream_server.products3d.errors import UnknownUpload, UploadIncomplete, UploadTooLarge, WrongOffset
from stream_server.products3d.ports import Incoming, UploadStore
from stream_server.products3d.upload import Upload, UploadLimits

logger = logging.getLogger(__name__)

MAX_NAME_CHARS = 120
BUSY_S = 2.0
"""When to try again while others write."""
_SWEPT = 100


class UploadService:
    """Where ``brand_id`` says who acts, None is an admin, who may touch all."""

    def __init__(self, store: UploadStore, incoming: Incoming, clock: Clock, limits: UploadLimits) -> None:
        self._store = store
        self._incoming = incoming
        self._clock = clock
        self._writing: Counter[BrandId] = Counter()
        self.limits = limits

    async def announce(self, brand_id: BrandId, person_id: PersonId, name: str, size_bytes: int) -> Upload:
        """Make room for a file. Raises: UploadTooLarge, TooManyUploads, Unavailable."""
        if size_bytes > self.limits.max_bytes:
            raise UploadTooLarge(size_bytes, self.limits.max_bytes)
        now = self._clock.now()
        upload = Upload(
            upload_id=UploadId(new_id("upload")),
            brand_id=brand_id,
            person_id=person_id,
            name=one_line(name)[:MAX_NAME_CHARS] or "model",
            size_bytes=size_bytes,
            created_at=now,
            expires_at=now + timedelta(seconds=self.limits.lifetime_s),
        )
        await self._store.add(upload, self.limits.open_per_brand, self.limits.open_in_total)
        return upload

    async def get(self, upload_id: UploadId, brand_id: BrandId | None) -> tuple[Upload, int]:
        """An upload, and how many of its bytes have arrived. Raises: UnknownUpload."""
        upload = await self._store.load(upload_id)
        if upload is None or upload.expires_at <= self._clock.now() or brand_id not in (None, upload.brand_id):
            raise UnknownUpload(upload_id)
        return upload, await self._incoming.received(upload_id)

    async def receive(
        self, upload_id: UploadId, brand_id: BrandId | None, offset: int, stream: AsyncIterator[bytes]
    ) -> int:
        """Append what comes; returns how much is there now. What arrived before a failure stays.

        Raises: UnknownUpload, WrongOffset, UploadBusy, UploadTooLarge, StorageFull, TooMany (too many write at once),
        TimeoutError (no byte for a while, or the chunk as a whole too slow), and what ``stream`` raises.
        """
        upload, _ = await self.get(upload_id, brand_id)
        with self._turn(upload.brand_id):
            async with self._incoming.writer(upload_id) as writer:
                if writer.received != offset:
                    raise WrongOffset(writer.received)
                allowed = min(upload.size_bytes, offset + self.limits.chunk_bytes)
                async with asyncio.timeout(self.limits.chunk_s), asyncio.timeout(self.limits.idle_s) as idle:
                    async for data in stream:
                        if writer.received + len(data) > allowed:
                            raise UploadTooLarge(writer.received + len(data), allowed)
                        await writer.write(data)
                        idle.reschedule(asyncio.get_running_loop().time() + self.limits.idle_s)
                return writer.received

    async def complete(self, upload_id: UploadId, brand_id: BrandId | None) -> Upload:
        """An upload of which everything has arrived. Raises: UnknownUpload, UploadIncomplete."""
        upload, received = await self.get(upload_id, brand_id)
        if received != upload.size_bytes:
            raise UploadIncomplete(received, upload.size_bytes)
        return upload

    async def remove(self, upload_id: UploadId, brand_id: BrandId | None) -> None:
        """Throw an upload away. Raises: UnknownUpload."""
        await self.get(upload_id, brand_id)
        await self.forget(upload_id)

    async def forget(self, upload_id: UploadId) -> None:
        """Bytes first, so that a failure in between leaves something to sweep."""
        await self._incoming.drop(upload_id)
        await self._store.remove(upload_id)

    async def sweep(self) -> int:
        """Forget uploads that ran out."""
        gone = await self._store.expired(self._clock.now(), _SWEPT)
        for upload in gone:
            await self.forget(upload.upload_id)
        return len(gone)

    @contextmanager
    def _turn(self, brand_id: BrandId) -> Iterator[None]:
        """One of the few who write at this moment; the others come again in a moment, as tus clients do."""
        if self._writing[brand_id] >= self.limits.writes_per_brand:
            raise TooMany(BUSY_S)
        if self._writing.total() >= self.limits.writes_in_total:
            raise TooMany(BUSY_S)
        self._writing[brand_id] += 1
        try:
            yield
        finally:
            self._writing[brand_id] -= 1
            if not self._writing[brand_id]:
                del self._writing[brand_id]
