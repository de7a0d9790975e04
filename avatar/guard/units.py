"""Which unit or currency stands after or before a number, in any of the ten languages."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from avatar.answers.chat_text import fold

_WORD = re.compile(r"[^\W\d_]+[23²³]?\.?|[%‰°℃$€£¥₩₽٪]+[a-z]?", re.UNICODE)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TIMES_NOT_BEFORE_DIGIT = re.compile(r"\s*[x×]\s*\d")

NOTHING: frozenset[str] = frozenset()


@cache
def _tables() -> tuple[dict[str, frozenset[str]], list[tuple[str, frozenset[str]]], list[tuple[str, frozenset[str]]]]:
    """Whole words; beginnings (``*`` and scripts without spaces), longest first; signs before a number."""
    content = tomllib.loads(files("avatar.guard").joinpath("units.toml").read_text(encoding="utf-8"))
    names: dict[str, set[str]] = {}
    begins: dict[str, set[str]] = {}
    for unit, spellings in {**content["units"], **content["currencies"]}.items():
        for spelling in spellings:
            folded = fold(spelling.rstrip("*"))
            target = begins if spelling.endswith("*") or _UNSPACED.search(spelling) else names
            target.setdefault(folded, set()).add(unit)
    currencies = {
        fold(spelling): unit
        for unit, spellings in content["currencies"].items()
        for spelling in spellings
        if not spelling.endswith("*")
    }
    signs: dict[str, set[str]] = {}
    for unit, spellings in content["currencies"].items():
        for spelling in spellings:
            if fold(spelling) in currencies and not _UNSPACED.search(spelling):
                signs.setdefault(fold(spelling), set()).add(unit)
    longest = sorted(begins.items(), key=lambda entry: -len(entry[0]))
    longest_signs = sorted(signs.items(), key=lambda entry: -len(entry[0]))
    return (
        {name: frozenset(units) for name, units in names.items()},
        [(name, frozenset(units)) for name, units in longest],
        [(sign, frozenset(units)) for sign, units in longest_signs],
    )


def after(text: str) -> tuple[frozenset[str], int]:
    """The unit that begins ``text`` (normalised), and how many characters it takes; nothing when none does."""
    names, begins, _ = _tables()
    bare = text.lstrip(" -")
    skipped = len(text) - len(bare)
    if skipped > 2 or not bare or _TIMES_NOT_BEFORE_DIGIT.match(text):
        return NOTHING, 0
    word = _WORD.match(bare)
    if word is not None:
        spelled = fold(word.group()).rstrip(".")
        for candidate in (spelled, spelled.rstrip("23²³"), spelled[:1] if not spelled[:1].isalpha() else spelled):
            if candidate in names:
                return names[candidate], skipped + len(word.group())
    folded = fold(bare)
    for name, units in begins:
        if folded.startswith(name):
            return units, skipped + len(name)
    return NOTHING, 0


def before(text: str) -> frozenset[str]:
    """The currency that ends ``text`` (normalised); nothing when none does."""
    folded = fold(text).rstrip()
    for sign, units in _tables()[2]:
        if folded.endswith(sign):
            cut = folded[: -len(sign)]
            if not (sign[0].isalpha() and cut[-1:].isalpha()):
                return units
    return NOTHING
