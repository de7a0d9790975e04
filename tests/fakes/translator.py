"""A translator for tests: it reads the language off the line, and says which one the line became."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from stream_server.translation.model import UNKNOWN, Translated
from stream_server.translation.wordbook import Wordbook


class MarkingTranslator:
    """`translation.ports.Translator`: ``"es: hola"`` is Spanish, and reads ``[zh] hola`` in Chinese."""

    def __init__(self, *targets: str) -> None:
        self.targets = frozenset(targets or ("en", "es", "zh"))
        self.asked: list[tuple[tuple[str, ...], str | None, str]] = []
        """Lines, source and target of every call."""
        self.words: list[Wordbook] = []
        self.untranslatable: set[str] = set()
        self.failure: Exception | None = None
        self.gate = asyncio.Event()
        """Cleared, translations wait."""
        self.gate.set()

    @property
    def lines(self) -> int:
        """Translations made so far."""
        return sum(len(lines) for lines, _, _ in self.asked)

    def identify(self, text: str, hint: str | None = None) -> str:
        """See `Translator.identify`."""
        marked, colon, _ = text.partition(": ")
        return marked if colon and len(marked) == 2 else hint or UNKNOWN

    async def translate(
        self,
        lines: Sequence[str],
        source: str | None,
        target: str,
        words: Wordbook,
        *,
        is_urgent: bool = False,
        wait_s: float | None = None,
    ) -> list[Translated]:
        """See `Translator.translate`."""
        self.asked.append((tuple(lines), source, target))
        self.words.append(words)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return [self._one(line, source or self.identify(line), target) for line in lines]

    def _one(self, line: str, source: str, target: str) -> Translated:
        if line in self.untranslatable or source == target:
            return Translated(line, source, target, "original")
        return Translated(f"[{target}] {line.partition(': ')[2] or line}", source, target, "model")
