"""What captions need of the outside: a translator, and who is reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from stream_server.ids import ShowId
from stream_server.translation.model import Translated


class Interpreter(Protocol):
    """Translates what is said in a show, with the words of that show's shops."""

    async def interpret(self, show_id: ShowId, lines: Sequence[str], source: str, target: str) -> list[Translated]:
        """As many results as lines, in order; trust ``original`` for those that could not be translated.

        Never raises for a text, never waits without end. ``source`` and ``target`` are primary subtags.
        """


class CaptionReaders(Protocol):
    """Who reads along."""

    def languages(self, show_id: ShowId) -> Collection[str]:
        """Primary subtags of the languages that a show's viewers read, as far as this process knows."""
