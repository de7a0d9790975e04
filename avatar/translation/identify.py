"""Which language a line of chat is in: its script first, then its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from avatar.translation.cleaning import clean
from avatar.translation.letters import READ_CHARS, folded_line, load_letters
from avatar.translation.masking import SYMBOLS, mask
from avatar.translation.model import UNKNOWN

_PLACEHOLDER = re.compile("|".join(map(re.escape, (*SYMBOLS, "⟦", "⟧"))))
_SCRIPTS: Final = {
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    "ko": re.compile(r"[\uac00-\ud7af\u3131-\u318e]"),
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "ar": re.compile(r"[\u0621-\u064a\u0671-\u06d3]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "he": re.compile(r"[\u05d0-\u05ea]"),
    "hi": re.compile(r"[\u0904-\u0939]"),
    "th": re.compile(r"[\u0e01-\u0e2e]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_WEIGHT: Final = {"kana": 2.5, "han": 2.5, "ko": 2.5}
"""A Chinese, Japanese or Korean character says about as much as this many letters."""
_NEUTRAL_WORDS: Final = (
    "ok okay okey lol lmao wow omg xd haha hahaha hehe jeje hmm ah oh uh ooh yay bravo super top www gg pls ai xoxo "
    "nike adidas iphone usb led app"
)
_NEUTRAL: Final = frozenset(_NEUTRAL_WORDS.split())
_LAUGHTER = re.compile(r"(?:[hj][aeiou]){2,}[hj]?|k{2,}|w{2,}|x+d+|a+h+|o+h+|m+|5{3,}")
_MARKS: Final = {"es": re.compile(r"[¿¡ñ]"), "de": re.compile(r"ß"), "fr": re.compile(r"[œç]")}
_MARK_GAIN = 6.0
_HINT_GAIN = 2.5
"""How many times likelier the author's own language is made, before anything is read."""
_SURE_SCRIPT = 0.99
_LEAST = 0.5


@dataclass(frozen=True)
class Guess:
    """A language and how sure it is."""

    language: str
    """Primary subtag; `UNKNOWN` for lines without words (emoji, numbers, names) and for what cannot be told."""
    confidence: float
    """0 to 1; about the share of such guesses that are right."""


def identify(text: str, hint: str | None = None) -> Guess:
    """The language of ``text``; at once (a fraction of a millisecond), no model is loaded.

    ``hint`` is the language that its author reads: it decides between languages that are about as likely. Other
    languages than those that can be translated may come out (Portuguese, Russian, Arabic …).
    """
    words = _PLACEHOLDER.sub(" ", mask(clean(text[: 2 * READ_CHARS])).text)
    counts = {name: len(pattern.findall(words)) * _WEIGHT.get(name, 1.0) for name, pattern in _SCRIPTS.items()}
    most = max(counts, key=lambda name: counts[name])
    if not counts[most]:
        return Guess(UNKNOWN, 1.0)
    if counts["kana"] and counts["kana"] + counts["han"] >= counts["latin"]:
        return Guess("ja", _SURE_SCRIPT)
    if most == "han":
        return _chinese_or_japanese(words, hint)
    if most != "latin":
        return Guess("ja" if most == "kana" else most, _SURE_SCRIPT)
    return _by_letters(words, hint)


def _chinese_or_japanese(words: str, hint: str | None) -> Guess:
    share = load_letters().japanese_share(words)
    gain = {"ja": _HINT_GAIN, "zh": 1 / _HINT_GAIN}.get(hint or "", 0.4)
    share = share * gain / (share * gain + 1 - share)
    return Guess("ja", share) if share > _LEAST else Guess("zh", 1 - share)


def _by_letters(words: str, hint: str | None) -> Guess:
    # each word once: who says a thing ten times is not ten times surer of their language
    told = [w for w in dict.fromkeys(folded_line(words).split()) if w not in _NEUTRAL and not _LAUGHTER.fullmatch(w)]
    if not any(len(word) > 1 for word in told):
        return Guess(UNKNOWN, 0.9)
    shares = load_letters().shares(" ".join(told))
    for language, mark in _MARKS.items():
        if mark.search(words.lower()):
            shares[language] *= _MARK_GAIN
    if hint in shares:
        shares[hint] *= _HINT_GAIN
    total = sum(shares.values())
    best = max(shares, key=lambda language: shares[language])
    confidence = shares[best] / total
    return Guess(best if confidence >= _LEAST else UNKNOWN, confidence)
