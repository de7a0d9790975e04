"""What chat needs of the outside: the show's log, and limits that hold over all processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from stream_server.ids import ShowId


@dataclass(frozen=True)
class ChatChange:
    """Something that is about to happen in the chat."""

    type: str
    payload: Mapping[str, Any]
    audience: str = "all"


class ChatLog(Protocol):
    """The log of a show (`shows.log.EventLog`)."""

    async def open(self, show_id: ShowId) -> int:
        """Have the projections up to date. Raises: Unavailable."""

    async def write(self, show_id: ShowId, decide: Callable[[int], Sequence[ChatChange]]) -> object:
        """Given the show clock and the newest state, what happens. Raises: Unavailable; what ``decide`` raises."""


class RateLimits(Protocol):
    """Token buckets that hold over all processes. Every call may raise `Unavailable`."""

    async def take(self, key: str, burst: float, per_second: float, amount: float = 1) -> float:
        """Take ``amount`` from the bucket ``key``; returns 0, or the seconds until it would work (nothing is taken)."""


class LineReader(Protocol):
    """Knows languages, and the words that a shop does not want to see."""

    def language_of(self, text: str, hint: str | None) -> str:
        """Primary subtag of what a line is written in, ``und`` when it cannot be told. At once."""

    async def blocks(self, show_id: ShowId, text: str) -> bool:
        """Whether the show's shop hides lines like this. Raises: Unavailable."""
