"""What a translation is: a text, where it comes from, and how far it can be trusted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("en", "es", "zh", "ja", "fr", "de", "ko")
"""Languages that anything here translates between; primary subtags (the interface's ``zh-CN`` is ``zh``)."""

UNKNOWN: Final = "und"
"""BCP 47 for a text whose language cannot be told, or that has none (emoji, numbers)."""

MAX_CHARS: Final = 2000
"""Of one line. A longer one stays as it is."""

_PRIMARY = re.compile(r"[a-z]{2,3}(?=$|[-_])")


class Trust(StrEnum):
    """From the seller's own words down to the untranslated line."""

    SELLER = "seller"
    """Written by the seller in this language; only the caller can know."""
    TEMPLATE = "template"
    """A sentence of the project's own in every language, its amounts and codes as in the source."""
    PHRASE = "phrase"
    """Nearly such a sentence."""
    MODEL = "model"
    """A translation model's words, with everything that must not change put back to the letter."""
    ORIGINAL = "original"
    """Left as it was, because nothing better was there."""


@dataclass(frozen=True)
class Translated:
    """A line for readers of one language."""

    text: str
    source: str
    """Primary subtag of the language it was written in, or `UNKNOWN`."""
    target: str
    """Primary subtag of the language it is for."""
    trust: Trust

    @property
    def is_translation(self) -> bool:
        """False where the reader gets the original."""
        return self.trust is not Trust.ORIGINAL


def primary(tag: str) -> str:
    """``zh-CN`` → ``zh``: translation knows no regions. `UNKNOWN` for what is no language tag."""
    found = _PRIMARY.match(tag.strip().lower())
    return found.group() if found else UNKNOWN
