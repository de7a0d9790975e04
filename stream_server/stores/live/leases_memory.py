"""The fake beside `stores.live.leases`: the same promise within one process, tested by the same contract."""

from __future__ import annotations

from stream_server.clock import Clock


class MemoryLeases:
    """Those of one owner; ``board`` (name → owner, until when) is shared with the others."""

    def __init__(self, clock: Clock, owner: str, board: dict[str, tuple[str, float]] | None = None) -> None:
        self._clock, self._owner = clock, owner
        self._board = {} if board is None else board

    async def hold(self, name: str, for_s: float) -> bool:
        """See `Leases.hold`."""
        now_s = self._clock.monotonic_s()
        owner, until_s = self._board.get(name, ("", 0.0))
        if owner not in ("", self._owner) and until_s > now_s:
            return False
        self._board[name] = self._owner, now_s + for_s
        return True

    async def let_go(self, name: str) -> None:
        """See `Leases.let_go`."""
        if self._board.get(name, ("", 0.0))[0] == self._owner:
            del self._board[name]
