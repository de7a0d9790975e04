"""How a show is spoken, and what its operator sees of what is coming."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DirectorOptions:
    """How a show is spoken."""

    lang: str = "en"
    also_in: tuple[str, ...] = ()
    """Further languages each line is put into, for captions and second voices."""
    market: str = "us"
    """Country whose advertising law holds, ISO 3166 in lower case."""
    time_zone: str = "UTC"
    seed: int = 1
    answers_in_their_language: bool = True
    """False: every answer in the show's language."""


@dataclass(frozen=True)
class Preview:
    """A line that is coming, as the operator sees it; price and stock may be others by then."""

    beat_id: int
    kind: str
    product_id: str | None
    text: str
    edited: bool = False
