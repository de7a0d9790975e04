"""The table of letters that `identify` reads: weights of character n-grams per language, learned by a script.

`scripts/language_letters.py` made ``data/letters.tsv`` from Tatoeba sentences (CC-BY 2.0 FR) and the project's own.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_NO_LETTERS = re.compile(r"[^\w' ]+|[\d_]+")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_LONGEST = 4
_SCALE = 16.0
READ_CHARS = 300
"""More says nothing new."""


@dataclass(frozen=True)
class Letters:
    """Who writes what."""

    languages: tuple[str, ...]
    weights: Mapping[str, tuple[int, ...]]
    """N-gram → weight per language."""
    japanese: Mapping[str, int]
    """Chinese character → how much speaks for Japanese rather than Chinese."""

    def shares(self, line: str) -> dict[str, float]:
        """Probabilities of the languages with Latin letters."""
        totals = [0] * len(self.languages)
        for feature in features(line):
            row = self.weights.get(feature)
            if row is not None:
                for n, weight in enumerate(row):
                    totals[n] += weight
        most = max(totals)
        powers = [math.exp((total - most) / _SCALE) for total in totals]
        return {lang: power / sum(powers) for lang, power in zip(self.languages, powers, strict=True)}

    def japanese_share(self, text: str) -> float:
        """Probability that Chinese characters without kana are Japanese."""
        odds = sum(self.japanese.get(c, 0) for c in text) / _SCALE
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def folded_line(text: str) -> str:
    """Lower case, letters and apostrophes, single spaces, nothing drawn out."""
    plain = unicodedata.normalize("NFC", text[:READ_CHARS]).lower().replace("’", "'")
    return " ".join(_DRAWN_OUT.sub(r"\1\1", _NO_LETTERS.sub(" ", plain)).split())


def features(line: str) -> Iterator[str]:
    """N-grams of one to four letters of each word with its edges; of a folded line."""
    for word in line.split():
        edged = f" {word} "
        for size in range(1, _LONGEST + 1):
            for start in range(len(edged) - size + 1):
                if (gram := edged[start : start + size]) != " ":
                    yield gram
        if len(word) > 2:
            yield edged


@lru_cache(maxsize=1)
def load_letters() -> Letters:
    """The shipped table; read once."""
    text = files("avatar.translation").joinpath("data", "letters.tsv").read_text("utf-8")
    head, *lines = text.splitlines()
    languages = tuple(head.partition(" for ")[2].partition(" in ")[0].split())
    weights: dict[str, tuple[int, ...]] = {}
    japanese: dict[str, int] = {}
    for line in lines:
        feature, *values = line.split("\t")
        if len(values) == 1:
            japanese[feature] = int(values[0])
        else:
            weights[feature.replace("_", " ")] = tuple(map(int, values))
    return Letters(languages, weights, japanese)
