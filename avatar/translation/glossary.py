"""A shop's own words: how its terms are said in other languages, and what is never translated. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from avatar.translation.masking import CLOSE, OPEN, edged

MAX_WORDS: Final = 1000
"""Terms in all their languages and kept words together; further ones are not looked for."""
MAX_WORD_CHARS: Final = 80


@dataclass(frozen=True)
class Glossary:
    """The words of one shop. Matched whole and without regard to case; the longest wins."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Term as its shop writes it → primary subtag → how it is said there. It is found in each of these forms."""
    keep: tuple[str, ...] = ()
    """Never translated: brands, names, slogans."""

    @cached_property
    def _by_form(self) -> dict[str, Mapping[str, str] | None]:
        """Folded form → how it is said; None for what is kept, which wins."""
        found: dict[str, Mapping[str, str] | None] = {}
        for term, said in self.terms.items():
            for form in (term, *said.values()):
                found.setdefault(form.lower(), said)
        found.update((word.lower(), None) for word in self.keep)
        usable = ((form, said) for form, said in found.items() if _is_usable(form))
        return dict(list(usable)[:MAX_WORDS])

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        forms = sorted(self._by_form, key=len, reverse=True)
        return re.compile("|".join(edged(form) for form in forms), re.IGNORECASE) if forms else None

    @cached_property
    def fingerprint(self) -> str:
        """Changes when translations may come out differently."""
        terms = sorted((term, sorted(said.items())) for term, said in self.terms.items())
        return hashlib.sha256(repr((terms, sorted(self.keep))).encode()).hexdigest()[:16]

    def found_in(self, text: str, language: str) -> tuple[str, ...]:
        """The words in ``text``, as they stand there, that this glossary can say in ``language``; for masking."""
        found = dict.fromkeys(self._pattern.findall(text)) if self._pattern is not None else {}
        return tuple(word for word in found if self.said_in(word, language) is not None)

    def said_in(self, item: str, language: str) -> str | None:
        """How a word that was found is said in ``language``.

        Itself when it is kept; None when it is no word of this glossary, or nobody has said how.
        """
        form = item.lower()
        if form not in self._by_form:
            return None
        said = self._by_form[form]
        return item if said is None else said.get(language)


def _is_usable(form: str) -> bool:
    return 0 < len(form.strip()) <= MAX_WORD_CHARS and OPEN not in form and CLOSE not in form
