"""The interpreter and the readers for tests: what is asked and who reads is in the test's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from stream_server.ids import ShowId
from stream_server.translation.model import Translated, Trust


class PlainInterpreter:
    """`ports.Interpreter` that puts the language before each line, and remembers what it was asked."""

    def __init__(self, trust: Trust = "model") -> None:
        self.trust: Trust = trust
        self.asked: list[tuple[tuple[str, ...], str, str]] = []
        self.gate = asyncio.Event()
        """Cleared, translations wait."""
        self.gate.set()

    async def interpret(self, show_id: ShowId, lines: Sequence[str], source: str, target: str) -> list[Translated]:
        """See `Interpreter.interpret`."""
        self.asked.append((tuple(lines), source, target))
        await self.gate.wait()
        return [Translated(f"[{target}] {line}", source, target, self.trust) for line in lines]


class KnownReaders:
    """`ports.CaptionReaders` of one's choice."""

    def __init__(self, *languages: str) -> None:
        self.read: Collection[str] = languages

    def languages(self, show_id: ShowId) -> Collection[str]:
        """See `CaptionReaders.languages`."""
        return self.read
