"""A shop's own words: how terms are translated, what never is, and which words hide a chat line. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from stream_server.errors import Invalid
from stream_server.plain_text import one_line

SHOP = "shop"
"""Owner of the book that holds for all brands."""
MAX_TERMS = 300
MAX_TERM_CHARS = 80
MAX_TERM_LANGUAGES = 20
MAX_KEPT = 200
MAX_BLOCKED = 500

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NO_SPACES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
"""Scripts that do not put spaces between words, and Korean, which hangs endings onto them: found anywhere."""


@dataclass(eq=False)
class InvalidWordbook(Invalid):
    """What was written cannot be kept."""

    code: ClassVar[str] = "invalid_wordbook"
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}."


@dataclass(frozen=True)
class Wordbook:
    """Words of a shop or a brand."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Term → language (primary subtag) → how it is said there."""
    keep: tuple[str, ...] = ()
    """Never translated: brands, names, slogans."""
    blocked: tuple[str, ...] = ()
    """A line of chat with one of these, in the original or in a translation, is not shown."""

    @cached_property
    def fingerprint(self) -> str:
        """Changes when translations may come out differently; part of every cache key."""
        if not self.terms and not self.keep:
            return ""
        ordered = json.dumps([{t: dict(self.terms[t]) for t in self.terms}, sorted(self.keep)], sort_keys=True)
        return hashlib.sha256(ordered.encode()).hexdigest()[:16]

    @cached_property
    def _blocked_pattern(self) -> re.Pattern[str] | None:
        parts = [_pattern(folded) for folded in sorted(set(map(folded_words, self.blocked))) if folded]
        return re.compile("|".join(parts)) if parts else None

    def blocks(self, text: str) -> bool:
        """Whether a text has a blocked word; case, accents, width and invisible characters make no difference."""
        pattern = self._blocked_pattern
        return pattern is not None and pattern.search(folded_words(text)) is not None


def folded_words(text: str) -> str:
    """``text`` for comparing: one line, compatibility forms, no accents, no case, no letters drawn out (``nooo``)."""
    plain = unicodedata.normalize("NFKD", one_line(text)).casefold()
    bare = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf"))
    # Recomposed, because Korean syllables were taken apart as well.
    return re.sub(r"(\w)\1{2,}", r"\1", unicodedata.normalize("NFC", bare))


def _pattern(folded: str) -> str:
    escaped = re.escape(folded)
    if _NO_SPACES.search(folded):
        return escaped
    start = r"(?<!\w)" if folded[0].isalnum() else ""
    end = r"(?!\w)" if folded[-1].isalnum() else ""
    return f"{start}{escaped}{end}"


def checked(book: Wordbook) -> Wordbook:
    """The book as it is kept: trimmed, without doubles and empty entries. Raises: InvalidWordbook."""
    _require(len(book.terms) <= MAX_TERMS, "terms", f"at most {MAX_TERMS}")
    terms: dict[str, dict[str, str]] = {}
    for term, said in book.terms.items():
        clean = _word(term, "terms")
        _require(len(said) <= MAX_TERM_LANGUAGES, "terms", f"at most {MAX_TERM_LANGUAGES} languages")
        for language in said:
            _require(_LANGUAGE.fullmatch(language) is not None, "terms", "a language has two or three letters")
        filled = {language: _word(text, "terms") for language, text in said.items() if text.strip()}
        _require(bool(clean), "terms", "a term is empty")
        _require(bool(filled), "terms", "a term is said in at least one language")
        _require(clean not in terms, "terms", "each term once")
        terms[clean] = filled
    return Wordbook(terms, _words(book.keep, "keep", MAX_KEPT), _words(book.blocked, "blocked", MAX_BLOCKED))


def merged(books: Iterable[Wordbook]) -> Wordbook:
    """One book of several; where two say a term differently, the later one is right."""
    terms: dict[str, dict[str, str]] = {}
    keep: dict[str, None] = {}
    blocked: dict[str, None] = {}
    for book in books:
        for term, said in book.terms.items():
            terms[term] = {**terms.get(term, {}), **said}
        keep.update(dict.fromkeys(book.keep))
        blocked.update(dict.fromkeys(book.blocked))
    return Wordbook(terms, tuple(keep), tuple(blocked))


def _words(words: Iterable[str], name: str, most: int) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(word for text in words if (word := _word(text, name))))
    _require(len(clean) <= most, name, f"at most {most}")
    return clean


def _word(text: str, name: str) -> str:
    _require(len(text) <= 4 * MAX_TERM_CHARS, name, f"at most {MAX_TERM_CHARS} characters each")
    clean = one_line(text)
    _require(len(clean) <= MAX_TERM_CHARS, name, f"at most {MAX_TERM_CHARS} characters each")
    return clean


def _require(fits: bool, name: str, reason: str) -> None:
    if not fits:
        raise InvalidWordbook(name, reason)
