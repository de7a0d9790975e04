"""The translator of a server that has none: everybody reads the original."""

from __future__ import annotations

from collections.abc import Sequence

from stream_server.translation.model import UNKNOWN, Translated
from stream_server.translation.wordbook import Wordbook


class Untranslated:
    """`ports.Translator` without languages."""

    targets: frozenset[str] = frozenset()

    def identify(self, text: str, hint: str | None = None) -> str:
        """See `Translator.identify`."""
        return UNKNOWN

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
        return [Translated(line, source or UNKNOWN, target, "original") for line in lines]
