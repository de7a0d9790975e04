"""A file on its way to us, and how much of that there may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stream_server.ids import BrandId, PersonId, UploadId

MB = 2**20


@dataclass(frozen=True)
class UploadLimits:
    """Bounds of size, number and time. Per brand and in total, so that no brand takes the room of the others."""

    max_bytes: int = 100 * MB
    chunk_bytes: int = 8 * MB
    """Of one PATCH: a connection that breaks loses no more than this."""
    open_per_brand: int = 10
    open_in_total: int = 100
    lifetime_s: float = 24 * 3600.0
    """An upload that is not finished by then is forgotten."""
    writes_per_brand: int = 3
    """PATCHes at once, in one process."""
    writes_in_total: int = 12
    idle_s: float = 15.0
    """Without a byte for so long a PATCH is ended; what has arrived stays."""
    chunk_s: float = 180.0
    """A whole PATCH; slower than 45 kB/s at 8 MB, and the client goes on with the next one."""
    free_disk_bytes: int = 512 * MB
    """What uploads leave to everything else on the disk."""


@dataclass(frozen=True)
class Upload:
    """A file that was announced; its bytes arrive in pieces, in order."""

    upload_id: UploadId
    brand_id: BrandId
    person_id: PersonId
    name: str
    """As the brand called it: shown to people, never used as a path."""
    size_bytes: int
    created_at: datetime
    expires_at: datetime
