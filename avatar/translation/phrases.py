"""Phrase memory: what is said in live shopping, in every language that somebody has written it in.

A line is found word by word (`Trust.TEMPLATE`) or but for a typing error and small courtesies (`Trust.PHRASE`). Prices,
codes and names in it are slots and come out as they went in. The tables are data (``data/phrases.tsv``,
``data/patterns.tsv``); Chinese is compared in simplified characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from avatar.translation.masking import CLOSE, OPEN
from avatar.translation.model import LANGUAGES, Trust

_SLOT = re.compile(r"\{(\d)\}")
_HOLE = re.compile(rf"{OPEN}(\d){CLOSE}")
_NO_WORD = re.compile(r"[^\w⟦⟧]+")
_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_SPACELESS: Final = frozenset(("zh", "ja"))
_LONGEST: Final = 120
_COURTESIES: Final = {
    "en": "please pls plz hi hello hey guys so and sorry excuse me sir bro sis dear host",
    "es": "por favor porfa hola oye disculpa perdon y amiga amigo guapa chicos buenas",
    "fr": "s il vous te plait svp stp bonjour salut et pardon",
    "de": "bitte hallo hi hey und entschuldigung mal",
    "ko": "저기요 혹시",
    "zh": "请问 请 主播 亲 你好 那个 啊 呢 呀 哦 啦 哈 姐 老板",
    "ja": "すみません ね よ",
}


@dataclass(frozen=True)
class Phrase:
    """A translation out of the memory, its slots still placeholders of the source."""

    text: str
    trust: Trust


class PhraseMemory:
    """Finds phrases. Made once; reading is free of state."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        """``rows``: per language of `LANGUAGES` a cell of forms, ``|`` between them; "" where nobody wrote one."""
        self._said: list[dict[str, str]] = []
        self._exact: dict[tuple[str, str], tuple[int, tuple[int, ...]]] = {}
        self._by_length: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
        """Language and number of words → phrases, as words."""
        self._words: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            number = len(self._said)
            self._said.append({})
            for language, cell in zip(LANGUAGES, row, strict=False):
                forms = [form for form in cell.split(" | ") if form]
                if forms:
                    self._said[number][language] = forms[0]
                for form in forms:
                    self._learn(language, form, number)

    @classmethod
    def shipped(cls, leave_out: Callable[[str], bool] = lambda english: False) -> PhraseMemory:
        """The project's own; without rows whose English ``leave_out`` says yes to (for measuring)."""
        rows = (row for row in _shipped_rows() if not any(leave_out(form) for form in row[0].split(" | ")))
        return cls(rows)

    def find(self, masked: str, source: str, target: str) -> Phrase | None:
        """The phrase for a masked line; None where the memory has nothing near enough in both languages."""
        if len(masked) > _LONGEST:
            return None
        key, holes = _key(masked, source)
        found, trust = self._exact.get((source, key)), Trust.TEMPLATE
        if found is None:
            near = self._near(key, source)
            found, trust = self._exact.get((source, near)) if near else None, Trust.PHRASE
        if found is None or target not in self._said[found[0]]:
            return None
        number, slots = found
        by_slot = dict(zip(slots, holes, strict=True))
        said = self._said[number][target]
        if sorted(map(int, _SLOT.findall(said))) != sorted(by_slot):
            return None
        return Phrase(_SLOT.sub(lambda match: f"{OPEN}{by_slot[int(match[1])]}{CLOSE}", said), trust)

    def _learn(self, language: str, form: str, number: int) -> None:
        order = tuple(int(slot) for slot in _SLOT.findall(form))
        key, _ = _key(_SLOT.sub(lambda match: f"{OPEN}{match[1]}{CLOSE}", form), language)
        if not key or (language, key) in self._exact:
            return
        self._exact[language, key] = (number, order)
        self._words[language].update(key.split())
        self._by_length[language, len(key.split())].append(key.split())

    def _near(self, key: str, language: str) -> str | None:
        """The key of the phrase that was meant."""
        polite = frozenset(_COURTESIES.get(language, "").split())
        if language in _SPACELESS:
            bare = key
            for word in sorted(polite, key=len, reverse=True):
                bare = bare.removeprefix(word).removesuffix(word)
            return bare if bare and (language, bare) in self._exact else None
        words = [word for word in key.split() if word not in polite]
        bare = " ".join(words)
        if (language, bare) in self._exact:
            return bare
        for meant in self._by_length[language, len(words)]:
            if self._is_mistyped(words, meant, language):
                return " ".join(meant)
        return None

    def _is_mistyped(self, words: list[str], meant: list[str], language: str) -> bool:
        """Whether ``words``, as many, are ``meant`` but for slips of the finger: no known word stands for another."""
        slips = [(word, other) for word, other in zip(words, meant, strict=True) if word != other]
        if len(slips) > max(1, len(meant) // 3):
            return False
        return all(
            min(len(word), len(other)) >= 4
            and word not in self._words[language]
            and OPEN not in word
            and _is_one_slip(word, other)
            for word, other in slips
        )


@lru_cache(maxsize=1)
def _shipped_rows() -> tuple[tuple[str, ...], ...]:
    rows = []
    for name in ("phrases.tsv", "patterns.tsv"):
        text = files("avatar.translation").joinpath("data", name).read_text("utf-8")
        rows += [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(rows)


def _key(masked: str, language: str) -> tuple[str, tuple[int, ...]]:
    """What lines are compared by, with nameless holes, and the numbers of the holes in their order."""
    holes = tuple(int(number) for number in _HOLE.findall(masked))
    text = _HOLE.sub(f" {OPEN}{CLOSE} ", masked).casefold()
    if language not in ("ja", "ko"):
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _DRAWN_OUT.sub(r"\1", text)
    spaced = _NO_WORD.sub(" ", text.replace("'", "")).strip()
    return (spaced.replace(" ", "") if language in _SPACELESS else spaced), holes


def _is_one_slip(one: str, two: str) -> bool:
    """One letter wrong, missing or too many, or two neighbours swapped."""
    if abs(len(one) - len(two)) > 1:
        return False
    start = 0
    while start < min(len(one), len(two)) and one[start] == two[start]:
        start += 1
    a, b = one[start:], two[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
