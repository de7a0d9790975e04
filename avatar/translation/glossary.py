"""A shop's own words: how its terms are said in other languages, and what is never translated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Glossary:
    """The words of one shop. Matched whole and without regard to case; the longest term wins."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Term as it is written in any language → primary subtag → how it is said there."""
    keep: tuple[str, ...] = ()
    """Never translated: brands, names, slogans."""
