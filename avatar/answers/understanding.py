"""What a line of chat asks for: its language, its intent, and the product it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from avatar.answers.chat_text import clean
from avatar.answers.language import languages_of
from avatar.answers.lexicon import SOCIAL, TOPICAL, Folded, Lexicon, lexicon_of, praise, topics
from avatar.answers.products import ProductIndex

Intent = Literal[
    "price",
    "stock",
    "shipping",
    "size",
    "colour",
    "material",
    "return",
    "warranty",
    "coupon",
    "usage",
    "care",
    "weight",
    "origin",
    "link",
    "human",
    "greeting",
    "thanks",
    "feature",
    "out_of_scope",
    "none",
]
"""``feature``: about the product, none of the others; ``out_of_scope``: a question about something else; ``none``: no
question at all."""

_STRONG = 3.0
_WEAK = 1.2
_COLOUR_WORD = 2.4
_MATERIAL_WORD = 2.5
_ENOUGH = 1.1
_QUESTION_MARK = re.compile(r"[?？؟]")
_HAS_WORDS = re.compile(r"[^\W_]")
_GIVES_WAY = {"price": 0.5, "link": 0.7, "size": 0.9, "greeting": 0.1, "thanks": 0.1}
"""What counts less when something more particular is asked in the same line (`how much is shipping`)."""


@dataclass(frozen=True)
class Understood:
    """A line of chat, understood."""

    text: str
    """Cleaned; at most `chat_text.MAX_READ_CHARS`."""
    lang: str
    intent: Intent
    product_id: str | None
    """The product that is named, None when none is."""
    is_question: bool
    search: str
    """Words to look for in the facts: the line and what makers call the properties it asks for."""


def understand(text: str, index: ProductIndex, home_lang: str, current: str | None = None) -> Understood:
    """Understand a line of chat. Never fails, whatever the line is; costs about a millisecond.

    Args:
        text: As it was written; any length, any characters.
        index: The products of the show.
        home_lang: The show's language, for lines that could be in several.
        current: The product on screen, preferred where a name fits several.
    """
    cleaned = clean(text)
    languages = languages_of(cleaned, home_lang)
    if not _HAS_WORDS.search(cleaned):
        return Understood(cleaned, languages[0], "none", None, False, "")
    line = Folded.of(cleaned)
    product_id = index.named_in(cleaned, languages[0], current)
    marked = _QUESTION_MARK.search(cleaned) is not None
    asked_topics = [topic for topic in topics() if topic.asked.is_in(line)]
    search = " ".join([cleaned, *(fact for topic in asked_topics for fact in topic.facts)])
    first: Understood | None = None
    for lang in languages[:5]:
        lexicon = lexicon_of(lang)
        is_question = marked or lexicon.question.is_in(line)
        intent, score = _best(line, lexicon, is_question)
        if asked_topics and score < _STRONG and (is_question or score == 0) and intent not in SOCIAL:
            intent, score = "feature", _STRONG
        if score >= _ENOUGH and not (not marked and not is_question and praise().is_in(line)):
            return Understood(cleaned, lang, intent, product_id, True, search)
        if first is None:
            about_product = is_question and (product_id is not None or lexicon.refers.is_in(line))
            rest: Intent = "feature" if about_product else "out_of_scope" if is_question else "none"
            if rest != "none" and not marked and praise().is_in(line):
                rest = "none"
            first = Understood(cleaned, lang, rest, product_id, is_question, search)
    assert first is not None
    return first


def _best(line: Folded, lexicon: Lexicon, is_question: bool) -> tuple[Intent, float]:
    scores: dict[str, float] = {}
    strong = False
    for name in (*TOPICAL, *SOCIAL):
        score = _STRONG * lexicon.strong[name].weight_in(line)
        if score and name not in _GIVES_WAY:
            strong = True
        if is_question:
            score += _WEAK * lexicon.weak[name].weight_in(line)
        scores[name] = score
    if is_question:
        if lexicon.colours.is_in(line):
            scores["colour"] += _COLOUR_WORD
        if lexicon.materials.is_in(line):
            scores["material"] += _MATERIAL_WORD
    others = any(score >= _ENOUGH for name, score in scores.items() if name not in SOCIAL)
    for name, share in _GIVES_WAY.items():
        if strong or name in SOCIAL and others:
            scores[name] *= share
    best = max(scores, key=lambda name: scores[name])
    intents: dict[str, Intent] = {intent: intent for intent in _TOPICAL_INTENTS}
    return intents[best], scores[best]


_TOPICAL_INTENTS: tuple[Intent, ...] = (
    "price",
    "stock",
    "shipping",
    "size",
    "colour",
    "material",
    "return",
    "warranty",
    "coupon",
    "usage",
    "care",
    "weight",
    "origin",
    "link",
    "human",
    "greeting",
    "thanks",
)
