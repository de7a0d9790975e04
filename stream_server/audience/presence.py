"""How many are watching: each process reports its own connections, the sum is everybody's number."""

from __future__ import annotations

from stream_server.audience.ports import PresenceStore
from stream_server.ids import ShowId, new_id

TTL_S = 5.0
"""A process reports about once a second; one that has died is forgotten after this."""


class Presence:
    """This process's part of every show's audience."""

    def __init__(self, store: PresenceStore, process_id: str | None = None) -> None:
        self._store = store
        self._process_id = process_id or new_id("web")

    async def report(self, show_id: ShowId, viewers: int) -> int:
        """So many watch through this process; returns how many watch at all. Raises: Unavailable."""
        return await self._store.report(show_id, self._process_id, viewers, TTL_S)

    async def total(self, show_id: ShowId) -> int:
        """How many watch. Raises: Unavailable."""
        return await self._store.total(show_id)
