"""The fakes beside SQL: wordbooks and translated texts in memory, tested by the same contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

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
        self._texts: dict[str, tuple[datetime, Translated]] = {}

    async def load(self, keys: Sequence[str]) -> dict[str, Translated]:
        """See `TextStore.load`."""
        return {key: self._texts[key][1] for key in keys if key in self._texts}

    async def save(self, translations: Mapping[str, Translated], at: datetime) -> None:
        """See `TextStore.save`."""
        for key, translated in translations.items():
            self._texts.setdefault(key, (at, translated))

    async def trim(self, before: datetime, most: int) -> None:
        """See `TextStore.trim`."""
        alive = [(at, key) for key, (at, _) in self._texts.items() if at >= before]
        newest = sorted(alive, reverse=True)[:most]
        self._texts = {key: self._texts[key] for _, key in newest}
