"""What counting an audience needs of the outside."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from stream_server.ids import ShowId


class PresenceStore(Protocol):
    """How many watch a show, over all web processes. Every call may raise `Unavailable`."""

    async def report(self, show_id: ShowId, process_id: str, viewers: int, ttl_s: float) -> int:
        """``viewers`` are connected to this process; returns the sum over all.

        The report counts for ``ttl_s``: a process that dies takes its viewers with it. 0 withdraws it.
        """

    async def total(self, show_id: ShowId) -> int:
        """The sum over all processes."""


class ReaderStore(Protocol):
    """Which languages a show's viewers read, over all web processes. Every call may raise `Unavailable`."""

    async def report(
        self, show_id: ShowId, process_id: str, languages: Collection[str], ttl_s: float
    ) -> frozenset[str]:
        """``languages`` are read by people connected to this process; returns those read anywhere.

        The report counts for ``ttl_s``; an empty one withdraws it.
        """


class LikeCounter(Protocol):
    """The running count of likes, shared by all processes. Every call may raise `Unavailable`."""

    async def add(self, show_id: ShowId, count: int) -> int | None:
        """Count; returns the sum, or None when the show's count is not known here: `begin` it first."""

    async def total(self, show_id: ShowId) -> int | None:
        """The sum, None when not known."""

    async def begin(self, show_id: ShowId, likes: int) -> None:
        """Start from ``likes`` unless somebody else has begun."""


class LikeArchive(Protocol):
    """Where likes are kept for good. Every call may raise `Unavailable`."""

    async def likes(self, show_id: ShowId) -> int:
        """The last number kept. Raises: NotFound."""

    async def keep_likes(self, show_id: ShowId, likes: int) -> None:
        """Keep a number, unless a higher one is kept already."""


class RateLimits(Protocol):
    """Token buckets that hold over all processes. Every call may raise `Unavailable`."""

    async def take(self, key: str, burst: float, per_second: float, amount: float = 1) -> float:
        """Take ``amount`` from the bucket ``key``; returns 0, or the seconds until it would work (nothing is taken)."""
