"""What translation needs of the outside: somebody who translates, and places to keep words and results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from stream_server.ids import BrandId, ShowId
from stream_server.translation.model import Translated
from stream_server.translation.wordbook import Wordbook


class Translator(Protocol):
    """Translates lines between languages (primary subtags). Never raises for a text, never waits without end."""

    @property
    def targets(self) -> frozenset[str]:
        """The languages that it can translate into."""

    def identify(self, text: str, hint: str | None = None) -> str:
        """The language of a line, `model.UNKNOWN` when it cannot be told; at once, for it is asked for every line.

        ``hint``: the language that its author reads, which decides what is too short to tell.
        """

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
        """As many results as lines, in order; trust ``original`` for those that could not be translated.

        Args:
            lines: Each at most 2,000 characters; longer ones stay as they are.
            source: None: each line's language is identified.
            target: One of `targets`.
            words: The shop's own.
            is_urgent: Captions and voices: before everything else that waits.
            wait_s: How long these lines may take; None: as long as a chat has patience.
        """


class WordbookStore(Protocol):
    """The wordbooks of the shop and its brands. Every call may raise `Unavailable`."""

    async def load(self, owners: Sequence[str]) -> dict[str, Wordbook]:
        """Owner → its book, for those that have one. Owners are brand ids, and `wordbook.SHOP` for the whole shop."""

    async def save(self, owner: str, book: Wordbook) -> None:
        """Keep a book in the place of the one before."""


class TextStore(Protocol):
    """Translations of texts that last (products, titles), by key. Every call may raise `Unavailable`."""

    async def load(self, keys: Sequence[str]) -> dict[str, Translated]:
        """Those that are kept."""

    async def save(self, translations: Mapping[str, Translated], at: datetime) -> None:
        """Keep some that were made ``at`` this time; one that is kept already stays as it is."""

    async def trim(self, before: datetime, most: int) -> None:
        """Forget those made earlier than ``before``, and of the others the oldest beyond ``most``."""


class ShowBrands(Protocol):
    """Whose goods a show presents."""

    async def brands_of(self, show_id: ShowId) -> Sequence[BrandId]:
        """The brands of the products in the rundown. Raises: Unavailable, UnknownShow."""
