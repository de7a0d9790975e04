"""Held-out sentences to translate, by the rule that the training holds them out by."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from avatar.translation.training.corpus import TEST_LINES, Test, held_out, read_tatoeba, shopping, tests_of
from avatar.translation.training.prepare import SOURCES, TEST_SHOP, simplifier
from scripts.language_letters import is_held_out, read_pairs

__all__ = ["CORPORA", "ChatLine", "Test", "chat_lines", "is_in_the_test", "shopping_tests", "tatoeba_tests"]

CORPORA = SOURCES
SEED = 1
SHOP_SHARE = 1 / 12
"""As in `corpus.shopping`."""
CHAT_FILES = {
    "es": "spa-eng.zip",
    "zh": "cmn-eng.txt",
    "ja": "jpn-eng.zip",
    "fr": "fra-eng.zip",
    "de": "deu-eng.zip",
    "ko": "kor-eng.zip",
}
CHAT_LINES = 400
SHORT = {"zh": 20, "ja": 20, "ko": 20}
"""Characters of a chat line; 40 in other languages."""


@dataclass(frozen=True)
class ChatLine:
    """A short line as typed, and its language."""

    language: str
    text: str


def is_in_the_test(english: str) -> bool:
    """Whether a shopping line with this English was held out."""
    return held_out(english, SHOP_SHARE)


def tatoeba_tests(data: Path) -> dict[str, list[Test]]:
    """``tatoeba_en_es`` → sources and what people made of them."""
    simplify = simplifier()
    found = {}
    for lang, name in SOURCES.items():
        pairs = list(dict.fromkeys(read_tatoeba(data / name, lang, simplify)))
        share = TEST_LINES / max(1, len({pair.en for pair in pairs}))
        test = [pair for pair in pairs if held_out(pair.en, share)]
        found[f"tatoeba_en_{lang}"] = tests_of(test, to_english=False)
        found[f"tatoeba_{lang}_en"] = tests_of(test, to_english=True)
    return found


def shopping_tests() -> dict[str, list[Test]]:
    """``shop_en_es`` → held-out lines of the grammar."""
    _, test = shopping(SEED)
    found = {}
    for lang in SOURCES:
        chosen = [pair for pair in test if pair.lang == lang][:TEST_SHOP]
        found[f"shop_en_{lang}"] = tests_of(chosen, to_english=False)
        found[f"shop_{lang}_en"] = tests_of(chosen, to_english=True)
    return found


def chat_lines(data: Path) -> list[ChatLine]:
    """Short sentences that no letters were learned from, without capitals and closing marks; none without the data."""
    found: dict[str, list[str]] = {"en": []}
    for lang, name in CHAT_FILES.items():
        if (data / name).is_file():
            pairs = read_pairs(data / name)
            found[lang] = [other for _, other in pairs]
            found["en"] += [english for english, _ in pairs]
    chance = random.Random(5)
    lines = []
    for lang, texts in found.items():
        pool = [text for text in dict.fromkeys(texts) if is_held_out(text) and len(text) <= SHORT.get(lang, 40)]
        for text in chance.sample(pool, min(CHAT_LINES, len(pool))):
            lines.append(ChatLine(lang, text.lower().rstrip(".!?。？！").lstrip("¿¡")))
    return lines
