"""What a translation is: a text, where it comes from, and how far it can be trusted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Trust = Literal["seller", "template", "phrase", "model", "original"]
"""From the seller's own words down to ``original``: left as it was, because nothing better was there."""

KEPT_LANGUAGES = frozenset({"en", "es", "zh"})
"""What the AI host knows how to say in these is kept with the show, in any other while somebody reads it."""

UNKNOWN = "und"
"""BCP 47 for a text whose language is not known, or that has none (emoji, numbers)."""

_PRIMARY = re.compile(r"[a-z]{2,3}(?=$|[-_])")


@dataclass(frozen=True)
class Translated:
    """A text for readers of one language."""

    text: str
    source: str
    """Primary subtag of the language it was written in, or `UNKNOWN`."""
    target: str
    """Primary subtag of the language it is for."""
    trust: Trust

    @property
    def is_translation(self) -> bool:
        """False where the reader gets the original."""
        return self.trust != "original"


def reading_language(tag: str) -> str:
    """The primary subtag (``zh-CN`` → ``zh``): translation knows no regions. `UNKNOWN` for what is no language tag."""
    found = _PRIMARY.match(tag.strip().lower())
    return found.group() if found else UNKNOWN
