"""The words that viewers use, from ``lexicon/*.toml``, ready to be looked for in a line of chat."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from avatar.answers.chat_text import fold, letters, words

UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts whose words are looked for anywhere, spaces or not."""
GROWN_ON = re.compile(r"[\u0600-\u06ff]")
"""Arabic: articles and prepositions grow on words, so a phrase may begin and end inside one."""

TOPICAL = (
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
)
SOCIAL = ("greeting", "thanks")


@dataclass(frozen=True)
class Folded:
    """A line of chat in the two forms that phrases are looked for in."""

    words: str
    letters: str

    @classmethod
    def of(cls, cleaned: str) -> Folded:
        """From a line that `chat_text.clean` has been over."""
        folded = fold(cleaned)
        return cls(words(folded), letters(folded))


@dataclass(frozen=True)
class Phrases:
    """A list of phrases; how long the longest found one is says how much it means."""

    spaced: tuple[tuple[str, float], ...]
    unspaced: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Phrases:
        """From the form they are written in: ``*`` at the end stands for any ending."""
        spaced: list[tuple[str, float]] = []
        unspaced: list[tuple[str, float]] = []
        for phrase in phrases:
            folded = fold(phrase.rstrip("*"))
            if UNSPACED.search(phrase) or not re.search(r"\w", folded):
                bare = letters(folded)
                unspaced.append((bare, min(2.2, 0.7 + 0.3 * len(bare))))
            elif GROWN_ON.search(phrase):
                bare = words(folded).strip()
                spaced.append((bare, min(2.2, 0.7 + 0.3 * len(bare))))
            else:
                looked_for = words(folded)
                weight = min(2.2, 1 + 0.4 * (looked_for.count(" ") - 2))
                spaced.append((looked_for.removesuffix(" ") if phrase.endswith("*") else looked_for, weight))
        return cls(tuple(spaced), tuple(unspaced))

    def weight_in(self, line: Folded) -> float:
        """Weight of the weightiest phrase in the line, and a little for each further one; 0 when there is none."""
        found = [weight for phrase, weight in self.spaced if phrase in line.words]
        found += [weight for phrase, weight in self.unspaced if phrase in line.letters]
        return max(found) + 0.1 * (len(found) - 1) if found else 0.0

    def is_in(self, line: Folded) -> bool:
        """True when any phrase is in the line."""
        return any(phrase in line.words for phrase, _ in self.spaced) or any(
            phrase in line.letters for phrase, _ in self.unspaced
        )


@dataclass(frozen=True)
class Lexicon:
    """What viewers of one language write."""

    lang: str
    question: Phrases
    refers: Phrases
    colours: Phrases
    materials: Phrases
    strong: Mapping[str, Phrases]
    weak: Mapping[str, Phrases]


@dataclass(frozen=True)
class Topic:
    """A property in the viewers' words and in those that makers use."""

    asked: Phrases
    facts: tuple[str, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("avatar.answers").joinpath("lexicon", f"{name}.toml").read_text(encoding="utf-8"))


@cache
def lexicon_of(lang: str) -> Lexicon:
    """The lexicon of one of `avatar.model.LANGUAGES`."""
    content = _read(lang)
    marks = content["marks"]
    names = (*TOPICAL, *SOCIAL)
    return Lexicon(
        lang,
        Phrases.of(marks["question"]),
        Phrases.of(marks["refers"]),
        Phrases.of(marks["colours"]),
        Phrases.of(marks["materials"]),
        {name: Phrases.of(content[name]["strong"]) for name in names},
        {name: Phrases.of(content[name]["weak"]) for name in names},
    )


@cache
def categories() -> Mapping[str, Phrases]:
    """Category → what people call such a product."""
    return {category: Phrases.of(phrases) for category, phrases in _read("categories").items()}


@cache
def topics() -> tuple[Topic, ...]:
    """Properties asked for in other words than the maker's."""
    return tuple(Topic(Phrases.of(entry["asked"]), tuple(entry["facts"])) for entry in _read("topics")["topic"])


@cache
def praise() -> Phrases:
    """Praise and exclamations of all languages."""
    return Phrases.of(_read("chat")["praise"])
