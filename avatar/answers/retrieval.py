"""Find the facts that fit a question: character n-grams, weighted by how rare they are (TF-IDF), cosine similarity.

No model, no dictionary, any script. A dense embedding (MiniLM) finds more paraphrases in English, but is blind to the
other nine languages and costs 446 MB; the topics of the lexicon stand in for the commonest paraphrases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log, sqrt

from avatar.answers.chat_text import fold, words
from avatar.answers.lexicon import GROWN_ON, UNSPACED
from avatar.model import Fact

ENOUGH = 0.25
"""Similarity from which a fact is taken for an answer to a free question; found on the tuned half of the questions."""


def _grams(text: str) -> Iterator[str]:
    """Pairs for scripts without spaces; runs of 3 and 4 letters, with word borders, for the others."""
    for word in words(fold(text)).split():
        if UNSPACED.search(word) or GROWN_ON.search(word):
            if len(word) == 1:
                yield word
            for i in range(len(word) - 1):
                yield word[i : i + 2]
        elif len(word) >= 3 or word.isdigit():
            padded = f" {word} "
            for size in (3, 4):
                for i in range(len(padded) - size + 1):
                    yield padded[i : i + size]


class FactIndex:
    """The facts of one product, in all their languages at once."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts = tuple(facts)
        counts = [Counter(_grams(" ".join([*fact.label.values(), *fact.text.values()]))) for fact in self._facts]
        seen: Counter[str] = Counter()
        for count in counts:
            seen.update(count.keys())
        total = len(counts)
        self._idf = {gram: log((1 + total) / (0.5 + number)) for gram, number in seen.items()}
        self._vectors = [self._vector(count) for count in counts]

    def _vector(self, count: Counter[str]) -> dict[str, float]:
        weights = {gram: (1 + log(number)) * self._idf[gram] for gram, number in count.items() if gram in self._idf}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items()} if length else {}

    def ranked(self, search: str) -> list[tuple[float, Fact]]:
        """Facts with their similarity to the question (0 to 1), most similar first; those without any left out."""
        asked = self._vector(Counter(_grams(search)))
        scored = [
            (sum(weight * vector.get(gram, 0.0) for gram, weight in asked.items()), fact)
            for vector, fact in zip(self._vectors, self._facts, strict=True)
        ]
        return sorted(((score, fact) for score, fact in scored if score > 0), key=lambda pair: -pair[0])
