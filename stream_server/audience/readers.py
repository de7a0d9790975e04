"""Which languages are read in a show: each process reports those of its own connections."""

from __future__ import annotations

from collections.abc import Collection

from stream_server.audience.ports import ReaderStore
from stream_server.ids import ShowId, new_id

TTL_S = 5.0
"""A process reports about once a second; one that has died is forgotten after this."""


class Readers:
    """This process's part of every show's readers."""

    def __init__(self, store: ReaderStore, process_id: str | None = None) -> None:
        self._store = store
        self._process_id = process_id or new_id("web")

    async def report(self, show_id: ShowId, languages: Collection[str]) -> frozenset[str]:
        """These are read through this process; returns those that are read at all. Raises: Unavailable."""
        return await self._store.report(show_id, self._process_id, languages, TTL_S)
