"""Whether a show's host is listened to, in which language, and how that goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ListeningState = Literal["waiting", "listening", "hearing", "behind", "no_language", "failed"]
"""``waiting``: nobody's sound comes; ``listening``: sound without words; ``behind``: the recogniser is slower than the
speaker, and what it could not hear in time is left out; ``no_language``: no recogniser here knows the language."""

ANY_LANGUAGE = "mul"
"""ISO 639-2 for "multiple languages": a recogniser that takes whichever it is told."""


@dataclass(frozen=True)
class ListeningWish:
    """What the host wants. On unless it was switched off: who cannot hear the show reads it."""

    is_on: bool = True
    language: str = ""
    """Primary subtag of what is spoken; empty: the first one of the show's title."""

    def as_payload(self) -> dict[str, Any]:
        """The fields of the live channel's ``listening``."""
        return {"is_on": self.is_on, "language": self.language}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> ListeningWish:
        """What `as_payload` made."""
        return cls(bool(payload["is_on"]), str(payload["language"]))


@dataclass(frozen=True)
class Hearer:
    """A recogniser that this server has."""

    engine: str
    languages: tuple[str, ...]
    """Primary subtags, or `ANY_LANGUAGE`."""
    is_rough: bool
    """Mishears so much of natural speech that it should not be relied on."""

    def knows(self, language: str) -> bool:
        """Whether it understands this one (a primary subtag)."""
        return language in self.languages or ANY_LANGUAGE in self.languages


def spoken_language(wish: ListeningWish, title: Mapping[str, str]) -> str:
    """Primary subtag of what the host of a show speaks."""
    return wish.language or next((tag.split("-")[0].lower() for tag in title), "en")
