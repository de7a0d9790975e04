"""The fakes beside SQL: wordbooks and translated texts in memory, tested by the same contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stream_server.translation.model import Translated
from stream_server.translation.wordbook import Wordbook


class MemoryWordbookStore:
    """`translation.ports.WordbookStore`."""

    def __init__(self) -> None:
        self._books: dict[str, Wordbook] = {}

    async def load(self, owners: Sequence[str]) -> dict[str, Wordbook]:
        """See `WordbookStore.load`."""
        return {owner: self._books[owner] for owner in owners if owner in self._books}

    async def save(self, owner: str, book: Wordbook) -> None:
        """See `WordbookStore.save`."""
        self._books[owner] = book


class MemoryTextStore:
    """`translation.ports.TextStore`."""

    def __init__(self) -> None:
        self._texts: dict[str, Translated] = {}

    async def load(self, keys: Sequence[str]) -> dict[str, Translated]:
        """See `TextStore.load`."""
        return {key: self._texts[key] for key in keys if key in self._texts}

    async def save(self, translations: Mapping[str, Translated]) -> None:
        """See `TextStore.save`."""
        for key, translated in translations.items():
            self._texts.setdefault(key, translated)
