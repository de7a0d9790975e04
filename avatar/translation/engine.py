"""The port that translation models stand behind, and what they may cost in licences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from avatar.errors import AvatarError

Direction = tuple[str, str]
"""Primary subtags: from, to."""


@dataclass(frozen=True)
class Draft:
    """What a model says, before anybody has judged it."""

    text: str
    score: float | None = None
    """Mean log-probability per piece; None where the model does not tell."""


@dataclass(frozen=True)
class ModelInfo:
    """What people are told about a model."""

    name: str
    licence: str
    """As its card says; ``unknown`` where there is none."""


class Engine(Protocol):
    """Translates masked lines. Synchronous; owned by one thread."""

    info: ModelInfo
    directions: frozenset[Direction]
    keeps_placeholders: bool
    """Whether `masking.SYMBOLS` may be in its lines; else it gets the plain text and its items are compared."""

    def translate(
        self, lines: Sequence[str], direction: Direction, items: Sequence[tuple[str, ...]]
    ) -> list[Draft | None]:
        """As many drafts as lines; None where it has nothing to say.

        ``items``: per line, what its placeholders stand for in the target language, for models that take advice.
        Never raises: an engine that fails says None and tells why in its log.
        """

    def close(self) -> None:
        """Give memory and connections back; twice is fine."""


_NON_COMMERCIAL = re.compile(
    r"\bnc\b|non[\s_-]?commercial|academic|research[\s_-]only|evaluation[\s_-]only", re.IGNORECASE
)
_KNOWN_NON_COMMERCIAL = re.compile(r"nllb|seamless|m4t|mms[-_]|tower(?:base|instruct)|aya[-_]", re.IGNORECASE)
"""Model families whose weights are for non-commercial use, told by their name where a card is silent."""


def is_non_commercial(info: ModelInfo) -> bool:
    """Whether a shop may not use these weights, as far as card and name tell."""
    return bool(_NON_COMMERCIAL.search(info.licence)) or (
        info.licence == "unknown" and bool(_KNOWN_NON_COMMERCIAL.search(info.name))
    )


@dataclass(eq=False)
class ModelRefused(AvatarError):
    """A translation model cannot or must not be used; its directions are left to the others."""

    code = "model_refused"
    name: str
    reason: str

    def __str__(self) -> str:
        return f"The translation model {self.name} is not used: {self.reason}."
