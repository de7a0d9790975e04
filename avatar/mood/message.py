"""How one line of chat sounds: -1 to 1, and what it is about, in ten languages and emoji.

Questions and requests are neutral first: "how much?" is no complaint. English goes through VADER with the words of
live shopping laid over it ("this is sick 🔥" is praise there); the other languages through the lexicon and negation.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

from avatar.answers.chat_text import clean, fold
from avatar.answers.language import languages_of
from avatar.answers.lexicon import Folded, Phrases

_CLAUSE = re.compile(r"[,.;:!?，。；！？、…]+")
_SHOPPING = {"fire": 2.5, "sick": 2.2, "slay": 2.2, "obsessed": 2.4, "lol": 0.5, "ok": 0.0, "okay": 0.0, "no": 0.0}
_SHOPPING |= {"insane": 1.8, "dope": 2.0, "crazy": 0.6, "killer": 1.5, "drop": 0.0, "scam": -3.2, "fake": -2.4}
_SHOPPING |= {"thanks": 1.0, "need": 0.4, "want": 0.4, "low": 0.0, "cut": 0.0, "stop": -0.4, "free": 0.3, "pay": 0.0}


@dataclass(frozen=True)
class Sounds:
    """One line's sound."""

    score: float
    """-1 (angry) to 1 (delighted)."""
    is_confused: bool = False
    minds_price: bool = False


class Classifier(Protocol):
    """An upgrade for the score: a trained model over any language."""

    async def score(self, cleaned: str) -> float | None:
        """-1 to 1; None when it cannot say (now). Never raises and never takes long."""


@dataclass(frozen=True)
class _Words:
    positive: Phrases
    negative: Phrases
    confused: Phrases
    price_sensitive: Phrases
    negators: tuple[str, ...]
    emoji: dict[str, tuple[str, ...]]


@cache
def _words() -> _Words:
    content = tomllib.loads(files("avatar.mood").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    lists = {
        name: Phrases.of(content[name]["words"]) for name in ("positive", "negative", "confused", "price_sensitive")
    }
    negators = tuple(fold(word) for word in content["negators"]["words"])
    emoji = {name: tuple(signs) for name, signs in content["emoji"].items()}
    return _Words(**lists, negators=negators, emoji=emoji)


@cache
def _vader() -> SentimentIntensityAnalyzer:
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(_SHOPPING)
    return analyzer


async def heard(
    text: str, home_lang: str, *, is_question: bool = False, classifier: Classifier | None = None
) -> Sounds:
    """How a line sounds, by a trained classifier where there is one that can say; else as `sounds`."""
    score = await classifier.score(clean(text)) if classifier is not None else None
    return sounds(text, home_lang, is_question=is_question, score=score)


def sounds(text: str, home_lang: str, *, is_question: bool = False, score: float | None = None) -> Sounds:
    """How a line sounds.

    Args:
        text: As written.
        home_lang: The show's language.
        is_question: What `answers.understanding` said; such lines have no score unless they are plainly angry.
        score: What a classifier says of it; None for the lexicon's.
    """
    cleaned = clean(text)
    line, words = Folded.of(cleaned), _words()
    confused = words.confused.is_in(line) or any(sign in cleaned for sign in words.emoji["confused"])
    minds_price = words.price_sensitive.is_in(line)
    if score is None:
        score = _score(cleaned, line, home_lang)
    if is_question and score > -0.5:
        score = 0.0
    return Sounds(max(-1.0, min(1.0, score)), confused, minds_price)


def _score(cleaned: str, line: Folded, home_lang: str) -> float:
    words = _words()
    signs = sum(cleaned.count(sign) for sign in words.emoji["positive"])
    signs -= sum(cleaned.count(sign) for sign in words.emoji["negative"])
    by_emoji = max(-0.6, min(0.6, 0.3 * signs))
    by_words = sum(_clause(Folded.of(clause), words) for clause in _CLAUSE.split(cleaned)) if line.letters else 0.0
    if by_words == 0 and languages_of(cleaned, home_lang)[0] == "en":
        bare = "".join(character for character in cleaned if ord(character) < 0x2190)
        by_words = float(_vader().polarity_scores(bare)["compound"]) * 0.8
    return by_words + by_emoji


def _clause(line: Folded, words: _Words) -> float:
    """A part of a line between commas; negation reaches no further."""
    negative, positive = words.negative.weight_in(line), words.positive.weight_in(line)
    if positive and _negated(line, words.positive, words.negators):
        positive, negative = 0.0, max(negative, 0.7 * positive)
    elif negative and not positive and _negated(line, words.negative, words.negators):
        positive, negative = 0.4 * negative, 0.0
    return 0.5 * (positive - negative)


def _negated(line: Folded, phrases: Phrases, negators: tuple[str, ...]) -> bool:
    """True when a negator stands shortly before (or, in Japanese and Korean, after) the first phrase found."""
    for phrase, _ in phrases.spaced:
        place = line.words.find(phrase)
        if place >= 0:
            before = line.words[:place].split()[-3:]
            return any(word in negators for word in before)
    for phrase, _ in phrases.unspaced:
        place = line.letters.find(phrase)
        if place >= 0:
            preceding, following = line.letters[max(0, place - 3) : place], line.letters[place + len(phrase) :][:5]
            return any(negator in preceding for negator in negators if not negator.isascii()) or any(
                negator in following for negator in ("ない", "않", "지않", "안")
            )
    return False
